import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { encodeInclusion, type InclusionFile } from '../../src/protocol/index.js';
import { runCommand } from '../../src/verifier/command/program.js';
import { renderDirectoryReport } from '../../src/verifier/command/render-directory.js';
import { createPairing } from '../../src/verifier/index.js';
import { verifyInclusionDirectory, type InclusionDirectoryOptions } from '../../src/verifier/node/index.js';
import { INCLUSION_CASES } from '../../conformance/adversary/all.js';
import { copyHonest, FILES, honest, platform } from '../../conformance/adversary/case.js';
import { publishWithTrapdoor } from '../../conformance/adversary/totals.js';
import { makeInclusion, toSource, type Published } from '../../conformance/adversary/world.js';

// A worker thread runs compiled code only.
const entry = pathToFileURL(resolve(import.meta.dirname, '../../dist/src/verifier/node/file-worker.js'));
const pairing = await createPairing();
let root = '';

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'solvent-directory-'));
});

afterAll(() => rm(root, { recursive: true, force: true }));

async function place(
  name: string,
  files: Readonly<Record<string, InclusionFile | Uint8Array>>,
): Promise<string> {
  const directory = join(root, name);
  await mkdir(directory, { recursive: true });
  for (const [file, content] of Object.entries(files)) {
    await writeFile(
      join(directory, file),
      content instanceof Uint8Array ? content : encodeInclusion(content),
    );
  }
  return directory;
}

const verify = (
  directory: string,
  published: Published = honest,
  more: Partial<InclusionDirectoryOptions> = {},
) =>
  verifyInclusionDirectory(directory, toSource(published), {
    trust: platform.trust,
    pairing,
    allowDevelopmentKeys: true,
    threads: 2,
    entry,
    ...more,
  });

const changed = (of: keyof typeof FILES, change: (file: InclusionFile) => void): InclusionFile => {
  const file = structuredClone(FILES[of]);
  change(file);
  return file;
};

