import { bls12_381 } from '@noble/curves/bls12-381.js';
import { sha256 } from '@noble/hashes/sha2.js';

import { bytesToHex, hexToBytes } from '../bytes.js';
import { defineErrors } from '../errors.js';

/** What can be wrong with a round of a public beacon. */
export const BEACON_ERRORS = {
  /** The signature is not the network's over this round. */
  'beacon-signature-invalid': {
    class: 'verification',
    advice: 'bring the signature of this very round, as the network publishes it',
  },
} as const;

const refuseBeacon = defineErrors(BEACON_ERRORS);

/** The network quicknet of drand: its public values, which never change (drand's `/info` of this chain). */
export const QUICKNET = {
  name: 'drand quicknet',
  chainHash: '52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971',
  publicKey:
    '83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a',
  genesisMs: 1_692_803_367_000,
  periodMs: 3_000,
} as const;

/** The largest round whose instant a clock of JavaScript still tells. */
export const MAX_QUICKNET_ROUND = 2 ** 40;

/** A round of quicknet: its number from 1, and its signature, 48 bytes in lower-case hexadecimal. */
export type QuicknetRound = { readonly round: number; readonly signature: string };

const SIGNATURE = /^[0-9a-f]{96}$/;
/** Signatures are points of G1, keys of G2 (drand's scheme `bls-unchained-g1-rfc9380`). */
const DOMAIN = 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_';

/**
 * Verifies a round by the network's own signature, BLS over BLS12-381 of SHA-256(round as 8 bytes, big-endian), and gives
 * its randomness, SHA-256 of the signature: 32 bytes in lower-case hexadecimal. Nobody knew it before `quicknetInstantMs`,
 * unless most of the network's members lied together.
 * @throws SolventError `beacon-signature-invalid`.
 */
export function verifyQuicknetRound({ round, signature }: QuicknetRound): { readonly randomness: string } {
  if (!isQuicknetRound(round) || !SIGNATURE.test(signature) || !isSigned(round, signature)) {
    throw refuseBeacon('beacon-signature-invalid', {
      expected: `a signature of ${QUICKNET.name} over round ${round}`,
      found: 'another',
    });
  }
  return { randomness: bytesToHex(sha256(hexToBytes(signature))) };
}

/** The instant from which a round is public, in milliseconds since 1970; 1 <= round <= 2^40. */
export function quicknetInstantMs(round: number): number {
  return QUICKNET.genesisMs + (round - 1) * QUICKNET.periodMs;
}

/** The last round that is public at an instant in milliseconds since 1970; 0 before the first. */
export function lastQuicknetRoundAt(instantMs: number): number {
  return Math.max(0, Math.floor((instantMs - QUICKNET.genesisMs) / QUICKNET.periodMs) + 1);
}

/**
 * The round that an announcement names, like "drand quicknet, round 25000000".
 * @returns undefined where it names something else.
 */
export function parseQuicknetAnnouncement(text: string): number | undefined {
  const match = /^\s*drand\s+quicknet\s*,?\s+round\s+([1-9][0-9]{0,12})\s*$/iu.exec(text);
  const round = match === null ? Number.NaN : Number(match[1]);
  return isQuicknetRound(round) ? round : undefined;
}

function isQuicknetRound(round: number): boolean {
  return Number.isSafeInteger(round) && round >= 1 && round <= MAX_QUICKNET_ROUND;
}

function isSigned(round: number, signature: string): boolean {
  const { shortSignatures } = bls12_381;
  const message = new Uint8Array(8);
  new DataView(message.buffer).setBigUint64(0, BigInt(round));
  try {
    const point = shortSignatures.hash(sha256(message), DOMAIN);
    return shortSignatures.verify(hexToBytes(signature), point, hexToBytes(QUICKNET.publicKey));
  } catch {
    // Bytes that are no point of the group.
    return false;
  }
}
