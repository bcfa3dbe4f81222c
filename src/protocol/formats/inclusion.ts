import { z } from 'zod';

import { encodeCanonicalJson, encodeJsonLine } from '../canonical-json.js';
import { SolventError, refuseProtocol } from '../errors.js';
import { MAX_BATCH_SLOTS, MAX_SLOTS } from '../rows/layout.js';
import { groupRecord } from './bundle.js';
import { parsePublished } from './parse.js';
import * as p from './primitives.js';
import { MAX_BARE_INCLUSION_BYTES, PUBLISHED_FILES } from './published-files.js';
import { statementSchema } from './statement.js';

export const INCLUSION_FORMAT = PUBLISHED_FILES.inclusion.format;
/** A file's size is a multiple of this, so that it tells little of how many parts an account has. */
export const PADDING_BYTES = 16 * 1024;

/** 2A parts of 1,024 assets. */
const MAX_PARTS = 2048;

export type InclusionSizeCode = 'inclusion-not-padded' | 'inclusion-too-large';

const spotSlot = z.strictObject({ amount: p.amount, index: z.int().min(0) });
const marginSlot = z.strictObject({ ...spotSlot.shape, side: z.union([z.literal(0), z.literal(1)]) });

const part = z.strictObject({
  part: z.int().min(1).max(MAX_PARTS),
  batch: p.batchIndex,
  row: z.int().min(0).max(MAX_BATCH_SLOTS),
  slots: z.array(z.union([marginSlot, spotSlot])).max(MAX_SLOTS),
  nonce: p.integer248,
  blind: p.fieldElement,
});

/** The schema of an inclusion file. */
export const inclusionSchema = z.strictObject({
  format: z.literal(INCLUSION_FORMAT),
  manifestHash: p.sha256Hex,
  userId: p.name,
  statement: statementSchema.nullable(),
  partCount: z.int().min(1).max(MAX_PARTS),
  batches: z
    .array(
      z.strictObject({ batch: p.batchIndex, groupHashes: z.array(p.bytes32).min(1).max(MAX_BATCH_SLOTS) }),
    )
    .min(1)
    .max(MAX_PARTS),
  groups: z.array(groupRecord).min(1).max(MAX_PARTS),
  parts: z.array(part).min(1).max(MAX_PARTS),
  padding: z
    .string()
    .max(PADDING_BYTES - 1)
    .regex(/^0*$/, 'expected zeros'),
});

/**
 * What one user gets: their statement, null where there is none, and for each of their n parts its row, its slots and
 * what opens it. Each batch that holds a part has the hashes of its groups. Each group that holds one has its rows'
 * points and ids. Private to that user. It proves nothing without the bundle of the run.
 */
export type InclusionFile = z.infer<typeof inclusionSchema>;

/** One part of an account: a row, with the slots that it holds and what opens its point and its id. */
export type InclusionPart = InclusionFile['parts'][number];

/**
 * Reads an inclusion file.
 * @throws SolventError of class `format`; `inclusion-not-padded` where its size is no multiple of 16 KiB;
 * `inclusion-too-large` above 8 MiB besides the statement.
 */
export function parseInclusion(bytes: Uint8Array): InclusionFile {
  const file = parsePublished('inclusion', inclusionSchema, bytes);
  // Less padding than 16 KiB is in the schema: a file has one size.
  if (bytes.length % PADDING_BYTES !== 0) {
    throw refuse('inclusion-not-padded', `a multiple of ${PADDING_BYTES} bytes, got ${bytes.length}`);
  }
  assertSize(file, bytes.length);
  return file;
}

/**
 * Writes an inclusion file, padded to a multiple of 16 KiB.
 * @throws SolventError `inclusion-too-large` above 8 MiB besides the statement.
 */
export function encodeInclusion(file: Omit<InclusionFile, 'padding'>): Uint8Array {
  const bare = encodeJsonLine({ ...file, padding: '' }).length;
  const missing = (PADDING_BYTES - (bare % PADDING_BYTES)) % PADDING_BYTES;
  const bytes = encodeJsonLine({ ...file, padding: '0'.repeat(missing) });
  assertSize(file, bytes.length);
  return bytes;
}

function assertSize({ statement }: Pick<InclusionFile, 'statement'>, sizeBytes: number): void {
  const bareBytes = sizeBytes - encodeCanonicalJson(statement).length;
  if (bareBytes <= MAX_BARE_INCLUSION_BYTES) return;
  throw refuse(
    'inclusion-too-large',
    `at most ${MAX_BARE_INCLUSION_BYTES} bytes besides the statement, got ${bareBytes}`,
  );
}

function refuse(code: InclusionSizeCode, expected: string): SolventError<InclusionSizeCode> {
  return refuseProtocol(code, `expected ${expected}`);
}
