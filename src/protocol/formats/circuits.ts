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

/** How a key came to be. Keys whose maker knows their trapdoor can prove anything. */
export const provenance = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('insecure-development') }),
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
