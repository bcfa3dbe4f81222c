import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyFile } from 'node:fs/promises';

import { cacheDirectory, hashFile } from '../../../src/system/index.js';
import type { Profile } from '../../../src/protocol/index.js';
import { initCeremony, loadTranscript, type FinishedCeremony } from '../../../src/keys/ceremony/index.js';
import { checkPowersOfTau, type PowersOfTau } from '../../../src/keys/powers-of-tau/index.js';
import { cachePowersOfTau } from '../powers-of-tau/cached-powers.js';
import { LEAST, LEAST_POWER } from '../least-profile.js';
import { oneAtATime } from '../powers-of-tau/cached-powers.js';
import { ceremonyKeyPath, currentKeyPath, saveTranscript } from '../../../src/keys/ceremony/directory.js';
import { installCeremony } from '../../../src/keys/ceremony/finish.js';
import { deriveCeremony, type DerivationOptions } from '../../../src/keys/ceremony/verify.js';
import { readKeyContributions } from '../../../src/keys/ceremony/key-contributions.js';
import {
  currentSha256,
  hashLastStep,
  type Step,
  type StepKey,
} from '../../../src/protocol/ceremony/index.js';

export const PROFILES_WITH_LEAST: ReadonlyMap<string, Profile> = new Map([[LEAST.name, LEAST]]);
export const ANNOUNCED_BEACON = 'the hash of Bitcoin block 1000000';
/** The output of a beacon, for tests: nobody announced it. */
export const BEACON_VALUE = '5a16b5cbfd9ba9dc3a4c8d1f0d2b7e916f3d02c1b7a45d8e90ab63cd17fe2840';

export const CACHE = cacheDirectory();

/** A new directory of a test's own. */
export function makeDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'solvent-ceremony-'));
}

export async function loadLeastPowers(): Promise<PowersOfTau> {
  const { prepared } = await cachePowersOfTau(LEAST_POWER);
  return checkPowersOfTau(prepared, { power: LEAST_POWER, allowUntrusted: true });
}

/** A ceremony of `LEAST` in a new directory, with its initial keys and nothing else. */
export async function beginLeast(root = makeDirectory(), beacon = ANNOUNCED_BEACON): Promise<string> {
  const powers = await loadLeastPowers();
  const directory = join(root, 'ceremony');
  // The first time its keys take half a minute, which no two tests need to spend at once.
  await oneAtATime(join(CACHE, 'test-ceremonies'), () =>
    initCeremony({
      directory,
      profile: LEAST,
      powersOfTauPath: powers.path,
      allowUntrustedPowersOfTau: true,
      beacon,
      cacheDirectory: CACHE,
    }),
  );
  return directory;
}

/**
 * `finishCeremony` with what the cache holds, which the tests filled themselves: nothing is compiled anew.
 * @throws SolventError as it does.
 */
export async function finishCached(
  options: DerivationOptions & { readonly keysDirectory: string },
): Promise<FinishedCeremony> {
  return installCeremony(await deriveCeremony(options), options);
}

/** Where the newest key of each circuit of a ceremony is. */
export async function currentKeys(directory: string): Promise<{ name: string; path: string }[]> {
  const transcript = await loadTranscript(directory);
  return transcript.circuits.map((circuit) => ({
    name: circuit.name,
    path: currentKeyPath(directory, transcript, circuit),
  }));
}

/**
 * Writes a step into a ceremony by hand, with keys that were made elsewhere: `make` writes the key after the step from
 * the one before. The transcript is then as consistent as an attacker can make it.
 */
export async function writeStep(
  directory: string,
  author: { contributor: string } | { value: string },
  make: (before: string, after: string) => Promise<unknown>,
): Promise<void> {
  const transcript = await loadTranscript(directory);
  const keys: StepKey[] = [];
  for (const circuit of transcript.circuits) {
    const before = currentKeyPath(directory, transcript, circuit);
    const made = `${before}.made`;
    await make(before, made);
    const afterSha256 = await hashFile(made);
    await copyFile(made, ceremonyKeyPath(directory, circuit.name, afterSha256));
    const { contributions } = await readKeyContributions(made).catch(() => ({ contributions: [] }));
    keys.push({
      circuit: circuit.name,
      circuitHash: circuit.circuitHash,
      beforeSha256: currentSha256(transcript, circuit.name),
      contributionHash: contributions.at(-1)?.contributionHash ?? '0'.repeat(128),
      afterSha256,
    });
  }
  const common = { at: transcript.beganAt, previous: hashLastStep(transcript), keys };
  const step: Step =
    'value' in author
      ? { kind: 'beacon', value: author.value, iterationsExponent: 10, drandSignature: null, ...common }
      : { kind: 'contribution', contributor: author.contributor, signature: null, ...common };
  await saveTranscript(directory, { ...transcript, steps: [...transcript.steps, step] });
}
