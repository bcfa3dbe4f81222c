import { z } from 'zod';

import { bytesToHex, hashLabelled } from '../bytes.js';
import { encodeJsonLine } from '../canonical-json.js';
import { pinnedCircuit } from './circuits.js';
import { parsePublished } from './parse.js';
import * as p from './primitives.js';
import { PUBLISHED_FILES } from './published-files.js';

export const TRUST_FORMAT = PUBLISHED_FILES.trust.format;

/** The schema of a trust file. */
export const trustSchema = z.strictObject({
  format: z.literal(TRUST_FORMAT),
  profile: p.profileName,
  signingKey: p.ed25519PublicKey,
  circuits: z.array(pinnedCircuit).min(2).max(32),
});

/** What a verifier takes on trust, brought by its caller and never by the bundle. */
export type Trust = z.infer<typeof trustSchema>;

/** Reads a trust file. @throws SolventError of class `format`. */
export function parseTrust(bytes: Uint8Array): Trust {
  return parsePublished('trust', trustSchema, bytes);
}

/** SHA-256("solvent/trust/v1" ‖ 0 ‖ the file without its line feed), in hexadecimal: what two holders compare. */
export function hashTrust(trust: Trust): string {
  return bytesToHex(hashLabelled(TRUST_FORMAT, encodeJsonLine(trust).subarray(0, -1)));
}
