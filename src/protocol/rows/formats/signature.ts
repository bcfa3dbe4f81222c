import { z } from 'zod';

import { concatBytes, utf8ToBytes } from '../../bytes.js';
import { parseJsonLine } from '../../canonical-json.js';
import { parseSchema } from '../../formats/parse.js';
import * as p from '../../formats/primitives.js';
import { fixedBytes } from '../encoding.js';

export const ROW_SIGNATURE_FORMAT = 'solvent/signature/v2';
const MAX_SIGNATURE_BYTES = 4096;

const schema = z.strictObject({
  format: z.literal(ROW_SIGNATURE_FORMAT),
  algorithm: z.literal('ed25519'),
  publicKey: p.ed25519PublicKey,
  signature: p.ed25519Signature,
});

/** A platform's signature of a manifest; the verifier's key is the one that its caller pinned, not this one. */
export type RowManifestSignature = z.infer<typeof schema>;

/** Reads `manifest.sig.json`. @throws SolventError of class `format`. */
export function parseRowSignature(bytes: Uint8Array): RowManifestSignature {
  return parseSchema(schema, ROW_SIGNATURE_FORMAT, parseJsonLine(bytes, MAX_SIGNATURE_BYTES));
}

/** The message that is signed: "solvent/signature/v2" ‖ 0 ‖ h (32 bytes). */
export function signedRowMessage(manifestHash: Uint8Array): Uint8Array {
  return concatBytes(utf8ToBytes(ROW_SIGNATURE_FORMAT), Uint8Array.of(0), fixedBytes(manifestHash, 32));
}
