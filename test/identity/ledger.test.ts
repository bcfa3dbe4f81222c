import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { SigningLedger, type LedgerOptions } from '../../src/identity/index.js';

const [KEY, RUN, OTHER_RUN] = ['aa', 'bb', 'cc'].map((byte) => byte.repeat(32)) as [string, string, string];
const INSTANT = { platform: 'Example Exchange', takenAt: '2026-01-31T00:00:00Z' };
const FIRST = { ...INSTANT, run: RUN, manifestHash: '11'.repeat(32) };
const SECOND = { ...INSTANT, run: OTHER_RUN, manifestHash: '22'.repeat(32) };

/** Below a file, where there is no directory and never will be. */
const NOWHERE = join(import.meta.filename, 'ledger.json');

let directory: string;
let count = 0;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'solvent-ledger-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const newPath = () => join(directory, `${(count += 1)}`, 'exchange.pem.ledger.json');
const open = (path: string, more: Partial<LedgerOptions> = {}) =>
  new SigningLedger({ path, signingKey: KEY, ...more });
const hashesIn = async (path: string) =>
  (JSON.parse(await readFile(path, 'utf8')) as { entries: { manifestHash: string }[] }).entries.map(
    ({ manifestHash }) => manifestHash,
  );

describe('the ledger of a signing key', () => {
  it('keeps what is signed, for its owner alone to read, and leaves nothing beside it', async () => {
    const path = newPath();
    await open(path).assertFree(INSTANT, null);
    await open(path).record(FIRST);
    const later = { ...SECOND, takenAt: '2026-02-28T00:00:00Z' };
    await open(path).record(later);
    const elsewhere = { ...SECOND, platform: 'Other Exchange' };
    await open(path).record(elsewhere);
    expect(await hashesIn(path)).toEqual([FIRST, later, elsewhere].map(({ manifestHash }) => manifestHash));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(path, '..'))).toEqual(['exchange.pem.ledger.json']);
  });

  it('refuses a second manifest for an instant, before the work and after it', async () => {
    const path = newPath();
    await open(path).record(FIRST);
    const refusal = {
      code: 'manifest-signed-already',
      errorClass: 'usage',
      details: { path, takenAt: INSTANT.takenAt, manifestHash: FIRST.manifestHash },
    };
    await expect(open(path).record(SECOND)).rejects.toMatchObject(refusal);
    await expect(open(path).assertFree(INSTANT, null)).rejects.toMatchObject(refusal);
    await expect(open(path).assertFree(INSTANT, OTHER_RUN)).rejects.toMatchObject(refusal);
    expect(await hashesIn(path)).toEqual([FIRST.manifestHash]);
  });

  it('takes the same manifest again, as a run that was killed after its entry brings it', async () => {
    const path = newPath();
    await open(path).record(FIRST);
    await open(path).assertFree(INSTANT, RUN);
    await open(path).record(FIRST);
    expect(await hashesIn(path)).toEqual([FIRST.manifestHash]);
  });

  it('keeps both where the second is meant', async () => {
    const path = newPath();
    await open(path).record(FIRST);
    await open(path, { replace: true }).assertFree(INSTANT, null);
    await open(path, { replace: true }).record(SECOND);
    expect(await hashesIn(path)).toEqual([FIRST.manifestHash, SECOND.manifestHash]);
    await open(path).record(FIRST);
    await expect(open(path).record({ ...SECOND, manifestHash: '33'.repeat(32) })).rejects.toMatchObject({
      code: 'manifest-signed-already',
    });
  });

  it('only tells of what nobody relies on', async () => {
    const path = newPath();
    const told: string[] = [];
    const onRefusal = (message: string) => told.push(message);
    await open(path, { onRefusal }).record(FIRST);
    expect(told).toEqual([]);
    await open(path, { onRefusal }).assertFree(INSTANT, null);
    await open(path, { onRefusal }).record(SECOND);
    expect(told.map((message) => message.includes(FIRST.manifestHash))).toEqual([true, true]);
    expect(await hashesIn(path)).toEqual([FIRST.manifestHash, SECOND.manifestHash]);
    await open(NOWHERE, { onRefusal }).record(FIRST);
    expect(told.at(-1)).toContain('--ledger');
  });

  it('refuses a file that is none, and a place that is none, before any work', async () => {
    const path = newPath();
    await mkdir(join(path, '..'));
    for (const text of ['', '{}\n', '{"entries":[],"format":"solvent/signing-ledger/v2"}\n']) {
      await writeFile(path, text);
      await expect(open(path).assertFree(INSTANT, null)).rejects.toMatchObject({ code: 'ledger-malformed' });
    }
    await rm(path);
    await symlink('/dev/null', path);
    await expect(open(path).assertFree(INSTANT, null)).rejects.toMatchObject({ code: 'ledger-unusable' });
    const nowhere = open(NOWHERE).assertFree(INSTANT, null);
    await expect(nowhere).rejects.toMatchObject({ code: 'ledger-unusable', errorClass: 'usage' });
    await expect(nowhere).rejects.toThrow('--ledger');
  });

  it('takes one of many processes that sign for one instant at once', async () => {
    const path = newPath();
    const module = resolve(import.meta.dirname, '../../dist/src/identity/index.js');
    const script = `
      const [, module, path, byte] = process.argv;
      const { SigningLedger } = await import(module);
      const entry = { ...${JSON.stringify(INSTANT)}, run: byte.repeat(32), manifestHash: byte.repeat(32) };
      await new SigningLedger({ path, signingKey: '${KEY}' }).record(entry);`;
    const codes = await Promise.all(
      ['a1', 'a2', 'a3', 'a4'].map(async (byte) => {
        const args = ['--input-type=module', '-e', script, module, path, byte];
        const [code] = (await once(spawn(process.execPath, args, { stdio: 'ignore' }), 'exit')) as [number];
        return code;
      }),
    );
    expect(codes.sort()).toEqual([0, 1, 1, 1]);
    expect(await hashesIn(path)).toHaveLength(1);
  });
});
