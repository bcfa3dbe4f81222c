import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { assertDebtsPriced, assertQuotePrice, computeNetValue, derivePriceTable } from '../../src/protocol/index.js';

const asset = (symbol: string, decimals: number, price: string, collateralRatio = '1') => ({
  symbol,
  decimals,
  price,
  collateralRatio,
});
const refusal = (code: string) => expect.objectContaining({ code }) as Error;

describe('the price table', () => {
  it('takes the largest scale at which every price fits 64 bits', () => {
    // 65,000.5 USD a BTC of 10^8 proof units: q = 65000.5 * 10^(s-8) < 2^64 would give s = 22; 1 USD of 100 cents gives s = 21.
    const table = derivePriceTable([asset('BTC', 8, '65000.5', '0.95'), asset('USD', 2, '1')]);
    expect(table.scale).toBe(21);
    expect(table.prices).toEqual([
      { full: 650_005_000_000_000_000n, collateral: 617_504_750_000_000_000n },
      { full: 10n ** 19n, collateral: 10n ** 19n },
    ]);
  });

  it('rounds the full price up and the collateral price down', () => {
    const table = derivePriceTable([
      asset('A', 0, '1844674407370955161.5'),
      asset('B', 0, '1000.05', '0.333'),
    ]);
    expect(table.scale).toBe(1);
    expect(table.prices[0]).toEqual({ full: 18446744073709551615n, collateral: 18446744073709551615n });
    expect(table.prices[1]).toEqual({ full: 10_001n, collateral: 3_330n });
    expect(() => derivePriceTable([asset('A', 0, '1'), asset('B', 20, '1')])).toThrow(
      refusal('price-too-small'),
    );
  });

  it('holds p <= q < 2^64 with q of at least 10^4, whatever it accepts', () => {
    const row = fc.record({
      decimals: fc.integer({ min: 0, max: 12 }),
      price: fc.bigInt({ min: 1n, max: 10n ** 12n }),
      ratio: fc.integer({ min: 0, max: 1000 }),
    });
    let accepted = 0;
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 5 }), (rows) => {
        const assets = rows.map(({ decimals, price, ratio }, index) =>
          asset(
            `A${index}`,
            decimals,
            String(price),
            ratio === 1000 ? '1' : `0.${String(ratio).padStart(3, '0')}`,
          ),
        );
        let table;
        try {
          table = derivePriceTable(assets);
        } catch {
          return;
        }
        accepted += 1;
        for (const { full, collateral } of table.prices) {
          expect(full >= 10_000n && full < 1n << 64n && collateral >= 0n && collateral <= full).toBe(true);
        }
      }),
      { seed: 3 },
    );
    expect(accepted).toBeGreaterThan(20);
  });

  it.each([
    ['a negative price', asset('A', 2, '-1'), 'decimal-malformed'],
    ['a haircut above the price', asset('A', 2, '1', '1.01'), 'collateral-ratio-out-of-range'],
    ['a price that no scale holds', asset('A', 0, '99999999999999999999'), 'price-too-large'],
  ])('refuses %s', (_, row, code) => {
    expect(() => derivePriceTable([row])).toThrow(refusal(code));
  });

  it('prices a worthless asset at nothing as collateral and at one unit as debt, and leaves the scale to the others', () => {
    const rest = [asset('BTC', 8, '65000.5', '0.95'), asset('USD', 2, '1')];
    const table = derivePriceTable([...rest, asset('GONE', 8, '0', '0.95')]);
    expect(table.scale).toBe(derivePriceTable(rest).scale);
    expect(table.prices[2]).toEqual({ full: 1n, collateral: 0n });
    expect(derivePriceTable([asset('GONE', 8, '0')]).prices).toEqual([{ full: 1n, collateral: 0n }]);
  });

  it('lets nobody owe a worthless asset', () => {
    const assets = [asset('BTC', 8, '65000.5'), asset('GONE', 8, '0')];
    const owed = (...debts: string[]) => debts.map((debt) => ({ debt }));
    expect(() => {
      assertDebtsPriced(assets, owed('7', '0'));
    }).not.toThrow();
    for (const totals of [owed('0', '1'), owed('0')]) {
      expect(() => {
        assertDebtsPriced(assets, totals);
      }).toThrow(refusal('debt-without-price'));
    }
  });

  it('lets the quote currency be listed at 1 of itself and at nothing else', () => {
    expect(() => {
      assertQuotePrice([asset('BTC', 8, '65000.5'), asset('USD', 2, '1')], 'USD');
      assertQuotePrice([asset('BTC', 8, '65000.5')], 'USD');
    }).not.toThrow();
    for (const price of ['0', '0.999', '2']) {
      expect(() => {
        assertQuotePrice([asset('USD', 2, price)], 'USD');
      }).toThrow(refusal('quote-price-not-one'));
    }
  });

  it('values equity after the haircut and debt in full', () => {
    const prices = [
      { full: 10n, collateral: 5n },
      { full: 7n, collateral: 7n },
    ];
    const net = computeNetValue(prices, [
      { assetIndex: 0, equityUnits: 10n, debtUnits: 0n },
      { assetIndex: 1, equityUnits: 1n, debtUnits: 8n },
    ]);
    expect(net).toBe(10n * 5n + 7n - 8n * 7n);
  });
});
