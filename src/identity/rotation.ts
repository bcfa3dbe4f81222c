import { z } from 'zod';

import {
  bytesToHex,
  concatBytes,
  encodeCanonicalJson,
  encodeJsonLine,
  hashLabelled,
  parseJsonLine,
  parseSchema,
  primitives as p,
  SolventError,
  utf8ToBytes,
  type Trust,
} from '../protocol/index.js';
import type { SigningKey } from './signing-key.js';
import { isSignedBy } from './ed25519.js';
import type { HistoryCode } from './errors.js';

export const ROTATION_FORMAT = 'solvent/rotation/v1';
const MAX_ROTATION_BYTES = 4096;

const schema = z.strictObject({
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
export type Rotation = z.infer<typeof schema>;

/** Reads a rotation. @throws SolventError of class `format`. */
export function parseRotation(bytes: Uint8Array): Rotation {
  return parseSchema(schema, ROTATION_FORMAT, parseJsonLine(bytes, MAX_ROTATION_BYTES));
}

/** The bytes of a rotation's file. */
export function encodeRotation(rotation: Rotation): Uint8Array {
  return encodeJsonLine(rotation);
}

/**
 * Hands a platform's name from one key to the next. To be published where manifests are, and to be sent to everyone who
 * holds a trust file.
 * @throws SolventError `rotation-invalid` where both keys are the same.
 */
export function rotateIdentity(options: {
  readonly platform: string;
  readonly oldKey: SigningKey;
  readonly newKey: SigningKey;
  readonly lastManifestHash: string | null;
  /** UTC, RFC 3339. */
  readonly at: string;
}): Rotation {
  const { platform, oldKey, newKey, lastManifestHash, at } = options;
  const bare = {
    format: ROTATION_FORMAT,
    platform,
    at,
    oldKey: oldKey.publicKey,
    newKey: newKey.publicKey,
    lastManifestHash,
  } as const;
  const message = rotationMessage(bare);
  const rotation: Rotation = {
    ...bare,
    oldSignature: bytesToHex(oldKey.sign(message)),
    newSignature: bytesToHex(newKey.sign(message)),
  };
  verifyRotation(rotation);
  return rotation;
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

/**
 * The trust that follows from an older one by rotations, in any order: each is signed by the key before.
 * @throws SolventError `rotation-invalid`; `rotation-unplaced` where one is not reached from the pinned key, or two are
 * signed by one key.
 */
export function followRotations(trust: Trust, rotations: readonly Rotation[]): Trust {
  rotations.forEach(verifyRotation);
  const waiting = [...rotations];
  let { signingKey } = trust;
  while (waiting.length > 0) {
    const next = waiting.filter(({ oldKey }) => oldKey === signingKey);
    if (next.length !== 1) {
      throw unplaced(`one rotation that ${signingKey} signed`, String(next.length));
    }
    waiting.splice(waiting.indexOf(next[0]!), 1);
    signingKey = next[0]!.newKey;
  }
  return { ...trust, signingKey };
}

/** An error about rotations that make no single line. */
export function unplaced(expected: string, found: string): SolventError<HistoryCode> {
  return new SolventError(
    'verification',
    'rotation-unplaced',
    `expected ${expected}, got ${found}: ask the platform which of its keys is which`,
  );
}

/** "solvent/rotation/v1" ‖ 0 ‖ SHA-256 of the entry without its signatures. */
function rotationMessage(bare: Omit<Rotation, 'oldSignature' | 'newSignature'>): Uint8Array {
  const hash = hashLabelled(ROTATION_FORMAT, encodeCanonicalJson(bare));
  return concatBytes(utf8ToBytes(ROTATION_FORMAT), Uint8Array.of(0), hash);
}

function invalid(expected: string, found: string): SolventError<HistoryCode> {
  return new SolventError(
    'verification',
    'rotation-invalid',
    `expected ${expected} in a rotation, got ${found}: it is not the platform's`,
  );
}
