import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  addTotals,
  commitTotals,
  computeDigest,
  computeNullDigest,
  deriveTag,
  poseidon,
  type FieldElement,
} from '../../src/protocol/index.js';
import { planAggregates, topOf, type OpenedNode } from '../../src/prover/aggregate/layers.js';
import { SECRET } from './exchange.js';

const PARAMETERS = { kind: 'aggregate', assets: 2, children: 3, arity: 16 } as const;
const CIRCUIT = { name: 'aggregate', parameters: PARAMETERS, tag: deriveTag(PARAMETERS) };
const NULL = computeNullDigest(poseidon, 2);

function makeBatches(count: number): OpenedNode[] {
  return Array.from({ length: count }, (_, place) => {
    const [tag, root, blind] = [5n, BigInt(place + 1), BigInt(place + 100)] as [
      FieldElement,
      FieldElement,
      FieldElement,
    ];
    const totals = { equity: [BigInt(place), 1n << 80n], debt: [7n, BigInt(3 * place)] };
    const totalsHash = commitTotals(poseidon, totals, blind);
    return {
      tag,
      root,
      blind,
      totals,
      totalsHash,
      digest: computeDigest(poseidon, { tag, root, totals: totalsHash }),
    };
  });
}

const plan = (count: number) =>
  planAggregates(poseidon, makeBatches(count), { circuit: CIRCUIT, secret: SECRET });

describe('the layers of aggregates', () => {
  it.each([
    [1, [1]],
    [3, [1]],
    [4, [2, 1]],
    [9, [3, 1]],
    [10, [4, 2, 1]],
  ])('over %i batches are %j wide, a batch never being a top', (count, widths) => {
    expect(plan(count).map((layer) => layer.length)).toEqual(widths);
  });

  it('hold every digest but the top exactly once, and NULL in all other slots', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), (count) => {
        const layers = plan(count);
        const nodes = layers.flat();
        const children = nodes.flatMap(({ childDigests }) => childDigests);
        expect(nodes.every(({ childDigests }) => childDigests.length === 16)).toBe(true);
        const held = children.filter((digest) => digest !== NULL);
        const expected = [...makeBatches(count), ...nodes].map(({ digest }) => digest);
        expect([...held, topOf(layers).digest].sort()).toEqual(expected.sort());
      }),
      { seed: 5, numRuns: 12 },
    );
  });

  it('sum to the totals of all batches at the top', () => {
    const batches = makeBatches(10);
    const sums = addTotals(
      batches.map(({ totals }) => totals),
      2,
    );
    expect(topOf(plan(10)).totals).toEqual(sums);
  });

  it('commit to each node under a blind of its own, the same for the same secret', () => {
    const nodes = plan(10).flat();
    expect(new Set(nodes.map(({ blind }) => blind)).size).toBe(nodes.length);
    for (const { tag, root, totals, totalsHash, blind, digest, childDigests } of nodes) {
      expect(root).toBe(poseidon(childDigests));
      expect(totalsHash).toBe(commitTotals(poseidon, totals, blind));
      expect(digest).toBe(computeDigest(poseidon, { tag, root, totals: totalsHash }));
    }
    expect(
      plan(10)
        .flat()
        .map(({ digest }) => digest),
    ).toEqual(nodes.map(({ digest }) => digest));
  });

  it('refuse a child whose total does not fit 104 bits', () => {
    const [first] = makeBatches(1) as [OpenedNode];
    const huge = { ...first, totals: { equity: [1n << 104n, 0n], debt: [0n, 0n] } };
    expect(() => planAggregates(poseidon, [huge], { circuit: CIRCUIT, secret: SECRET })).toThrow(/2\^104/);
  });
});
