import fc from 'fast-check';

import {
  buildTree,
  commitTotals,
  computeDigest,
  computeNetValue,
  computeNullDigest,
  computeWeightedTotals,
  deriveGamma,
  deriveTag,
  FIELD_MODULUS,
  hashLeaf,
  hashPrices,
  multiplyField,
  packLeaf,
  poseidon,
  rootOf,
  zeroTotals,
  type AggregateParameters,
  type BatchParameters,
  type FieldElement,
  type Holding,
  type Totals,
  type UnitPrice,
} from '../../src/protocol/index.js';

export const ZERO = 0n as FieldElement;
export const MAX_AMOUNT = (1n << 64n) - 1n;
export const MAX_TOTAL = (1n << 104n) - 1n;

/** An integer that the test knows to be a field element. */
export function field(value: number | bigint): FieldElement {
  return BigInt(value) as FieldElement;
}

/** numerator / denominator in the field, by Fermat; the denominator is not 0. */
export function divide(numerator: bigint, denominator: bigint): FieldElement {
  let quotient = field(numerator % FIELD_MODULUS);
  let power = field(denominator % FIELD_MODULUS);
  for (let exponent = FIELD_MODULUS - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) quotient = multiplyField(quotient, power);
    power = multiplyField(power, power);
  }
  return quotient;
}

/** One row of a batch. */
export type Row = { readonly account: FieldElement; readonly holdings: readonly Holding[] };

/** What a batch proves, before anything is computed from it. */
export type Batch = {
  readonly rows: readonly Row[];
  readonly prices: readonly UnitPrice[];
  readonly blind: FieldElement;
};

/** Signals as the tests change them: every array is a copy of its own. */
export type BatchSignals = {
  account: bigint[];
  equity: bigint[][];
  index: bigint[][];
  totalEquity: bigint[];
  blind: bigint;
};
export type MarginSignals = BatchSignals & {
  debt: bigint[][];
  net: bigint[];
  totalDebt: bigint[];
  price: bigint[];
  collateralPrice: bigint[];
  weightedEquity: bigint[];
  weightedDebt: bigint[];
};

export function holding(assetIndex: number, equityUnits: bigint, debtUnits = 0n): Holding {
  return { assetIndex, equityUnits, debtUnits };
}

/** The sums per asset of rows. */
export function sumRows(rows: readonly Row[], assets: number): Totals {
  const equity = new Array<bigint>(assets).fill(0n);
  const debt = new Array<bigint>(assets).fill(0n);
  for (const { assetIndex, equityUnits, debtUnits } of rows.flatMap((row) => row.holdings)) {
    equity[assetIndex]! += equityUnits;
    debt[assetIndex]! += debtUnits;
  }
  return { equity, debt };
}

/** The digest of a batch by the functions that the verifier uses. */
export function computeBatchDigest(parameters: BatchParameters, batch: Batch): FieldElement {
  const leaves = batch.rows.map(({ account, holdings }) => {
    const net = parameters.kind === 'margin' ? computeNetValue(batch.prices, holdings) : 0n;
    return hashLeaf(poseidon, account, packLeaf(parameters, holdings, net));
  });
  return computeDigest(poseidon, {
    tag: deriveTag(parameters),
    root: rootOf(buildTree(poseidon, leaves, parameters.depth)),
    totals: commitTotals(poseidon, sumRows(batch.rows, parameters.assets), batch.blind),
  });
}

/** The honest signals of a spot batch. */
export function spotSignals(parameters: BatchParameters, { rows, blind }: Batch): BatchSignals {
  return {
    account: rows.map((row) => row.account),
    equity: slots(parameters, rows, (entry) => entry.equityUnits),
    index: slots(parameters, rows, (entry) => BigInt(entry.assetIndex)),
    totalEquity: [...sumRows(rows, parameters.assets).equity],
    blind,
  };
}

/** The honest signals of a margin batch. */
export function marginSignals(parameters: BatchParameters, batch: Batch): MarginSignals {
  const { rows, prices } = batch;
  const gamma = deriveGamma(poseidon, computeBatchDigest(parameters, batch), hashPrices(poseidon, prices));
  const holdings = rows.map((row) => row.holdings);
  const weighted = computeWeightedTotals(gamma, holdings, parameters.assets);
  return {
    ...spotSignals(parameters, batch),
    debt: slots(parameters, rows, (entry) => entry.debtUnits),
    net: holdings.map((list) => computeNetValue(prices, list)),
    totalDebt: [...sumRows(rows, parameters.assets).debt],
    price: prices.map((row) => row.full),
    collateralPrice: prices.map((row) => row.collateral),
    weightedEquity: [...weighted.equity],
    weightedDebt: [...weighted.debt],
  };
}

/** The signals with X and Y made anew, for this gamma, from the slots as they are, honest or not. */
export function weighSlots(signals: MarginSignals, gamma: FieldElement): MarginSignals {
  const weigh = (amounts: readonly (readonly bigint[])[]): bigint[] => {
    const sums = signals.weightedEquity.map(() => 0n);
    let power = field(1);
    amounts.forEach((slots, row) => {
      power = multiplyField(power, gamma);
      slots.forEach((amount, slot) => {
        const asset = Number(signals.index[row]![slot]!);
        if (asset < sums.length) sums[asset] = (sums[asset]! + amount * power) % FIELD_MODULUS;
      });
    });
    return sums;
  };
  return { ...signals, weightedEquity: weigh(signals.equity), weightedDebt: weigh(signals.debt) };
}

