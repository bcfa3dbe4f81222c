import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';

import { createFileAtomically, makeDirectory, nameDiskErrors, readIfExists } from '../system/index.js';
import { requirePath, SolventError } from '../protocol/index.js';
import type { SigningKey } from './signing-key.js';
import { encryptPrivateKey, isEncryptedPem } from './encrypted-pem.js';
import { refuseIdentity, type IdentityCode } from './errors.js';

/** Characters of a passphrase for a new key; six words of a word list have more. */
export const MIN_PASSPHRASE_CHARACTERS = 16;
const OWNER_ONLY = 0o600;
const OTHERS = 0o077;
const ENCRYPTED = '-----BEGIN ENCRYPTED PRIVATE KEY-----';

/** Where a private key comes from; its text is PKCS#8 in PEM, encrypted or not. */
export type IdentitySource = {
  /** A file that its owner alone can read. */
  readonly path?: string;
  /** The key itself, as a vault puts it into the environment, and the name of the variable. */
  readonly text?: { readonly value: string | undefined; readonly variable: string };
  /** For an encrypted key. */
  readonly passphrase?: string;
};

/**
 * Makes a platform's Ed25519 key and writes it, encrypted, into a new file that its owner alone can read.
 * @throws SolventError `identity-exists`, `passphrase-too-short`, `disk-full`, `file-unwritable`; nothing is left of a
 * file that was not written whole.
 */
export async function createIdentity(options: {
  readonly path: string;
  readonly passphrase: string;
}): Promise<SigningKey> {
  const { path, passphrase } = options;
  requirePath(path, 'a new key');
  if (passphrase.length < MIN_PASSPHRASE_CHARACTERS) {
    throw refuseIdentity('passphrase-too-short', {
      expected: `a passphrase of at least ${MIN_PASSPHRASE_CHARACTERS} characters`,
      found: 'a shorter one',
    });
  }
  const { privateKey } = generateKeyPairSync('ed25519');
  await nameDiskErrors(path, async () => {
    await makeDirectory(dirname(path));
    await writeNewFile(path, encryptPrivateKey(privateKey, passphrase));
  });
  return signingKeyOf(privateKey);
}

/**
 * Loads a platform's key from a file, or from the text that a vault gives.
 * @throws SolventError `identity-missing`, `identity-permissions`, `identity-malformed`, `passphrase-missing`,
 * `passphrase-wrong`, `file-unreadable`.
 */
export async function loadIdentity(source: IdentitySource): Promise<SigningKey> {
  const { text, name } = await readSource(source);
  const isEncrypted = text.includes(ENCRYPTED);
  if (isEncrypted && !isEncryptedPem(text)) throw malformed(name, 'a damaged one');
  if (isEncrypted && (source.passphrase === undefined || source.passphrase === '')) {
    throw refuseIdentity('passphrase-missing', {
      expected: `the passphrase of ${name}`,
      found: 'none',
    });
  }
  return signingKeyOf(decryptKey(text, { name, isEncrypted, passphrase: source.passphrase }));
}

async function readSource({ path, text }: IdentitySource): Promise<{ text: string; name: string }> {
  if (text !== undefined) {
    const name = `the variable ${text.variable}`;
    if (text.value !== undefined && text.value !== '') return { text: text.value, name };
    throw missing(name);
  }
  if (path === undefined) throw missing('a signing key');
  const bytes = await readIfExists(path);
  if (bytes === undefined) throw missing(path);
  await assertOwnerOnly(path);
  return { text: Buffer.from(bytes).toString('utf8'), name: path };
}

function decryptKey(
  text: string,
  { name, isEncrypted, passphrase }: { name: string; isEncrypted: boolean; passphrase: string | undefined },
): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey({
      key: text,
      format: 'pem',
      ...(isEncrypted ? { passphrase: passphrase! } : {}),
    });
  } catch {
    // The cause is left out: it may quote what it could not read.
    if (!isEncrypted) throw malformed(name, 'no private key in PEM');
    // Another passphrase and a damaged ciphertext look alike: one passphrase in 256 even leaves a padding that fits.
    throw refuseIdentity('passphrase-wrong', {
      expected: `the passphrase of ${name}`,
      found: 'another one, or a damaged key',
    });
  }
  if (key.asymmetricKeyType !== 'ed25519') throw malformed(name, 'a key of another kind');
  return key;
}

function signingKeyOf(privateKey: KeyObject): SigningKey {
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
  return {
    publicKey: Buffer.from(x!, 'base64url').toString('hex'),
    sign: (message) => sign(null, message, privateKey),
  };
}

async function assertOwnerOnly(path: string): Promise<void> {
  // Windows has no such bits.
  if (process.platform === 'win32') return;
  const mode = (await stat(path)).mode & 0o777;
  if ((mode & OTHERS) === 0) return;
  throw refuseIdentity('identity-permissions', {
    expected: `${path} to be open to its owner alone`,
    found: `the mode ${mode.toString(8)}`,
    advice: `run chmod 600 ${path}, and consider the key known where others can log in`,
  });
}

async function writeNewFile(path: string, text: string): Promise<void> {
  if (await createFileAtomically(path, text, { mode: OWNER_ONLY })) return;
  throw refuseIdentity('identity-exists', {
    expected: 'the path of a new file',
    found: path,
  });
}

function missing(name: string): SolventError<IdentityCode> {
  return refuseIdentity('identity-missing', {
    expected: `a private key in ${name}`,
    found: 'none',
  });
}

function malformed(name: string, found: string): SolventError<IdentityCode> {
  return refuseIdentity('identity-malformed', {
    expected: `an Ed25519 private key (PKCS#8, PEM) in ${name}`,
    found,
  });
}
