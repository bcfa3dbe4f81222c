import { z } from 'zod';

import { parsePublished } from './parse.js';
import * as p from './primitives.js';

/** The schema of a line of `batches.ndjson`. */
export const batchProofSchema = z.strictObject({
  circuit: p.circuitLabel,
  digest: p.fieldElement,
  proof: p.proof,
});
/** The schema of a line of `aggregates.ndjson`. */
export const aggregateProofSchema = z.strictObject({
  digest: p.fieldElement,
  children: p.children,
  totals: p.fieldElement,
  proof: p.proof,
});

/** One published batch. Its public signals are not in it: the verifier makes them. */
export type BatchProof = z.infer<typeof batchProofSchema>;

/** One published aggregate: its 16 child digests in order, and the commitment to its totals. */
export type AggregateProof = z.infer<typeof aggregateProofSchema>;

/** Reads one line, without its line feed, of `batches.ndjson`. @throws SolventError of class `format`. */
export function parseBatchProof(line: Uint8Array): BatchProof {
  return parsePublished('batches', batchProofSchema, line);
}

/** Reads one line, without its line feed, of `aggregates.ndjson`. @throws SolventError of class `format`. */
export function parseAggregateProof(line: Uint8Array): AggregateProof {
  return parsePublished('aggregates', aggregateProofSchema, line);
}
