import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { type CircuitHashes, CIRCUIT_HASHES_PATH } from '../../../scripts/circuits.js';
import {
  hashDevelopmentKeys,
  INITIAL_KEYS_PATH,
  type PublishedInitialKeys,
} from '../../../scripts/ceremony/development-initial-key.js';
import { cacheDevelopmentPowers } from '../../../scripts/ceremony/development-powers.js';
import { compileProfile } from '../../../src/keys/index.js';
import { hashPtau } from '../../../src/keys/powers-of-tau/powers-of-tau.js';
import { nameOfLayout, PROFILES } from '../../../src/protocol/index.js';
import { cacheDirectory, projectRoot } from '../../../src/system/index.js';

const read = (path: string) => JSON.parse(readFileSync(join(projectRoot(), path), 'utf8')) as unknown;
const published = read(INITIAL_KEYS_PATH) as readonly PublishedInitialKeys[];
const circuits = (read(CIRCUIT_HASHES_PATH) as CircuitHashes).profiles;
/** The smallest circuit of tiny takes seconds; all circuits of both take minutes. */
const MADE: readonly (readonly [string, readonly string[]])[] =
  process.env.SOLVENT_TEST_LARGE === undefined
    ? [['tiny', ['margin-64']]]
    : published.map(({ profile, keys }) => [profile, keys.map(({ name }) => name)]);

const developmentOf = (profile: string) =>
  published.find((entry) => entry.profile === profile && entry.powersOfTau.source === 'development')!;

describe('the published hashes of initial keys', () => {
  it('are of the published circuits of tiny and small, over powers of tau that are named as what they are', () => {
    for (const profile of ['tiny', 'small']) expect(developmentOf(profile)).toBeDefined();
    for (const { powersOfTau, profile, keys } of published) {
      expect(['development', 'perpetual-powers-of-tau']).toContain(powersOfTau.source);
      const stated = circuits[profile]!.map(({ name, r1csSha256 }) => ({ name, r1csSha256 }));
      expect(keys.map(({ name, r1csSha256 }) => ({ name, r1csSha256 }))).toEqual(stated);
    }
  });

  it.each(MADE)(
    'are those that the secrets and the powers give, each its own way: %s',
    async (name, names) => {
      const { powersOfTau, keys } = developmentOf(name);
      const ptauPath = cacheDevelopmentPowers(powersOfTau.power);
      expect(await hashPtau(ptauPath)).toBe(powersOfTau.blake2b);
      const profile = PROFILES.get(name)!;
      const layouts = profile.layouts.filter((layout) => names.includes(nameOfLayout(layout)));
      const compiled = await compileProfile({ ...profile, layouts }, { cacheDirectory: cacheDirectory() });
      expect(await hashDevelopmentKeys(compiled, ptauPath)).toEqual(
        keys.filter((key) => names.includes(key.name)),
      );
    },
  );
});
