import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { cacheDirectory } from '../../../src/system/index.js';
import { oneAtATime } from './one-at-a-time.js';

type Snarkjs = {
  readonly curves: { getCurveFromName(name: 'bn128'): Promise<Curve> };
  readonly powersOfTau: {
    newAccumulator(curve: Curve, power: number, path: string): Promise<unknown>;
    contribute(before: string, after: string, name: string, entropy: string): Promise<unknown>;
    preparePhase2(before: string, after: string): Promise<unknown>;
  };
};

type Curve = { terminate(): Promise<void> };

const FOLDER = join(cacheDirectory(), 'test-powers-of-tau');

/**
 * Powers of tau for tests, made by snarkjs itself and kept in the cache: over a minute for 2^12 where there are none.
 * @returns the path of the prepared file, and of the same file before it was prepared.
 */
export async function cachePowersOfTau(power: number): Promise<{ prepared: string; unprepared: string }> {
  const folder = join(FOLDER, `2^${power}-v1`);
  if (!existsSync(folder)) {
    await oneAtATime(FOLDER, async () => {
      if (!existsSync(folder)) await makePowersOfTau(power, folder);
    });
  }
  return { prepared: join(folder, 'prepared.ptau'), unprepared: join(folder, 'unprepared.ptau') };
}

async function makePowersOfTau(power: number, folder: string): Promise<void> {
  const work = await mkdtemp(`${folder}.tmp-`);
  const at = (name: string) => join(work, name);
  const snarkjs = createRequire(import.meta.url)('snarkjs') as Snarkjs;
  const curve = await snarkjs.curves.getCurveFromName('bn128');
  try {
    await snarkjs.powersOfTau.newAccumulator(curve, power, at('new.ptau'));
    await snarkjs.powersOfTau.contribute(at('new.ptau'), at('unprepared.ptau'), 'a test', 'of the tests');
    await snarkjs.powersOfTau.preparePhase2(at('unprepared.ptau'), at('prepared.ptau'));
    await rm(at('new.ptau'));
    await rename(work, folder);
  } finally {
    await (await snarkjs.curves.getCurveFromName('bn128')).terminate();
  }
}
