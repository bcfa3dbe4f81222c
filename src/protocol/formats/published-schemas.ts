import type { z } from 'zod';

import { ceremonyEvidenceSchema } from '../ceremony/evidence.js';
import { entrySchema } from '../reserves/entries.js';
import { evidenceSchema } from '../reserves/evidence.js';
import { pinsSchema } from '../reserves/pins.js';
import { reservesSchema } from '../reserves/reserves-file.js';
import { batchProofSchema, commitmentSchema, weightsSchema } from './bundle.js';
import { inclusionSchema } from './inclusion.js';
import { manifestSchema } from './manifest.js';
import { logEntrySchema, registryEvidenceSchema } from './publication.js';
import type { FileKind } from './published-files.js';
import { rotationSchema } from './rotation.js';
import { signatureSchema } from './signature.js';
import { trustSchema } from './trust.js';

/**
 * The schemas that the parsers of published files hold values to, of a whole file or of one line. For describing the
 * formats: code that reads a file calls its parser, which also checks that it is canonical and not too large.
 */
export const PUBLISHED_SCHEMAS: Readonly<Record<FileKind, z.ZodType>> = {
  inclusion: inclusionSchema,
  manifest: manifestSchema,
  signature: signatureSchema,
  trust: trustSchema,
  ceremony: ceremonyEvidenceSchema,
  rotation: rotationSchema,
  registryEvidence: registryEvidenceSchema,
  logEntry: logEntrySchema,
  commitments: commitmentSchema,
  weights: weightsSchema,
  proofs: batchProofSchema,
  reserves: reservesSchema,
  reserveEntries: entrySchema,
  reserveEvidence: evidenceSchema,
  pins: pinsSchema,
};
