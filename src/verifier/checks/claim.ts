import {
  commitTotals,
  computeNullDigest,
  assertDebtsPriced,
  derivePriceTable,
  deriveContext,
  hashPrices,
  padPrices,
  parseFieldElement,
  poseidon,
  type AggregateParameters,
  type BatchParameters,
  type FieldElement,
  type Manifest,
  type Poseidon,
  type Totals,
  type UnitPrice,
} from '../../protocol/index.js';
import type { Passed } from '../checklist.js';
import { refuse } from '../failure.js';
import { isBatch } from './circuit-set.js';
import type { TrustedCircuit } from './keys.js';

/** The manifest under the pinned circuits: what proofs are held to. Each value in it the verifier made itself. */
export type Claim = {
  readonly manifest: Manifest;
  readonly circuits: readonly TrustedCircuit[];
  /** Of the aggregate circuit. */
  readonly aggregate: { readonly parameters: AggregateParameters; readonly tag: FieldElement };
  /** A: columns of totals and prices. */
  readonly assetColumns: number;
  /** A rows: the listed assets, then zeros. */
  readonly prices: readonly UnitPrice[];
  readonly pricesHash: FieldElement;
  readonly context: FieldElement;
  /** The digest that stands for a missing child, as it is written. */
  readonly nullDigest: string;
  /** Poseidon; one that remembers where many files of one bundle are checked. */
  readonly hash: Poseidon;
};

/** A batch circuit of a claim: its place among the keys, its layout and its tag. */
export type PinnedBatchCircuit = {
  readonly keyIndex: number;
  readonly parameters: BatchParameters;
  readonly tag: FieldElement;
};

/**
 * 6.4: the price table that the published prices determine, with the stated scale: 1 <= q < 2^64 and 0 <= p <= q
 * for listed assets, p = q = 0 beyond them; no debt in an asset of price 0.
 */
export function derivePrices(manifest: Manifest, circuits: readonly TrustedCircuit[]): Passed<Claim> {
  const table = derivePriceTable(manifest.assets);
  assertDebtsPriced(manifest.assets, manifest.totals);
  if (table.scale !== manifest.scale) {
    throw refuse('scale-differs', `expected scale ${table.scale}, got ${manifest.scale}`);
  }
  const aggregate = circuits.map(({ parameters }) => parameters).find((parameters) => !isBatch(parameters))!;
  const prices = padPrices(table, aggregate.assets);
  const pricesHash = hashPrices(poseidon, prices);
  const value: Claim = {
    manifest,
    circuits,
    aggregate: { parameters: aggregate, tag: tagOf(circuits, 'aggregate') },
    assetColumns: aggregate.assets,
    prices,
    pricesHash,
    context: deriveContext(manifest),
    nullDigest: computeNullDigest(poseidon, aggregate.assets).toString(),
    hash: poseidon,
  };
  const unlisted = aggregate.assets - manifest.assets.length;
  return {
    value,
    compared: `${manifest.assets.length} prices at scale ${table.scale}, ${unlisted} unlisted columns at 0`,
  };
}

/** The batch circuit of a name that is known to be one. */
export function batchCircuitOf({ circuits }: Claim, name: string): PinnedBatchCircuit {
  const keyIndex = circuits.findIndex((circuit) => circuit.name === name);
  const parameters = circuits[keyIndex]!.parameters;
  if (!isBatch(parameters)) throw new RangeError(`expected a batch circuit, got ${name}`);
  return { keyIndex, parameters, tag: tagOf(circuits, name) };
}

/** The commitment to the manifest's totals, which are one for each listed asset, with 0 beyond them. */
export function commitStatedTotals({ manifest, assetColumns, hash }: Claim): FieldElement {
  const stated: Totals = {
    equity: padColumn(
      manifest.totals.map(({ equity }) => BigInt(equity)),
      assetColumns,
    ),
    debt: padColumn(
      manifest.totals.map(({ debt }) => BigInt(debt)),
      assetColumns,
    ),
  };
  return commitTotals(hash, stated, parseFieldElement(manifest.top.blind));
}

function tagOf(circuits: readonly TrustedCircuit[], name: string): FieldElement {
  return parseFieldElement(circuits.find((circuit) => circuit.name === name)!.tag);
}

function padColumn(values: readonly bigint[], columns: number): bigint[] {
  return Array.from({ length: columns }, (_, index) => values[index] ?? 0n);
}
