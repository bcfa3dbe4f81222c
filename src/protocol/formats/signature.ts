import { z } from 'zod';

import { concatBytes, utf8ToBytes } from '../bytes.js';
import { fixedBytes } from '../encoding.js';
import { parsePublished } from './parse.js';
import * as p from './primitives.js';
import { PUBLISHED_FILES } from './published-files.js';

export const SIGNATURE_FORMAT = PUBLISHED_FILES.signature.format;

/** The schema of a manifest’s signature. */
export const signatureSchema = z.strictObject({
  format: z.literal(SIGNATURE_FORMAT),
  algorithm: z.literal('ed25519'),
  publicKey: p.ed25519PublicKey,
  signature: p.ed25519Signature,
});

/** A platform's signature of a manifest; the verifier's key is the one that its caller pinned, not this one. */
export type ManifestSignature = z.infer<typeof signatureSchema>;

/** Reads `manifest.sig.json`. @throws SolventError of class `format`. */
export function parseSignature(bytes: Uint8Array): ManifestSignature {
  return parsePublished('signature', signatureSchema, bytes);
}

/** The message that is signed: "solvent/signature/v2" ‖ 0 ‖ manifest hash (32 bytes). */
export function signedMessage(manifestHash: Uint8Array): Uint8Array {
  return concatBytes(utf8ToBytes(SIGNATURE_FORMAT), Uint8Array.of(0), fixedBytes(manifestHash, 32));
}
