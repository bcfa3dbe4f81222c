import { z } from 'zod';

import { MAX_GROUP_ROWS, groupCount, wordCount, type RowLayout } from '../rows/layout.js';
import * as p from './primitives.js';
import { parsePublished } from './parse.js';

/** What a user needs of the group of one of their rows; the schema of files that hold it. */
export const groupRecord = z.strictObject({
  batch: p.batchIndex,
  group: z
    .int()
    .min(0)
    .max(2 ** 18),
  maskPoint: p.bytes32,
  blindOpening: p.fieldElement,
  entries: z
    .array(z.strictObject({ point: p.bytes32, id: p.bytes32 }))
    .min(1)
    .max(MAX_GROUP_ROWS),
});

/**
 * One group of a batch: C_(g,0), z_(g,r), and the point and id of each of its rows, in order. Private: it is given to
 * users who have a row in it.
 */
export type GroupRecord = z.infer<typeof groupRecord>;

const MAX_WEIGHT_POINTS = 2 * 1024 + 1;

/** The schema of a line of `commitments.ndjson`. */
export const commitmentSchema = z.strictObject({
  circuit: p.circuitLabel,
  digest: p.fieldElement,
  list: p.integer248,
});

/** One batch as the manifest pins it: the digest that its proof speaks about, and the list that its rows stand in. */
export type BatchCommitment = z.infer<typeof commitmentSchema>;

/** Reads one line, without its line feed, of `commitments.ndjson`. @throws SolventError of class `format`. */
export function parseBatchCommitment(line: Uint8Array): BatchCommitment {
  return parsePublished('commitments', commitmentSchema, line);
}

/** The schema of `weights.json`. */
export const weightsSchema = z.strictObject({
  points: z.array(p.bytes32).min(3).max(MAX_WEIGHT_POINTS),
  zW: p.fieldElement,
});

/** The weighted totals of a run with margin batches: W_mask, W_0 .. W_(2A-1), and what opens their blinds at x. */
export type WeightedTotals = z.infer<typeof weightsSchema>;

/** Reads `weights.json`. @throws SolventError of class `format`. */
export function parseWeightedTotals(bytes: Uint8Array): WeightedTotals {
  return parsePublished('weights', weightsSchema, bytes);
}

const spotProof = z.strictObject({
  L: p.fieldElement,
  proof: p.proof,
  z: p.fieldElements,
});
const marginProof = z.strictObject({ ...spotProof.shape, K: p.fieldElement });

/** The schema of a line of `proofs.ndjson`. */
export const batchProofSchema = z.union([marginProof, spotProof]);

/**
 * One published proof with the values that it shows: z_(0,1) .. z_(Gn-1,W), which `parseFieldElements` reads, and K in margin
 * lines alone. Its other public signals are made by the verifier.
 */
export type BatchProof = z.infer<typeof spotProof> & { readonly K?: string };

/**
 * Reads one line, without its line feed, of `proofs.ndjson`.
 * @param layout the pinned layout of the line's circuit: it says how many values z there are, and whether there is K.
 * @throws SolventError of class `format`.
 */
export function parseBatchProof(line: Uint8Array, layout: RowLayout): BatchProof {
  const count = groupCount(layout) * wordCount(layout);
  return parsePublished('proofs', proofSchemaOf(layout.kind, count), line);
}

const proofSchemas = new Map<string, z.ZodType<BatchProof>>();

/** The schema of lines with so many values z, made once: zod compiles what checks a schema when it first does. */
function proofSchemaOf(kind: RowLayout['kind'], count: number): z.ZodType<BatchProof> {
  const key = `${kind} ${count}`;
  const known = proofSchemas.get(key);
  if (known !== undefined) return known;
  const made = (kind === 'margin' ? marginProof : spotProof).refine(
    (line) => line.z.length === Math.ceil((count * 128) / 3),
    { path: ['z'], error: `expected ${count} values` },
  );
  proofSchemas.set(key, made);
  return made;
}
