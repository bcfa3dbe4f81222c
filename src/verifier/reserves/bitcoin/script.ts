import { ripemd160 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';

import type { BitcoinNetwork } from '../../../protocol/reserves/index.js';
import { encodeBase58Check, encodeSegwit } from '../encodings.js';

/** What an output asks of whoever spends it, of the kinds that are understood here. */
export type KnownScript =
  | { readonly kind: 'p2pkh' | 'p2sh'; readonly hash: Uint8Array }
  | WitnessScript
  | { readonly kind: 'p2tr'; readonly publicKey: Uint8Array };

/** A program of version 0 of segwit. */
export type WitnessScript = { readonly kind: 'p2wpkh' | 'p2wsh'; readonly hash: Uint8Array };

/** Keys of which a number must sign. */
export type Multisig = { readonly threshold: number; readonly publicKeys: readonly Uint8Array[] };

export const OP_RETURN = 0x6a;
const [OP_0, OP_1, OP_16] = [0x00, 0x51, 0x60];
const [OP_PUSHDATA1, OP_PUSHDATA2] = [0x4c, 0x4d];
const OP_CHECKMULTISIG = 0xae;

/** RIPEMD-160 of SHA-256. */
export function hash160(bytes: Uint8Array): Uint8Array {
  return ripemd160(sha256(bytes));
}

/** The kind of an output's script; undefined where it is none of those understood here. */
export function readScript(script: Uint8Array): KnownScript | undefined {
  const starts = (...bytes: readonly number[]) => bytes.every((byte, index) => script[index] === byte);
  if (script.length === 25 && starts(0x76, 0xa9, 20) && script[23] === 0x88 && script[24] === 0xac) {
    return { kind: 'p2pkh', hash: script.subarray(3, 23) };
  }
  if (script.length === 23 && starts(0xa9, 20) && script[22] === 0x87) {
    return { kind: 'p2sh', hash: script.subarray(2, 22) };
  }
  if (script.length === 22 && starts(OP_0, 20)) return { kind: 'p2wpkh', hash: script.subarray(2) };
  if (script.length === 34 && starts(OP_0, 32)) return { kind: 'p2wsh', hash: script.subarray(2) };
  if (script.length === 34 && starts(OP_1, 32)) return { kind: 'p2tr', publicKey: script.subarray(2) };
  return undefined;
}

/** The one address of an output's script; undefined where it has none. */
export function addressOf(script: Uint8Array, network: BitcoinNetwork): string | undefined {
  const known = readScript(script);
  if (known === undefined) return undefined;
  switch (known.kind) {
    case 'p2pkh':
      return encodeBase58Check(network.publicKeyHashVersion, known.hash);
    case 'p2sh':
      return encodeBase58Check(network.scriptHashVersion, known.hash);
    case 'p2tr':
      return encodeSegwit(network.segwitPrefix, 1, known.publicKey);
    default:
      return encodeSegwit(network.segwitPrefix, 0, known.hash);
  }
}

/** The script of a p2pkh output, which segwit signs as that of a p2wpkh one. */
export function keyHashScript(hash: Uint8Array): Uint8Array {
  return Uint8Array.of(0x76, 0xa9, 20, ...hash, 0x88, 0xac);
}

/** What a script pushes; undefined where it does anything else, or pushes in another than the shortest way. */
export function readPushes(script: Uint8Array): Uint8Array[] | undefined {
  const pushes: Uint8Array[] = [];
  for (let at = 0; at < script.length;) {
    const code = script[at++]!;
    let length = code;
    if (code >= OP_1 && code <= OP_16) {
      pushes.push(Uint8Array.of(code - OP_1 + 1));
      continue;
    }
    if (code === OP_PUSHDATA1) {
      length = script[at++] ?? Infinity;
      if (length < OP_PUSHDATA1) return undefined;
    } else if (code === OP_PUSHDATA2) {
      length = (script[at] ?? Infinity) + (script[at + 1] ?? Infinity) * 256;
      at += 2;
      if (length <= 0xff) return undefined;
    } else if (code > OP_PUSHDATA2) return undefined;
    if (at + length > script.length) return undefined;
    const bytes = script.subarray(at, at + length);
    // A single byte of 1 to 16 has a code of its own.
    if (length === 1 && bytes[0]! >= 1 && bytes[0]! <= 16) return undefined;
    pushes.push(bytes);
    at += length;
  }
  return pushes;
}

/** The keys of a script of `OP_m, keys, OP_n, OP_CHECKMULTISIG` with compressed keys; undefined for any other. */
export function readMultisig(script: Uint8Array): Multisig | undefined {
  const threshold = script[0]! - OP_1 + 1;
  const count = script[script.length - 2]! - OP_1 + 1;
  const isCount = (number: number) => number >= 1 && number <= 15;
  if (!isCount(threshold) || !isCount(count) || threshold > count) return undefined;
  if (script.length !== 3 + 34 * count || script[script.length - 1] !== OP_CHECKMULTISIG) return undefined;
  const publicKeys = Array.from({ length: count }, (_, index) =>
    script.subarray(2 + 34 * index, 35 + 34 * index),
  );
  const isPushed = publicKeys.every(
    (key, index) => script[1 + 34 * index] === 33 && (key[0] === 0x02 || key[0] === 0x03),
  );
  return isPushed ? { threshold, publicKeys } : undefined;
}

/** The 32 bytes that an output of `OP_RETURN` carries alone; undefined for any other. */
export function readCarried(script: Uint8Array): Uint8Array | undefined {
  return script.length === 34 && script[0] === OP_RETURN && script[1] === 32 ? script.subarray(2) : undefined;
}
