import { createPublicKey, verify } from 'node:crypto';

import {
  bytesToHex,
  SIGNATURE_FORMAT,
  signedMessage,
  type Manifest,
  type ManifestSignature,
} from '../../protocol/index.js';
import { refuseProver } from '../errors.js';

/** A platform's Ed25519 key, wherever it is kept. */
export type ManifestSigner = {
  /** 32 bytes in hexadecimal (RFC 8032). */
  readonly publicKey: string;
  /** Signs a message; 64 bytes. A key in a device or behind a service may take its time. */
  readonly sign: (message: Uint8Array) => Uint8Array | Promise<Uint8Array>;
};

/**
 * Signs a manifest's hash (32 bytes) for its platform.
 * @throws SolventError `signing-key-unsuitable` where the signature is not one of the public key.
 */
export async function signManifest(
  manifestHash: Uint8Array,
  key: ManifestSigner,
): Promise<ManifestSignature> {
  return { format: SIGNATURE_FORMAT, ...(await signMessage(signedMessage(manifestHash), key)) };
}

async function signMessage(
  message: Uint8Array,
  key: ManifestSigner,
): Promise<Omit<ManifestSignature, 'format'>> {
  const signature = await key.sign(message);
  if (!isSignedBy(key.publicKey, message, signature)) {
    throw refuseProver('signing-key-unsuitable', {
      expected: 'a signature that verifies under the public key of the platform',
      found: 'another',
    });
  }
  return { algorithm: 'ed25519', publicKey: key.publicKey, signature: bytesToHex(signature) };
}

/** Whether a signature is one of a manifest's hash (32 bytes) under the key that it names. */
export function isManifestSigned(
  manifestHash: Uint8Array,
  { publicKey, signature }: ManifestSignature,
): boolean {
  return isSignedBy(publicKey, signedMessage(manifestHash), Buffer.from(signature, 'hex'));
}

/** What keeps account of what a key signed, so that it signs no second manifest for one instant by mistake. */
export type InstantLedger = {
  /**
   * Refuses, before any work, a run whose manifest would be a second one.
   * @param run what tells runs apart: a hash of the secret; null where the run has not begun.
   */
  readonly assertFree: (instant: Pick<Manifest, 'platform' | 'takenAt'>, run: string | null) => Promise<void>;
  /** Keeps what is about to be signed; when it returns the entry is on disk. */
  readonly record: (entry: SigningEntry) => Promise<void>;
};

/** What is about to be signed. */
export type SigningEntry = Pick<Manifest, 'platform' | 'takenAt'> & {
  readonly manifestHash: string;
  readonly run: string;
};

function isSignedBy(publicKey: string, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    const x = Buffer.from(publicKey, 'hex').toString('base64url');
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    return verify(null, message, key, signature);
  } catch {
    return false;
  }
}
