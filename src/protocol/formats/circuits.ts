import { z } from 'zod';

import { hashLabelled, bytesToHex } from '../bytes.js';
import { encodeCanonicalJson } from '../canonical-json.js';
import type { FieldElement } from '../field.js';
import { TREE_ARITY } from '../limits.js';
import * as p from './primitives.js';

const batchParameters = z.strictObject({
  kind: z.enum(['spot', 'margin']),
  assets: z.int().min(1).max(1024),
  indexBits: z.int().min(1).max(16),
  users: z.int().min(1).max(65_536),
  slots: z.int().min(1).max(256),
  netBits: z.int().min(0).max(160),
  depth: z.int().min(1).max(4),
  arity: z.literal(TREE_ARITY),
});

const aggregateParameters = z.strictObject({
  kind: z.literal('aggregate'),
  assets: z.int().min(1).max(1024),
  children: z.int().min(2).max(TREE_ARITY),
  arity: z.literal(TREE_ARITY),
});

export const circuitParameters = z.union([batchParameters, aggregateParameters]);

/** More contributors than any ceremony had. */
const MAX_CONTRIBUTIONS = 1000;

/**
 * Keys of a ceremony: sound while one of its contributors forgot their secret. `signers` counts the distinct keys
 * that signed contributions, `beacon` names the public value that closed it, `transcriptHash` is what to ask
 * contributors about. Powers of tau are either the published ones or no one's word but the platform's.
 */
const ceremonyProvenance = z
  .strictObject({
    kind: z.literal('ceremony'),
    contributions: z.int().min(1).max(MAX_CONTRIBUTIONS),
    signers: z.int().min(0).max(MAX_CONTRIBUTIONS),
    beacon: p.prose.min(1),
    powersOfTau: z.strictObject({
      source: z.enum(['perpetual-powers-of-tau', 'untrusted']),
      blake2b: p.blake2bHex,
    }),
    transcriptHash: p.sha256Hex,
  })
  .refine(
    ({ contributions, signers }) => signers <= contributions,
    'expected no more signers than contributions',
  );

/** How a key came to be. Keys whose maker knows their trapdoor can prove anything. */
export const provenance = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('insecure-development') }),
  ceremonyProvenance,
]);

export type KeyProvenance = z.infer<typeof provenance>;

/** What pins one circuit: its layout, its tag, and the fingerprint of its verification key. */
export const pinnedCircuit = z.strictObject({
  name: p.circuitLabel,
  parameters: circuitParameters,
  tag: p.fieldElement,
  fingerprint: p.sha256Hex,
  provenance,
});

export type PinnedCircuit = z.infer<typeof pinnedCircuit>;

/**
 * SHA-256("solvent/vk/v1" ‖ 0 ‖ canonical JSON of the key with its tag), in hexadecimal: names a verification key
 * and the layout that it is for.
 */
export function fingerprintKey(tag: FieldElement, key: p.VerificationKey): string {
  const { alpha, beta, gamma, delta, ic } = key;
  const fields = { tag: tag.toString(), alpha, beta, gamma, delta, ic };
  return bytesToHex(hashLabelled('solvent/vk/v1', encodeCanonicalJson(fields)));
}
