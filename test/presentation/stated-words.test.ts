import { describe, expect, it } from 'vitest';

import {
  describeAssetPrice,
  describeLeastDistance,
  describeMarkAge,
  describeReconciliation,
  describeRounding,
  describeWriteOffs,
  formatCountBelow,
} from '../../src/presentation/index.js';

const writeOffs = (accountsBelow: number, debts: { asset: string; debt: string }[]) =>
  describeWriteOffs({ writeOffs: { accountsBelow, debts } });

describe('counts that are stated by a power of two', () => {
  it('are said as what they can be', () => {
    expect([1, 2, 4, 8, 2048].map(formatCountBelow)).toEqual([
      'no',
      '1',
      '2 or 3',
      '4 to 7',
      '1,024 to 2,047',
    ]);
  });
});

describe('debts that were written off', () => {
  it('are none where no account had one, and counted where one had', () => {
    expect(writeOffs(1, [])).toBe('none');
    expect(writeOffs(2, [{ asset: 'USDT', debt: '7' }])).toBe('USDT 7, of 1 account');
    expect(writeOffs(4, [{ asset: 'USDT', debt: '7000' }])).toBe('USDT 7,000, of 2 or 3 accounts');
  });
});

describe('what rounding added', () => {
  it('is in whole proof units, and nothing where there is none', () => {
    const rounding = [{ asset: 'BTC', equity: '1200', debt: '3' }];
    expect(describeRounding({ rounding }, 'BTC')).toBe('+1,200 / -3');
    expect(describeRounding({ rounding }, 'ETH')).toBe('');
  });
});

describe('how old a price may be', () => {
  const asset = {
    ...{ symbol: 'BTC', decimals: 8, price: '1', collateralRatio: '1', priceSource: 'index' },
    ...{ pricedAt: '2026-01-31T00:00:00Z', maxPriceAgeMs: 600_000 },
  };
  it('stands behind its source and its instant, where they are stated', () => {
    expect(describeAssetPrice(asset)).toBe('index, 2026-01-31T00:00:00Z, at most 10 min old');
    expect(describeAssetPrice(asset, () => 'today')).toBe('index, today, at most 10 min old');
    expect(describeAssetPrice({ ...asset, pricedAt: null, maxPriceAgeMs: null })).toBe('index');
  });

  it('is said of marks too, and the least time between two snapshots', () => {
    expect(describeMarkAge({ maxMarkAgeMs: 90_000 })).toBe('at most 1 min 30 s old');
    expect(describeMarkAge({ maxMarkAgeMs: null })).toBe('not stated');
    expect(describeLeastDistance({ leastDistanceMs: 86_400_000 })).toBe('1 d');
  });
});

describe('the reconciliation of books', () => {
  it('says what was compared, and which breaks were accepted', () => {
    const reconciliation = {
      compared: { balances: 'all' as const, control: 4, positions: null },
      acceptedBreaks: [
        ...[{ kind: 'control-differs' as const, asset: 'XYZ', countBelow: 2 }].map((line) => ({
          ...line,
          difference: '-0.5',
          magnitude: '1.5',
        })),
      ],
    };
    expect(describeReconciliation({ reconciliation })).toEqual({
      compared:
        'all balances with the ledger; 2 or 3 assets with control accounts; no instruments, longs with shorts',
      breaks: '1 of control-differs, -0.5 XYZ in all and 1.5 without signs',
    });
    expect(describeReconciliation({ reconciliation: null }).breaks).toBe('not stated');
  });
});
