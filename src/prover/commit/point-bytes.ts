import { BASE_FIELD_MODULUS, POINT_BYTES, refuseProtocol, type FieldElement } from '../../protocol/index.js';
import { KERNEL_BYTES } from '../engine/wasm/kernel.js';

/** Bytes of a point as `toKeyForm` writes it. */
export const KEY_FORM_BYTES = KERNEL_BYTES.g1.packed;
/** Words of 64 bits of a coordinate. */
export const COORDINATE_WORDS = KERNEL_BYTES.words / 8;

/** What a point opens to. */
export type PointOpening = { readonly values: readonly FieldElement[]; readonly blind: FieldElement };

/** The 32 bytes of a point from its plain coordinates, little-endian: as `encodePoint` makes them. */
export function encodePacked(packed: Uint8Array): Uint8Array {
  if (packed.every((byte) => byte === 0)) {
    throw refuseProtocol('point-at-infinity', { expected: 'a point other than infinity', found: 'infinity' });
  }
  const bytes = packed.slice(0, POINT_BYTES).reverse();
  if ((packed[KERNEL_BYTES.words]! & 1) === 1) bytes[0]! |= 0x80;
  return bytes;
}

/** Coordinates times 2^256, as in a proving key: the form that the kernel imports. @param coordinates plain, 32 bytes each, little-endian. */
export function toKeyForm(coordinates: Uint8Array): Uint8Array {
  const plain = readWords(coordinates);
  const converted = new BigUint64Array(plain.length);
  for (let at = 0; at < plain.length; at += COORDINATE_WORDS) {
    const value = (readCoordinate(plain, at) << 256n) % BASE_FIELD_MODULUS;
    for (let word = 0; word < COORDINATE_WORDS; word++) converted[at + word] = value >> BigInt(64 * word);
  }
  return new Uint8Array(converted.buffer);
}

/** A copy, since words stand at multiples of eight alone. */
export const readWords = (bytes: Uint8Array) => new BigUint64Array(Uint8Array.from(bytes).buffer);

/** The coordinate that begins at a word. */
export function readCoordinate(words: BigUint64Array, at: number): bigint {
  return words[at]! | (words[at + 1]! << 64n) | (words[at + 2]! << 128n) | (words[at + 3]! << 192n);
}
