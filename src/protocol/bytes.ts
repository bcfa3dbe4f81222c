import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';

import type { FieldElement } from './field.js';

export { bytesToHex, concatBytes, hexToBytes, utf8ToBytes };

const SEPARATOR = Uint8Array.of(0);

/** A hash that has taken nothing, and one that its state is copied to: making one costs more than a short text's hash. */
const unused = sha256.create();
const inUse = sha256.create();
/** The bytes of labels, which are constants of the code. */
const labels = new Map<string, Uint8Array>();

/** SHA-256 of `label ‖ 0 ‖ part ‖ 0 ‖ part …`; no label and no part but the last may contain a zero byte. */
export function hashLabelled(label: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const hash = unused._cloneInto(inUse).update(encodeLabel(label));
  for (const part of parts) hash.update(SEPARATOR).update(part);
  return hash.digest();
}

/** Authenticates messages under one key. */
export type Authenticator = (label: string, ...parts: readonly Uint8Array[]) => Uint8Array;

/** `authenticateLabelled` under one key, which is taken in once for many messages. */
export function keyAuthenticator(key: Uint8Array): Authenticator {
  const keyed = hmac.create(sha256, key);
  const own = keyed.clone();
  return (label, ...parts) => {
    const mac = keyed._cloneInto(own).update(encodeLabel(label));
    for (const part of parts) mac.update(SEPARATOR).update(part);
    return mac.digest();
  };
}

/** HMAC-SHA-256 under `key` of `label ‖ 0 ‖ part ‖ 0 ‖ part …`. */
export function authenticateLabelled(
  key: Uint8Array,
  label: string,
  ...parts: readonly Uint8Array[]
): Uint8Array {
  return keyAuthenticator(key)(label, ...parts);
}

/** The first 31 of at least 31 bytes, big-endian, as an integer: below 2^248, so always a field element. */
export function int248(bytes: Uint8Array): FieldElement {
  return decodeUint(bytes.subarray(0, 31)) as FieldElement;
}

/** Bytes, big-endian, as a non-negative integer; 0 for none. */
export function decodeUint(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const odd = bytes.length % 8;
  let value = 0n;
  for (let at = 0; at < odd; at++) value = (value << 8n) | BigInt(bytes[at]!);
  for (let at = odd; at < bytes.length; at += 8) value = (value << 64n) | view.getBigUint64(at);
  return value;
}

/** A label as bytes. */
function encodeLabel(label: string): Uint8Array {
  let bytes = labels.get(label);
  if (bytes === undefined) labels.set(label, (bytes = utf8ToBytes(label)));
  return bytes;
}
