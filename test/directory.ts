import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { onTestFinished } from 'vitest';

/**
 * A new directory that is removed when the test ends that asked for it. It is for within tests: a hook of this module would
 * be one of the first file alone, where many files run in one process.
 */
export async function makeDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'solvent-test-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}
