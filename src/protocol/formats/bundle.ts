import { z } from 'zod';

import { parseCanonicalJson } from '../canonical-json.js';
import { parseSchema } from './parse.js';
import * as p from './primitives.js';

/** The files of a bundle. The two lists of proofs hold one canonical JSON object a line. */
export const BUNDLE_FILES = {
  manifest: 'manifest.json',
  signature: 'manifest.sig.json',
  batches: 'batches.ndjson',
  aggregates: 'aggregates.ndjson',
} as const;

/** An aggregate with 16 child digests takes about two kilobytes. */
export const MAX_PROOF_LINE_BYTES = 16 * 1024;

const batchProof = z.strictObject({ circuit: p.circuitLabel, digest: p.fieldElement, proof: p.proof });
const aggregateProof = z.strictObject({
  digest: p.fieldElement,
  children: p.children,
  totals: p.fieldElement,
  proof: p.proof,
});

/** One published batch. Its public signals are not in it: the verifier makes them. */
export type BatchProof = z.infer<typeof batchProof>;

/** One published aggregate: its 16 child digests in order, and the commitment to its totals. */
export type AggregateProof = z.infer<typeof aggregateProof>;

/** Reads one line, without its line feed, of `batches.ndjson`. @throws SolventError of class `format`. */
export function parseBatchProof(line: Uint8Array): BatchProof {
  return parseSchema(batchProof, 'a batch proof', parseCanonicalJson(line, MAX_PROOF_LINE_BYTES));
}

/** Reads one line, without its line feed, of `aggregates.ndjson`. @throws SolventError of class `format`. */
export function parseAggregateProof(line: Uint8Array): AggregateProof {
  return parseSchema(aggregateProof, 'an aggregate proof', parseCanonicalJson(line, MAX_PROOF_LINE_BYTES));
}
