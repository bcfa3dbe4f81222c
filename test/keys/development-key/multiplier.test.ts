import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { FIELD_MODULUS } from '../../../src/protocol/index.js';
import { Bn254 } from '../../../src/keys/development-key/bn254.js';
import { bigintToLittleEndian, ELEMENT_BYTES, POINT_BYTES, type Group } from '../../../src/iden3/index.js';
import { Multiplier } from '../../../src/keys/development-key/multiplier.js';
import {
  computeWindow,
  windowShapeFor,
  type WindowShape,
} from '../../../src/keys/development-key/window-table.js';
import { seededScalars } from './seeded-scalars.js';
import { snarkjs } from './snarkjs.js';

const GROUPS = ['G1', 'G2'] as const;

function makeMultiplier(shape: WindowShape): Multiplier {
  const windowBytes = shape.pointsPerWindow * POINT_BYTES[shape.group];
  const table = new Uint8Array(shape.sizeBytes);
  for (let window = 0; window < shape.windowCount; window++) {
    const bn254 = new Bn254();
    const output = bn254.allocate(windowBytes);
    computeWindow(bn254, shape, window, output);
    table.set(bn254.bytes.subarray(output, output + windowBytes), window * windowBytes);
  }
  return new Multiplier(new Bn254(), shape, table);
}

function multiply(shape: WindowShape, scalars: readonly bigint[]): Uint8Array[] {
  const bytes = Buffer.concat(scalars.map((scalar) => bigintToLittleEndian(scalar, ELEMENT_BYTES)));
  const points: Uint8Array[] = [];
  makeMultiplier(shape).multiply(bytes, (stretch) => {
    const size = POINT_BYTES[shape.group];
    for (let offset = 0; offset < stretch.length; offset += size) {
      points.push(stretch.slice(offset, offset + size));
    }
  });
  return points;
}

/** Shapes with windows of 4, 7, 10 and 13 bits, by the counts that they suit. */
const shapesOf = (group: Group) => [1, 100, 2000, 40_000].map((count) => windowShapeFor(group, count));

let slow: Awaited<ReturnType<typeof snarkjs.curves.getCurveFromName>>;

beforeAll(async () => {
  slow = await snarkjs.curves.getCurveFromName('bn128');
});

afterAll(async () => {
  await slow.terminate();
});

/** The twin: double and add, of snarkjs. */
function multiplySlowly(group: Group, scalar: bigint): Uint8Array {
  const { g, zeroAffine, timesScalar, toAffine } = bound(group);
  return scalar === 0n ? zeroAffine : toAffine(timesScalar(g, scalar));
}

function bound(group: Group) {
  const curveGroup = slow[group];
  return {
    g: curveGroup.g,
    zeroAffine: curveGroup.zeroAffine,
    timesScalar: curveGroup.timesScalar.bind(curveGroup),
    toAffine: curveGroup.toAffine.bind(curveGroup),
  };
}

describe.each(GROUPS)('multiplying the generator of %s', (group) => {
  it('uses wider windows for more scalars', () => {
    const bits = shapesOf(group).map(({ windowBits }) => windowBits);
    expect(bits).toEqual([...bits].sort((a, b) => a - b));
    expect(new Set(bits).size).toBe(4);
    for (const { windowBits, windowCount } of shapesOf(group))
      expect(windowBits * windowCount).toBeGreaterThan(254);
  });

  it('agrees with double and add on the edges of digits and of the field, for every width', () => {
    for (const shape of shapesOf(group)) {
      const half = BigInt(shape.pointsPerWindow);
      const edges = [0n, 1n, 2n, half - 1n, half, half + 1n, 2n * half - 1n, 2n * half, 2n * half + 1n];
      const high = [
        FIELD_MODULUS - 1n,
        FIELD_MODULUS - 2n,
        FIELD_MODULUS / 2n,
        1n << 253n,
        (1n << 253n) - 1n,
      ];
      const scalars = [...edges, ...high, ...edges.map((edge) => (edge << 200n) % FIELD_MODULUS)];
      const points = multiply(shape, scalars);
      for (const [index, scalar] of scalars.entries()) {
        expect(Buffer.from(points[index]!), `${scalar}`).toEqual(Buffer.from(multiplySlowly(group, scalar)));
      }
    }
  });

  it('agrees with double and add on scalars whose last addition is a doubling modulo the order', () => {
    for (const shape of shapesOf(group)) {
      // With m = r mod 2^t at the top window t, the digits below add up to -m and the top digit to r - m: the same point.
      const top = BigInt((shape.windowCount - 1) * shape.windowBits);
      const scalar = FIELD_MODULUS - 2n * (FIELD_MODULUS % (1n << top));
      if (scalar <= 0n) continue;
      const [point] = multiply(shape, [scalar]);
      expect(Buffer.from(point!)).toEqual(Buffer.from(multiplySlowly(group, scalar)));
    }
  });

  it('agrees with double and add over more scalars than share an inversion', () => {
    const scalars = seededScalars('stretches', 1100);
    const points = multiply(windowShapeFor(group, scalars.length), scalars);
    expect(points.length).toBe(scalars.length);
    for (let index = 0; index < scalars.length; index += 37) {
      expect(Buffer.from(points[index]!)).toEqual(Buffer.from(multiplySlowly(group, scalars[index]!)));
    }
  });
});
