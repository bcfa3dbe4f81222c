import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createIdentity, ensureSigningKey, loadIdentity, loadSigningKey } from '../../src/identity/index.js';
import {
  checkPowersOfTau,
  contribute,
  finishCeremony,
  initCeremony,
  listKeys,
  loadKeys,
  makeDevelopmentKeys,
} from '../../src/keys/index.js';
import { deriveCeremony as verifyCeremony } from '../../src/keys/ceremony/verify.js';
import { parseTrust, PROFILES, SolventError } from '../../src/protocol/index.js';
import { makeAllInclusions, makeInclusion, makeInclusionArchive } from '../../src/prover/index.js';
import { publishSite } from '../../src/site/index.js';
import {
  createSnapshot,
  createSnapshotFromBooks,
  inspectSnapshot,
  loadSnapshot,
} from '../../src/snapshot/index.js';
import { projectRoot } from '../../src/system/index.js';
import { verifyHistory } from '../../src/verifier/index.js';
import {
  loadHistory,
  loadPublished,
  openBundle,
  openManifest,
  readFileBounded,
} from '../../src/verifier/node/index.js';
import { solvent, solventVerify } from './commands.js';

const root = mkdtempSync(join(tmpdir(), 'solvent-places-'));
const at = (...names: string[]) => join(root, ...names);
const out = () => at('out', String(Math.floor(performance.now() * 1000)));
const profile = PROFILES.get('tiny')!;
const cacheDirectory = at('cache');
const powersOfTau = { allowUntrustedPowersOfTau: true, cacheDirectory };
const heading = { platform: 'x', takenAt: '2026-03-31T00:00:00Z', quote: 'USD', underwater: 'fail' } as const;
const books = { configPath: at('books', 'snapshot.yaml'), takenAt: '2026-03-31T00:00:00Z' };

beforeAll(() => {
  mkdirSync(at('empty'));
  mkdirSync(at('out'));
  writeFileSync(at('file'), 'no format of ours\n', { mode: 0o600 });
  writeFileSync(at('assets.csv'), 'symbol,decimals,price,collateral_ratio\nBTC,8,64000,0.9\n');
  expect(solvent('init', at('books')).exitCode).toBe(0);
  const args = ['--config', books.configPath, '--at', books.takenAt, '--out', at('snapshot'), '--quiet'];
  expect(solvent('snapshot', ...args).exitCode).toBe(0);
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

/** What reads at a path, each with a path where something else is. */
const READERS: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  loadSnapshot,
  inspectSnapshot: (path) => inspectSnapshot(path),
  'createSnapshot, balances': (path) =>
    createSnapshot({ ...heading, balancesPath: path, assetsPath: at('assets.csv'), outDirectory: out() }),
  'createSnapshot, assets': (path) =>
    createSnapshot({ ...heading, balancesPath: at('assets.csv'), assetsPath: path, outDirectory: out() }),
  'createSnapshotFromBooks, configuration': (path) =>
    createSnapshotFromBooks({ ...books, configPath: path, outDirectory: out() }),
  'createSnapshotFromBooks, accepted breaks': (path) =>
    createSnapshotFromBooks({ ...books, acceptedBreaksPath: path, outDirectory: out() }),
  loadKeys,
  listKeys: (path) => listKeys(path),
  checkPowersOfTau: (path) => checkPowersOfTau(path, { power: 13 }),
  'initCeremony, powers of tau': (path) =>
    initCeremony({ profile, powersOfTauPath: path, ...powersOfTau, directory: out(), beacon: 'x' }),
  contribute: (path) => contribute({ directory: path, cacheDirectory, contributor: 'x' }),
  verifyCeremony: (path) => verifyCeremony({ directory: path, cacheDirectory, powersOfTauPath: path }),
  finishCeremony: (path) => finishCeremony({ directory: path, powersOfTauPath: path, keysDirectory: out() }),
  loadIdentity: (path) => loadIdentity({ path }),
  loadSigningKey,
  makeInclusion: (path) => makeInclusion(path, 'ann@example.org'),
  makeAllInclusions: (path) => makeAllInclusions(path, out()),
  makeInclusionArchive: (path) => makeInclusionArchive(path, out()),
  publishSite: (path) => publishSite({ run: path }, out()),
  openBundle,
  openManifest,
  'loadHistory, verifyHistory': async (path) => verifyHistory(await loadHistory(path)),
  loadPublished: (path) => loadPublished(path, parseTrust),
};

/** What writes at a path, each where that cannot be. */
const WRITERS: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  createSnapshot: (path) =>
    createSnapshot({
      ...heading,
      balancesPath: at('assets.csv'),
      assetsPath: at('assets.csv'),
      outDirectory: path,
    }),
  createSnapshotFromBooks: (path) => createSnapshotFromBooks({ ...books, outDirectory: path }),
  'createSnapshotFromBooks, findings': (path) =>
    createSnapshotFromBooks({ ...books, outDirectory: out(), findingsDirectory: path }),
  'makeDevelopmentKeys, keys': (path) =>
    makeDevelopmentKeys({ profile, keysDirectory: path, cacheDirectory, workers: 1 }),
  'makeDevelopmentKeys, cache': (path) =>
    makeDevelopmentKeys({ profile, keysDirectory: out(), cacheDirectory: path, workers: 1 }),
  createIdentity: (path) => createIdentity({ path, passphrase: 'correct horse battery staple' }),
  ensureSigningKey,
};

