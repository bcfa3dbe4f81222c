import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
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
import { formatReservesHash, type Reserves } from '../../src/protocol/reserves/index.js';
import { exportTrust, rotateIdentity } from '../../src/identity/index.js';
import { signReserves } from '../../src/reserves/index.js';
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
let root = '';
const at = (...names: string[]) => join(root, ...names);

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'solvent-verify-'));
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
  await rm(root, { recursive: true, force: true });
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
  reservesHash: null,
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

describe('reserves beside the snapshots of a history', () => {
  const keys = [first, first, second];
  /** Reserves of a manifest, over no chain: what they hold is not looked at here. */
  function makeReserves(index: number, previousReservesHash: string | null, change: Partial<Reserves> = {}) {
    const { manifest } = chain[index]!;
    const { platform: name, takenAt, snapshotHash } = manifest;
    const file = (fileName: string) => ({ name: fileName, sizeBytes: 0, sha256: '00'.repeat(32) });
    const reserves: Reserves = {
      ...{ format: 'solvent/reserves/v1', purpose: 'snapshot', platform: name, takenAt, snapshotHash },
      ...{ manifestHash: formatManifestHash(manifest), previousReservesHash },
      ...{ blocks: [], custodians: [], encumbrances: [], totals: [] },
      files: [file('entries.ndjson'), file('evidence.ndjson')],
      ...change,
    };
    return reserves;
  }
  async function position(name: string, all: readonly (Reserves | null)[]): Promise<string> {
    await cp(at('published'), at(name), { recursive: true });
    for (const [index, reserves] of all.entries()) {
      if (reserves === null) continue;
      const directory = at(name, String(index), 'reserves');
      await mkdir(directory);
      await writeFile(join(directory, 'reserves.json'), encodeJsonLine(reserves));
      await writeFile(join(directory, 'reserves.sig.json'), signReserves(reserves, keys[index]!));
    }
    return at(name);
  }
  const walk = async (name: string, all: readonly (Reserves | null)[], ...more: string[]) =>
    run('history', 'verify', await position(name, all), '--trust', at('trust.json'), ...more);
  const zeroth = makeReserves(0, null);
  const hash = formatReservesHash(zeroth);

  it('are shown for each, those that have none too', async () => {
    const last = makeReserves(2, hash);
    const { exitCode, out } = await walk('whole', [zeroth, null, last]);
    expect(exitCode).toBe(0);
    expect(out).toContain('Reserves       of 2 of 3 snapshots');
    expect(out).toMatch(/NONE published\n/);
    const json = await walk(
      'json',
      [zeroth, null, last],
      '--json',
      '--reserves-hash',
      formatReservesHash(last),
    );
    expect(JSON.parse(json.out)).toMatchObject({
      valid: true,
      manifests: [{ reservesHash: hash }, { reservesHash: null }, { reservesHash: formatReservesHash(last) }],
    });
  });

  const middle = makeReserves(1, hash);
  it.each([
    ['of which some are missing', 'gap', [null, middle, null], 'history-reserves-gap'],
    ['that two accounts follow', 'fork', [zeroth, middle, makeReserves(2, hash)], 'history-reserves-forked'],
    ['that begin again', 'again', [zeroth, makeReserves(1, null), null], 'history-reserves-forked'],
    ['of another manifest', 'other', [makeReserves(1, null), null, null], 'history-reserves-of-other'],
    [
      'of another snapshot',
      'snapshot',
      [makeReserves(0, null, { snapshotHash: '11'.repeat(32) }), null, null],
      'history-reserves-of-other',
    ],
    ['signed by a key of later', 'key', [null, null, makeReserves(2, null)], undefined],
  ] as const)('are refused where there are some %s', async (_, name, all, code) => {
    const ended = await walk(name, all, '--json');
    expect([ended.exitCode, (JSON.parse(ended.out) as { code: string }).code]).toEqual(
      code === undefined ? [0, 'valid'] : [1, code],
    );
    if (code !== undefined) return;
    const signed = signReserves(makeReserves(2, null), first);
    await writeFile(at(name, '2', 'reserves', 'reserves.sig.json'), signed);
    const refused = await run('history', 'verify', at(name), '--trust', at('trust.json'), '--json');
    expect([refused.exitCode, refused.out]).toEqual([
      1,
      expect.stringContaining('history-signature-invalid'),
    ]);
  });

  it('are refused where others were shown other ones at the end', async () => {
    const ended = await walk('end', [zeroth, null, null], '--json', '--reserves-hash', '12'.repeat(32));
    expect([ended.exitCode, ended.out]).toEqual([1, expect.stringContaining('history-end-differs')]);
  });
});
