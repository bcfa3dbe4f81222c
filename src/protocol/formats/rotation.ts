import { z } from 'zod';

import { concatBytes, hashLabelled, utf8ToBytes } from '../bytes.js';
import { encodeCanonicalJson, encodeJsonLine } from '../canonical-json.js';
import { isSignedBy } from '../ed25519.js';
import { SolventError, refuseProtocol } from '../errors.js';
import { parsePublished } from './parse.js';
import * as p from './primitives.js';
import { PUBLISHED_FILES } from './published-files.js';

export const ROTATION_FORMAT = PUBLISHED_FILES.rotation.format;

/** All of class `verification`. */
export type RotationCode =
  /** A rotation is not signed by both of its keys, or changes nothing. */
  'rotation-invalid';

/** The schema of a rotation. */
export const rotationSchema = z.strictObject({
  format: z.literal(ROTATION_FORMAT),
  platform: p.name,
  at: p.instant,
  oldKey: p.ed25519PublicKey,
  newKey: p.ed25519PublicKey,
  /** The last manifest that the old key signed; null where it signed none. */
  lastManifestHash: p.sha256Hex.nullable(),
  oldSignature: p.ed25519Signature,
  newSignature: p.ed25519Signature,
});

/** A platform's change of its signing key, signed by the old one; the new one signs too, to show that it is theirs. */
export type Rotation = z.infer<typeof rotationSchema>;

/** Reads a rotation. Its signatures are for `verifyRotation`. @throws SolventError of class `format`. */
export function parseRotation(bytes: Uint8Array): Rotation {
  return parsePublished('rotation', rotationSchema, bytes);
}

/** The bytes of a rotation's file. */
export function encodeRotation(rotation: Rotation): Uint8Array {
  return encodeJsonLine(rotation);
}

/** What both keys sign: "solvent/rotation/v1" ‖ 0 ‖ SHA-256 of the entry without its signatures. */
export function rotationMessage(bare: Omit<Rotation, 'oldSignature' | 'newSignature'>): Uint8Array {
  const hash = hashLabelled(ROTATION_FORMAT, encodeCanonicalJson(bare));
  return concatBytes(utf8ToBytes(ROTATION_FORMAT), Uint8Array.of(0), hash);
}

/** Holds a rotation to the signatures of both of its keys. @throws SolventError `rotation-invalid`. */
export function verifyRotation(rotation: Rotation): void {
  const { oldSignature, newSignature, ...bare } = rotation;
  const message = rotationMessage(bare);
  if (rotation.oldKey === rotation.newKey) throw invalid('two different keys', 'the same twice');
  if (!isSignedBy(rotation.oldKey, message, oldSignature)) {
    throw invalid(`a signature of the old key ${rotation.oldKey}`, 'another');
  }
  if (!isSignedBy(rotation.newKey, message, newSignature)) {
    throw invalid(`a signature of the new key ${rotation.newKey}`, 'another');
  }
}

function invalid(expected: string, found: string): SolventError<RotationCode> {
  return refuseProtocol('rotation-invalid', { expected: `${expected} in a rotation`, found });
}
