import { FIELD_MODULUS } from '../../protocol/index.js';

/** Bits of a digit: each row has its basis points times 1 to 16 in a table. */
export const WINDOW_BITS = 5;
export const MULTIPLES = 2 ** (WINDOW_BITS - 1);
/** Digits of a coefficient: the top one has room for the last carry. */
export const WINDOW_COUNT = 51;

const WORDS = 8;
const MODULUS_WORDS = Array.from({ length: WORDS }, (_, word) =>
  Number((FIELD_MODULUS >> BigInt(32 * word)) & 0xffffffffn),
);
/** The top word of half the modulus: enough to tell which of c and r - c is the smaller, but for ties that cost a little. */
const HALF_TOP_WORD = MODULUS_WORDS[WORDS - 1]! >>> 1;

const words = new Uint32Array(WORDS);

/**
 * Recodes a coefficient into signed digits, Σ_w 2^(5w)·d_w modulo r, with -16 < d_w <= 16. Coefficients are mostly small or
 * the negative of what is small: the smaller of c and r - c is taken, so that these have few digits.
 * @param view memory with 32 bytes at `address`, little-endian, below the order r. @param digits of which those from `at` are set.
 */
export function recodeCoefficient(view: DataView, address: number, digits: Int8Array, at: number): void {
  for (let word = 0; word < WORDS; word++) words[word] = view.getUint32(address + 4 * word, true);
  const isNegative = words[WORDS - 1]! > HALF_TOP_WORD;
  if (isNegative) negate();
  let carry = 0;
  for (let window = 0; window < WINDOW_COUNT; window++) {
    const bit = window * WINDOW_BITS;
    const word = bit >>> 5;
    const offset = bit & 31;
    let digit = words[word]! >>> offset;
    if (offset > 32 - WINDOW_BITS && word + 1 < WORDS) digit |= words[word + 1]! << (32 - offset);
    digit = (digit & (2 * MULTIPLES - 1)) + carry;
    carry = digit > MULTIPLES ? 1 : 0;
    if (carry === 1) digit -= 2 * MULTIPLES;
    digits[at + window] = isNegative ? -digit : digit;
  }
}

function negate(): void {
  let borrow = 0;
  for (let word = 0; word < WORDS; word++) {
    const difference = MODULUS_WORDS[word]! - words[word]! - borrow;
    borrow = difference < 0 ? 1 : 0;
    words[word] = difference;
  }
}
