import { z } from 'zod';

import { bytesToHex, hashLabelled } from '../bytes.js';
import { encodeJsonLine, parseJsonLine } from '../canonical-json.js';
import { pinnedCircuit } from './circuits.js';
import { parseSchema } from './parse.js';
import * as p from './primitives.js';

export const TRUST_FORMAT = 'solvent/trust/v1';
const MAX_TRUST_BYTES = 64 * 1024;

const schema = z.strictObject({
  format: z.literal(TRUST_FORMAT),
  profile: p.profileName,
  signingKey: p.ed25519PublicKey,
  circuits: z.array(pinnedCircuit).min(2).max(32),
});

/** What a verifier takes on trust, brought by its caller and never by the bundle. */
export type Trust = z.infer<typeof schema>;

/** Reads a trust file. @throws SolventError of class `format`. */
export function parseTrust(bytes: Uint8Array): Trust {
  return parseSchema(schema, TRUST_FORMAT, parseJsonLine(bytes, MAX_TRUST_BYTES));
}

/** SHA-256("solvent/trust/v1" ‖ 0 ‖ the file without its line feed), in hexadecimal: what two holders compare. */
export function hashTrust(trust: Trust): string {
  return bytesToHex(hashLabelled(TRUST_FORMAT, encodeJsonLine(trust).subarray(0, -1)));
}
