import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, watch } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { acquireLock, cacheDirectory } from '../../../src/system/index.js';
import { SolventError } from '../../../src/protocol/index.js';

type Snarkjs = {
  readonly curves: { getCurveFromName(name: 'bn128'): Promise<Curve> };
  readonly powersOfTau: {
    newAccumulator(curve: Curve, power: number, path: string): Promise<unknown>;
    contribute(before: string, after: string, name: string, entropy: string): Promise<unknown>;
    preparePhase2(before: string, after: string): Promise<unknown>;
  };
};

type Curve = { terminate(): Promise<void> };

const DIRECTORY = join(cacheDirectory(), 'test-powers-of-tau');

/**
 * Powers of tau for tests, made by snarkjs itself and kept in the cache: over a minute for 2^12 where there are none.
 * @returns the path of the prepared file, and of the same file before it was prepared.
 */
export async function cachePowersOfTau(power: number): Promise<{ prepared: string; unprepared: string }> {
  const directory = join(DIRECTORY, `2^${power}-v1`);
  if (!existsSync(directory)) {
    await oneAtATime(DIRECTORY, async () => {
      if (!existsSync(directory)) await makePowersOfTau(power, directory);
    });
  }
  return { prepared: join(directory, 'prepared.ptau'), unprepared: join(directory, 'unprepared.ptau') };
}

async function makePowersOfTau(power: number, directory: string): Promise<void> {
  const work = await mkdtemp(`${directory}.tmp-`);
  const at = (name: string) => join(work, name);
  const snarkjs = createRequire(import.meta.url)('snarkjs') as Snarkjs;
  const curve = await snarkjs.curves.getCurveFromName('bn128');
  try {
    await snarkjs.powersOfTau.newAccumulator(curve, power, at('new.ptau'));
    await snarkjs.powersOfTau.contribute(at('new.ptau'), at('unprepared.ptau'), 'a test', 'of the tests');
    await snarkjs.powersOfTau.preparePhase2(at('unprepared.ptau'), at('prepared.ptau'));
    await rm(at('new.ptau'));
    await rename(work, directory);
  } finally {
    await (await snarkjs.curves.getCurveFromName('bn128')).terminate();
  }
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
