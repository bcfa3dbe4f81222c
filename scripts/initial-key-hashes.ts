/**
 * Makes the keys of a profile before anyone contributes and writes their hashes to `conformance/initial-keys.json`: over the
 * development powers of tau, which are the same everywhere, or over the published file that is named, by snarkjs, which takes an
 * hour for `standard`. Entries of other powers or profiles stay as they are.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { compileProfile, makeInitialKeys, requiredPower } from '../src/keys/index.js';
import { hashPtau } from '../src/keys/powers-of-tau/powers-of-tau.js';
import { readKeyContributions } from '../src/keys/ceremony/key-contributions.js';
import { PROFILES, type Profile } from '../src/protocol/index.js';
import { cacheDirectory, projectRoot, writeFileAtomically } from '../src/system/index.js';
import {
  hashDevelopmentKeys,
  INITIAL_KEYS_PATH,
  type PublishedInitialKeys,
} from './ceremony/development-initial-key.js';
import { cacheDevelopmentPowers } from './ceremony/development-powers.js';
import { describeScript, parseOneOf } from './command-line.js';

const flags = describeScript('npm run generate:initial-keys --', {
  does: 'Make the initial keys of a profile, and write their hashes to conformance/initial-keys.json.',
  examples: ['--profile tiny', '--profile standard --ptau powersOfTau28_hez_final_18.ptau'],
})
  .requiredOption('--profile <name>', 'the profile', parseOneOf([...PROFILES.keys()]))
  .option('--ptau <file>', 'a published file of powers of tau; without it the development powers')
  .parse()
  .opts<{ readonly profile: string; readonly ptau?: string }>();

const profile = PROFILES.get(flags.profile)!;
const made =
  flags.ptau === undefined ? await makeForDevelopment(profile) : await makePublished(profile, flags.ptau);
const path = join(projectRoot(), INITIAL_KEYS_PATH);
const known = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as PublishedInitialKeys[]) : [];
const others = known.filter(
  (entry) => entry.profile !== made.profile || entry.powersOfTau.source !== made.powersOfTau.source,
);
await writeFileAtomically(path, `${JSON.stringify([...others, made], null, 2)}\n`);
for (const { name, initialSha256 } of made.keys) console.log(`${name}  ${initialSha256}`);

async function makeForDevelopment(entry: Profile): Promise<PublishedInitialKeys> {
  const power = requiredPower(entry);
  const ptauPath = cacheDevelopmentPowers(power);
  const circuits = await compileProfile(entry, { cacheDirectory: cacheDirectory() });
  return {
    powersOfTau: { source: 'development', power, blake2b: await hashPtau(ptauPath) },
    profile: entry.name,
    keys: await hashDevelopmentKeys(circuits, ptauPath),
  };
}

async function makePublished(entry: Profile, powersOfTauPath: string): Promise<PublishedInitialKeys> {
  const { powersOfTau, keys } = await makeInitialKeys({
    profile: entry,
    powersOfTauPath,
    cacheDirectory: cacheDirectory(),
  });
  const { source, power, blake2b } = powersOfTau;
  return {
    powersOfTau: { source, power, blake2b },
    profile: entry.name,
    keys: await Promise.all(
      keys.map(async ({ circuit: { name, r1csSha256 }, key }) => {
        const { circuitHash } = await readKeyContributions(key.zkeyPath);
        return { name, r1csSha256, circuitHash, initialSha256: key.sha256 };
      }),
    ),
  };
}
