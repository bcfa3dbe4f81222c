import { spawnSync } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createIdentity, loadIdentity } from '../../src/identity/index.js';
import { isSignedBy } from '../../src/protocol/index.js';
import { encryptPrivateKey } from '../../src/identity/encrypted-pem.js';

const PASSPHRASE = 'correct horse battery staple';
const MESSAGE = Buffer.from('a message');
const refusal = (code: string) => expect.objectContaining({ code }) as Error;
const onWindows = process.platform === 'win32';

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'solvent-identity-'));
  path = join(directory, 'platform.pem');
});
afterEach(() => rm(directory, { recursive: true }));

describe('an identity', () => {
  it('is made into a file that its owner alone can read, encrypted with scrypt, and signs when it is loaded', async () => {
    const made = await createIdentity({ path, passphrase: PASSPHRASE });
    expect(made.publicKey).toMatch(/^[0-9a-f]{64}$/);
    const text = await readFile(path, 'utf8');
    expect(text).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----\n/);
    // The object identifier of scrypt.
    const der = Buffer.from(text.replace(/-----[^-]+-----/g, ''), 'base64').toString('hex');
    expect(der).toContain('06092b06010401da47040b');
    expect(await readdir(directory)).toEqual(['platform.pem']);
    if (!onWindows) expect((await stat(path)).mode & 0o777).toBe(0o600);

    const loaded = await loadIdentity({ path, passphrase: PASSPHRASE });
    expect(loaded.publicKey).toBe(made.publicKey);
    const signature = Buffer.from(loaded.sign(MESSAGE)).toString('hex');
    expect(isSignedBy(made.publicKey, MESSAGE, signature)).toBe(true);
    expect(isSignedBy(made.publicKey, Buffer.from('another'), signature)).toBe(false);
  });

  it('is a file that other programs read: plain PKCS#8', async (context) => {
    const { publicKey } = await createIdentity({ path, passphrase: PASSPHRASE });
    const openssl = spawnSync(
      'openssl',
      ['pkey', '-in', path, '-passin', `pass:${PASSPHRASE}`, '-pubout', '-outform', 'DER'],
      { encoding: 'buffer' },
    );
    if (openssl.error !== undefined) {
      context.skip('there is no openssl here');
      return;
    }
    expect(openssl.stdout.subarray(-32).toString('hex')).toBe(publicKey);
  });

  it('never replaces one that is there', async () => {
    await createIdentity({ path, passphrase: PASSPHRASE });
    const before = await readFile(path);
    await expect(createIdentity({ path, passphrase: PASSPHRASE })).rejects.toThrow(
      refusal('identity-exists'),
    );
    expect(await readFile(path)).toEqual(before);
    expect(await readdir(directory)).toEqual(['platform.pem']);
  });

  it('is not made with a passphrase that would be guessed, or where it cannot be written', async () => {
    await expect(createIdentity({ path, passphrase: 'x'.repeat(15) })).rejects.toThrow(
      refusal('passphrase-too-short'),
    );
    await writeFile(join(directory, 'file'), '');
    await expect(
      createIdentity({ path: join(directory, 'file', 'key'), passphrase: PASSPHRASE }),
    ).rejects.toThrow(refusal('file-unwritable'));
    expect(await readdir(directory)).toEqual(['file']);
  });

  it('is not opened without its passphrase, or with another', async () => {
    await createIdentity({ path, passphrase: PASSPHRASE });
    await expect(loadIdentity({ path })).rejects.toThrow(refusal('passphrase-missing'));
    await expect(loadIdentity({ path, passphrase: '' })).rejects.toThrow(refusal('passphrase-missing'));
    const error: unknown = await loadIdentity({ path, passphrase: `${PASSPHRASE}x` }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: 'passphrase-wrong' });
    expect(inspect(error)).not.toContain(PASSPHRASE);
    expect((await loadIdentity({ path, passphrase: PASSPHRASE })).publicKey).toMatch(/^[0-9a-f]{64}$/);
  });

  it.skipIf(onWindows)('is not opened where others can read or write its file', async () => {
    await createIdentity({ path, passphrase: PASSPHRASE });
    for (const mode of [0o644, 0o640, 0o602]) {
      await chmod(path, mode);
      await expect(loadIdentity({ path, passphrase: PASSPHRASE })).rejects.toThrow(
        refusal('identity-permissions'),
      );
    }
    await chmod(path, 0o400);
    expect((await loadIdentity({ path, passphrase: PASSPHRASE })).publicKey).toMatch(/^[0-9a-f]{64}$/);
  });

  it('comes from a variable of the environment as well, where a vault put it, encrypted or not', async () => {
    const { publicKey } = await createIdentity({ path, passphrase: PASSPHRASE });
    const encrypted = await readFile(path, 'utf8');
    const plain = createPrivateKey({ key: encrypted, passphrase: PASSPHRASE })
      .export({ format: 'pem', type: 'pkcs8' })
      .toString();
    const variable = 'SOLVENT_SIGNING_KEY';
    const fromVault = await loadIdentity({ text: { value: plain, variable } });
    expect(fromVault.publicKey).toBe(publicKey);
    const withPassphrase = await loadIdentity({
      text: { value: encrypted, variable },
      passphrase: PASSPHRASE,
    });
    expect(withPassphrase.publicKey).toBe(publicKey);
    for (const value of [undefined, '']) {
      await expect(loadIdentity({ text: { value, variable } })).rejects.toThrow(refusal('identity-missing'));
    }
  });

  it('that is missing, damaged, or of another kind is refused, and its text is never shown', async () => {
    await expect(loadIdentity({ path })).rejects.toThrow(refusal('identity-missing'));
    await expect(loadIdentity({})).rejects.toThrow(refusal('identity-missing'));

    await writeFile(path, 'a secret that is no key', { mode: 0o600 });
    const error: unknown = await loadIdentity({ path }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'identity-malformed' });
    expect(inspect(error)).not.toContain('a secret');
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    await writeFile(path, privateKey.export({ format: 'pem', type: 'pkcs8' }));
    await expect(loadIdentity({ path })).rejects.toThrow(refusal('identity-malformed'));

    await rm(path);
    await createIdentity({ path, passphrase: PASSPHRASE });
    const whole = await readFile(path, 'utf8');
    const lines = whole.split('\n');
    const damaged = {
      'a line left out': lines.toSpliced(1, 1).join('\n'),
      'the end cut off': whole.slice(0, -40),
      'the last line of the key cut off': lines.toSpliced(-3, 1).join('\n'),
      'another character': whole.replace('\nMI', '\n!I'),
      'another tag': whole.replace('\nMI', '\nNI'),
      'nothing between the marks': [lines[0], '', ...lines.slice(-2)].join('\n'),
    };
    for (const [how, text] of Object.entries(damaged)) {
      await writeFile(path, text);
      await expect(loadIdentity({ path, passphrase: PASSPHRASE }), how).rejects.toThrow(
        refusal('identity-malformed'),
      );
    }
  });

  it('that decrypts to something else is answered as another passphrase, which it cannot be told from', async () => {
    // One passphrase in 256 leaves a padding that fits; here the right one does, around bytes that are no key.
    const noKey = { export: () => randomBytes(48) } as unknown as KeyObject;
    await writeFile(path, encryptPrivateKey(noKey, PASSPHRASE), { mode: 0o600 });
    await expect(loadIdentity({ path, passphrase: PASSPHRASE })).rejects.toThrow(refusal('passphrase-wrong'));
  });
});
