import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';

import type { FieldElement } from './field.js';

export { bytesToHex, concatBytes, hexToBytes, utf8ToBytes };

const SEPARATOR = Uint8Array.of(0);

/** SHA-256 of `label ‖ 0 ‖ part ‖ 0 ‖ part …`; no label and no part but the last may contain a zero byte. */
export function hashLabelled(label: string, ...parts: readonly Uint8Array[]): Uint8Array {
  return sha256(joinLabelled(label, parts));
}

/** HMAC-SHA-256 under `key` of `label ‖ 0 ‖ part ‖ 0 ‖ part …`. */
export function authenticateLabelled(
  key: Uint8Array,
  label: string,
  ...parts: readonly Uint8Array[]
): Uint8Array {
  return hmac(sha256, key, joinLabelled(label, parts));
}

/** The first 31 of at least 31 bytes, big-endian, as an integer: below 2^248, so always a field element. */
export function int248(bytes: Uint8Array): FieldElement {
  return BigInt(`0x${bytesToHex(bytes.subarray(0, 31))}`) as FieldElement;
}

function joinLabelled(label: string, parts: readonly Uint8Array[]): Uint8Array {
  return concatBytes(utf8ToBytes(label), ...parts.flatMap((part) => [SEPARATOR, part]));
}
