import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { cacheDirectory } from '../../../src/system/index.js';
import type { Profile } from '../../../src/protocol/index.js';
import { initCeremony } from '../../../src/keys/ceremony/index.js';
import { checkPowersOfTau, type PowersOfTau } from '../../../src/keys/powers-of-tau/index.js';
import { cachePowersOfTau } from '../powers-of-tau/cached-powers.js';
import { LEAST, LEAST_POWER } from '../least-profile.js';
import { oneAtATime } from '../powers-of-tau/one-at-a-time.js';

export const PROFILES_WITH_LEAST: ReadonlyMap<string, Profile> = new Map([[LEAST.name, LEAST]]);
export const ANNOUNCED_BEACON = 'drand quicknet, round 25000000';
/** The output of a beacon, for tests: nobody announced it. */
export const BEACON_VALUE = '5a16b5cbfd9ba9dc3a4c8d1f0d2b7e916f3d02c1b7a45d8e90ab63cd17fe2840';

export const CACHE = cacheDirectory();

/** A new folder of a test's own. */
export function makeFolder(): string {
  return mkdtempSync(join(tmpdir(), 'solvent-ceremony-'));
}

export async function loadLeastPowers(): Promise<PowersOfTau> {
  const { prepared } = await cachePowersOfTau(LEAST_POWER);
  return checkPowersOfTau(prepared, { power: LEAST_POWER, allowUntrusted: true });
}

/** A ceremony of `LEAST` in a new folder, with its initial keys and nothing else. */
export async function beginLeast(folder = makeFolder()): Promise<string> {
  const powers = await loadLeastPowers();
  const directory = join(folder, 'ceremony');
  // The first time its keys take half a minute, which no two tests need to spend at once.
  await oneAtATime(join(CACHE, 'test-ceremonies'), () =>
    initCeremony({
      directory,
      profile: LEAST,
      powersOfTauPath: powers.path,
      allowUntrustedPowersOfTau: true,
      beacon: ANNOUNCED_BEACON,
      cacheDirectory: CACHE,
    }),
  );
  return directory;
}
