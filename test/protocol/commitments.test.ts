import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  buildTree,
  commitTotals,
  computeDigest,
  computeNullDigest,
  computeRoot,
  deriveTag,
  deriveTotalsIv,
  hashLeaf,
  leafWordCount,
  netBitsFor,
  packLeaf,
  poseidon,
  rootOf,
  siblingsOf,
  sponge,
  treeDepthFor,
  zeroTotals,
  type BatchParameters,
  type FieldElement,
} from '../../src/protocol/index.js';

const field = (value: number | bigint) => BigInt(value) as FieldElement;
const refusal = (code: string) => expect.objectContaining({ code }) as Error;

const SPOT: BatchParameters = {
  kind: 'spot',
  assets: 5,
  indexBits: 3,
  users: 20,
  slots: 4,
  netBits: 0,
  depth: 2,
  arity: 16,
};
const MARGIN: BatchParameters = { ...SPOT, kind: 'margin', netBits: netBitsFor(4) };

describe('a leaf', () => {
  it('packs slots little-endian into words of 252 bits', () => {
    const holdings = [
      { assetIndex: 1, equityUnits: 5n, debtUnits: 0n },
      { assetIndex: 4, equityUnits: (1n << 64n) - 1n, debtUnits: 0n },
    ];
    const packed = 5n | (1n << 64n) | (((1n << 64n) - 1n) << 67n) | (4n << 131n);
    expect(packLeaf(SPOT, holdings, 0n)).toEqual([packed, 0n]);
    expect(leafWordCount(SPOT)).toBe(2);
  });

  it('tells any two lists of holdings apart', () => {
    const holding = fc.record({
      equityUnits: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
      debtUnits: fc.bigInt({ min: 1n, max: (1n << 64n) - 1n }),
    });
    const holdings = fc
      .array(holding, { maxLength: 4 })
      .map((list) => list.map((entry, assetIndex) => ({ assetIndex, ...entry })));
    fc.assert(
      fc.property(holdings, holdings, (one, other) => {
        const same = JSON.stringify(one.map(String)) === JSON.stringify(other.map(String));
        fc.pre(!same || one.length !== other.length);
        const words = [one, other].map((list) => packLeaf(MARGIN, list, 7n).join());
        expect(words[0] === words[1]).toBe(
          one.length === other.length &&
            one.every(
              (entry, at) =>
                entry.equityUnits === other[at]!.equityUnits && entry.debtUnits === other[at]!.debtUnits,
            ),
        );
      }),
      { seed: 5 },
    );
  });

  it.each([
    [
      'too many holdings',
      [0, 1, 2, 3, 4].map((assetIndex) => ({ assetIndex, equityUnits: 1n, debtUnits: 0n })),
      'too-many-holdings',
    ],
    [
      'an asset twice',
      [1, 1].map((assetIndex) => ({ assetIndex, equityUnits: 1n, debtUnits: 0n })),
      'holdings-not-sorted',
    ],
    ['an unlisted asset', [{ assetIndex: 5, equityUnits: 1n, debtUnits: 0n }], 'holdings-not-sorted'],
    ['2^64', [{ assetIndex: 0, equityUnits: 1n << 64n, debtUnits: 0n }], 'amount-out-of-range'],
    ['a negative equity', [{ assetIndex: 0, equityUnits: -1n, debtUnits: 0n }], 'amount-out-of-range'],
    ['an empty holding', [{ assetIndex: 0, equityUnits: 0n, debtUnits: 0n }], 'amount-out-of-range'],
    ['debt in a spot circuit', [{ assetIndex: 0, equityUnits: 1n, debtUnits: 1n }], 'debt-in-spot'],
  ])('refuses %s', (_, holdings, code) => {
    expect(() => packLeaf(SPOT, holdings, 0n)).toThrow(refusal(code));
  });

  it('is a plain hash up to 15 words and a sponge beyond', () => {
    const words = (n: number) => Array.from({ length: n }, (_, index) => field(index + 1));
    expect(hashLeaf(poseidon, field(9), words(2))).toBe(poseidon([9n, 1n, 2n] as FieldElement[]));
    expect(hashLeaf(poseidon, field(9), words(16))).toBe(sponge(poseidon, field(9), words(16)));
  });
});

describe('a tree', () => {
  it.each([1, 15, 16, 17, 54, 256])('of %i leaves leads every leaf to its root', (leafCount) => {
    const leaves = Array.from({ length: leafCount }, (_, index) => field(1000 + index));
    const depth = treeDepthFor(leafCount);
    const levels = buildTree(poseidon, leaves, depth);
    for (const position of [0, Math.floor(leafCount / 2), leafCount - 1]) {
      const siblings = siblingsOf(levels, position);
      expect(siblings.map((level) => level.length)).toEqual(new Array(depth).fill(15));
      const root = (at: number) => computeRoot(poseidon, { hash: leaves[position]!, position: at }, siblings);
      expect(root(position)).toBe(rootOf(levels));
      expect(root(position ^ 1)).not.toBe(rootOf(levels));
    }
  });
});

describe('totals', () => {
  it('cannot be opened to vectors of another length by choosing the blind', () => {
    // With the blind as the initial value, the state after one block would be a valid blind of the rest.
    const totals = { equity: [3n, ...new Array<bigint>(15).fill(1n)], debt: new Array<bigint>(16).fill(2n) };
    const blind = field(77);
    const sums = [blind, ...totals.equity, ...totals.debt] as FieldElement[];
    const state = sponge(poseidon, deriveTotalsIv(16), sums.slice(0, 15));
    const rest = sums.slice(15);
    const shorter = { equity: rest.slice(0, 9), debt: rest.slice(9, 18) };
    expect(sponge(poseidon, state, rest)).toBe(commitTotals(poseidon, totals, blind));
    expect(commitTotals(poseidon, shorter, state)).not.toBe(commitTotals(poseidon, totals, blind));
  });

  it('hide behind their blind and bind each sum', () => {
    const base = zeroTotals(3);
    const commit = (equity: bigint[], debt: bigint[], blind: number) =>
      commitTotals(poseidon, { equity, debt }, field(blind));
    const all = [
      commitTotals(poseidon, base, field(0)),
      commit([0n, 0n, 0n], [0n, 0n, 0n], 1),
      commit([1n, 0n, 0n], [0n, 0n, 0n], 0),
      commit([0n, 0n, 0n], [1n, 0n, 0n], 0),
    ];
    expect(new Set(all).size).toBe(4);
  });

  it('of nothing have the digest that stands for a missing child', () => {
    const totals = commitTotals(poseidon, zeroTotals(16), field(0));
    expect(computeNullDigest(poseidon, 16)).toBe(
      computeDigest(poseidon, { tag: field(0), root: field(0), totals }),
    );
    expect(computeNullDigest(poseidon, 16)).not.toBe(computeNullDigest(poseidon, 64));
  });
});

describe('a tag', () => {
  it('changes with every parameter of the layout', () => {
    const variants: BatchParameters[] = [
      SPOT,
      { ...SPOT, kind: 'margin' },
      { ...SPOT, assets: 6 },
      { ...SPOT, indexBits: 4 },
      { ...SPOT, users: 21 },
      { ...SPOT, slots: 5 },
      { ...SPOT, netBits: 1 },
      { ...SPOT, depth: 3 },
    ];
    expect(new Set(variants.map(deriveTag)).size).toBe(variants.length);
  });
});
