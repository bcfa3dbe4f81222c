import { z } from 'zod';

import { parseJsonLine } from '../../canonical-json.js';
import { parseSchema } from '../../formats/parse.js';
import * as p from '../../formats/primitives.js';
import { isOneCircuitSet, MAX_CIRCUITS, pinnedRowCircuit } from './circuits.js';

export const ROW_TRUST_FORMAT = 'solvent/trust/v2';
const MAX_TRUST_BYTES = 64 * 1024;

const schema = z
  .strictObject({
    format: z.literal(ROW_TRUST_FORMAT),
    platform: p.name,
    profile: p.profileName,
    signingKey: p.ed25519PublicKey,
    indexBits: z.int().min(1).max(32),
    circuits: z.array(pinnedRowCircuit).min(1).max(MAX_CIRCUITS),
  })
  .refine(isOneCircuitSet, {
    path: ['circuits'],
    error: 'expected circuits of distinct names and tags with the index bits of the file',
  });

/** What a verifier takes on trust, brought by its caller and never by the bundle: whose books, whose signature, which keys. */
export type RowTrust = z.infer<typeof schema>;

/** Reads a trust file. @throws SolventError of class `format`. */
export function parseRowTrust(bytes: Uint8Array): RowTrust {
  return parseSchema(schema, ROW_TRUST_FORMAT, parseJsonLine(bytes, MAX_TRUST_BYTES));
}
