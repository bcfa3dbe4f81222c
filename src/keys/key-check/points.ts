import { bn254 } from '@noble/curves/bn254.js';

import { ELEMENT_BYTES, littleEndianToBigint, POINT_BYTES, type Group } from '../../iden3/index.js';
import type { Proof } from '../../protocol/index.js';
import { Bn254, groupOperations } from '../development-key/bn254.js';
import { DIGIT_BITS, DIGIT_COUNT } from './weights.js';

const { G1, G2 } = bn254;

let generators: Bn254 | undefined;

/** The generator of a group, as files hold points. */
export function generatorBytes(group: Group): Uint8Array {
  generators ??= new Bn254();
  const { generator } = groupOperations(generators, group);
  return generators.bytes.slice(generator, generator + POINT_BYTES[group]);
}

/** Σ_j 2^(13j)·point_j: a weighted sum from the sums of its digits. */
export function combine<Point extends { add(other: Point): Point; double(): Point }>(
  points: readonly Point[],
  zero: Point,
): Point {
  let sum = zero;
  for (let row = points.length - 1; row >= 0; row--) {
    for (let bit = 0; bit < DIGIT_BITS; bit++) sum = sum.double();
    sum = sum.add(points[row]!);
  }
  return sum;
}

/** The points of a list of sums, one for each digit. */
export function cutG1(sums: Uint8Array) {
  return Array.from({ length: DIGIT_COUNT }, (_, row) => decodeG1(sums.subarray(row * POINT_BYTES.G1)));
}

/** The same in the second group. */
export function cutG2(sums: Uint8Array) {
  return Array.from({ length: DIGIT_COUNT }, (_, row) => decodeG2(sums.subarray(row * POINT_BYTES.G2)));
}

/** A point from its plain coordinates. */
export function decodeG1(bytes: Uint8Array) {
  return G1.Point.fromAffine({ x: plainAt(bytes, 0), y: plainAt(bytes, 1) });
}

/** The same in the second group. */
export function decodeG2(bytes: Uint8Array) {
  return G2.Point.fromAffine({
    x: { c0: plainAt(bytes, 0), c1: plainAt(bytes, 1) },
    y: { c0: plainAt(bytes, 2), c1: plainAt(bytes, 3) },
  });
}

function plainAt(bytes: Uint8Array, part: number): bigint {
  return littleEndianToBigint(bytes.subarray(part * ELEMENT_BYTES, (part + 1) * ELEMENT_BYTES));
}

/** A point as proofs and keys spell theirs. */
export function affine1(point: InstanceType<typeof G1.Point>): Proof['a'] {
  const { x, y } = point.toAffine();
  return [x.toString(), y.toString()];
}

/** The same in the second group. */
export function affine2(point: InstanceType<typeof G2.Point>): Proof['b'] {
  const { x, y } = point.toAffine();
  return [
    [x.c0.toString(), x.c1.toString()],
    [y.c0.toString(), y.c1.toString()],
  ];
}
