import { createPublicKey, verify } from 'node:crypto';

import {
  bytesToHex,
  SIGNATURE_FORMAT,
  signedMessage,
  SolventError,
  type ManifestSignature,
} from '../../protocol/index.js';
import {
  ROW_SIGNATURE_FORMAT,
  signedRowMessage,
  type RowManifestSignature,
} from '../../protocol/rows/index.js';
import type { ProverCode } from '../errors.js';

/** A platform's Ed25519 key, wherever it is kept. */
export type ManifestSigner = {
  /** 32 bytes in hexadecimal (RFC 8032). */
  readonly publicKey: string;
  /** Signs a message; 64 bytes. */
  readonly sign: (message: Uint8Array) => Uint8Array;
};

/**
 * Signs a manifest's hash (32 bytes) for its platform.
 * @throws SolventError `signing-key-unsuitable` where the signature is not one of the public key.
 */
export function signManifest(manifestHash: Uint8Array, key: ManifestSigner): ManifestSignature {
  return { format: SIGNATURE_FORMAT, ...signMessage(signedMessage(manifestHash), key) };
}

/** As `signManifest`, for a manifest of rows. */
export function signRowManifest(manifestHash: Uint8Array, key: ManifestSigner): RowManifestSignature {
  return { format: ROW_SIGNATURE_FORMAT, ...signMessage(signedRowMessage(manifestHash), key) };
}

function signMessage(message: Uint8Array, key: ManifestSigner): Omit<ManifestSignature, 'format'> {
  const signature = key.sign(message);
  if (!isSignedBy(key.publicKey, message, signature)) {
    throw new SolventError<ProverCode>(
      'usage',
      'signing-key-unsuitable',
      'expected a signature that verifies under the public key of the platform, got another: bring the key pair that setup made',
    );
  }
  return { algorithm: 'ed25519', publicKey: key.publicKey, signature: bytesToHex(signature) };
}

function isSignedBy(publicKey: string, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    const x = Buffer.from(publicKey, 'hex').toString('base64url');
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    return verify(null, message, key, signature);
  } catch {
    return false;
  }
}
