import { dirname } from 'node:path';
import { readdir, stat } from 'node:fs/promises';

import { makeDirectory, writeDirectoryAtomically, refuseSystem } from '../../system/index.js';
import { type Profile } from '../../protocol/index.js';
import { compileProfile, type CompiledCircuit } from '../compile/index.js';
import { checkPowersOfTau, requiredPower, type PowersOfTau } from '../powers-of-tau/index.js';
import { currentInstant, type OnCeremonyProgress } from './progress.js';
import { ceremonyKeyPath, makeKeysDirectory, saveTranscript } from './directory.js';
import { assertRoom, copyWhole, nameDiskErrors } from '../disk.js';
import { cacheInitialKey, type InitialKey } from './initial-key.js';
import { readKeyContributions } from './key-contributions.js';

import {
  announcement,
  hashCeremony,
  TRANSCRIPT_FORMAT,
  type Transcript,
  type TranscriptCircuit,
} from '../../protocol/ceremony/index.js';
import { refuseKeys } from '../errors.js';

export type InitialKeysOptions = {
  readonly profile: Profile;
  readonly powersOfTauPath: string;
  /** The caller named the powers of tau as untrusted; they are recorded as such. */
  readonly allowUntrustedPowersOfTau?: boolean;
  readonly cacheDirectory: string;
  readonly onProgress?: OnCeremonyProgress;
};

/** The keys of a profile before any contribution, in the cache. */
export type InitialKeys = {
  readonly powersOfTau: PowersOfTau;
  readonly keys: readonly { readonly circuit: CompiledCircuit; readonly key: InitialKey }[];
};

export type InitCeremonyOptions = InitialKeysOptions & {
  /** New or empty; it is handed on from one contributor to the next. */
  readonly directory: string;
  /** Which public value will close the ceremony: nobody may know it yet. One line. */
  readonly beacon: string;
};

/** A ceremony that waits for contributions. */
export type InitializedCeremony = {
  /** Names the ceremony. */
  readonly ceremonyHash: string;
  readonly transcript: Transcript;
  readonly powersOfTau: PowersOfTau;
};

/**
 * Phase 1 of a profile: compares the powers of tau with the published ones, compiles the circuits, and makes the key of
 * each into the cache. They are where a ceremony begins, and never for proving: anyone can forge with them. Killed at
 * any moment, the same call goes on with the circuit that it was at.
 * @throws SolventError `disk-full`, those of `checkPowersOfTau` and of compiling.
 */
export async function makeInitialKeys(options: InitialKeysOptions): Promise<InitialKeys> {
  const { profile, cacheDirectory, onProgress } = options;
  const powersOfTau = await checkPowersOfTau(options.powersOfTauPath, {
    power: requiredPower(profile),
    allowUntrusted: options.allowUntrustedPowersOfTau ?? false,
    onProgress: ({ doneBytes, totalBytes }) =>
      onProgress?.({ stage: 'reading powers of tau', done: doneBytes, total: totalBytes }),
  });
  const keys: { circuit: CompiledCircuit; key: InitialKey }[] = [];
  for (const circuit of await compileCircuits(profile, { cacheDirectory, onProgress })) {
    const key = await cacheInitialKey(circuit, powersOfTau, {
      cacheDirectory,
      ...(onProgress === undefined ? {} : { onProgress }),
    });
    keys.push({ circuit, key });
  }
  return { powersOfTau, keys };
}

/**
 * Begins a ceremony with the initial keys of a profile, which it makes where they are not cached. The directory is there
 * whole at the end or not at all.
 * @throws SolventError `directory-exists`, `announcement-unfit`, `disk-full`, and what `makeInitialKeys` throws.
 */
export async function initCeremony(options: InitCeremonyOptions): Promise<InitializedCeremony> {
  const { directory, profile } = options;
  const beacon = parseAnnouncement(options.beacon);
  await assertNewDirectory(directory);
  const { powersOfTau, keys } = await makeInitialKeys(options);
  const { source, power, blake2b } = powersOfTau;
  const transcript: Transcript = {
    format: TRANSCRIPT_FORMAT,
    profile: profile.name,
    powersOfTau: { source, power, blake2b },
    beacon,
    beganAt: currentInstant(),
    circuits: await Promise.all(keys.map(describeCircuit)),
    steps: [],
  };
  await writeCeremony(directory, transcript, keys);
  return { ceremonyHash: hashCeremony(transcript), transcript, powersOfTau };
}

function parseAnnouncement(text: string): string {
  const { success } = announcement.safeParse(text);
  if (success && text.trim() !== '') return text;
  throw refuseKeys('announcement-unfit', {
    expected:
      'one line of 1 to 200 characters that names a public value of the future, like "drand quicknet, round 25000000"',
    found: 'another text',
  });
}

/** Before hours are spent, and not after. */
async function assertNewDirectory(directory: string): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  if (names.length === 0) return;
  throw refuseSystem('directory-exists', {
    expected: 'a new or empty directory',
    found: `${directory} with ${names.length} entries in it`,
    advice: 'name another',
  });
}

/** Compiles the circuits of a profile and counts them as they are done. */
export async function compileCircuits(
  profile: Profile,
  options: { readonly cacheDirectory: string; readonly onProgress: OnCeremonyProgress | undefined },
): Promise<readonly CompiledCircuit[]> {
  const total = profile.layouts.length;
  let done = 0;
  return compileProfile(profile, {
    cacheDirectory: options.cacheDirectory,
    onProgress: ({ name, stage }) => {
      if (stage !== 'compiling') done += 1;
      options.onProgress?.({ stage: 'compiling', circuit: name, done, total });
    },
  });
}

async function describeCircuit({
  circuit,
  key,
}: {
  circuit: CompiledCircuit;
  key: InitialKey;
}): Promise<TranscriptCircuit> {
  const { circuitHash } = await readKeyContributions(key.zkeyPath);
  return {
    name: circuit.name,
    parameters: circuit.parameters,
    tag: circuit.tag.toString(),
    r1csSha256: circuit.r1csSha256,
    circuitHash,
    initialSha256: key.sha256,
  };
}

async function writeCeremony(
  directory: string,
  transcript: Transcript,
  made: readonly { readonly circuit: CompiledCircuit; readonly key: InitialKey }[],
): Promise<void> {
  const sizes = await Promise.all(made.map(async ({ key }) => (await stat(key.zkeyPath)).size));
  await nameDiskErrors(directory, () => makeDirectory(dirname(directory)));
  await assertRoom(
    dirname(directory),
    sizes.reduce((sum, size) => sum + size, 0),
  );
  const fill = async (temporary: string) => {
    await makeKeysDirectory(temporary);
    for (const { circuit, key } of made) {
      await copyWhole(key.zkeyPath, ceremonyKeyPath(temporary, circuit.name, key.sha256));
    }
    await saveTranscript(temporary, transcript);
  };
  await nameDiskErrors(directory, () => writeDirectoryAtomically(directory, fill));
}
