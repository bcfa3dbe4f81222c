import { spawn } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { expect, it } from 'vitest';

import { generateVenue } from '../../../../scripts/generate/venue/venue.js';
import { solvent } from '../../../integration/commands.js';
import { makeDirectory } from '../../../directory.js';

/** Takes a snapshot in a process of its own, and kills that when it has come to a stage. */
async function killAt(stage: string, configPath: string, outDirectory: string): Promise<void> {
  const script = join(import.meta.dirname, 'snapshot-child.mjs');
  const child = spawn(process.execPath, [script, configPath, outDirectory, stage], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => {
    child.once('exit', (_, signal) => {
      resolve(signal);
    });
  });
  for await (const line of createInterface({ input: child.stdout }))
    if (line === stage) child.kill('SIGKILL');
  expect(await ended).toBe('SIGKILL');
}

async function readSealed(directory: string): Promise<Map<string, string>> {
  const names = (await readdir(directory)).sort();
  return new Map(
    await Promise.all(
      names.map(async (name) => [name, await readFile(join(directory, name), 'hex')] as const),
    ),
  );
}

it('killed at any stage, a snapshot of books leaves nothing at its place, and the next one clears up and succeeds', async () => {
  const books = join(await makeDirectory(), 'books');
  const root = await makeDirectory();
  const out = join(root, 'snapshot');
  const { configPath, takenAt } = await generateVenue({
    users: 30,
    seed: 1,
    directory: books,
    format: 'csv',
  });
  const left: string[] = [];
  for (const stage of ['read', 'reconcile', 'settle', 'write']) {
    await killAt(stage, configPath, out);
    const names = await readdir(root);
    // What the killed one left is hidden, its owner's alone, and all that is there: earlier ones are gone.
    expect(names).toEqual([expect.stringMatching(/^\.tmp-snapshot-[0-9]+-[0-9a-f]{12}$/)]);
    expect((await stat(join(root, names[0]!))).mode & 0o777).toBe(0o700);
    left.push(names[0]!);
  }
  expect(new Set(left).size).toBe(4);

  const command = ['snapshot', '--config', configPath, '--at', takenAt, '--out'];
  const { exitCode, errors } = solvent(...command, out);
  expect([exitCode, errors.includes('error')]).toEqual([0, false]);
  expect(await readdir(root)).toEqual(['snapshot']);

  const other = join(await makeDirectory(), 'never-killed');
  expect(solvent(...command, other).exitCode).toBe(0);
  expect(await readSealed(out)).toEqual(await readSealed(other));
});
