/**
 * Compiles every circuit of the profiles and writes the hashes of their constraint systems to `conformance/circuits.json`, for
 * everyone to compare with those of a ceremony's transcript. Profiles that are not asked for stay as they are in the file.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { CIRCUIT_HASHES_PATH, hashCircuits, type CircuitHashes } from './circuits.js';
import { cacheDirectory, projectRoot, writeFileAtomically } from '../src/system/index.js';
import { PROFILES } from '../src/protocol/index.js';
import { describeScript, parseOneOf } from './command-line.js';

const { profile } = describeScript('npm run generate:circuits --', {
  does: 'Compile the circuits of the profiles, and write the hashes of their constraints to conformance/circuits.json.',
  examples: ['', '--profile tiny'],
})
  .option('--profile <name>', 'one profile alone', parseOneOf([...PROFILES.keys()]))
  .parse()
  .opts<{ readonly profile?: string }>();

const path = join(projectRoot(), CIRCUIT_HASHES_PATH);
const known = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as CircuitHashes) : { profiles: {} };
const made: Record<string, CircuitHashes['profiles'][string]> = { ...known.profiles };
for (const entry of PROFILES.values()) {
  if (profile !== undefined && entry.name !== profile) continue;
  made[entry.name] = await hashCircuits(entry, cacheDirectory());
  console.log(`${entry.name}: ${made[entry.name]!.map(({ name }) => name).join(', ')}`);
}
const profiles = Object.fromEntries(
  [...PROFILES.keys()].flatMap((name) => (made[name] === undefined ? [] : [[name, made[name]]])),
);
await writeFileAtomically(path, `${JSON.stringify({ profiles }, null, 2)}\n`);
