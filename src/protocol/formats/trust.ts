import { z } from 'zod';

import { bytesToHex, hashLabelled } from '../bytes.js';
import { encodeJsonLine } from '../canonical-json.js';
import { isOneCircuitSet, MAX_CIRCUITS, pinnedCircuit } from './circuits.js';
import { parsePublished } from './parse.js';
import * as p from './primitives.js';
import { PUBLISHED_FILES } from './published-files.js';

export const TRUST_FORMAT = PUBLISHED_FILES.trust.format;

/** The schema of a trust file. */
export const trustSchema = z
  .strictObject({
    format: z.literal(TRUST_FORMAT),
    platform: p.name.nullable(),
    profile: p.profileName,
    signingKey: p.ed25519PublicKey,
    indexBits: z.int().min(1).max(32),
    circuits: z.array(pinnedCircuit).min(1).max(MAX_CIRCUITS),
  })
  .refine(isOneCircuitSet, {
    path: ['circuits'],
    error: 'expected circuits of distinct names and tags with the index bits of the file',
  })
  .refine(
    ({ platform, circuits }) =>
      platform !== null || circuits.every(({ provenance }) => provenance.kind === 'insecure-development'),
    { path: ['platform'], error: 'expected a platform, which only a file of development keys may lack' },
  );

/**
 * What a verifier takes on trust, brought by its caller and never by the bundle: whose books, whose signature, which keys.
 * `platform` is null only in a file of development keys, which serve any platform and show nothing.
 */
export type Trust = z.infer<typeof trustSchema>;

/** Reads a trust file. @throws SolventError of class `format`. */
export function parseTrust(bytes: Uint8Array): Trust {
  return parsePublished('trust', trustSchema, bytes);
}

/** SHA-256("solvent/trust/v2" ‖ 0 ‖ the file without its line feed), in hexadecimal: what two holders compare. */
export function hashTrust(trust: Trust): string {
  return bytesToHex(hashLabelled(TRUST_FORMAT, encodeJsonLine(trust).subarray(0, -1)));
}
