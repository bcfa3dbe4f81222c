import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';

import { cacheDirectory, makeDirectory } from '../../src/system/index.js';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'solvent-make-directory-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));
afterEach(() => {
  vi.unstubAllEnvs();
});

it('makes a directory with those above it, with the mode asked for, and takes one that is there', async () => {
  const path = join(directory, 'a', 'b', 'c');
  await makeDirectory(path, 0o700);
  await makeDirectory(path);
  expect((await stat(path)).mode & 0o777).toBe(0o700);
  expect((await stat(join(directory, 'a'))).mode & 0o777).toBe(0o700);
});

it('refuses what is a file, and what is below one', async () => {
  await writeFile(join(directory, 'file'), '');
  await expect(makeDirectory(join(directory, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(makeDirectory(join(directory, 'file', 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' });
});

it.skipIf(!existsSync('/proc/self'))('comes to an end where nothing can be made', async () => {
  await expect(makeDirectory('/proc/nowhere/at/all')).rejects.toMatchObject({ code: 'ENOENT' });
});

it('makes one path for all who ask for it at once', async () => {
  for (let round = 0; round < 50; round++) {
    const path = join(directory, `round-${round}`, 'a', 'b', 'c');
    await Promise.all(Array.from({ length: 12 }, () => makeDirectory(path)));
    expect((await stat(path)).isDirectory()).toBe(true);
  }
});

it.each(['', 'relative', './relative', '../relative'])(
  'takes the default cache where XDG_CACHE_HOME is %j',
  (given) => {
    vi.stubEnv('SOLVENT_CACHE', '');
    vi.stubEnv('XDG_CACHE_HOME', given);
    expect(cacheDirectory()).toBe(join(homedir(), '.cache', 'solvent'));
    vi.stubEnv('XDG_CACHE_HOME', directory);
    expect(cacheDirectory()).toBe(join(directory, 'solvent'));
  },
);
