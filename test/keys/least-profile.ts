import { cp } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { compileProfile } from '../../src/keys/index.js';
import { cacheDirectory as sharedCache } from '../../src/system/index.js';
import { NET_BITS, type Profile } from '../../src/protocol/index.js';

/** A profile of circuits as small as there can be: two rows of one slot each, of some two thousand constraints. */
export const LEAST: Profile = {
  name: 'least',
  layouts: [
    { kind: 'spot', indexBits: 1, rows: 2, slots: 1, netBits: 0, groupRows: 2 },
    { kind: 'margin', indexBits: 1, rows: 2, slots: 1, netBits: NET_BITS, groupRows: 2 },
  ],
};

/** Powers of tau for 2^10 rows hold both. */
export const LEAST_POWER = 10;

/** A new cache that has the compiled circuits of `LEAST`, which take seconds each, and no keys. */
export async function makeLeastCache(cacheDirectory: string): Promise<void> {
  for (const { r1csPath } of await compileProfile(LEAST, { cacheDirectory: sharedCache() })) {
    const entry = dirname(r1csPath);
    await cp(entry, join(cacheDirectory, 'circuits', basename(entry)), { recursive: true });
  }
}
