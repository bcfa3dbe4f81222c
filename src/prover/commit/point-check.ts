import { randomBytes } from 'node:crypto';

import { BASE_FIELD_MODULUS, FIELD_MODULUS, type FieldElement } from '../../protocol/index.js';
import { KERNEL_BYTES, type Kernel } from '../engine/wasm/kernel.js';
import { multiplyScalars, recodeScalars } from '../engine/wasm/multi-scalar.js';
import {
  COORDINATE_WORDS,
  encodePacked,
  readCoordinate,
  readWords,
  type PointOpening,
} from './point-bytes.js';

const { packed: PACKED, point: POINT } = KERNEL_BYTES.g1;
const SCALAR_WORDS = KERNEL_BYTES.words / 8;
/** A wrong list of points passes with a chance of 2^-64. */
const WEIGHT_BYTES = 8;
/** The cheapest for some hundred to some thousand points. */
const WINDOW_BITS = 7;
/** One more digit than the weights have, for a carry. */
const WINDOW_COUNT = Math.floor((8 * WEIGHT_BYTES) / WINDOW_BITS) + 1;
/** 3 in the curve's y^2 = x^3 + 3, where coordinates are times 2^256. */
const CURVE_CONSTANT = (3n << 768n) % BASE_FIELD_MODULUS;

/** Sums of fixed points times scalars, as 32 bytes each: `FixedBases`. */
type Combiner = { combineAll(lists: readonly (readonly FieldElement[])[]): Uint8Array[] };

/**
 * Checks points that somebody else made of openings that are known here, all in one combination: with weights w_i drawn when
 * the points are there, sum of w_i P_i must be (sum of w_i values_i) G + (sum of w_i blind_i) H. Each point is held to the
 * curve first, whose order is prime: nothing of small order can hide in one.
 */
export class PointChecker {
  readonly #kernel: Kernel;
  readonly #bases: Combiner;

  constructor(kernel: Kernel, bases: Combiner) {
    this.#kernel = kernel;
    this.#bases = bases;
  }

  /**
   * The 32 bytes of each point, or undefined where one is not what its opening makes.
   * @param points all of them, as `toKeyForm` writes them; at least one.
   */
  check(openings: readonly PointOpening[], points: Uint8Array): Uint8Array[] | undefined {
    const count = openings.length;
    if (points.length !== count * PACKED) return undefined;
    const weights = new BigUint64Array(count * SCALAR_WORDS);
    const drawn = new BigUint64Array(Uint8Array.from(randomBytes(count * WEIGHT_BYTES)).buffer);
    drawn.forEach((weight, index) => (weights[SCALAR_WORDS * index] = weight));
    if (!areOnCurve(points, weights)) return undefined;
    return this.#kernel.scoped(() => {
      const address = this.#kernel.put(points);
      this.#kernel.exports.g1_import(address, count);
      const found = this.#weighPoints(address, weights);
      if (found === undefined || !this.#weighOpenings(openings, weights).equals(found)) return undefined;
      return this.#encode(address, count);
    });
  }

  #weighOpenings(openings: readonly PointOpening[], weights: BigUint64Array): Buffer {
    const sums = Array.from({ length: openings[0]!.values.length + 1 }, () => 0n);
    openings.forEach(({ values, blind }, index) => {
      const weight = weights[SCALAR_WORDS * index]!;
      values.forEach((value, word) => (sums[word]! += weight * value));
      sums[values.length]! += weight * blind;
    });
    const scalars = sums.map((sum) => (sum % FIELD_MODULUS) as FieldElement);
    return Buffer.from(this.#bases.combineAll([scalars])[0]!);
  }

  /** The weighted sum of points; undefined where it is infinity, which nothing that was drawn comes to. */
  #weighPoints(address: number, weights: BigUint64Array): Uint8Array | undefined {
    const kernel = this.#kernel;
    const count = weights.length / SCALAR_WORDS;
    const scalars = kernel.put(new Uint8Array(weights.buffer));
    const digits = recodeScalars(kernel, scalars, { count, windowBits: WINDOW_BITS });
    if (typeof digits === 'number') throw new RangeError('expected weights below 2^64, got others');
    const wires = Uint32Array.from({ length: count }, (_, index) => index);
    const set = { wires, points: { g1: kernel.read(address, count * PACKED) } };
    const { g1: sum } = multiplyScalars(kernel, set, { ...digits, windowCount: WINDOW_COUNT });
    const stored = kernel.allocate(PACKED);
    kernel.exports.g1_store(stored, sum, 1);
    const bytes = kernel.read(stored, PACKED);
    return bytes.every((byte) => byte === 0) ? undefined : encodePacked(bytes);
  }

  #encode(address: number, count: number): Uint8Array[] {
    const kernel = this.#kernel;
    const loaded = kernel.allocate(count * POINT);
    const stored = kernel.allocate(count * PACKED);
    kernel.exports.g1_load(loaded, address, count);
    kernel.exports.g1_store(stored, loaded, count);
    return Array.from({ length: count }, (_, index) =>
      encodePacked(kernel.bytes(stored + index * PACKED, PACKED)),
    );
  }
}

/**
 * Whether all coordinates are below p, and all points on the curve, which infinity is not: the differences of both sides of its
 * equation, weighted, add up to 0.
 */
function areOnCurve(points: Uint8Array, weights: BigUint64Array): boolean {
  const words = readWords(points);
  let sum = 0n;
  for (let index = 0, at = 0; at < words.length; index++, at += 2 * COORDINATE_WORDS) {
    const x = readCoordinate(words, at);
    const y = readCoordinate(words, at + COORDINATE_WORDS);
    if (x >= BASE_FIELD_MODULUS || y >= BASE_FIELD_MODULUS) return false;
    sum += weights[SCALAR_WORDS * index]! * (((y * y) << 256n) - x * x * x - CURVE_CONSTANT);
  }
  return sum % BASE_FIELD_MODULUS === 0n;
}
