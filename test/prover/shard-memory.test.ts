import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { expect, it } from 'vitest';

import { inTemporaryDirectory } from './temporary-directory.js';

const ACCOUNTS = 200_000;
/** An array of the accounts alone takes several times as much. */
const HEAP_MB = 48;
const RESIDENT_MB = 350;

it('cuts 200,000 accounts into batches in a heap that could not hold them', async () => {
  await inTemporaryDirectory(async (directory) => {
    const batches = join(directory, 'batches');
    const script = join(import.meta.dirname, 'shard-many.mjs');
    const { stdout } = await promisify(execFile)(process.execPath, [
      `--max-old-space-size=${HEAP_MB}`,
      script,
      String(ACCOUNTS),
      batches,
    ]);
    expect(Number(stdout) / 1024).toBeLessThan(RESIDENT_MB);
    const plan = JSON.parse(await readFile(join(batches, 'plan.json'), 'utf8')) as {
      circuits: { accounts: number }[];
    };
    expect(plan.circuits.reduce((sum, { accounts }) => sum + accounts, 0)).toBe(ACCOUNTS);
  });
});
