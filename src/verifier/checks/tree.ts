import {
  computeDigest,
  MAX_AGGREGATE_LAYERS,
  parseFieldElement,
  type AggregateProof,
  type FieldElement,
  type Poseidon,
} from '../../protocol/index.js';
import type { Passed } from '../checklist.js';
import { refuse } from '../failure.js';
import { formatCount } from '../../presentation/index.js';
import type { BundleProofs, Placed } from './reading.js';
import type { Claim } from './claim.js';

/** What an aggregate states about itself, in a bundle or in an inclusion file. */
export type CheckedNode = Pick<AggregateProof, 'digest' | 'children' | 'totals'> & {
  readonly place: string;
};

/**
 * 6.6: from the top, each aggregate's digest is that of its 16 children and totals; each child is NULL or the
 * digest of exactly one proof of the bundle; every digest but the top's is a child exactly once, the top's never;
 * every proof is reached. The top is an aggregate.
 */
export function checkTree(claim: Claim, proofs: BundleProofs): Passed<CheckedNode> {
  const nullDigest = nullDigestOf(claim);
  const aggregates = indexByDigest(proofs, nullDigest);
  const known = new Set([...proofs.batches, ...proofs.aggregates].map(({ digest }) => digest));
  const counted = new Set<string>();
  const topDigest = claim.manifest.top.digest;
  for (const aggregate of proofs.aggregates) {
    for (const child of childrenOf(claim, aggregate, nullDigest)) {
      if (child === topDigest)
        throw refuse('top-is-child', `expected the top nowhere below, got it in ${aggregate.place}`);
      if (!known.has(child)) {
        throw refuse(
          'child-without-proof',
          `expected a proof of digest ${child} in ${aggregate.place}, got none`,
        );
      }
      if (counted.has(child)) {
        throw refuse('child-repeated', `expected digest ${child} once, got it again in ${aggregate.place}`);
      }
      counted.add(child);
    }
  }
  const top = aggregates.get(topDigest);
  if (top === undefined) {
    const code = known.has(topDigest) ? 'top-not-aggregate' : 'top-missing';
    throw refuse(code, `expected an aggregate with the top's digest ${topDigest}, got none`);
  }
  const layers = walk(top, { aggregates, nullDigest, known });
  return {
    value: top,
    compared: `${formatCount(proofs.batches.length, 'batch', 'batches')} under ${formatCount(proofs.aggregates.length, 'aggregate')} in ${formatCount(layers, 'layer')}`,
  };
}

/**
 * 6.6: the children of an aggregate without its NULLs. Its digest is that of its children and totals, it has no
 * child that its circuit does not sum, its NULLs come last, and no child stands in it twice.
 */
export function childrenOf(
  { aggregate: { parameters, tag }, hash }: Claim,
  { digest, children, totals, place }: CheckedNode,
  nullDigest: string,
): readonly string[] {
  const root = computeChildrenRoot(hash, children);
  const expected = computeDigest(hash, { tag, root, totals: parseFieldElement(totals) }).toString();
  if (digest !== expected) {
    throw refuse('aggregate-digest-differs', `expected digest ${expected} in ${place}, got ${digest}`);
  }
  const count = children.findLastIndex((child) => child !== nullDigest) + 1;
  const present = children.slice(0, count);
  if (count === 0) throw refuse('aggregate-empty', `expected a child in ${place}, got none`);
  if (count > parameters.children) {
    throw refuse(
      'child-beyond-circuit',
      `expected at most ${parameters.children} children in ${place}, got ${count}`,
    );
  }
  if (present.includes(nullDigest)) {
    throw refuse('child-after-null', `expected missing children last in ${place}, got a child behind one`);
  }
  if (new Set(present).size !== present.length) {
    throw refuse('child-repeated', `expected each child once in ${place}, got one twice`);
  }
  return present;
}

/** The root of an aggregate: H_16 of its child digests. */
export function computeChildrenRoot(hash: Poseidon, children: readonly string[]): FieldElement {
  return hash(children.map(parseFieldElement));
}

/** The digest that stands for a missing child, as it is written. */
export function nullDigestOf({ nullDigest }: Claim): string {
  return nullDigest;
}

/** The aggregates by digest; digests are all different, and none is NULL. */
function indexByDigest(
  { batches, aggregates }: BundleProofs,
  nullDigest: string,
): ReadonlyMap<string, Placed<AggregateProof>> {
  const seen = new Set<string>([nullDigest]);
  for (const { digest, place } of [...batches, ...aggregates]) {
    if (digest === nullDigest)
      throw refuse('digest-null', `expected a digest of its own at ${place}, got NULL`);
    if (seen.has(digest))
      throw refuse('digest-repeated', `expected digest ${digest} once, got it again at ${place}`);
    seen.add(digest);
  }
  return new Map(aggregates.map((aggregate) => [aggregate.digest, aggregate]));
}

/** Reaches every proof from the top, layer by layer; returns the number of layers of aggregates. */
function walk(
  top: CheckedNode,
  tree: {
    aggregates: ReadonlyMap<string, CheckedNode>;
    nullDigest: string;
    known: ReadonlySet<string>;
  },
): number {
  const reached = new Set([top.digest]);
  let layer: readonly CheckedNode[] = [top];
  let layers = 0;
  while (layer.length > 0) {
    layers += 1;
    if (layers > MAX_AGGREGATE_LAYERS) {
      throw refuse(
        'tree-too-deep',
        `expected at most ${MAX_AGGREGATE_LAYERS} layers of aggregates, got more`,
      );
    }
    const below = layer.flatMap(({ children }) => children).filter((child) => child !== tree.nullDigest);
    for (const child of below) reached.add(child);
    layer = below.flatMap((child) => tree.aggregates.get(child) ?? []);
  }
  for (const digest of tree.known) {
    if (!reached.has(digest))
      throw refuse('proof-not-reached', `expected digest ${digest} below the top, got it apart`);
  }
  return layers;
}
