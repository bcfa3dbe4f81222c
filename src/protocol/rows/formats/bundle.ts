import { z } from 'zod';

import { parseCanonicalJson, parseJsonLine } from '../../canonical-json.js';
import { parseSchema } from '../../formats/parse.js';
import * as p from '../../formats/primitives.js';
import { groupCount, wordCount, type RowLayout } from '../layout.js';
import { bytes32, circuitLabel, integer248 } from './primitives.js';

/** The files of a bundle. The two lists hold one canonical JSON object a line, both in the same order. */
export const ROW_BUNDLE_FILES = {
  manifest: 'manifest.json',
  signature: 'manifest.sig.json',
  commitments: 'commitments.ndjson',
  weights: 'weights.json',
  proofs: 'proofs.ndjson',
} as const;

/** Two integers of 77 digits and a name. */
export const MAX_COMMITMENT_LINE_BYTES = 512;
/** Points of 2 * 1,024 codes and one, at 46 bytes each. */
export const MAX_WEIGHTS_BYTES = 128 * 1024;
/** A proof, and up to 1,024 values of 80 bytes. */
export const MAX_ROW_PROOF_LINE_BYTES = 96 * 1024;
const MAX_WEIGHT_POINTS = 2 * 1024 + 1;

const commitment = z.strictObject({ circuit: circuitLabel, digest: p.fieldElement, list: integer248 });

/** One batch as the manifest pins it: the digest that its proof speaks about, and the list that its rows stand in. */
export type BatchCommitment = z.infer<typeof commitment>;

/** Reads one line, without its line feed, of `commitments.ndjson`. @throws SolventError of class `format`. */
export function parseBatchCommitment(line: Uint8Array): BatchCommitment {
  const value = parseCanonicalJson(line, MAX_COMMITMENT_LINE_BYTES);
  return parseSchema(commitment, 'a commitment of a batch', value);
}

const weights = z.strictObject({
  points: z.array(bytes32).min(3).max(MAX_WEIGHT_POINTS),
  zW: p.fieldElement,
});

/** The weighted totals of a run with margin batches: W_mask, W_0 .. W_(2A-1), and what opens their blinds at x. */
export type WeightedTotals = z.infer<typeof weights>;

/** Reads `weights.json`. @throws SolventError of class `format`. */
export function parseWeightedTotals(bytes: Uint8Array): WeightedTotals {
  return parseSchema(weights, 'weighted totals', parseJsonLine(bytes, MAX_WEIGHTS_BYTES));
}

/** One published proof with the values that it shows; K in margin lines alone. Its other public signals the verifier makes. */
export type RowProof = {
  readonly K?: string;
  readonly L: string;
  readonly proof: p.Proof;
  /** z_(0,1) .. z_(Gn-1,W). */
  readonly z: readonly string[];
};

/**
 * Reads one line, without its line feed, of `proofs.ndjson`.
 * @param layout the pinned layout of the line's circuit: it says how many values z there are, and whether there is K.
 * @throws SolventError of class `format`.
 */
export function parseRowProof(line: Uint8Array, layout: RowLayout): RowProof {
  const fields = {
    L: p.fieldElement,
    proof: p.proof,
    z: z.array(p.fieldElement).length(groupCount(layout) * wordCount(layout)),
  };
  const value = parseCanonicalJson(line, MAX_ROW_PROOF_LINE_BYTES);
  return layout.kind === 'margin'
    ? parseSchema(z.strictObject({ ...fields, K: p.fieldElement }), 'a proof of margin rows', value)
    : parseSchema(z.strictObject(fields), 'a proof of spot rows', value);
}
