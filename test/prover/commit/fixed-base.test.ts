import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';

import {
  BASE_FIELD_MODULUS,
  blindGenerator,
  decodeUint,
  FIELD_MODULUS,
  type FieldElement,
  combinePoints,
  encodeCommitment,
  encodePoint,
  generatorsOf,
  hashToPoint,
  PROFILES,
  weightsGenerator,
} from '../../../src/protocol/index.js';
import { bigintToLittleEndian } from '../../../src/iden3/index.js';
import { FixedBases, PointMaker } from '../../../src/prover/commit/fixed-base.js';
import { KEY_FORM_BYTES, toKeyForm } from '../../../src/prover/commit/point-bytes.js';

import { Kernel } from '../../../src/prover/engine/wasm/kernel.js';

const scalar = fc
  .oneof(
    fc.bigInt({ min: 0n, max: FIELD_MODULUS - 1n }),
    fc.bigInt({ min: 0n, max: 255n }),
    fc.bigInt({ min: 0n, max: 300n }).map((small) => FIELD_MODULUS - 1n - small),
  )
  .map((value) => value as FieldElement);

const BASES = [hashToPoint('one'), hashToPoint('other')] as const;
const refusal = (code: string) => expect.objectContaining({ code }) as Error;

let kernel: Kernel;
beforeAll(async () => {
  kernel = await Kernel.open('plain');
});

describe('products of fixed points by tables', () => {
  it.each([1, 100, 100_000])('are those of the protocol, with tables for %i of them', (combinations) => {
    const bases = new FixedBases(kernel, BASES, combinations);
    fc.assert(
      fc.property(scalar, scalar, (one, other) => {
        fc.pre(one + other > 0n);
        const made = bases.combineAll([
          [one, other],
          [other, one],
        ]);
        expect(made).toEqual([
          encodePoint(combinePoints(BASES, [one, other])),
          encodePoint(combinePoints(BASES, [other, one])),
        ]);
      }),
      { numRuns: 25, seed: 5 },
    );
  });

  it('refuse infinity, which has no form, however it comes about', () => {
    const zero = 0n as FieldElement;
    const bases = new FixedBases(kernel, [BASES[0], BASES[0]], 1);
    expect(() =>
      bases.combineAll([
        [3n as FieldElement, zero],
        [zero, zero],
      ]),
    ).toThrow(refusal('point-at-infinity'));
    expect(() => bases.combineAll([[5n as FieldElement, (FIELD_MODULUS - 5n) as FieldElement]])).toThrow(
      refusal('point-at-infinity'),
    );
    // The same point twice is a doubling.
    const twice = encodePoint(combinePoints([BASES[0]], [6n as FieldElement]));
    expect(bases.combineAll([[3n as FieldElement, 3n as FieldElement]])).toEqual([twice]);
  });

  it('take exactly one scalar for each point', () => {
    const bases = new FixedBases(kernel, BASES, 1);
    expect(() => bases.combineAll([[1n as FieldElement]])).toThrow(RangeError);
  });
});

describe('points of rows', () => {
  it.each(PROFILES.get('tiny')!.layouts)(
    'of $kind rows of $slots slots are those of the protocol',
    async (layout) => {
      const commit = (await PointMaker.open()).committerOf(layout, layout.rows);
      const { words } = generatorsOf(layout);
      const values = words.map((_, index) => (BigInt(3 + index) ** 70n) as FieldElement);
      const blind = (FIELD_MODULUS / 3n) as FieldElement;
      const reduced = values.map((value) => (value % FIELD_MODULUS) as FieldElement);
      expect(commit([{ values: reduced, blind }])).toEqual([
        encodeCommitment(generatorsOf(layout), reduced, blind),
      ]);
    },
  );
});

describe('points that somebody else made', () => {
  const [SPOT] = PROFILES.get('tiny')!.layouts;
  const openings = Array.from({ length: 40 }, (_, index) => ({
    values: generatorsOf(SPOT!).words.map((__, word) => BigInt(word + (index >> 1)) as FieldElement),
    blind: BigInt(1 + (index >> 1)) as FieldElement,
  }));
  const BYTES = KEY_FORM_BYTES;
  let points: Uint8Array;
  let maker: PointMaker;
  beforeAll(async () => {
    maker = await PointMaker.open();
    points = toKeyForm(maker.coordinatesOf(SPOT!, 1)(openings));
  });
  const check = (given: Uint8Array) => maker.checkerOf(SPOT!, 1).check(openings, given);
  /** Puts other bytes for those of a point. */
  const put = (index: number, bytes: Uint8Array) => {
    const changed = Uint8Array.from(points);
    changed.set(bytes, index * BYTES);
    return changed;
  };
  const at = (index: number) => points.subarray(index * BYTES, (index + 1) * BYTES);

  it('are taken where each is what its opening makes, as its 32 bytes', () => {
    expect(check(points)).toEqual(maker.committerOf(SPOT!, 1)(openings));
  });

  it('are refused where one is another', () => {
    const opposite = Uint8Array.from(at(3));
    // -y = p - y, in words of eight bytes.
    const y = bytesToUint(opposite.subarray(32));
    opposite.set(bigintToLittleEndian(BASE_FIELD_MODULUS - y, 32), 32);
    expect(check(put(3, opposite))).toBeUndefined();
    // 0 and 1 are alike, and 2 and 3 are: only an exchange between these pairs is one.
    expect(check(put(0, at(1)))).toBeDefined();
    expect(check(put(0, at(2)))).toBeUndefined();
  });

  it('are refused where two wrong ones have the right sum', () => {
    const changed = put(0, at(2));
    changed.set(at(0), 2 * BYTES);
    expect(check(changed)).toBeUndefined();
  });

  it('are refused where one is on no curve, is infinity or is not in its one form, and where one is missing', () => {
    const off = Uint8Array.from(at(5));
    off[32]! ^= 1;
    expect(check(put(5, off))).toBeUndefined();
    expect(check(put(5, new Uint8Array(BYTES)))).toBeUndefined();
    const large = Uint8Array.from(at(5));
    large.set(bigintToLittleEndian(bytesToUint(large.subarray(0, 32)) + BASE_FIELD_MODULUS, 32));
    expect(check(put(5, large))).toBeUndefined();
    expect(check(points.subarray(BYTES))).toBeUndefined();
  });
});

const bytesToUint = (littleEndian: Uint8Array) => decodeUint(Uint8Array.from(littleEndian).reverse());

describe('points of weighted totals', () => {
  it('are those of the protocol', async () => {
    const values = [1n, FIELD_MODULUS - 1n, 0n, 2n ** 200n] as FieldElement[];
    const blinds = [0n, FIELD_MODULUS / 5n, 7n, FIELD_MODULUS - 2n] as FieldElement[];
    const made = (await PointMaker.open()).commitWeights(values, blinds);
    expect(made).toEqual(
      values.map((value, index) =>
        encodePoint(combinePoints([weightsGenerator(), blindGenerator()], [value, blinds[index]!])),
      ),
    );
  });
});
