import { hashLabelled, int248 } from './bytes.js';
import { encodeCanonicalJson } from './canonical-json.js';
import type { FieldElement } from './field.js';
import { TREE_ARITY } from './limits.js';

/** What a circuit proves: accounts without debt, accounts with debt, or the sum of other proofs. */
export type CircuitKind = 'spot' | 'margin' | 'aggregate';

/** The sizes of a batch circuit. */
export type BatchParameters = {
  readonly kind: 'spot' | 'margin';
  /** A: assets that totals are kept for; 1 <= A <= 2^indexBits. */
  readonly assets: number;
  /** B: bits of an asset's index in a holding slot. */
  readonly indexBits: number;
  /** N: accounts of one batch, dummies included. */
  readonly users: number;
  /** k: holding slots of one account. */
  readonly slots: number;
  /** VB: bits of an account's net value; 0 where there is no debt. */
  readonly netBits: number;
  /** Levels of the tree over the accounts of the batch; arity^depth >= N. */
  readonly depth: number;
  readonly arity: typeof TREE_ARITY;
};

/** The sizes of an aggregate circuit. */
export type AggregateParameters = {
  readonly kind: 'aggregate';
  readonly assets: number;
  /** Children that one proof sums; the rest of the 16 are NULL. */
  readonly children: number;
  readonly arity: typeof TREE_ARITY;
};

export type CircuitParameters = BatchParameters | AggregateParameters;

/**
 * TAG: a constant of each circuit that binds every digest to the layout it was made with.
 * `int248(SHA-256("solvent/tag/v1" ‖ 0 ‖ canonical JSON of the parameters))`.
 */
export function deriveTag(parameters: CircuitParameters): FieldElement {
  return int248(hashLabelled('solvent/tag/v1', encodeCanonicalJson(parameters)));
}

/** The name of a circuit within its profile: `spot-4`, `margin-16`, `aggregate`. */
export function circuitName(parameters: CircuitParameters): string {
  return parameters.kind === 'aggregate' ? 'aggregate' : `${parameters.kind}-${parameters.slots}`;
}

/** The levels of a tree of the given arity over `leafCount >= 1` leaves: the least d >= 1 with arity^d >= leafCount. */
export function treeDepthFor(leafCount: number): number {
  let depth = 1;
  for (let capacity = TREE_ARITY; capacity < leafCount; capacity *= TREE_ARITY) depth += 1;
  return depth;
}

/** VB = 64 + 64 + ceil(log2 k) + 1: a sum of k products of two 64-bit integers, and room for the sign. */
export function netBitsFor(slots: number): number {
  return 64 + 64 + Math.ceil(Math.log2(slots)) + 1;
}