describe('a directory of inclusion files', () => {
  it('is valid where the rows of each file are in the bundle, and says what nobody can check for its users', async () => {
    const seen: number[] = [];
    const report = await verify(
      await place('honest', { 'a.json': FILES.bob, 'b.json': FILES.lea, 'c.json': FILES.dan }),
      honest,
      {
        onProgress: (done) => seen.push(done),
      },
    );
    expect(report).toMatchObject({ valid: true, fileCount: 3, validCount: 3, failed: [] });
    expect(report.bundle).toMatchObject({ code: 'valid', insecure: true });
    expect(seen.at(-1)).toBe(3);
    const text = renderDirectoryReport(report);
    expect(text).toMatch(/^VALID \(INSECURE: development keys\) {2}all 3 inclusion files\n/);
    expect(text).toContain('no id was typed');
  });

  it('names each file that is not valid, with its code and without what stands in it', async () => {
    const report = await verify(
      await place('mixed', {
        'a.json': FILES.bob,
        'b.json': changed('lea', ({ parts }) => {
          parts[0]!.slots[0]!.amount = '100000001';
        }),
        'c.json': changed('dan', ({ groups }) => {
          groups[0]!.blindOpening = '5';
        }),
        'd.txt': new TextEncoder().encode('notes'),
      }),
    );
    expect(report).toMatchObject({ valid: false, fileCount: 4, validCount: 1 });
    expect(report.failed.map(({ file, code }) => [file, code])).toEqual([
      ['b.json', 'opening'],
      ['c.json', 'group-opening'],
      ['d.txt', 'json-not-canonical'],
    ]);
    expect(JSON.stringify(report.failed)).not.toMatch(/@example|100000001/);
    expect(renderDirectoryReport(report)).toMatch(/^INVALID.*3 of 4 inclusion files\nValid: 1 file\./);
  });

  it('refuses what the check of one file refuses, with the same code', async () => {
    // Without the cases about what only a user or the bundle brings.
    const own = INCLUSION_CASES.flatMap(({ name, code, of = 'lea', attack }) => {
      const file = structuredClone(FILES[of]);
      const result = attack(file, honest) ?? {};
      const isOfFile = !['source', 'trust', 'options', 'userId'].some((key) => key in result);
      return isOfFile ? [{ name, code, bytes: result.bytes ?? encodeInclusion(file) }] : [];
    });
    expect(own.length).toBeGreaterThan(50);
    const names = own.map((_, index) => `${String(index).padStart(3, '0')}.json`);
    const files = Object.fromEntries(own.map(({ bytes }, index) => [names[index]!, bytes]));
    const { failed } = await verify(await place('attacks', files));
    const found = new Map(failed.map(({ file, code }) => [file, code]));
    expect(own.map(({ name }, index) => [name, found.get(names[index]!)])).toEqual(
      own.map(({ name, code }) => [name, code]),
    );
  });

  it('adds all files up: together they hold no more than the published totals, whoever made the keys', async () => {
    // 1.5 and 1 BTC, each below a total of 2 that a trapdoor proved.
    const published = publishWithTrapdoor({ asset: 'BTC', equity: '200000000' });
    const fileOf = (name: 'ann' | 'lea') => makeInclusion(published, FILES[name].userId);
    const one = await place('above-one', { 'a.json': fileOf('ann') });
    expect(await verify(one, published)).toMatchObject({ valid: true, exceededAssets: [] });
    const both = await place('above-both', { 'a.json': fileOf('ann'), 'b.json': fileOf('lea') });
    const report = await verify(both, published);
    expect(report).toMatchObject({ valid: false, validCount: 2, failed: [], exceededAssets: ['BTC'] });
    expect(renderDirectoryReport(report)).toMatch(
      /^INVALID \(INSECURE: development keys\) {2}holding-above-total\n/,
    );
  });

  it('refuses what is no regular file, and waits for none', async () => {
    const directory = await place('odd', { 'a.json': FILES.bob });
    const whole = await place('odd-elsewhere', { 'lea.json': FILES.lea });
    await symlink(join(whole, 'lea.json'), join(directory, 'b.json'));
    spawnSync('mkfifo', [join(directory, 'c.json')]);
    await mkdir(join(directory, 'd.json'));
    const { valid, failed } = await verify(directory);
    expect(valid).toBe(false);
    expect(failed.map(({ file, code }) => [file, code])).toEqual([
      ['b.json', 'file-unreadable'],
      ['c.json', 'file-unreadable'],
      ['d.json', 'file-unreadable'],
    ]);
    expect(failed.map(({ evidence }) => /got (.+):/.exec(evidence)![1])).toEqual([
      'a symbolic link',
      'a named pipe',
      'a directory',
    ]);
  });

  it('opens the group of several users once, and still tells a file whose group is another', async () => {
    const report = await verify(
      await place('neighbours', {
        'a.json': FILES.bob,
        'b.json': FILES.eve,
        'c.json': changed('nil', ({ groups }) => {
          groups[0]!.blindOpening = '5';
        }),
        'd.json': FILES.nil,
      }),
      honest,
      { threads: 1 },
    );
    expect(FILES.bob.groups).toEqual(FILES.eve.groups);
    expect(report.failed.map(({ file, code }) => [file, code])).toEqual([['c.json', 'group-opening']]);
  });

  it('refuses two files that have a row in common', async () => {
    const report = await verify(await place('twice', { 'a.json': FILES.bob, 'b.json': FILES.bob }));
    expect(report.failed).toMatchObject([{ file: 'b.json', code: 'row-of-another-file' }]);
    expect(report.valid).toBe(false);
  });

  it('is not valid without a file, and not looked at where the bundle is not valid', async () => {
    const empty = await verify(await place('empty', {}));
    expect(empty).toMatchObject({ valid: false, fileCount: 0 });
    expect(renderDirectoryReport(empty)).toContain('no file');
    const directory = await place('unlooked', { 'a.json': FILES.bob });
    const published = copyHonest();
    published.proofs[0]!.proof = published.proofs[1]!.proof;
    const report = await verify(directory, published);
    expect(report).toMatchObject({
      valid: false,
      validCount: 0,
      failed: [],
      bundle: { code: 'proof' },
    });
    expect(renderDirectoryReport(report)).toContain('No file was looked at.');
  });

  it('ends in an error, and never in a verdict, where a thread fails', async () => {
    const directory = await place('threads', { 'a.json': FILES.bob });
    await expect(verify(directory, honest, { entry: new URL('file:///nowhere.js') })).rejects.toMatchObject({
      code: 'verifier-thread-failed',
    });
    await expect(verify(join(root, 'nowhere'))).rejects.toMatchObject({ code: 'file-unreadable' });
  });
});

describe('solvent-verify inclusion --all', () => {
  const run = async (...args: string[]) => {
    let [out, err] = ['', ''];
    const exitCode = await runCommand(args, {
      write: (text) => (out += text),
      writeError: (text) => (err += text),
      readLine: () => Promise.resolve(''),
    });
    return { exitCode, out, err };
  };

  it.each([
    ['no bundle', ['--all', 'a'], 'bundle-missing'],
    ['a file besides', ['b', '--all', 'a', '--bundle', 'c'], 'flags-conflict'],
    ['a user', ['--all', 'a', '--bundle', 'c', '--user', 'd'], '--user'],
    ['a page of it', ['--all', 'a', '--bundle', 'c', '--html', 'd'], '--html'],
    ['neither a file nor a directory', ['--bundle', 'c'], 'file-missing'],
  ])('ends with 2 for %s', async (_, args, word) => {
    const { exitCode, err } = await run('inclusion', ...args);
    expect(exitCode).toBe(2);
    expect(err).toContain(word);
  });
});
