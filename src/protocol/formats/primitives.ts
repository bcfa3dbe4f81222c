import { z } from 'zod';

import { normalizeName, parseName } from '../account.js';
import { isCanonicalDecimal } from '../decimal.js';
import { BASE_FIELD_MODULUS, FIELD_MODULUS } from '../field.js';
import { parseBase64url, parseFieldElements } from '../encoding.js';
import { isCanonicalInstant } from '../instant.js';
import { GRAND_TOTAL_BITS, AMOUNT_BITS, MAX_SCALE, MAX_UNIT_DECIMALS } from '../limits.js';
import { MAX_PUBLIC_SIGNALS } from '../rows/layout.js';

const PLAIN_DECIMAL = /^(?:0|[1-9][0-9]{0,76})$/;

/** A non-negative integer below a bound, as a plain decimal string. */
function integerBelow(bound: bigint, expected: string) {
  return z
    .string()
    .refine((text) => PLAIN_DECIMAL.test(text) && BigInt(text) < bound, `expected ${expected}`);
}

/** A scalar field element as a plain decimal string. */
export const fieldElement = integerBelow(FIELD_MODULUS, 'a field element in plain decimal');
/** A coordinate of a curve point as a plain decimal string. */
export const coordinate = integerBelow(BASE_FIELD_MODULUS, 'a coordinate in plain decimal');
/** An equity or debt of one account in one asset. */
export const amount = integerBelow(1n << BigInt(AMOUNT_BITS), 'an amount below 2^64 in plain decimal');
/** A grand total of one asset. */
export const grandTotal = integerBelow(
  1n << BigInt(GRAND_TOTAL_BITS),
  'a total below 2^108 in plain decimal',
);
/** A count that fits a double exactly, with room. */
export const count = z
  .int()
  .min(0)
  .max(2 ** 48);
/** SHA-256 in lower-case hexadecimal. */
export const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits');
/** BLAKE2b with 64 bytes in lower-case hexadecimal. */
export const blake2bHex = z.string().regex(/^[0-9a-f]{128}$/, 'expected 128 hexadecimal digits');
export const ed25519PublicKey = sha256Hex;
export const ed25519Signature = z.string().regex(/^[0-9a-f]{128}$/, 'expected 128 hexadecimal digits');
/** The ticker of an asset. */
export const assetSymbol = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,31}$/, 'expected a symbol of 1 to 32 letters, digits or . _ : -');
/** The name of a circuit: `spot-3`, `margin-128`. */
export const circuitLabel = z
  .string()
  .regex(/^[a-z]+(?:-[a-z0-9]{1,16})?$/, 'expected the name of a circuit');
export const profileName = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'expected the name of a profile');
export const instant = z.string().refine(isCanonicalInstant, 'expected a canonical RFC 3339 instant in UTC');
export const scale = z.int().min(0).max(MAX_SCALE);
export const unitDecimals = z.int().min(0).max(MAX_UNIT_DECIMALS);
/** A platform name or user id, exactly as it is hashed. */
export const name = z.string().refine((text) => {
  try {
    return parseName(text) === normalizeName(text);
  } catch {
    return false;
  }
}, 'expected a name in Unicode NFC of 1 to 256 bytes');
/** One line of prose for readers: no control characters. */
export const prose = z
  .string()
  .max(1000)
  .regex(/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]*$/u, 'expected one line of text');
/** A decimal of a source or a price, which is not negative. */
export const statedDecimal = z.string().refine(isCanonicalDecimal, 'expected a canonical decimal');
export const ratio = z
  .string()
  .refine((text) => isCanonicalDecimal(text) && (text === '1' || text.startsWith('0')), 'expected a ratio');
export const nonNegativeDecimal = z
  .string()
  .max(80)
  .regex(/^(?:0|[1-9][0-9]*)(?:\.[0-9]*[1-9])?$/, 'expected a canonical decimal');
/** A decimal of either sign in its one canonical form: `-0.5`, `0`, `12`. */
export const signedDecimal = z
  .string()
  .max(80)
  .regex(/^(?:0|-?(?:[1-9][0-9]*|0(?=\.))(?:\.[0-9]*[1-9])?)$/, 'expected a canonical signed decimal');
/** The largest power of two that a count is stated by. */
const MAX_COUNT_POWER = 48;

/** 32 bytes in base64url without padding: a point, an id or a hash of a group. */
export const bytes32 = z.string().refine(
  isReadBy((text) => parseBase64url(text, 32)),
  'expected 32 bytes in base64url without padding',
);

/** Field elements of 32 bytes, one behind the other in one text of base64url without padding. */
export const fieldElements = z
  .string()
  .max(Math.ceil((MAX_PUBLIC_SIGNALS * 128) / 3))
  .refine(isReadBy(parseFieldElements), 'expected field elements in base64url without padding');

/** Whether a parser takes a text. */
function isReadBy(parse: (text: string) => unknown): (text: string) => boolean {
  return (text) => {
    try {
      parse(text);
      return true;
    } catch {
      return false;
    }
  };
}

/** An integer below 2^248 as a plain decimal string: what `int248` makes. */
export const integer248 = fieldElement.refine(
  (text) => /^[0-9]+$/.test(text) && BigInt(text) < 1n << 248n,
  'expected an integer below 2^248 in plain decimal',
);

/** A batch's index in the list of commitments. */
export const batchIndex = z
  .int()
  .min(0)
  .max(2 ** 24 - 1);

/** Milliseconds, at most a year. */
export const durationMs = z.int().min(1).max(31_622_400_000);

/**
 * A count stated by the power of two that is just above it: P stands for P/2 <= count < P, and 1 for none. It tells how
 * large a number is without telling how many accounts or rows a platform has.
 */
export const countBelow = z
  .int()
  .min(1)
  .max(2 ** MAX_COUNT_POWER)
  .refine((power) => 2 ** Math.round(Math.log2(power)) === power, 'expected a power of two');

/** An affine point of G1, as plain decimals. */
export const point1 = z.tuple([coordinate, coordinate]);
/** An affine point of the twist: each coordinate as [real, imaginary]. */
export const point2 = z.tuple([point1, point1]);

/** A Groth16 proof: affine points, each F_p² coordinate as [real, imaginary]. */
export const proof = z.strictObject({ a: point1, b: point2, c: point1 });
/** A Groth16 verification key; `ic` has one point more than there are public signals. */
export const verificationKey = z.strictObject({
  alpha: point1,
  beta: point2,
  gamma: point2,
  delta: point2,
  ic: z
    .array(point1)
    .min(2)
    .max(MAX_PUBLIC_SIGNALS + 1),
});

export type Proof = z.infer<typeof proof>;
export type VerificationKey = z.infer<typeof verificationKey>;

/** The power of two that states a count: the least P with count < P; 0 <= count < 2^48. */
export function boundCount(count: number): number {
  if (!Number.isSafeInteger(count) || count < 0 || count >= 2 ** MAX_COUNT_POWER) {
    throw new RangeError(`expected a count from 0 to 2^${MAX_COUNT_POWER} - 1`);
  }
  let power = 1;
  while (power <= count) power *= 2;
  return power;
}
