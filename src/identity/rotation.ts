import {
  bytesToHex,
  ROTATION_FORMAT,
  rotationMessage,
  verifyRotation,
  type Rotation,
} from '../protocol/index.js';
import type { SigningKey } from './signing-key.js';

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
