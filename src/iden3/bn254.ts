import { BASE_FIELD_MODULUS, FIELD_MODULUS } from '../protocol/index.js';
import { littleEndianToBigint, powerModulo } from './integers.js';

/** Bytes of a scalar, and of a coordinate in F_p: little-endian in every file. */
export const ELEMENT_BYTES = 32;

/** The group of a point: G1 over F_p, or G2 over F_p². */
export type Group = 'G1' | 'G2';

/** Bytes of an affine point: coordinates in Montgomery form with radix 2^256; all 0 is infinity. */
export const POINT_BYTES = { G1: 2 * ELEMENT_BYTES, G2: 4 * ELEMENT_BYTES } as const satisfies Record<
  Group,
  number
>;

/** The scalar field has roots of unity of order 2^28: r - 1 = 2^28 · odd. */
const TWO_ADICITY = 28;
/** Generates the field's multiplicative group. */
const GENERATOR = 5n;
/** 1/2^256 modulo q, which takes a coordinate out of Montgomery form. */
const INVERSE_RADIX = powerModulo(2n, 256n * (BASE_FIELD_MODULUS - 2n), BASE_FIELD_MODULUS);

/** The primitive root of unity of order 2^log2Order that snarkjs uses; 0 <= log2Order <= 28. */
export function rootOfUnity(log2Order: number): bigint {
  if (log2Order > TWO_ADICITY) throw new RangeError(`expected a domain of at most 2^${TWO_ADICITY} rows`);
  return powerModulo(GENERATOR, (FIELD_MODULUS - 1n) >> BigInt(log2Order), FIELD_MODULUS);
}

/**
 * A coordinate from its 32 bytes in Montgomery form.
 * @returns undefined unless the bytes are below the modulus of the base field.
 */
export function decodeCoordinate(bytes: Uint8Array): bigint | undefined {
  const montgomery = littleEndianToBigint(bytes);
  return montgomery < BASE_FIELD_MODULUS ? (montgomery * INVERSE_RADIX) % BASE_FIELD_MODULUS : undefined;
}
