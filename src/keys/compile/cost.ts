import {
  AMOUNT_BITS,
  leafWordCount,
  publicSignalNames,
  TOTAL_BITS,
  TREE_ARITY,
  type AggregateParameters,
  type BatchParameters,
  type CircuitParameters,
} from '../../protocol/index.js';

/** Partial rounds of Poseidon by the width of its state, 2 to 17 (circuits/Poseidon.circom). */
const PARTIAL_ROUNDS = [56, 57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65, 70, 60, 64, 68] as const;
const FULL_ROUNDS = 8;
/** x^5 takes three products. */
const CONSTRAINTS_PER_SBOX = 3;
const SPONGE_RATE = TREE_ARITY - 1;

/**
 * The exact number of constraints of a circuit under `--O2`, which leaves one for each product of two unknowns: the
 * headers of the templates say which those are. Tested to equal what the compiler makes.
 */
export function countConstraints(parameters: CircuitParameters): number {
  switch (parameters.kind) {
    case 'spot':
      return countSpotBatch(parameters);
    case 'margin':
      return countMarginBatch(parameters);
    case 'aggregate':
      return countAggregate(parameters);
  }
}

/** Rows of the domain that a proof is made over: constraints, one for each public signal, one for the constant. */
export function countRows(parameters: CircuitParameters): number {
  return countConstraints(parameters) + publicSignalNames(parameters.kind).length + 1;
}

function countSpotBatch(parameters: BatchParameters): number {
  const { assets, indexBits, users, slots } = parameters;
  const fraction = 1;
  const account = slots * (AMOUNT_BITS + indexBits + fraction) + leafCost(parameters);
  const zeroDebts = assets;
  return (
    users * account +
    treeCost(parameters) +
    totalsCost(assets, zeroDebts) +
    hashCost(3, 1) + // digest: its tag is a constant
    hashCost(1) + // x
    assets * fraction
  );
}

function countMarginBatch(parameters: BatchParameters): number {
  const { assets, indexBits, users, slots, netBits } = parameters;
  const debtTerm = 1;
  const fraction = 1;
  const hornerStep = 1;
  const slot = 2 * AMOUNT_BITS + indexBits + debtTerm + fraction;
  const account = slots * slot + netBits + leafCost(parameters) + hornerStep;
  const termsPerAsset = 3;
  const valuesPerAsset = 2;
  return (
    users * account +
    treeCost(parameters) +
    totalsCost(assets) +
    hashCost(3, 1) + // digest
    spongeCost(2 * assets, 1) + // pricesHash begins with a constant
    hashCost(3, 1) + // gamma
    spongeCost(2 * assets) + // h
    2 * hashCost(2, 1) + // x and y
    assets * (termsPerAsset + fraction + valuesPerAsset) +
    2 // y squared, and the check itself
  );
}

function countAggregate({ assets, children }: AggregateParameters): number {
  const child = 2 * assets * TOTAL_BITS + totalsCost(assets) + hashCost(3);
  const contextSquare = 1;
  return (
    children * child +
    hashCost(TREE_ARITY, TREE_ARITY - children) +
    totalsCost(assets) +
    hashCost(3, 1) +
    contextSquare
  );
}

/** H_k with so many of its inputs constant: the first S-box of a constant, and of the capacity, is one itself. */
function hashCost(inputs: number, constants = 0): number {
  const width = inputs + 1;
  const sboxes = FULL_ROUNDS * width + PARTIAL_ROUNDS[width - 2]!;
  return CONSTRAINTS_PER_SBOX * (sboxes - 1 - constants);
}

/** The sponge over `values`, so many of the values and of the initial state being constant. */
function spongeCost(values: number, constants = 0): number {
  const blocks = Math.ceil(values / SPONGE_RATE);
  const padding = blocks * SPONGE_RATE - values;
  return blocks * hashCost(TREE_ARITY) - CONSTRAINTS_PER_SBOX * (padding + constants);
}

function totalsCost(assets: number, constantSums = 0): number {
  return spongeCost(1 + 2 * assets, 1 + constantSums);
}

function leafCost(parameters: BatchParameters): number {
  const words = leafWordCount(parameters);
  return words < TREE_ARITY ? hashCost(1 + words) : spongeCost(words);
}

function treeCost({ users, depth }: BatchParameters): number {
  let cost = 0;
  for (let level = 0, width = users; level < depth; level++) {
    const nodes = Math.ceil(width / TREE_ARITY);
    cost += nodes * hashCost(TREE_ARITY) - CONSTRAINTS_PER_SBOX * (nodes * TREE_ARITY - width);
    width = nodes;
  }
  return cost;
}