function slots(
  parameters: BatchParameters,
  rows: readonly Row[],
  pick: (entry: Holding) => bigint,
): bigint[][] {
  return rows.map(({ holdings }) =>
    Array.from({ length: parameters.slots }, (_, slot) => {
      const entry = holdings[slot];
      return entry === undefined ? 0n : pick(entry);
    }),
  );
}

/** One child of an aggregate. */
export type Child = {
  readonly tag: FieldElement;
  readonly root: FieldElement;
  readonly totals: Totals;
  readonly blind: FieldElement;
};

/** The child that is not there. */
export function missingChild(assets: number): Child {
  return { tag: ZERO, root: ZERO, totals: zeroTotals(assets), blind: ZERO };
}

export type AggregateSignals = {
  childTag: bigint[];
  childRoot: bigint[];
  childEquity: bigint[][];
  childDebt: bigint[][];
  childBlind: bigint[];
  blind: bigint;
  context: bigint;
};

/** The honest signals of an aggregate, its context being 42. */
export function aggregateSignals(children: readonly Child[], blind: FieldElement): AggregateSignals {
  return {
    childTag: children.map((child) => child.tag),
    childRoot: children.map((child) => child.root),
    childEquity: children.map((child) => [...child.totals.equity]),
    childDebt: children.map((child) => [...child.totals.debt]),
    childBlind: children.map((child) => child.blind),
    blind,
    context: 42n,
  };
}

/** The digest of an aggregate by the functions that the verifier uses. */
export function computeAggregateDigest(
  parameters: AggregateParameters,
  children: readonly Child[],
  blind: FieldElement,
): FieldElement {
  const digests = children.map(({ tag, root, totals, blind: own }) =>
    computeDigest(poseidon, { tag, root, totals: commitTotals(poseidon, totals, own) }),
  );
  const none = computeNullDigest(poseidon, parameters.assets);
  const filled = [...digests, ...new Array<FieldElement>(parameters.arity - digests.length).fill(none)];
  const column = (pick: (totals: Totals) => readonly bigint[], asset: number) =>
    children.reduce((sum, { totals }) => sum + pick(totals)[asset]!, 0n);
  const assets = [...new Array(parameters.assets).keys()];
  const totals: Totals = {
    equity: assets.map((asset) => column((sums) => sums.equity, asset)),
    debt: assets.map((asset) => column((sums) => sums.debt, asset)),
  };
  return computeDigest(poseidon, {
    tag: deriveTag(parameters),
    root: poseidon(filled),
    totals: commitTotals(poseidon, totals, blind),
  });
}

export const arbitraryField: fc.Arbitrary<FieldElement> = fc
  .bigInt({ min: 0n, max: (1n << 253n) - 1n })
  .map((value) => field(value));

const arbitraryAmount = fc.oneof(
  fc.bigInt({ min: 1n, max: MAX_AMOUNT }),
  fc.constantFrom(1n, MAX_AMOUNT),
  fc.bigInt({ min: 1n, max: 1000n }),
);

/** Random rows of a batch: some empty, some full, of any assets; with debt where it is a margin batch. */
export function arbitraryBatch(parameters: BatchParameters): fc.Arbitrary<Batch> {
  const { assets, slots: slotCount, users, kind } = parameters;
  const indexes = fc.subarray([...new Array(assets).keys()], { maxLength: Math.min(slotCount, assets) });
  const holdings = indexes.chain((chosen) =>
    fc.tuple(
      ...chosen.map((assetIndex) =>
        fc
          .tuple(
            arbitraryAmount,
            kind === 'margin' ? fc.bigInt({ min: 0n, max: 1n << 40n }) : fc.constant(0n),
          )
          .map(([equityUnits, debtUnits]) => ({ assetIndex, equityUnits, debtUnits })),
      ),
    ),
  );
  const price = fc
    .tuple(fc.bigInt({ min: 1n, max: MAX_AMOUNT }), fc.nat({ max: 100 }))
    .map(([full, percent]) => ({ full, collateral: (full * BigInt(percent)) / 100n }));
  return fc
    .record({
      rows: fc.array(fc.record({ account: arbitraryField, holdings }), {
        minLength: users,
        maxLength: users,
      }),
      prices: fc.array(price, { minLength: assets, maxLength: assets }),
      blind: arbitraryField,
    })
    .map((batch) => ({ ...batch, rows: batch.rows.map((row) => coverDebt(row, batch.prices)) }));
}

/** The row itself where its collateral covers its debt; else without its debt. */
function coverDebt(row: Row, prices: readonly UnitPrice[]): Row {
  if (computeNetValue(prices, row.holdings) >= 0n) return row;
  return { ...row, holdings: row.holdings.map((entry) => ({ ...entry, debtUnits: 0n })) };
}
