import { concatBytes } from '../protocol/index.js';

/** Writes a list of bytes as RLP. */
export function encodeRlpList(items: readonly Uint8Array[]): Uint8Array {
  const content = concatBytes(...items.map(encodeRlpBytes));
  return concatBytes(encodeLength(0xc0, content.length), content);
}

function encodeRlpBytes(bytes: Uint8Array): Uint8Array {
  if (bytes.length === 1 && bytes[0]! < 0x80) return bytes;
  return concatBytes(encodeLength(0x80, bytes.length), bytes);
}

function encodeLength(base: number, length: number): Uint8Array {
  if (length <= 55) return Uint8Array.of(base + length);
  const digits: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  return Uint8Array.of(base + 55 + digits.length, ...digits);
}
