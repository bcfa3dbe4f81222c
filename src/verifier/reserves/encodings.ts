import { sha256 } from '@noble/hashes/sha2.js';

import { concatBytes } from '../../protocol/index.js';

/** The 58 digits of Bitcoin, Solana, Tron and Polkadot; XRP has the same in an order of its own. */
export const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const BECH32_GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const [BECH32_END, BECH32M_END] = [1, 0x2bc830a3];
const CHECKSUM_BYTES = 4;

/** Bytes in base 58. @param digits the 58 digits in their order. */
export function encodeBase58(bytes: Uint8Array, digits = BASE58): string {
  let value = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  let text = '';
  for (; value > 0n; value /= 58n) text = digits[Number(value % 58n)]! + text;
  const zeros = bytes.findIndex((byte) => byte !== 0);
  return digits[0]!.repeat(zeros < 0 ? bytes.length : zeros) + text;
}

/** Bytes behind a version, with the first four bytes of the double SHA-256 of both, in base 58. */
export function encodeBase58Check(version: number, payload: Uint8Array, digits = BASE58): string {
  const bytes = concatBytes(Uint8Array.of(version), payload);
  return encodeBase58(concatBytes(bytes, sha256(sha256(bytes)).subarray(0, CHECKSUM_BYTES)), digits);
}

/** A segwit address (BIP-173, and BIP-350 from version 1). */
export function encodeSegwit(prefix: string, version: number, program: Uint8Array): string {
  return encodeWords(prefix, [version, ...toWords(program)], version === 0 ? BECH32_END : BECH32M_END);
}

/** Bytes in bech32 (BIP-173). */
export function encodeBech32(prefix: string, bytes: Uint8Array): string {
  return encodeWords(prefix, toWords(bytes), BECH32_END);
}

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

function encodeWords(prefix: string, words: readonly number[], end: number): string {
  const checked = [...expandPrefix(prefix), ...words, 0, 0, 0, 0, 0, 0];
  const sum = polymod(checked) ^ end;
  const checksum = [25, 20, 15, 10, 5, 0].map((shift) => (sum >>> shift) & 31);
  return `${prefix}1${[...words, ...checksum].map((word) => BECH32[word]!).join('')}`;
}

function expandPrefix(prefix: string): number[] {
  const codes = Array.from(prefix, (letter) => letter.charCodeAt(0));
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
}

function polymod(values: readonly number[]): number {
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    BECH32_GENERATOR.forEach((term, index) => {
      if ((top >>> index) & 1) sum ^= term;
    });
  }
  return sum >>> 0;
}

function toWords(bytes: Uint8Array): number[] {
  const words: number[] = [];
  let [bits, width] = [0, 0];
  for (const byte of bytes) {
    bits = ((bits << 8) | byte) & 0xfff;
    for (width += 8; width >= 5;) {
      width -= 5;
      words.push((bits >> width) & 31);
    }
  }
  if (width > 0) words.push((bits << (5 - width)) & 31);
  return words;
}
