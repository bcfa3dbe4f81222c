import { derivePriceTable, type Account, type Holding } from '../../src/protocol/index.js';
import type { SnapshotClaim } from '../../src/prover/index.js';

/** Assets of a listing: prices of whole cents to thousands, the last without collateral value where there are several. */
export function listAssets(count: number): SnapshotClaim['assets'] {
  return Array.from({ length: count }, (_, index) => ({
    symbol: `A${String(index).padStart(4, '0')}`,
    decimals: 2 + (index % 5),
    price: String(1 + ((index * 37) % 900)),
    collateralRatio: count > 1 && index === count - 1 ? '0' : '0.9',
    priceSource: 'index',
    pricedAt: null,
    maxPriceAgeMs: null,
  }));
}

/** What a manifest states of these accounts in the first `assetCount` assets. */
export function claimOf(accounts: readonly Account[], assetCount: number): SnapshotClaim {
  const assets = listAssets(assetCount);
  const sum = (part: 'equityUnits' | 'debtUnits', asset: number) =>
    accounts
      .flatMap(({ holdings }) => holdings)
      .filter(({ assetIndex }) => assetIndex === asset)
      .reduce((total, holding) => total + holding[part], 0n)
      .toString();
  return {
    platform: 'Example Exchange',
    takenAt: '2026-11-28T00:00:00Z',
    leastDistanceMs: 3_600_000,
    quote: 'USD',
    scope: { included: 'All customer accounts.', excluded: [] },
    snapshotHash: 'ab'.repeat(32),
    previousManifestHash: null,
    scale: derivePriceTable(assets).scale,
    assets,
    maxMarkAgeMs: null,
    totals: assets.map(({ symbol }, index) => ({
      asset: symbol,
      equity: sum('equityUnits', index),
      debt: sum('debtUnits', index),
    })),
    rounding: [],
    writeOffs: { accountsBelow: 1, debts: [] },
    reconciliation: null,
  };
}

export const equity = (assetIndex: number, equityUnits: bigint): Holding => ({
  assetIndex,
  equityUnits,
  debtUnits: 0n,
});
export const debt = (assetIndex: number, debtUnits: bigint): Holding => ({
  assetIndex,
  equityUnits: 0n,
  debtUnits,
});

/** One unit of debt that takes five coins to cover: no row of three slots holds them. */
export function wideHoldings(assetCount: number): Holding[] {
  const { prices } = derivePriceTable(listAssets(assetCount));
  const owed = 5;
  const coins = [4, 9, 14, 19, 24].map((asset) => {
    const fifth = prices[owed]!.full / 5n;
    return equity(asset, fifth / prices[asset]!.collateral + 1n);
  });
  return [...coins, debt(owed, 1n)].sort((a, b) => a.assetIndex - b.assetIndex);
}

/** A few dozen accounts in 64 assets: spot holders, debtors, a wide one, one of many parts, one of nothing. */
export function exchangeAccounts(): Account[] {
  const spot = Array.from({ length: 34 }, (_, user) => ({
    userId: `spot-${user}`,
    holdings: [0, 7, 21].map((asset) => equity(asset + (user % 5), BigInt(1_000 + 17 * user))),
  }));
  const debtors = Array.from({ length: 20 }, (_, user) => ({
    userId: `debtor-${user}`,
    holdings: [debt(1, 5n + BigInt(user)), equity(2 + (user % 3), 900_000_000n + BigInt(user))],
  }));
  const many = Array.from({ length: 11 }, (_, asset) => equity(3 * asset, 12_345n + BigInt(asset)));
  return [
    ...spot,
    ...debtors,
    { userId: 'wide', holdings: wideHoldings(64) },
    { userId: 'many', holdings: many },
    { userId: 'nobody', holdings: [] },
  ];
}
