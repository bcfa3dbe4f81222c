import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  encodeJsonLine,
  encodeRotation,
  formatManifestHash,
  hashTrust,
  parseTrust,
  TRUST_FORMAT,
  type Trust,
} from '../../src/protocol/index.js';
import { exportTrust, rotateIdentity } from '../../src/identity/index.js';
import { runCommand } from '../../src/verifier/command/program.js';
import { inventChain, inventManifest, makeSigningKey } from './manifests.js';

const [first, second] = [makeSigningKey(), makeSigningKey()];
const chain = inventChain([first, first, second]);
const rotation = rotateIdentity({
  platform: 'Example Exchange',
  oldKey: first,
  newKey: second,
  lastManifestHash: formatManifestHash(chain[1]!.manifest),
  at: '2026-03-01T00:00:00Z',
});
const keys = { profile: 'test', circuits: inventManifest({}).circuits };
const platform = 'Example Exchange';
const older = exportTrust(keys, { ...first, platform });
const present = exportTrust(keys, { ...second, platform });
let directory = '';
const at = (...names: string[]) => join(directory, ...names);

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'solvent-verify-'));
  for (const [index, { manifest, signature }] of chain.entries()) {
    await mkdir(at('published', String(index)), { recursive: true });
    await writeFile(at('published', String(index), 'manifest.json'), encodeJsonLine(manifest));
    await writeFile(at('published', String(index), 'manifest.sig.json'), encodeJsonLine(signature));
  }
  await writeFile(at('published', 'rotation-2026-06.json'), encodeRotation(rotation));
  await writeFile(at('older.json'), encodeJsonLine(older));
  await writeFile(at('trust.json'), encodeJsonLine(present));
});

afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

async function run(...args: string[]): Promise<{ exitCode: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const exitCode = await runCommand(args, {
    write: (text) => (out += text),
    writeError: (text) => (err += text),
    readLine: () => Promise.resolve(''),
  });
  return { exitCode, out, err };
}
const verify = (...more: string[]) => run('history', 'verify', at('published'), ...more);
const manifests = chain.map(({ manifest }) => ({
  takenAt: manifest.takenAt,
  manifestHash: formatManifestHash(manifest),
}));

describe('solvent-verify history verify', () => {
  it('prints for programs whether the chain is valid, its manifests in order and the number of rotations', async () => {
    const { exitCode, out, err } = await verify('--trust', at('trust.json'), '--json');
    expect([exitCode, err]).toEqual([0, '']);
    expect(JSON.parse(out)).toEqual({ valid: true, code: 'valid', manifests, rotations: 1 });
  });

  it('says for people what was compared and what was not', async () => {
    const { exitCode, out } = await verify('--trust', at('trust.json'));
    expect(exitCode).toBe(0);
    expect(out).toMatch(
      /^VALID {2}valid\n\nPlatform {7}Example Exchange\nHistory {8}3 snapshots without a gap, 1 change of/,
    );
    expect(out).toContain('Last manifest  NOT compared');
    const last = manifests[2]!.manifestHash;
    expect((await verify('--trust', at('trust.json'), '--manifest-hash', last)).out).toContain(
      'is the one that you brought',
    );
  });

  it('is unverifiable without a trust file: nothing says whose manifests they are', async () => {
    const { exitCode, out } = await verify('--json');
    expect(exitCode).toBe(3);
    expect(JSON.parse(out)).toEqual({ valid: false, code: 'trust-missing', manifests, rotations: 1 });
    expect((await verify()).out).toMatch(/^UNVERIFIABLE {2}trust-missing\n[^]*--trust/);
  });

  it.each([
    ['an older trust file', () => ['--trust', at('older.json')], 1, 'history-end-differs', /trust rotate/],
    [
      'another last manifest',
      () => ['--trust', at('trust.json'), '--manifest-hash', '12'.repeat(32)],
      1,
      'history-end-differs',
      /last manifest/,
    ],
    [
      'another trust file than was announced',
      () => ['--trust', at('trust.json'), '--trust-hash', hashTrust(older)],
      3,
      'trust-hash-differs',
      /expected the trust file/,
    ],
    ['no trust file in its place', () => ['--trust', at('none.json')], 2, 'file-unreadable', /no such file/],
  ])('is refused with %s', async (_, flags, exitCode, code, words) => {
    const text = await verify(...flags());
    expect([text.exitCode, text.out]).toEqual([exitCode, '']);
    expect(text.err).toMatch(new RegExp(`^error: .*\ncode: ${code}\n$`));
    expect(text.err).toMatch(words);
    const json = await verify(...flags(), '--json');
    expect(json.exitCode).toBe(exitCode);
    expect(JSON.parse(json.out)).toMatchObject({ format: 'solvent/error/v1', valid: false, code });
  });

  it('ends with 2 where the directory is a file, or none', async () => {
    for (const path of [at('trust.json'), at('nowhere')]) {
      const { exitCode, err } = await run('history', 'verify', path, '--trust', at('trust.json'));
      expect([exitCode, err.split('\n')[1]]).toEqual([2, 'code: file-unreadable']);
      expect(err).toMatch(/a directory of bundles/);
      expect(err).not.toMatch(/ENO/);
    }
  });
});

describe('solvent-verify trust', () => {
  it('shows a trust file with its hash, and compares it with one from elsewhere', async () => {
    const shown = await run('trust', 'show', at('trust.json'), '--trust-hash', hashTrust(present));
    expect(shown.exitCode).toBe(0);
    expect(shown.out.split('\n')[0]).toBe(`trust file    ${hashTrust(present)}`);
    const json = await run('trust', 'show', at('trust.json'), '--json');
    expect(JSON.parse(json.out)).toMatchObject({
      trustHash: hashTrust(present),
      signingKey: second.publicKey,
    });
    const other = await run('trust', 'show', at('trust.json'), '--trust-hash', hashTrust(older));
    expect([other.exitCode, other.out]).toEqual([3, '']);
  });

  it('carries an older trust file to the present key', async () => {
    const args = ['trust', 'rotate', at('older.json'), at('published', 'rotation-2026-06.json')];
    const { exitCode, out } = await run(...args, '--out', at('new.json'), '--json');
    expect(exitCode).toBe(0);
    const made: Trust = parseTrust(await readFile(at('new.json')));
    expect(made).toEqual({ ...present, format: TRUST_FORMAT });
    expect(JSON.parse(out)).toMatchObject({ path: at('new.json'), trustHash: hashTrust(made) });
  });

  it('is not carried by an entry that the pinned key did not sign', async () => {
    const args = ['trust', 'rotate', at('trust.json'), at('published', 'rotation-2026-06.json')];
    const { exitCode, err } = await run(...args, '--out', at('never.json'));
    expect(exitCode).toBe(1);
    expect(err).toMatch(/\ncode: rotation-unplaced\n$/);
    await expect(readFile(at('never.json'))).rejects.toThrow();
  });
});
