import { sha256 } from '@noble/hashes/sha2.js';

import { concatBytes } from '../../protocol/index.js';

/** The 58 digits of Bitcoin, Solana, Tron and Polkadot; XRP has the same in an order of its own. */
export const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
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

/** The bytes behind digits of base 58; undefined where a character is none of the digits. */
export function decodeBase58(text: string, digits = BASE58): Uint8Array | undefined {
  let value = 0n;
  for (const digit of text) {
    const at = digits.indexOf(digit);
    if (at < 0) return undefined;
    value = value * 58n + BigInt(at);
  }
  const bytes: number[] = [];
  for (; value > 0n; value >>= 8n) bytes.unshift(Number(value & 0xffn));
  const zeros = Array.from(text).findIndex((digit) => digit !== digits[0]);
  return Uint8Array.of(...new Uint8Array(zeros < 0 ? text.length : zeros), ...bytes);
}

/** What stands before the checksum of a text in base 58 with one; undefined where the checksum is another. */
export function decodeBase58Check(text: string, digits = BASE58): Uint8Array | undefined {
  const bytes = decodeBase58(text, digits);
  if (bytes === undefined || bytes.length <= CHECKSUM_BYTES) return undefined;
  const payload = bytes.subarray(0, -CHECKSUM_BYTES);
  const sum = sha256(sha256(payload)).subarray(0, CHECKSUM_BYTES);
  return sum.every((byte, index) => bytes[payload.length + index] === byte) ? payload : undefined;
}

/** The prefix and the bytes of a text of Bech32 (BIP-173, of any length) in its one spelling; undefined for any other. */
export function decodeBech32(
  text: string,
): { readonly prefix: string; readonly bytes: Uint8Array } | undefined {
  const at = text.lastIndexOf('1');
  const prefix = text.slice(0, at);
  const words = Array.from(text.slice(at + 1), (letter) => BECH32.indexOf(letter));
  if (at < 1 || words.length < 6 || words.includes(-1)) return undefined;
  const bytes: number[] = [];
  let [bits, width] = [0, 0];
  for (const word of words.slice(0, -6)) {
    bits = ((bits << 5) | word) & 0xfff;
    width += 5;
    if (width >= 8) bytes.push((bits >> (width -= 8)) & 0xff);
  }
  const decoded = Uint8Array.from(bytes);
  return encodeBech32(prefix, decoded) === text ? { prefix, bytes: decoded } : undefined;
}

/** Bytes in Bech32 (BIP-173) behind a prefix, whatever their length. */
export function encodeBech32(prefix: string, bytes: Uint8Array): string {
  return encodeWords(prefix, toWords(bytes), BECH32_END);
}

/** A segwit address (BIP-173, and BIP-350 from version 1). */
export function encodeSegwit(prefix: string, version: number, program: Uint8Array): string {
  return encodeWords(prefix, [version, ...toWords(program)], version === 0 ? BECH32_END : BECH32M_END);
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
