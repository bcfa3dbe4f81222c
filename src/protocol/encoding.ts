import { decodeUint } from './bytes.js';
import { SolventError, refuseProtocol } from './errors.js';
import { toFieldElement, type FieldElement } from './field.js';

export { decodeUint } from './bytes.js';

export type EncodingCode = 'base64url-malformed';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** What stands for no digit in a table of digits. */
const NO_DIGIT = 64;
/** The value of each digit by its character, which is ASCII. */
const VALUES = new Uint8Array(128).fill(NO_DIGIT);
Array.from(ALPHABET).forEach((character, value) => (VALUES[character.charCodeAt(0)] = value));

/** be_n(x): a non-negative integer as `sizeBytes` bytes, big-endian; x must be below 256^sizeBytes. */
export function encodeUint(value: bigint | number, sizeBytes: number): Uint8Array {
  const padded = new Uint8Array(8 * Math.ceil(sizeBytes / 8));
  const view = new DataView(padded.buffer);
  let left = BigInt(value);
  const isNegative = left < 0n;
  for (let at = padded.length - 8; at >= 0; at -= 8) {
    view.setBigUint64(at, left);
    left >>= 64n;
  }
  const spare = padded.length - sizeBytes;
  if (isNegative || left !== 0n || padded.subarray(0, spare).some((byte) => byte !== 0)) {
    throw new RangeError(`expected an integer from 0 that fits ${sizeBytes} bytes, got one outside`);
  }
  return spare === 0 ? padded : padded.subarray(spare);
}

/** Bytes as a field of fixed length in hashed data: refuses any other length, which would shift what follows. */
export function fixedBytes(bytes: Uint8Array, sizeBytes: number): Uint8Array {
  if (bytes.length !== sizeBytes) throw new RangeError(`expected ${sizeBytes} bytes, got ${bytes.length}`);
  return bytes;
}

/** Whether two byte strings are the same; not in constant time, for public values alone. */
export function areBytesEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** Bytes in base64url without padding (RFC 4648, section 5). */
export function encodeBase64url(bytes: Uint8Array): string {
  let text = '';
  for (let start = 0; start < bytes.length; start += 3) {
    const group = bytes.subarray(start, start + 3);
    const bits = (group[0]! << 16) | ((group[1] ?? 0) << 8) | (group[2] ?? 0);
    for (let index = 0; index <= group.length; index++) text += ALPHABET[(bits >> (18 - 6 * index)) & 63]!;
  }
  return text;
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Bytes of base64 in its one spelling: padded, or not where padding is optional; undefined for any other text. */
export function decodeBase64(
  text: string,
  padding: 'needed' | 'optional' = 'needed',
): Uint8Array | undefined {
  const bare = text.replace(/={1,2}$/, '');
  const isPadded = text.length % 4 === 0;
  if (!/^[A-Za-z0-9+/]*$/.test(bare) || bare.length % 4 === 1) return undefined;
  if (!isPadded && (padding === 'needed' || bare.length !== text.length)) return undefined;
  const bytes = new Uint8Array(Math.floor((bare.length * 3) / 4));
  let [bits, width, at] = [0, 0, 0];
  for (const digit of bare) {
    bits = ((bits << 6) | BASE64.indexOf(digit)) & 0xffff;
    width += 6;
    if (width >= 8) {
      width -= 8;
      bytes[at++] = (bits >> width) & 0xff;
    }
  }
  // What is left over of the last digit is 0 in the one spelling.
  return (bits & ((1 << width) - 1)) === 0 ? bytes : undefined;
}

/**
 * Reads exactly `sizeBytes` bytes in base64url without padding. The bits that the last character has too many must be
 * 0, so that bytes have one text.
 * @throws SolventError `base64url-malformed`.
 */
export function parseBase64url(text: string, sizeBytes: number): Uint8Array {
  const bytes = new Uint8Array(sizeBytes);
  let [open, width, at] = [0, 0, 0];
  for (let index = 0; index < text.length; index++) {
    const value = VALUES[text.charCodeAt(index)] ?? NO_DIGIT;
    if (value === NO_DIGIT) throw refuse(sizeBytes);
    open = ((open << 6) | value) & 0xfff;
    width += 6;
    if (width >= 8) {
      width -= 8;
      bytes[at++] = open >> width;
    }
  }
  // A write beyond the end of a typed array is dropped; the count of characters tells.
  if (text.length !== Math.ceil((sizeBytes * 8) / 6) || (open & ((1 << width) - 1)) !== 0)
    throw refuse(sizeBytes);
  return bytes;
}

function refuse(sizeBytes: number): SolventError<EncodingCode> {
  return refuseProtocol('base64url-malformed', {
    expected: `${sizeBytes} bytes in base64url without padding`,
    found: 'another text',
  });
}

/** Bytes of a field element where it is written as bytes. */
const ELEMENT_BYTES = 32;

/** Field elements, each be_32, one behind the other in one text of base64url: 43 characters for one, 128 for three. */
export function encodeFieldElements(values: readonly bigint[]): string {
  const bytes = new Uint8Array(values.length * ELEMENT_BYTES);
  values.forEach((value, index) => {
    bytes.set(encodeUint(value, ELEMENT_BYTES), index * ELEMENT_BYTES);
  });
  return encodeBase64url(bytes);
}

/**
 * Reads one or more field elements in their one text; how many there are follows from its length.
 * @throws SolventError `base64url-malformed`, `field-element-out-of-range`.
 */
export function parseFieldElements(text: string): FieldElement[] {
  const count = Math.max(1, Math.floor((text.length * 3) / (4 * ELEMENT_BYTES)));
  const bytes = parseBase64url(text, count * ELEMENT_BYTES);
  return Array.from({ length: count }, (_, index) =>
    toFieldElement(decodeUint(bytes.subarray(index * ELEMENT_BYTES, (index + 1) * ELEMENT_BYTES))),
  );
}
