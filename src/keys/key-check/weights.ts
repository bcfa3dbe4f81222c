import { randomFillSync } from 'node:crypto';

import { bigintToLittleEndian, ELEMENT_BYTES } from '../../iden3/index.js';
import { FIELD_MODULUS } from '../../protocol/index.js';

/** Bits of a digit of a weight. Below log2 of 10,069, the least prime that divides the cofactor of G2. */
export const DIGIT_BITS = 13;
/** Digits of a weight: 130 bits. */
export const DIGIT_COUNT = 10;

const DIGIT_VALUES = 2 ** DIGIT_BITS;
/** Digits that one double holds exactly when they are put together. */
const DIGITS_AT_ONCE = 3;

/**
 * Random weights, as signed digits: Σ_j 2^(13j)·d_j with -4096 <= d_j < 4096, uniform and independent. One row of 16-bit
 * integers for each j, of `count` digits.
 */
export type Weights = { readonly digits: SharedArrayBuffer; readonly count: number };

/** Draws weights from the system's randomness, which nobody who made a key could know. */
export function drawWeights(count: number): Weights {
  const bytes = new Uint8Array(2 * DIGIT_COUNT * count);
  const chunkBytes = 65_536;
  for (let done = 0; done < bytes.length; done += chunkBytes) {
    randomFillSync(bytes.subarray(done, done + chunkBytes));
  }
  const drawn = new Uint16Array(bytes.buffer);
  const digits = new SharedArrayBuffer(bytes.length);
  const rows = new Int16Array(digits);
  // The lowest 13 bits of 16 are uniform; with a sign they are digits as a sum by buckets takes them.
  for (let index = 0; index < rows.length; index++) {
    rows[index] = (drawn[index]! & (DIGIT_VALUES - 1)) - DIGIT_VALUES / 2;
  }
  return { digits, count };
}

/** The first `count` weights as field elements: 32 bytes each, little-endian, not in Montgomery form. */
export function encodeWeights(weights: Weights, count: number): Uint8Array {
  const rows = new Int16Array(weights.digits);
  const encoded = new Uint8Array(count * ELEMENT_BYTES);
  const shift = BigInt(DIGITS_AT_ONCE * DIGIT_BITS);
  for (let index = 0; index < count; index++) {
    let weight = 0n;
    for (let top = DIGIT_COUNT; top > 0; top -= DIGITS_AT_ONCE) {
      let part = 0;
      const low = Math.max(0, top - DIGITS_AT_ONCE);
      for (let row = top - 1; row >= low; row--)
        part = part * DIGIT_VALUES + rows[row * weights.count + index]!;
      weight = (weight << (low === 0 ? BigInt(top * DIGIT_BITS) : shift)) + BigInt(part);
    }
    if (weight < 0n) weight += FIELD_MODULUS;
    encoded.set(bigintToLittleEndian(weight, ELEMENT_BYTES), index * ELEMENT_BYTES);
  }
  return encoded;
}
