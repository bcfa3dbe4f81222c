import {
  addTotals,
  commitTotals,
  computeDigest,
  computeNullDigest,
  deriveAggregateBlind,
  MAX_AGGREGATE_LAYERS,
  TOTAL_BITS,
  TREE_ARITY,
  type FieldElement,
  type Manifest,
  type Poseidon,
  type RunSecret,
  type Totals,
} from '../../protocol/index.js';
import type { AggregateCircuit } from '../circuits.js';

/** No aggregate sums fewer. */
const MIN_CHILDREN = 2;

/** A batch or an aggregate, opened: what the aggregate above it takes. */
export type OpenedNode = {
  readonly tag: FieldElement;
  readonly root: FieldElement;
  readonly totals: Totals;
  readonly blind: FieldElement;
  readonly totalsHash: FieldElement;
  readonly digest: FieldElement;
};

/** An aggregate and what it sums. */
export type AggregateNode = OpenedNode & {
  readonly children: readonly OpenedNode[];
  /** 16 digests; NULL stands for each missing child. */
  readonly childDigests: readonly FieldElement[];
};

/** Layers of aggregates from the one above the batches to the top, which has one node. */
export type AggregateLayers = readonly (readonly AggregateNode[])[];

/**
 * Plans all aggregates over the batches of a bundle (section 4.3 of the protocol); nothing is proven. There is always
 * one layer at least: a batch is never a top.
 * @param batches in the order of the plan; at least one.
 */
export function planAggregates(
  hash: Poseidon,
  batches: readonly OpenedNode[],
  context: { readonly circuit: AggregateCircuit; readonly secret: RunSecret },
): AggregateLayers {
  const { circuit, secret } = context;
  const nullDigest = computeNullDigest(hash, circuit.parameters.assets);
  const layers: AggregateNode[][] = [];
  let below = batches;
  do {
    const layer: AggregateNode[] = [];
    for (let start = 0; start < below.length; start += circuit.parameters.children) {
      const children = below.slice(start, start + circuit.parameters.children);
      const blind = deriveAggregateBlind(secret, layers.length + 1, layer.length);
      layer.push(buildAggregate(hash, children, { circuit, blind, nullDigest }));
    }
    layers.push(layer);
    below = layer;
  } while (below.length > 1);
  if (layers.length > MAX_AGGREGATE_LAYERS) {
    throw new Error(`expected at most ${MAX_AGGREGATE_LAYERS} layers of aggregates`);
  }
  return layers;
}

/** The layers of aggregates of a bundle, by the numbers that its manifest states. */
export function countLayers({ circuits }: Pick<Manifest, 'circuits'>): number {
  let width = 0;
  let children = MIN_CHILDREN;
  for (const { parameters, proofCount } of circuits) {
    if (parameters.kind === 'aggregate') children = parameters.children;
    else width += proofCount;
  }
  let layers = 0;
  do {
    width = Math.ceil(width / children);
    layers += 1;
  } while (width > 1);
  return layers;
}

/** The one node of the last layer. */
export function topOf(layers: AggregateLayers): AggregateNode {
  return layers.at(-1)![0]!;
}

function buildAggregate(
  hash: Poseidon,
  children: readonly OpenedNode[],
  context: { circuit: AggregateCircuit; blind: FieldElement; nullDigest: FieldElement },
): AggregateNode {
  const { circuit, blind, nullDigest } = context;
  const { tag, parameters } = circuit;
  const isRanged = children.every(({ totals }) =>
    [...totals.equity, ...totals.debt].every((total) => total < 1n << BigInt(TOTAL_BITS)),
  );
  if (!isRanged) throw new Error(`expected every total of a child below 2^${TOTAL_BITS}`);
  const childDigests = Array.from({ length: TREE_ARITY }, (_, slot) => children[slot]?.digest ?? nullDigest);
  const root = hash(childDigests);
  const totals = addTotals(
    children.map((child) => child.totals),
    parameters.assets,
  );
  const totalsHash = commitTotals(hash, totals, blind);
  const digest = computeDigest(hash, { tag, root, totals: totalsHash });
  return { tag, root, totals, blind, totalsHash, digest, children, childDigests };
}
