import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, watch } from 'node:fs/promises';
import { join } from 'node:path';

import { makeDevelopmentPowers } from '../../../scripts/ceremony/development-powers.js';
import { acquireLock, cacheDirectory } from '../../../src/system/index.js';
import { SolventError } from '../../../src/protocol/index.js';

const DIRECTORY = join(cacheDirectory(), 'test-powers-of-tau');

/**
 * Powers of tau for tests, which follow from what everybody knows, in the cache: seconds for 2^12 where there are none.
 * @returns the path of the prepared file, and of the same file before it was prepared.
 */
export async function cachePowersOfTau(power: number): Promise<{ prepared: string; unprepared: string }> {
  const directory = join(DIRECTORY, `2^${power}-v2`);
  if (!existsSync(directory)) {
    await oneAtATime(DIRECTORY, async () => {
      if (!existsSync(directory)) await makePowersOfTau(power, directory);
    });
  }
  return { prepared: join(directory, 'prepared.ptau'), unprepared: join(directory, 'unprepared.ptau') };
}

async function makePowersOfTau(power: number, directory: string): Promise<void> {
  const work = await mkdtemp(`${directory}.tmp-`);
  makeDevelopmentPowers(power, join(work, 'prepared.ptau'));
  makeDevelopmentPowers(power, join(work, 'unprepared.ptau'), { isPrepared: false });
  await rename(work, directory);
}

/** Another process may end without a trace of it in the directory: look again after so long. */
const LOOK_AGAIN_MS = 5_000;

/**
 * Runs what two test processes would otherwise do twice at once: the second waits until the first is done, and then
 * finds what it made.
 */
export async function oneAtATime<T>(directory: string, make: () => Promise<T>): Promise<T> {
  await mkdir(directory, { recursive: true });
  for (;;) {
    const lock = await acquireLock(directory).catch((error: unknown) => {
      if (error instanceof SolventError && error.code === 'directory-in-use') return undefined;
      throw error;
    });
    if (lock === undefined) {
      await waitForChange(directory);
      continue;
    }
    try {
      return await make();
    } finally {
      await lock.release();
    }
  }
}

async function waitForChange(directory: string): Promise<void> {
  try {
    for await (const change of watch(directory, { signal: AbortSignal.timeout(LOOK_AGAIN_MS) })) {
      if (change.eventType === 'rename') return;
    }
  } catch (error) {
    if ((error as Error).name !== 'AbortError') throw error;
  }
}
