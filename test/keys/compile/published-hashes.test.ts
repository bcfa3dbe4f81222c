import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { CIRCUIT_HASHES_PATH, hashCircuits, type CircuitHashes } from '../../../scripts/circuits.js';
import { deriveCircuitTag, nameOfLayout, PROFILES } from '../../../src/protocol/index.js';
import { countConstraints } from '../../../src/keys/compile/index.js';
import { cacheDirectory, projectRoot } from '../../../src/system/index.js';

const { profiles } = JSON.parse(
  readFileSync(join(projectRoot(), CIRCUIT_HASHES_PATH), 'utf8'),
) as CircuitHashes;
/** Circuits of 2^18 rows take minutes and a gigabyte each. */
const COMPILED = process.env.SOLVENT_TEST_LARGE === undefined ? ['tiny', 'small'] : [...PROFILES.keys()];

describe('the published hashes of circuits', () => {
  it('are of every circuit of every profile, as large as the cost model says', () => {
    expect(Object.keys(profiles)).toEqual([...PROFILES.keys()]);
    for (const { name, layouts } of PROFILES.values()) {
      const stated = layouts.map((layout) => ({
        name: nameOfLayout(layout),
        tag: deriveCircuitTag(layout).toString(),
        constraints: countConstraints(layout),
      }));
      expect(profiles[name]).toMatchObject(stated);
    }
    // The wide row of two profiles is one circuit; no two others have one hash.
    const all = Object.values(profiles).flat();
    const hashes = new Map(all.map(({ tag, r1csSha256 }) => [tag, r1csSha256]));
    expect(new Set(hashes.values()).size).toBe(hashes.size);
    for (const { tag, r1csSha256 } of all) expect(r1csSha256).toBe(hashes.get(tag));
  });

  it.each(COMPILED)('are those that this source compiles to: %s', async (name) => {
    expect(await hashCircuits(PROFILES.get(name)!, cacheDirectory())).toEqual(profiles[name]);
  });
});
