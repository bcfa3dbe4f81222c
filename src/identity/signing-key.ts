import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { join } from 'node:path';

import { readIfExists, writeFileAtomically } from '../system/index.js';
import { requirePath, SolventError } from '../protocol/index.js';
import { refuseIdentity, type IdentityCode } from './errors.js';

/** The platform's private signing key: PKCS#8 in PEM, readable by its owner alone. */
export const SIGNING_KEY_FILE = 'platform-signing-key.pem';

/** A platform's Ed25519 key. It signs; the secret itself cannot be read from it. */
export type SigningKey = {
  /** 32 bytes in hexadecimal (RFC 8032). */
  readonly publicKey: string;
  /** Signs a message; 64 bytes. */
  readonly sign: (message: Uint8Array) => Uint8Array;
};

/**
 * Reads the platform's signing key.
 * @throws SolventError `signing-key-missing`, `signing-key-malformed`.
 */
export async function loadSigningKey(keysDirectory: string): Promise<SigningKey> {
  const key = await findSigningKey(keysDirectory);
  if (key !== undefined) return key;
  throw refuseIdentity('signing-key-missing', {
    expected: `${SIGNING_KEY_FILE} in ${keysDirectory}`,
    found: 'no such file',
    details: { path: keysDirectory },
  });
}

/**
 * Reads the platform's signing key, or makes one where there is none. One that is there is never replaced: verifiers
 * know the platform by it.
 * @throws SolventError `signing-key-malformed`.
 */
export async function ensureSigningKey(keysDirectory: string): Promise<SigningKey> {
  const found = await findSigningKey(keysDirectory);
  if (found !== undefined) return found;
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' });
  await writeFileAtomically(join(keysDirectory, SIGNING_KEY_FILE), pem, { mode: 0o600 });
  return signingKeyOf(privateKey);
}

async function findSigningKey(keysDirectory: string): Promise<SigningKey | undefined> {
  const path = join(requirePath(keysDirectory, 'the keys'), SIGNING_KEY_FILE);
  const pem = await readIfExists(path);
  if (pem === undefined) return undefined;
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey({ key: Buffer.from(pem), format: 'pem' });
  } catch {
    // The cause is left out: it may quote what it could not read.
    throw malformed(path, 'no private key in PEM');
  }
  if (privateKey.asymmetricKeyType !== 'ed25519') throw malformed(path, 'a key of another kind');
  return signingKeyOf(privateKey);
}

function signingKeyOf(privateKey: KeyObject): SigningKey {
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
  return {
    publicKey: Buffer.from(x!, 'base64url').toString('hex'),
    sign: (message) => sign(null, message, privateKey),
  };
}

function malformed(path: string, got: string): SolventError<IdentityCode> {
  return refuseIdentity('signing-key-malformed', {
    expected: `an Ed25519 private key (PKCS#8, PEM) in ${path}`,
    found: got,
    details: { path },
  });
}
