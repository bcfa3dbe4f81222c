import { readSync } from 'node:fs';

import { ELEMENT_BYTES, POINT_BYTES, withFileSync, type Group } from '../../iden3/index.js';
import { BASE_FIELD_MODULUS } from '../../protocol/index.js';
import { Bn254, type Address } from '../development-key/bn254.js';

/** Points in a file, or in memory that threads share, as files hold them: affine, in Montgomery form. */
export type PointSource = {
  readonly group: Group;
  readonly from: string | SharedArrayBuffer;
  /** In bytes. */
  readonly position: number;
  readonly count: number;
  /** Take every second point alone, from the second on; `count` counts those taken. */
  readonly isOdd?: boolean;
};

/** A point that is none of its curve, or is not spelled as it must be: its index among those of its source. */
export class PointOffCurve extends Error {
  override readonly name = 'PointOffCurve';
  readonly index: number;

  constructor(index: number) {
    super(`expected points of the curve, got another at ${index}`);
    this.index = index;
  }
}

const MODULUS_WORDS = Array.from({ length: 8 }, (_, word) =>
  Number((BASE_FIELD_MODULUS >> BigInt(32 * word)) & 0xffffffffn),
);
/** Points that are read and looked at together. */
const CHUNK_POINTS = 2 ** 13;

/** Reads points in chunks and holds each to its curve; coordinates must be below the modulus. */
export class PointReader {
  readonly #bn254: Bn254;
  readonly #chunk: Address;

  constructor(bn254: Bn254 = new Bn254()) {
    this.#bn254 = bn254;
    this.#chunk = bn254.allocate(CHUNK_POINTS * POINT_BYTES.G2);
  }

  /**
   * All points of a source.
   * @throws PointOffCurve. @throws Error where the file ends before.
   */
  read(source: PointSource): Uint8Array {
    const points = new Uint8Array(source.count * POINT_BYTES[source.group]);
    this.visit(source, (chunk, first) => {
      points.set(chunk, first * POINT_BYTES[source.group]);
    });
    return points;
  }

  /** Calls `use` with the points of each chunk and the index of its first. @throws as `read`. */
  visit(source: PointSource, use: (points: Uint8Array, first: number) => void): void {
    const { from } = source;
    const visitWith = (read: (target: Uint8Array, position: number) => void) => {
      for (let first = 0; first < source.count; first += CHUNK_POINTS) {
        const points = readChunk(source, first, read);
        this.#assertOnCurve(source.group, points, first);
        use(points, first);
      }
    };
    if (typeof from !== 'string') {
      const shared = new Uint8Array(from);
      visitWith((target, position) => {
        target.set(shared.subarray(position, position + target.length));
      });
      return;
    }
    withFileSync(from, (descriptor) => {
      visitWith((target, position) => {
        readAll(descriptor, target, position);
      });
    });
  }

  #assertOnCurve(group: Group, points: Uint8Array, first: number): void {
    const { exports, bytes } = this.#bn254;
    const isOnCurve = group === 'G1' ? exports.g1m_inCurveAffine : exports.g2m_inCurveAffine;
    bytes.set(points, this.#chunk);
    const pointBytes = POINT_BYTES[group];
    const view = new DataView(points.buffer, points.byteOffset, points.byteLength);
    for (let at = 0; at < points.length; at += pointBytes) {
      if (isZero(view, at, pointBytes)) continue;
      let isSpelled = true;
      for (let part = 0; part < pointBytes; part += ELEMENT_BYTES) isSpelled &&= isBelow(view, at + part);
      if (!isSpelled || isOnCurve(this.#chunk + at) !== 1) throw new PointOffCurve(first + at / pointBytes);
    }
  }
}

function readChunk(
  { group, position, count, isOdd = false }: PointSource,
  first: number,
  read: (target: Uint8Array, position: number) => void,
): Uint8Array {
  const pointBytes = POINT_BYTES[group];
  const length = Math.min(CHUNK_POINTS, count - first);
  const points = new Uint8Array(length * pointBytes);
  if (!isOdd) {
    read(points, position + first * pointBytes);
    return points;
  }
  const pairs = new Uint8Array(2 * points.length);
  read(pairs, position + 2 * first * pointBytes);
  for (let at = 0; at < points.length; at += pointBytes) {
    points.set(pairs.subarray(2 * at + pointBytes, 2 * (at + pointBytes)), at);
  }
  return points;
}

/** Fills `target` from a file. @throws Error where it ends before. */
export function readAll(descriptor: number, target: Uint8Array, position: number): void {
  for (let done = 0; done < target.length;) {
    const bytesRead = readSync(descriptor, target, done, target.length - done, position + done);
    if (bytesRead === 0) throw new Error(`expected ${target.length} bytes at ${position}, got ${done}`);
    done += bytesRead;
  }
}

/** Infinity is all 0. */
function isZero(view: DataView, at: number, sizeBytes: number): boolean {
  for (let offset = 0; offset < sizeBytes; offset += 4)
    if (view.getUint32(at + offset, true) !== 0) return false;
  return true;
}

function isBelow(view: DataView, at: number): boolean {
  for (let word = 7; word >= 0; word--) {
    const found = view.getUint32(at + 4 * word, true);
    if (found !== MODULUS_WORDS[word]) return found < MODULUS_WORDS[word]!;
  }
  return false;
}
