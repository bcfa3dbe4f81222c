import { secp256k1 } from '@noble/curves/secp256k1.js';
import { sha256 } from '@noble/hashes/sha2.js';

import { areBytesEqual } from '../../../protocol/index.js';
import {
  hash160,
  keyHashScript,
  readMultisig,
  readPushes,
  readScript,
  type Multisig,
  type WitnessScript,
} from './script.js';
import { isSchnorrSigned, SIGHASH_ALL, SIGHASH_DEFAULT, type SigningHashes } from './sighash.js';
import type { BitcoinOutput, BitcoinTransaction } from './transaction.js';

/** An ECDSA signature whose canonical form has been checked, and what it is over. */
export type EcdsaClaim = {
  /** 32 bytes. */
  readonly digest: Uint8Array;
  /** r and s, 64 bytes, s in the lower half. */
  readonly compact: Uint8Array;
  /** 33 bytes. */
  readonly publicKey: Uint8Array;
};

/** Says whether a key signed; it never throws. */
export type VerifyEcdsa = (claim: EcdsaClaim) => boolean;

/** What became of an input: `unknown` where its script is none of those understood here. */
export type SpendResult = 'satisfied' | 'not-satisfied' | 'unknown';

/** An input of a transaction, and what stands behind it. */
export type Spend = {
  readonly transaction: BitcoinTransaction;
  readonly index: number;
  readonly hashes: SigningHashes;
  /** What each input spends, in their order; undefined where it is not known. */
  readonly spent: readonly (BitcoinOutput | undefined)[];
};

/** Verifies with noble, which runs in browsers too: the readable twin of faster ones. */
export const verifyWithNoble: VerifyEcdsa = ({ digest, compact, publicKey }) => {
  try {
    return secp256k1.verify(compact, digest, publicKey, { prehash: false, format: 'compact', lowS: true });
  } catch {
    return false;
  }
};

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** Whether one input satisfies the script of what it spends, by signatures over all inputs and outputs alone. */
export function checkSpend(spend: Spend, verify: VerifyEcdsa): SpendResult {
  const spent = spend.spent[spend.index];
  const script = spent === undefined ? undefined : readScript(spent.script);
  if (spent === undefined || script === undefined) return 'unknown';
  const { script: unlocking, witness } = spend.transaction.inputs[spend.index]!;
  const legacy = (code: Uint8Array) => spend.hashes.legacy(spend.index, code);
  const segwit = (code: Uint8Array) => spend.hashes.segwit(spend.index, code, spent);
  if (script.kind === 'p2pkh') {
    const pushes = readPushes(unlocking);
    if (pushes === undefined || witness.length > 0) return 'not-satisfied';
    return checkKeyHash(
      pushes,
      { hash: script.hash, digestOf: legacy, code: spent.script, isLegacy: true },
      verify,
    );
  }
  if (script.kind === 'p2sh') return checkScriptHash(spend, script.hash, { legacy, segwit, verify });
  if (unlocking.length > 0) return 'not-satisfied';
  return script.kind === 'p2tr'
    ? checkKeyPath(spend, script.publicKey)
    : checkWitness(witness, script as WitnessScript, { segwit, verify });
}

type DigestOf = (code: Uint8Array) => Uint8Array;

function checkScriptHash(
  { transaction, index }: Spend,
  hash: Uint8Array,
  {
    legacy,
    segwit,
    verify,
  }: { readonly legacy: DigestOf; readonly segwit: DigestOf; readonly verify: VerifyEcdsa },
): SpendResult {
  const { script: unlocking, witness } = transaction.inputs[index]!;
  const pushes = readPushes(unlocking);
  const redeem = pushes?.at(-1);
  if (redeem === undefined || !areBytesEqual(hash160(redeem), hash)) return 'not-satisfied';
  const inner = readScript(redeem);
  if (inner?.kind === 'p2wpkh' || inner?.kind === 'p2wsh') {
    return pushes!.length === 1 ? checkWitness(witness, inner, { segwit, verify }) : 'not-satisfied';
  }
  const multisig = readMultisig(redeem);
  if (multisig === undefined) return 'unknown';
  if (witness.length > 0) return 'not-satisfied';
  return checkMultisig(pushes!.slice(0, -1), multisig, { digestOf: () => legacy(redeem), verify });
}

