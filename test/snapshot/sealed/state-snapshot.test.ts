import { expect, it } from 'vitest';

import { primitives, reconciliation } from '../../../src/protocol/index.js';
import { stateSnapshot, type Snapshot } from '../../../src/snapshot/index.js';

const OPTIONS = { excluded: ['the house'], previousManifestHash: null, leastDistanceMs: 60_000 };

/** A sealed snapshot as far as a manifest states it. */
function makeSnapshot(changes: Partial<Snapshot> = {}): Snapshot {
  return {
    platform: 'Example Exchange',
    takenAt: '2026-01-31T00:00:00Z',
    quote: 'USD',
    scale: 20,
    hash: 'ab'.repeat(32),
    configurationSha256: null,
    assets: [
      {
        ...{ symbol: 'BTC', decimals: 8, price: '64000', collateralRatio: '0.9' },
        ...{ priceSource: null, pricedAt: null, maxPriceAgeMs: null },
      },
      {
        ...{ symbol: 'USDT', decimals: 6, price: '1', collateralRatio: '1' },
        ...{ priceSource: 'feed', pricedAt: '2026-01-30T23:59:00Z', maxPriceAgeMs: 600_000 },
      },
    ],
    maxMarkAgeMs: null,
    totals: [
      { asset: 'BTC', equity: '5', debt: '0' },
      { asset: 'USDT', equity: '7', debt: '3' },
    ],
    rounding: [
      { asset: 'BTC', equity: '0', debt: '0' },
      { asset: 'USDT', equity: '0.000001', debt: '2' },
    ],
    writeOffs: { accounts: 0, debts: [] },
    reconciliation: null,
    ...changes,
  } as unknown as Snapshot;
}

it('states roundings of assets that have one, in whole units and up, and prices nobody gave a source of', () => {
  const claim = stateSnapshot(makeSnapshot(), OPTIONS);
  expect(claim.rounding).toEqual([{ asset: 'USDT', equity: '1', debt: '2' }]);
  expect(claim.assets.map(({ priceSource, maxPriceAgeMs }) => [priceSource, maxPriceAgeMs])).toEqual([
    ['not stated', null],
    ['feed', 600_000],
  ]);
  expect(claim.scope).toEqual({ included: 'all accounts of the balance file', excluded: ['the house'] });
  expect(stateSnapshot(makeSnapshot(), { ...OPTIONS, included: 'spot' }).scope.included).toBe('spot');
});

it('states counts by the power of two above them, and what was compared whole as all', () => {
  const broken = (count: number) => ({
    ...{ kind: 'balance-differs' as const, asset: 'BTC', count },
    ...{ difference: '-1', magnitude: '3' },
  });
  const counted = (accounts: number, breaks: number) =>
    stateSnapshot(
      makeSnapshot({
        writeOffs: { accounts, debts: [{ asset: 'USDT', debt: '9' }] },
        reconciliation: {
          compared: { balances: 1234, control: null, positions: 12 },
          acceptedBreaks: [broken(breaks)],
        },
      }),
      OPTIONS,
    );
  const claim = counted(7, 8);
  expect(claim.writeOffs).toEqual({ accountsBelow: 8, debts: [{ asset: 'USDT', debt: '9' }] });
  expect(claim.reconciliation).toEqual({
    compared: { balances: 'all', control: null, positions: 16 },
    acceptedBreaks: [
      { kind: 'balance-differs', asset: 'BTC', countBelow: 16, difference: '-1', magnitude: '3' },
    ],
  });
  expect(reconciliation.safeParse(claim.reconciliation).success).toBe(true);
  expect(counted(8, 1).writeOffs.accountsBelow).toBe(16);
  expect(primitives.countBelow.safeParse(claim.writeOffs.accountsBelow).success).toBe(true);
});
