import { describe, expect, it } from 'vitest';

import type { BooksConfig } from '../../../../src/snapshot/books/config.js';
import {
  AT_NS,
  BTC,
  DAY_NS,
  ETH,
  MINUTE_NS,
  shorten,
  shortenHoldings,
  USDT,
  value,
  type Books,
} from './books.js';

const MARKED_NS = AT_NS - 2n * MINUTE_NS;

/** One position of one user in one future. */
function future(
  {
    style,
    size = '1',
    settlement,
    asset,
    mark,
    underlying = 'BTC',
  }: {
    style: string;
    size?: string;
    settlement: number;
    asset: string;
    mark: string;
    underlying?: string;
  },
  { quantity, entry }: { quantity: string; entry: string },
): Books {
  return {
    book_account: [['a1', 'ann', 'user']],
    instrument: [['FUT', 'perpetual', underlying, settlement, size, style, null, null, null, true]],
    mark: [['FUT', 'mark', mark, asset, MARKED_NS, 'mark feed']],
    open_position: [['a1', 'p1', 'FUT', quantity, entry, 'cross', null, false]],
  };
}

async function unitsOf(books: Books, changes: Partial<BooksConfig> = {}): Promise<bigint> {
  const { components } = await value(books, changes);
  expect(components).toHaveLength(1);
  return components[0]!.units;
}

describe('linear futures', () => {
  const terms = { style: 'linear', size: '0.1', settlement: USDT, asset: 'USDT', mark: '61000.5' };

  it('are worth q·size·(mark - entry) in the settlement asset', async () => {
    // Long: 3 · 0.1 · (61000.5 - 60000.25) = 0.3 · 1000.25 = 300.075 USDT, up to 300.08.
    expect(await unitsOf(future(terms, { quantity: '3', entry: '60000.25' }))).toBe(30_008n);
    // Short: -300.075 USDT, up to -300.07.
    expect(await unitsOf(future(terms, { quantity: '-3', entry: '60000.25' }))).toBe(-30_007n);
    // A short that gains: -3 · 0.1 · (61000.5 - 62000.5) = 300 USDT.
    expect(await unitsOf(future(terms, { quantity: '-3', entry: '62000.5' }))).toBe(30_000n);
  });

  it('say what they were valued at', async () => {
    const { components, holdings } = await value(future(terms, { quantity: '-3', entry: '60000.25' }));
    expect(components).toMatchObject([
      {
        account: 'a1',
        bucket: 'cross',
        assetIndex: USDT,
        kind: 'futures',
        reference: 'p1',
        instrument: 'FUT',
        quantity: '-3',
        price: '61000.5',
        priceAsset: 'USDT',
        priceSource: 'mark feed',
        priceAtNs: MARKED_NS,
        entryPrice: '60000.25',
        units: -30_007n,
        // -30007.5 units became -30007.
        rounding: 5n * 10n ** 29n,
      },
    ]);
    // The debt was 30007.5 units; rounding took half a unit from it.
    expect(holdings).toEqual([
      {
        user: 'ann',
        assetIndex: USDT,
        equity: 0n,
        debt: 30_007n,
        equityRounding: 0n,
        debtRounding: 5n * 10n ** 29n,
      },
    ]);
  });

  it('turn a result in the quote currency into the settlement asset at the price in force', async () => {
    // 2 · 0.1 · (61000 - 60000) = 200 USD, at 0.8 USD for a USDT = 250 USDT.
    const inQuote = { ...terms, asset: 'USD', mark: '61000' };
    expect(await unitsOf(future(inQuote, { quantity: '2', entry: '60000' }))).toBe(25_000n);
  });

  it('turn a result in another listed asset into the settlement asset through both prices', async () => {
    // ETH/BTC settled in ETH: 10 · 1 · (0.06 - 0.05) = 0.1 BTC = 5000 USD = 2 ETH at 2500.
    const pair = { style: 'linear', settlement: ETH, asset: 'BTC', mark: '0.06', underlying: 'ETH' };
    expect(await unitsOf(future(pair, { quantity: '10', entry: '0.05' }))).toBe(20_000n);
  });
});

describe('inverse futures', () => {
  const terms = { style: 'inverse', size: '100', settlement: BTC, asset: 'USD', mark: '62500' };

  it('are worth q·size·(1/entry - 1/mark) in the coin', async () => {
    // Long: 7 · 100 USD · (1/50000 - 1/62500) = 700 · 0.000004 = 0.0028 BTC.
    expect(await unitsOf(future(terms, { quantity: '7', entry: '50000' }))).toBe(280_000n);
    // Short: -0.0028 BTC.
    expect(await unitsOf(future(terms, { quantity: '-7', entry: '50000' }))).toBe(-280_000n);
  });

  it('round what no decimal can say up, in favour of the account', async () => {
    // 100 USD · (1/30000 - 1/60000) = 100/60000 = 0.00166666… BTC: 166666.66… satoshis up to 166667.
    const thirds = { ...terms, mark: '60000' };
    expect(await unitsOf(future(thirds, { quantity: '1', entry: '30000' }))).toBe(166_667n);
    expect(await unitsOf(future(thirds, { quantity: '-1', entry: '30000' }))).toBe(-166_666n);
  });

  it('state a rounding that is exact to 10^-30 of a unit', async () => {
    const { components } = await value(
      future({ ...terms, mark: '60000' }, { quantity: '1', entry: '30000' }),
    );
    expect(components[0]!.rounding).toBe(10n ** 30n / 3n);
  });
});

describe('dated futures', () => {
  const books = (expiryNs: bigint, marks: Books['mark']): Books => ({
    book_account: [['a1', 'ann', 'user']],
    instrument: [['FUT', 'future', 'BTC', USDT, '1', 'linear', null, expiryNs, null, true]],
    mark: marks,
    open_position: [['a1', 'p1', 'FUT', '1', '60000', 'cross', null, false]],
  });

  it('have their mark up to the expiry, and then the settlement price whatever the mark says', async () => {
    const marks = [
      ['FUT', 'mark', '60010', 'USDT', AT_NS - 1n, 'mark feed'],
      ['FUT', 'settlement', '60030', 'USDT', AT_NS - DAY_NS, 'index'],
    ];
    expect(await unitsOf(books(AT_NS + 1n, marks))).toBe(1_000n);
    const expired = await value(books(AT_NS - DAY_NS, marks));
    expect(shorten(expired.components)).toEqual(['a1 cross USDT futures p1 3000']);
    expect(expired.components[0]).toMatchObject({ price: '60030', priceSource: 'settlement: index' });
  });

  it('have the last of several settlement prices', async () => {
    const marks = [
      ['FUT', 'settlement', '60040', 'USDT', AT_NS, 'corrected'],
      ['FUT', 'settlement', '60030', 'USDT', AT_NS - DAY_NS, 'index'],
    ];
    const { holdings } = await value(books(AT_NS - DAY_NS, marks));
    expect(shortenHoldings(holdings)).toEqual(['ann USDT 4000 0']);
  });
});
