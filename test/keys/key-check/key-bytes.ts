import { readFileSync, writeFileSync } from 'node:fs';

import { bn254 } from '@noble/curves/bn254.js';

import {
  bigintToLittleEndian,
  decodeCoordinate,
  ELEMENT_BYTES,
  POINT_BYTES,
  type Group,
} from '../../../src/iden3/index.js';
import { BASE_FIELD_MODULUS } from '../../../src/protocol/index.js';

const { G1, G2 } = bn254;
type Point1 = InstanceType<typeof G1.Point>;
type Point2 = InstanceType<typeof G2.Point>;

/** The cofactor of G2 is this times what has no factor below. */
export const LEAST_COFACTOR_PRIME = 10_069n;
const COFACTOR_2 = 0x30644e72e131a029b85045b68181585e06ceecda572a2489345f2299c0f9fa8dn;
const RADIX = 1n << 256n;

/** The bytes of a key, for a test to change. */
export class KeyBytes {
  readonly bytes: Buffer;
  readonly #sections = new Map<number, { position: number; sizeBytes: number }>();

  constructor(path: string) {
    this.bytes = readFileSync(path);
    let offset = 12;
    for (let left = this.bytes.readUInt32LE(8); left > 0; left--) {
      const sizeBytes = Number(this.bytes.readBigUInt64LE(offset + 4));
      this.#sections.set(this.bytes.readUInt32LE(offset), { position: offset + 12, sizeBytes });
      offset += 12 + sizeBytes;
    }
  }

  /** A part of a section, to read and to change. */
  at(section: number, offset: number, sizeBytes: number): Buffer {
    const { position } = this.#sections.get(section)!;
    return this.bytes.subarray(position + offset, position + offset + sizeBytes);
  }

  /** The points of a section that are not at infinity. */
  finitePoints(section: number, group: Group): Buffer[] {
    const size = POINT_BYTES[group];
    const count = this.#sections.get(section)!.sizeBytes / size;
    return Array.from({ length: count }, (_, index) => this.at(section, index * size, size)).filter((point) =>
      point.some((byte) => byte !== 0),
    );
  }

  save(path: string): string {
    writeFileSync(path, this.bytes);
    return path;
  }
}

/** Adds to a point in place; `times` the generator. */
export function addMultiple(bytes: Buffer, group: Group, times: bigint): void {
  if (group === 'G1') bytes.set(encode1(decode1(bytes).add(G1.Point.BASE.multiply(times))));
  else bytes.set(encode2(decode2(bytes).add(G2.Point.BASE.multiply(times))));
}

/** Takes a multiple of the generator from a point in place. */
export function subtractMultiple(bytes: Buffer, group: Group, times: bigint): void {
  if (group === 'G1') bytes.set(encode1(decode1(bytes).subtract(G1.Point.BASE.multiply(times))));
  else bytes.set(encode2(decode2(bytes).subtract(G2.Point.BASE.multiply(times))));
}

/** Multiplies a point in place. */
export function multiply(bytes: Buffer, group: Group, factor: bigint): void {
  if (group === 'G1') bytes.set(encode1(decode1(bytes).multiply(factor)));
  else bytes.set(encode2(decode2(bytes).multiply(factor)));
}

/** Adds a point of the least order outside the subgroup to a point of G2 in place, `times` times it. */
export function addTorsion(bytes: Buffer, times = 1n): void {
  bytes.set(encode2(decode2(bytes).add(timesAny(findTorsion(), times))));
}

/** A point of the twist whose order is the least prime of the cofactor. */
export function findTorsion(): Point2 {
  const { Fp2 } = bn254.fields;
  for (let seed = 1n; ; seed++) {
    const x = Fp2.create({ c0: seed, c1: 1n });
    const square = Fp2.add(Fp2.mul(Fp2.sqr(x), x), G2.Point.CURVE().b);
    let y;
    try {
      y = Fp2.sqrt(square);
    } catch {
      continue;
    }
    const order = (COFACTOR_2 / LEAST_COFACTOR_PRIME) * bn254.fields.Fr.ORDER;
    const point = timesAny(G2.Point.fromAffine({ x, y }), order);
    if (!point.is0()) return point;
  }
}

/** The library multiplies by scalars below the order of the subgroup alone. */
function timesAny(point: Point2, scalar: bigint): Point2 {
  let result = G2.Point.ZERO;
  for (const bit of scalar.toString(2)) {
    result = result.double();
    if (bit === '1') result = result.add(point);
  }
  return result;
}

function coordinate(bytes: Buffer, part: number): bigint {
  return decodeCoordinate(bytes.subarray(part * ELEMENT_BYTES, (part + 1) * ELEMENT_BYTES))!;
}

function decode1(bytes: Buffer): Point1 {
  return G1.Point.fromAffine({ x: coordinate(bytes, 0), y: coordinate(bytes, 1) });
}

function decode2(bytes: Buffer): Point2 {
  return G2.Point.fromAffine({
    x: { c0: coordinate(bytes, 0), c1: coordinate(bytes, 1) },
    y: { c0: coordinate(bytes, 2), c1: coordinate(bytes, 3) },
  });
}

function encode1(point: Point1): Buffer {
  const { x, y } = point.toAffine();
  return encodeAll([x, y]);
}

function encode2(point: Point2): Buffer {
  const { x, y } = point.toAffine();
  return encodeAll([x.c0, x.c1, y.c0, y.c1]);
}

function encodeAll(coordinates: readonly bigint[]): Buffer {
  return Buffer.concat(
    coordinates.map((value) => bigintToLittleEndian((value * RADIX) % BASE_FIELD_MODULUS, ELEMENT_BYTES)),
  );
}
