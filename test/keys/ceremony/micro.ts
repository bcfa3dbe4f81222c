import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { cacheDirectory } from '../../../src/system/index.js';
import type { Profile } from '../../../src/protocol/index.js';
import { initCeremony } from '../../../src/keys/ceremony/index.js';
import { checkPowersOfTau, type PowersOfTau } from '../../../src/keys/powers-of-tau/index.js';
import { cachePowersOfTau } from '../powers-of-tau/cached-powers.js';
import { oneAtATime } from '../powers-of-tau/one-at-a-time.js';

/** The smallest profile that there can be: two circuits, each in 2^12 rows. */
export const MICRO: Profile = {
  name: 'micro',
  batches: [{ kind: 'spot', assets: 2, indexBits: 1, users: 6, slots: 2, netBits: 0, depth: 1, arity: 16 }],
  aggregate: { kind: 'aggregate', assets: 2, children: 2, arity: 16 },
};

export const MICRO_POWER = 12;
export const PROFILES_WITH_MICRO: ReadonlyMap<string, Profile> = new Map([[MICRO.name, MICRO]]);
export const ANNOUNCED_BEACON = 'drand quicknet, round 25000000';
/** The output of a beacon, for tests: nobody announced it. */
export const BEACON_VALUE = '5a16b5cbfd9ba9dc3a4c8d1f0d2b7e916f3d02c1b7a45d8e90ab63cd17fe2840';

export const CACHE = cacheDirectory();

/** A new folder of a test's own. */
export function makeFolder(): string {
  return mkdtempSync(join(tmpdir(), 'solvent-ceremony-'));
}

export async function microPowers(): Promise<PowersOfTau> {
  const { prepared } = await cachePowersOfTau(MICRO_POWER);
  return checkPowersOfTau(prepared, { power: MICRO_POWER, allowUntrusted: true });
}

/** A ceremony of `MICRO` in a new folder, with its initial keys and nothing else. */
export async function beginMicro(folder = makeFolder()): Promise<string> {
  const powers = await microPowers();
  const directory = join(folder, 'ceremony');
  // The first time its keys take half a minute, which no two tests need to spend at once.
  await oneAtATime(join(CACHE, 'test-ceremonies'), () =>
    initCeremony({
      directory,
      profile: MICRO,
      powersOfTauPath: powers.path,
      allowUntrustedPowersOfTau: true,
      beacon: ANNOUNCED_BEACON,
      cacheDirectory: CACHE,
    }),
  );
  return directory;
}
