import { randomFillSync } from 'node:crypto';

import { bigintToLittleEndian, ELEMENT_BYTES } from '../../iden3/index.js';
import { FIELD_MODULUS } from '../../protocol/index.js';

/**
 * What a setup must forget: whoever knows it can prove anything. Each is 32 bytes, little-endian, 1 < x < r. They are
 * bytes, not integers, so that they can be overwritten.
 */
export type Trapdoor = {
  readonly tau: Uint8Array;
  readonly alpha: Uint8Array;
  readonly beta: Uint8Array;
  /** Never 1: gamma is, and a key in which both are the same can be forged. */
  readonly delta: Uint8Array;
};

const MODULUS_BYTES = bigintToLittleEndian(FIELD_MODULUS, ELEMENT_BYTES);
/** The modulus has 254 bits. */
const TOP_BYTE_MASK = 0x3f;

/** Draws a trapdoor from the system's randomness. */
export function drawTrapdoor(): Trapdoor {
  return { tau: drawScalar(), alpha: drawScalar(), beta: drawScalar(), delta: drawScalar() };
}

/** Overwrites a trapdoor. */
export function wipeTrapdoor(trapdoor: Trapdoor): void {
  for (const secret of Object.values(trapdoor)) secret.fill(0);
}

/** Uniform in 1 < x < r: what falls outside is drawn again, never reduced. */
function drawScalar(): Uint8Array {
  const scalar = new Uint8Array(ELEMENT_BYTES);
  do {
    randomFillSync(scalar);
    scalar[ELEMENT_BYTES - 1]! &= TOP_BYTE_MASK;
  } while (!isBelowModulus(scalar) || isAtMostOne(scalar));
  return scalar;
}

function isBelowModulus(scalar: Uint8Array): boolean {
  for (let index = ELEMENT_BYTES - 1; index >= 0; index--) {
    if (scalar[index] !== MODULUS_BYTES[index]) return scalar[index]! < MODULUS_BYTES[index]!;
  }
  return false;
}

function isAtMostOne(scalar: Uint8Array): boolean {
  return scalar[0]! <= 1 && scalar.subarray(1).every((byte) => byte === 0);
}
