import { bn254 } from '@noble/curves/bn254.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { FIELD_MODULUS } from '../../../src/protocol/index.js';
import * as rows from '../../../src/protocol/index.js';
import { MARGIN, SPOT, WIDE } from './honest-run.js';

const BASE = bn254.G1.Point.BASE;
const scalar = fc.bigInt({ min: 0n, max: FIELD_MODULUS - 1n }).map(rows.reduceField);

describe('points', () => {
  it('come back from their bytes, and flipping a bit gives another point or none', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: FIELD_MODULUS - 1n }), fc.nat(255), (factor, bit) => {
        const point = BASE.multiplyUnsafe(factor);
        const bytes = rows.encodePoint(point);
        expect(rows.parsePoint(bytes).equals(point)).toBe(true);
        const flipped = bytes.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
        try {
          expect(rows.parsePoint(flipped).equals(point)).toBe(false);
        } catch (error) {
          expect(error).toMatchObject({ code: 'point-form' });
        }
      }),
      { seed: 21, numRuns: 40 },
    );
  });

  it('at infinity have no form', () => {
    expect(() => rows.encodePoint(rows.INFINITY)).toThrow(
      expect.objectContaining({ code: 'point-at-infinity', errorClass: 'invariant' }) as Error,
    );
  });

  it('are combined as the sum of their multiples, factors of 0 and no points included', () => {
    fc.assert(
      fc.property(fc.array(scalar, { maxLength: 5 }), (factors) => {
        const points = factors.map((_, index) => rows.hashToPoint(`point ${index}`));
        const slow = factors.reduce(
          (sum, factor, index) => sum.add(points[index]!.multiplyUnsafe(factor)),
          rows.INFINITY,
        );
        expect(rows.combinePoints(points, factors).equals(slow)).toBe(true);
      }),
      { seed: 22, numRuns: 20 },
    );
    expect(rows.combinePoints([BASE], [rows.ZERO]).is0()).toBe(true);
    expect(() => rows.combinePoints([BASE], [])).toThrow(RangeError);
  });

  it('that generate are all distinct, and hang on kind, index bits and slots alone', () => {
    const layouts = [SPOT, MARGIN, WIDE, { ...SPOT, indexBits: 5 }, { ...SPOT, slots: 3 }];
    const all = [
      rows.blindGenerator(),
      rows.weightsGenerator(),
      ...layouts.flatMap((layout) => rows.generatorsOf(layout).words),
    ].map((point) => rows.encodeBase64url(rows.encodePoint(point)));
    expect(all).toHaveLength(2 + 1 + 1 + 3 + 1 + 1);
    expect(new Set(all).size).toBe(all.length);
    const more = { ...SPOT, rows: 999, groupRows: 64 };
    expect(rows.generatorsOf(more).words[0]!.equals(rows.generatorsOf(SPOT).words[0]!)).toBe(true);
  });
});
