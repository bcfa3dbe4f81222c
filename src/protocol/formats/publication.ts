import { z } from 'zod';

import { encodeCanonicalJson, encodeJsonLine } from '../canonical-json.js';
import { MAX_HEADER_BYTES, MAX_NODE_BYTES, evmAddress, evmChain } from '../reserves/primitives.js';

import type { Manifest } from './manifest.js';
import { parsePublished } from './parse.js';
import * as p from './primitives.js';
import { PUBLISHED_FILES } from './published-files.js';

export const REGISTRY_EVIDENCE_FORMAT = PUBLISHED_FILES.registryEvidence.format;
export const LOG_ENTRY_FORMAT = PUBLISHED_FILES.logEntry.format;

/** Nodes of one account and four of its slots: walks of fewer than 64 nodes each. */
const MAX_EVIDENCE_NODES = 320;

/** Bytes as a chain's nodes write them, at most so many. */
const evmBytes = (maxBytes: number) =>
  z
    .string()
    .max(2 + 2 * maxBytes)
    .regex(/^0x(?:[0-9a-f]{2})+$/, 'expected 0x and digits in lower case');

/** The schema of registry evidence. */
export const registryEvidenceSchema = z.strictObject({
  format: z.literal(REGISTRY_EVIDENCE_FORMAT),
  chain: evmChain,
  contract: evmAddress,
  header: evmBytes(MAX_HEADER_BYTES),
  nodes: z.array(evmBytes(MAX_NODE_BYTES)).min(1).max(MAX_EVIDENCE_NODES),
});

/** What a registry's state says of one instant: the header of a block, and the trie nodes that its reader walks. */
export type RegistryEvidence = z.infer<typeof registryEvidenceSchema>;

/** Reads registry evidence. What it shows is for the verifier. @throws SolventError of class `format`. */
export function parseRegistryEvidence(bytes: Uint8Array): RegistryEvidence {
  return parsePublished('registryEvidence', registryEvidenceSchema, bytes);
}

/** The bytes of a file of registry evidence. */
export function encodeRegistryEvidence(evidence: RegistryEvidence): Uint8Array {
  return encodeJsonLine(evidence);
}

/** The schema of an entry of a transparency log. */
export const logEntrySchema = z.strictObject({
  format: z.literal(LOG_ENTRY_FORMAT),
  platform: p.name,
  signingKey: p.ed25519PublicKey,
  takenAt: p.instant,
  manifestHash: p.sha256Hex,
});

/** What a transparency log holds of a manifest: canonical JSON without a line feed. */
export function encodeLogEntry(
  { platform, takenAt }: Pick<Manifest, 'platform' | 'takenAt'>,
  { signingKey, manifestHash }: { readonly signingKey: string; readonly manifestHash: string },
): Uint8Array {
  return encodeCanonicalJson({ format: LOG_ENTRY_FORMAT, platform, signingKey, takenAt, manifestHash });
}
