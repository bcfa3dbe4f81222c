import { z } from 'zod';

import { encodeJsonLine } from '../canonical-json.js';
import { parsePublished } from '../formats/parse.js';
import * as p from '../formats/primitives.js';
import { PUBLISHED_FILES } from '../formats/published-files.js';
import { MAX_CEREMONY_CIRCUITS, MAX_STEPS, transcriptSchema } from './transcript.js';

export const EVIDENCE_FORMAT = PUBLISHED_FILES.ceremony.format;

const { point1, point2 } = p;

const keyContribution = z.strictObject({
  /** The key's delta after the contribution. */
  delta: point1,
  /** The proof that its maker knows the factor x: a point, x times it, and x times the point that the transcript gives. */
  s: point1,
  sx: point1,
  spx: point2,
});

const circuitEvidence = z.strictObject({
  circuit: p.circuitLabel,
  initialDelta: point1,
  /** One for each step of the transcript, in their order. */
  contributions: z.array(keyContribution).min(1).max(MAX_STEPS),
});

/** The schema of `ceremony.json`. */
export const ceremonyEvidenceSchema = z.strictObject({
  format: z.literal(EVIDENCE_FORMAT),
  transcript: transcriptSchema,
  /** In the order of the transcript. */
  circuits: z.array(circuitEvidence).min(1).max(MAX_CEREMONY_CIRCUITS),
});

/** What shows of a key, without the key itself, that exactly these contributions made its delta. */
export type CeremonyEvidence = z.infer<typeof ceremonyEvidenceSchema>;
/** The evidence for one circuit's key. */
export type CircuitEvidence = CeremonyEvidence['circuits'][number];
/** The points of one contribution to one key, affine, coordinates in plain decimal. */
export type ContributionPoints = CircuitEvidence['contributions'][number];

/** Reads `ceremony.json`. @throws SolventError of class `format`. */
export function parseCeremonyEvidence(bytes: Uint8Array): CeremonyEvidence {
  return parsePublished('ceremony', ceremonyEvidenceSchema, bytes);
}

/** The bytes of `ceremony.json`. */
export function encodeCeremonyEvidence(evidence: CeremonyEvidence): Uint8Array {
  return encodeJsonLine(evidence);
}
