import {
  TRUST_FORMAT,
  type Trust,
  bytesToHex,
  ROTATION_FORMAT,
  rotationMessage,
  verifyRotation,
  type Rotation,
} from '../protocol/index.js';
import type { SigningKey } from './signing-key.js';

/** What a trust file says of a set of proving keys. */
export type TrustedKeys = {
  readonly profile: Trust['profile'];
  /** Not empty, and all of one number of index bits. */
  readonly circuits: readonly Trust['circuits'][number][];
};

/**
 * What a platform gives to its verifiers by another way than its bundles: its name, the circuits with the fingerprints
 * and the origin of their keys, and the key that signs.
 * @param signer `platform` as its manifests name it, null only for development keys that name none; `publicKey` in hexadecimal.
 */
export function exportTrust(
  keys: TrustedKeys,
  signer: { readonly platform: Trust['platform']; readonly publicKey: string },
): Trust {
  return {
    format: TRUST_FORMAT,
    platform: signer.platform,
    profile: keys.profile,
    signingKey: signer.publicKey,
    indexBits: keys.circuits[0]!.parameters.indexBits,
    circuits: keys.circuits.map(({ name, parameters, tag, fingerprint, provenance }) => ({
      name,
      parameters,
      tag,
      fingerprint,
      provenance,
    })),
  };
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
