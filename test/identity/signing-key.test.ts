import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { ensureSigningKey, loadSigningKey } from '../../src/identity/signing-key.js';

let directory: string;
let path: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'solvent-signing-'));
  path = join(directory, 'platform-signing-key.pem');
});

afterEach(() => rm(directory, { recursive: true, force: true }));

const message = new TextEncoder().encode('a message');

function publicKeyOf(hex: string) {
  const x = Buffer.from(hex, 'hex').toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

describe('the signing key', () => {
  it('is readable by its owner alone', async () => {
    await ensureSigningKey(directory);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('signs what its public key verifies, and nothing else', async () => {
    const { publicKey, sign } = await ensureSigningKey(directory);
    const signature = sign(message);
    expect(publicKey).toMatch(/^[0-9a-f]{64}$/);
    expect(signature.length).toBe(64);
    expect(verify(null, message, publicKeyOf(publicKey), signature)).toBe(true);
    expect(verify(null, new TextEncoder().encode('another'), publicKeyOf(publicKey), signature)).toBe(false);
  });

  it('is made once, and is the same from then on', async () => {
    const made = await ensureSigningKey(directory);
    expect((await ensureSigningKey(directory)).publicKey).toBe(made.publicKey);
    const loaded = await loadSigningKey(directory);
    expect(loaded.publicKey).toBe(made.publicKey);
    expect(loaded.sign(message)).toEqual(made.sign(message));
  });

  it('shows nothing of its secret when it is printed', async () => {
    expect(Object.keys(await ensureSigningKey(directory)).sort()).toEqual(['publicKey', 'sign']);
  });

  it('is missing from a directory without one', async () => {
    await expect(loadSigningKey(directory)).rejects.toMatchObject({
      code: 'signing-key-missing',
      errorClass: 'usage',
    });
  });

  it('is refused where the file holds something else, without a word of what it holds', async () => {
    const secretText = 'c2VjcmV0LXRleHQ';
    await writeFile(path, `-----BEGIN PRIVATE KEY-----\n${secretText}\n-----END PRIVATE KEY-----\n`);
    const error = await loadSigningKey(directory).catch((caught: unknown) => caught as Error);
    expect(error).toMatchObject({ code: 'signing-key-malformed', errorClass: 'artefact' });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(secretText);
  });

  it('is refused where it is of another kind', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    await writeFile(path, privateKey.export({ format: 'pem', type: 'pkcs8' }));
    await expect(loadSigningKey(directory)).rejects.toMatchObject({ code: 'signing-key-malformed' });
  });
});