async function refusalOf(run: () => Promise<unknown>): Promise<SolventError> {
  const error: unknown = await run().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SolventError);
  return error as SolventError;
}

const SYSTEM_WORDS = /\bE[A-Z]{3,}\b|ERR_|undefined|TypeError|\[object/;

describe('a path that leads to something else', () => {
  describe.each(Object.keys(READERS))('is answered in words where it is read: %s', (name) => {
    it.each(['nowhere', 'file', join('file', 'below'), 'empty'])('%s', async (index) => {
      const { message, errorClass } = await refusalOf(() => READERS[name]!(at(index)));
      expect(message).not.toMatch(SYSTEM_WORDS);
      expect(['usage', 'format', 'source', 'artefact', 'verification']).toContain(errorClass);
    });

    it('none at all', async () => {
      const given = undefined as unknown as string;
      if (name.endsWith('accepted breaks')) return;
      const { message, errorClass } = await refusalOf(() => READERS[name]!(given));
      expect(message).not.toMatch(SYSTEM_WORDS);
      expect(errorClass).toBe('usage');
    });
  });

  describe.each(Object.keys(WRITERS))('is answered in words where it is written: %s', (name) => {
    it.each([join('file', 'below'), join('file', 'below', 'deeper')])('%s', async (index) => {
      const { message, code } = await refusalOf(() => WRITERS[name]!(at(index)));
      expect(message).not.toMatch(SYSTEM_WORDS);
      expect(code).toBe('file-unwritable');
    });
  });
});

describe('a command with another directory than it takes', () => {
  it.each([
    [
      'no snapshot',
      ['prove', at('nowhere'), '--keys', at('keys'), '--out', at('run')],
      'snapshot-missing',
      /got nothing there: run solvent snapshot/,
    ],
    [
      'books for a snapshot',
      ['snapshot', 'inspect', at('books')],
      'snapshot-missing',
      /got a directory of books/,
    ],
    ['a file for a snapshot', ['snapshot', 'inspect', at('file')], 'snapshot-missing', /got a file: /],
    [
      'a snapshot for keys',
      ['keys', 'list', at('snapshot')],
      'keys-missing',
      /got a snapshot: run solvent setup/,
    ],
    [
      'a snapshot for a run',
      ['inclusion', at('snapshot'), '--all', '--out', at('i')],
      'run-incomplete',
      /got a snapshot/,
    ],
    [
      'a snapshot to publish',
      ['publish', at('snapshot'), '--out', at('site')],
      'bundle-incomplete',
      /a snapshot/,
    ],
    [
      'neither of the two ways to a snapshot',
      ['snapshot', '--at', books.takenAt, '--out', at('new')],
      'flag-missing',
      /expected --config or --balances, got neither/,
    ],
    [
      'a snapshot of other inputs',
      ['snapshot', '--config', books.configPath, '--at', '2026-03-31T00:00:01Z', '--out', at('snapshot')],
      'directory-exists',
      /got a snapshot that was made from other inputs/,
    ],
    ['a directory for a file', ['trust', 'show', at('empty')], 'file-unreadable', /got a directory/],
    [
      'a snapshot for a ceremony',
      ['ceremony', 'contribute', at('snapshot'), '--name', 'x'],
      'ceremony-missing',
      /got a snapshot/,
    ],
  ])('says what is there: %s', (_, args, code, words) => {
    const before = readdirSync(root);
    const { exitCode, output, errors } = solvent(...args);
    expect([exitCode, output]).toEqual([2, '']);
    expect(errors).toMatch(new RegExp(`^code: ${code}$`, 'm'));
    expect(errors).toMatch(words);
    expect(errors).not.toMatch(SYSTEM_WORDS);
    expect(readdirSync(root)).toEqual(before);
  });

  it('says where the bundle is to whom it was given with what is around it', () => {
    const golden = join(projectRoot(), 'conformance/bundles/v2');
    const { exitCode, errors } = solventVerify(
      'bundle',
      join(golden, 'books'),
      '--trust',
      join(golden, 'trust.json'),
    );
    expect(exitCode).toBe(2);
    expect(errors).toContain(`name ${join(golden, 'books', 'bundle')}`);
  });

  it('says what to give to whom it was given a bundle', () => {
    const run = join(projectRoot(), 'conformance/bundles/v2/books');
    const published = solvent('publish', join(run, 'bundle'), '--out', at('site'));
    expect([published.exitCode, published.output]).toEqual([2, '']);
    expect(published.errors).toContain(`got the bundle in it, ${join(run, 'bundle')}: give ${run}\n`);
    const walked = solventVerify('history', 'verify', join(run, 'bundle'));
    expect([walked.exitCode, walked.output]).toEqual([2, '']);
    expect(walked.errors).toContain('got a single bundle at');
  });

  it('reads no more than it was given where that is a file', async () => {
    await expect(readFileBounded(at('file'))).resolves.toHaveLength(18);
  });
});
