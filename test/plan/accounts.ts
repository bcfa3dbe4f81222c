import fc from 'fast-check';

import {
  computeNetValue,
  type Holding,
  type UnitPrice,
  groupRowsFor,
  NET_BITS,
  type RowLayout,
} from '../../src/protocol/index.js';

/** An account and the prices that it is covered at. */
export type PricedAccount = { readonly prices: readonly UnitPrice[]; readonly holdings: readonly Holding[] };

/** By how much collateral exceeds debt, where both can be had: by less than a unit of a debt, by one, by a millionth. */
export type Slack = 'any' | 'zero' | 'unit' | 'millionth';

const LIMIT = 1n << 64n;
const MAX_UNITS = LIMIT - 1n;

/** A layout of the circuits for listings of up to 1,024 assets. */
export function layoutOf(kind: 'spot' | 'margin', slots: number, rows = 1): RowLayout {
  const netBits = kind === 'margin' ? NET_BITS : 0;
  return { kind, indexBits: 10, rows, slots, netBits, groupRows: groupRowsFor(rows) };
}

/** Spot rows of 1 and 3 slots, margin rows of 3, and of each wider number of slots that is named. */
export function layoutsWith(...wideSlots: readonly number[]): readonly RowLayout[] {
  return [
    layoutOf('spot', 1, 2952),
    layoutOf('spot', 3, 995),
    layoutOf('margin', 3, 632),
    ...wideSlots.map((slots) => layoutOf('margin', slots)),
  ];
}

/** Holdings from amounts by asset index; assets without either are left out. */
export function holdingsOf(
  equities: readonly (number | bigint)[],
  debts: readonly (number | bigint)[],
): Holding[] {
  return Array.from({ length: Math.max(equities.length, debts.length) }, (_, assetIndex) => ({
    assetIndex,
    equityUnits: BigInt(equities[assetIndex] ?? 0),
    debtUnits: BigInt(debts[assetIndex] ?? 0),
  })).filter(({ equityUnits, debtUnits }) => equityUnits + debtUnits > 0n);
}

/** Prices from [p, q] of each asset. */
export function pricesOf(...pairs: readonly (readonly [number | bigint, number | bigint])[]): UnitPrice[] {
  return pairs.map(([collateral, full]) => ({ collateral: BigInt(collateral), full: BigInt(full) }));
}

const price = fc
  .tuple(
    fc.oneof(fc.constantFrom(1n, 2n, 3n, 10_000n, MAX_UNITS), fc.bigInt(1n, 50n), fc.bigInt(1n, MAX_UNITS)),
    fc.constantFrom(0n, 1n, 500n, 950n, 1000n),
  )
  .map(([full, ratio]): UnitPrice => ({ full, collateral: (full * ratio) / 1000n }));

const units = fc.oneof(
  { weight: 2, arbitrary: fc.constant(0n) },
  fc.bigInt(1n, 20n),
  fc.bigInt(1n, 10n ** 9n),
  fc.bigInt(1n, MAX_UNITS),
  fc.constant(MAX_UNITS),
);

/** Accounts of 1 to `maxAssets` assets, covered, with coarse and fine units, and assets that are no collateral. */
export function pricedAccount(maxAssets: number): fc.Arbitrary<PricedAccount> {
  const asset = fc.record({ price, units, share: fc.integer({ min: 0, max: 6 }) });
  return fc
    .record({
      assets: fc.array(asset, { minLength: 1, maxLength: maxAssets }),
      slack: fc.constantFrom<Slack>('any', 'zero', 'unit', 'millionth'),
    })
    .map(({ assets, slack }) => {
      const prices = assets.map((entry) => entry.price);
      const equities = assets.map((entry) => entry.units);
      const shares = assets.map(({ share }) => (share > 3 ? 0 : share));
      return { prices, holdings: holdingsOf(equities, borrow(prices, { equities, shares, slack })) };
    });
}

/** Debts in proportion to shares that collateral covers, with about the slack that is asked for. */
function borrow(
  prices: readonly UnitPrice[],
  { equities, shares, slack }: { equities: readonly bigint[]; shares: readonly number[]; slack: Slack },
): bigint[] {
  const collateral = equities.reduce((sum, equity, at) => sum + equity * prices[at]!.collateral, 0n);
  const usable =
    slack === 'millionth'
      ? collateral - collateral / 1_000_000n
      : slack === 'any'
        ? collateral / 2n
        : collateral;
  const shareSum = BigInt(shares.reduce((sum, share) => sum + share, 0));
  const debts = shares.map((share, at) =>
    shareSum === 0n ? 0n : least((usable * BigInt(share)) / shareSum / prices[at]!.full, MAX_UNITS),
  );
  if (slack !== 'zero' && slack !== 'unit') return debts;
  for (const [at, share] of shares.entries()) {
    if (share === 0) continue;
    const net = computeNetValue(prices, holdingsOf(equities, debts));
    const more = net / prices[at]!.full - (slack === 'unit' ? 1n : 0n);
    debts[at] = least(debts[at]! + (more > 0n ? more : 0n), MAX_UNITS);
  }
  return debts;
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