function checkWitness(
  witness: readonly Uint8Array[],
  script: WitnessScript,
  { segwit, verify }: { readonly segwit: DigestOf; readonly verify: VerifyEcdsa },
): SpendResult {
  if (script.kind === 'p2wpkh') {
    const code = keyHashScript(script.hash);
    return checkKeyHash(witness, { hash: script.hash, digestOf: segwit, code, isLegacy: false }, verify);
  }
  const code = witness.at(-1);
  if (code === undefined || !areBytesEqual(sha256(code), script.hash)) return 'not-satisfied';
  const multisig = readMultisig(code);
  if (multisig === undefined) return 'unknown';
  return checkMultisig(witness.slice(0, -1), multisig, { digestOf: () => segwit(code), verify });
}

function checkKeyHash(
  stack: readonly Uint8Array[],
  {
    hash,
    digestOf,
    code,
    isLegacy,
  }: {
    readonly hash: Uint8Array;
    readonly digestOf: DigestOf;
    readonly code: Uint8Array;
    readonly isLegacy: boolean;
  },
  verify: VerifyEcdsa,
): SpendResult {
  const [signature, publicKey] = stack;
  if (stack.length !== 2 || signature === undefined || publicKey === undefined) return 'not-satisfied';
  const isKey =
    (publicKey.length === 33 && (publicKey[0] === 2 || publicKey[0] === 3)) ||
    // Keys of 65 bytes are older than segwit, which has none.
    (isLegacy && publicKey.length === 65 && publicKey[0] === 4);
  if (!isKey || !areBytesEqual(hash160(publicKey), hash)) return 'not-satisfied';
  const compact = parseDerSignature(signature);
  if (compact === undefined) return 'not-satisfied';
  return verify({ digest: digestOf(code), compact, publicKey }) ? 'satisfied' : 'not-satisfied';
}

/** As many keys as the threshold have signed, in the order of the keys; the stack begins with what CHECKMULTISIG drops. */
function checkMultisig(
  stack: readonly Uint8Array[],
  { threshold, publicKeys }: Multisig,
  { digestOf, verify }: { readonly digestOf: () => Uint8Array; readonly verify: VerifyEcdsa },
): SpendResult {
  const [dropped, ...signatures] = stack;
  if (dropped?.length !== 0 || signatures.length !== threshold) return 'not-satisfied';
  const digest = digestOf();
  let next = 0;
  for (const signature of signatures) {
    const compact = parseDerSignature(signature);
    if (compact === undefined) return 'not-satisfied';
    while (next < publicKeys.length && !verify({ digest, compact, publicKey: publicKeys[next]! })) next += 1;
    if (next === publicKeys.length) return 'not-satisfied';
    next += 1;
  }
  return 'satisfied';
}

function checkKeyPath({ transaction, index, hashes, spent }: Spend, publicKey: Uint8Array): SpendResult {
  const { witness } = transaction.inputs[index]!;
  if (witness.length === 0) return 'not-satisfied';
  // A script path or an annex is nothing that is understood here.
  if (witness.length > 1 || witness[0]![0] === undefined) return 'unknown';
  const known = spent.filter((output) => output !== undefined);
  if (known.length !== spent.length) return 'unknown';
  const bytes = witness[0]!;
  const mark = bytes.length === 64 ? SIGHASH_DEFAULT : SIGHASH_ALL;
  if (bytes.length !== 64 && (bytes.length !== 65 || bytes[64] !== SIGHASH_ALL)) return 'not-satisfied';
  return isSchnorrSigned(bytes.subarray(0, 64), hashes.taproot(index, mark, known), publicKey)
    ? 'satisfied'
    : 'not-satisfied';
}

/** r and s of a signature in strict DER (BIP-66), with s in the lower half, over everything; undefined for any other. */
function parseDerSignature(bytes: Uint8Array): Uint8Array | undefined {
  return bytes.at(-1) === SIGHASH_ALL ? parseStrictDer(bytes.subarray(0, -1)) : undefined;
}

/** r and s, 64 bytes, of a signature in strict DER (BIP-66) with s in the lower half; undefined for any other. */
export function parseStrictDer(der: Uint8Array): Uint8Array | undefined {
  if (der[0] !== 0x30 || der[1] !== der.length - 2) return undefined;
  const compact = new Uint8Array(64);
  let at = 2;
  for (const offset of [0, 32]) {
    const length = der[at + 1] ?? 0;
    const number = der.subarray(at + 2, at + 2 + length);
    if (der[at] !== 0x02 || length === 0 || length > 33 || number.length !== length) return undefined;
    if (number[0]! >= 0x80 || (length > 1 && number[0] === 0 && number[1]! < 0x80)) return undefined;
    const digits = number[0] === 0 ? number.subarray(1) : number;
    if (digits.length > 32) return undefined;
    compact.set(digits, offset + 32 - digits.length);
    at += 2 + length;
  }
  const s = compact.subarray(32).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return at === der.length && s > 0n && s <= ORDER / 2n ? compact : undefined;
}
