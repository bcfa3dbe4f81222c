import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';

import { hashFile } from '../../system/index.js';
import { SolventError } from '../../protocol/index.js';
import { assertRoom, nameDiskErrors, storeFile } from '../disk.js';
import type { KeyStepProgress } from '../snarkjs.js';
import { assertChain } from './chain.js';
import {
  ceremonyKeyPath,
  currentKeyPath,
  loadTranscript,
  makeKeysDirectory,
  openLocalDirectory,
  removeSpentKeys,
  saveTranscript,
} from './directory.js';
import { readKeyContributions } from './key-contributions.js';
import { removePending, resumeStep, savePending } from './pending.js';
import type { CeremonyProgress, OnCeremonyProgress } from './progress.js';
import {
  currentSha256,
  hashLastStep,
  isClosed,
  type Step,
  type StepKey,
  type Transcript,
  type TranscriptCircuit,
} from '../../protocol/ceremony/index.js';
import { refuseKeys, type KeysCode } from '../errors.js';

/** How one step adds to a ceremony. */
export type StepPlan = {
  /** Tells one author's unfinished step from another's. */
  readonly author: string;
  readonly stage: CeremonyProgress['stage'];
  /** Whether the ceremony, as it is, may have this step. */
  readonly assertAllowed: (transcript: Transcript) => void;
  /** The key after the step. */
  readonly makeKey: (
    zkeyPath: string,
    onProgress: (progress: KeyStepProgress) => void,
  ) => Promise<Uint8Array>;
  /** The step, once the keys of all circuits are made. */
  readonly finish: (previous: string, keys: StepKey[]) => Step;
};

export type StepOptions = {
  readonly directory: string;
  readonly cacheDirectory: string;
  /** Drop a step that another author began on this machine and did not finish. */
  readonly discardUnfinished?: boolean;
  readonly onProgress?: OnCeremonyProgress;
};

/**
 * Adds one step to a ceremony. Until the transcript is written the ceremony is what it was. Where a run was killed, or
 * had no room, the same call on the same machine goes on, circuit by circuit.
 */
export async function addStep(plan: StepPlan, options: StepOptions): Promise<Transcript> {
  const { directory, cacheDirectory } = options;
  await loadTranscript(directory);
  const local = await openLocalDirectory(directory, cacheDirectory);
  try {
    const transcript = await loadTranscript(directory);
    assertChain(transcript);
    assertOpen(transcript, directory);
    plan.assertAllowed(transcript);
    const previous = hashLastStep(transcript);
    await nameDiskErrors(directory, () => makeKeysDirectory(directory));
    const done = await resumeStep(
      local.path,
      { directory, previous, author: plan.author },
      { discardUnfinished: options.discardUnfinished ?? false },
    );
    await removeSpentKeys(directory, neededPaths(directory, transcript, done));
    const keys = await makeKeys(plan, { ...options, localDirectory: local.path, transcript, done });
    const step = plan.finish(previous, keys);
    await assertUnchanged(directory, previous);
    const next: Transcript = { ...transcript, steps: [...transcript.steps, step] };
    assertChain(next);
    await saveTranscript(directory, next);
    await removePending(local.path);
    await removeSpentKeys(directory, neededPaths(directory, next, []));
    return next;
  } finally {
    await local.release();
  }
}

type Work = StepOptions & {
  readonly localDirectory: string;
  readonly transcript: Transcript;
  readonly done: readonly StepKey[];
};

async function makeKeys(plan: StepPlan, work: Work): Promise<StepKey[]> {
  const { transcript, localDirectory } = work;
  const previous = hashLastStep(transcript);
  const keys: StepKey[] = [];
  await assertRoomForKeys(work);
  for (const circuit of transcript.circuits) {
    const done = work.done.find((key) => key.circuit === circuit.name);
    keys.push(done ?? (await makeStepKey(plan, circuit, work)));
    // In the order of the circuits, so that what an earlier run did further on is kept as well.
    const later = work.done.filter((key) => keys.every((made) => made.circuit !== key.circuit));
    await savePending(localDirectory, { previous, author: plan.author, keys: [...keys, ...later] });
  }
  return keys;
}

async function makeStepKey(plan: StepPlan, circuit: TranscriptCircuit, work: Work): Promise<StepKey> {
  const { directory, transcript, onProgress } = work;
  const { name, circuitHash } = circuit;
  const path = currentKeyPath(directory, transcript, circuit);
  const beforeSha256 = currentSha256(transcript, name);
  onProgress?.({ stage: 'checking the key', circuit: name, done: 0, total: 1 });
  await assertKey(path, beforeSha256);
  const bytes = await plan
    .makeKey(path, (progress) => onProgress?.({ stage: plan.stage, circuit: name, ...progress }))
    .catch((cause: unknown) => {
      throw unreadableKey(path, cause);
    });
  const afterSha256 = createHash('sha256').update(bytes).digest('hex');
  const after = ceremonyKeyPath(directory, name, afterSha256);
  await storeFile(after, bytes);
  const { contributions } = await readKeyContributions(after);
  const { contributionHash } = contributions.at(-1)!;
  onProgress?.({ stage: plan.stage, circuit: name, part: 'done', done: 1, total: 1 });
  return { circuit: name, circuitHash, beforeSha256, contributionHash, afterSha256 };
}

/**
 * Reads a key through and holds it to the transcript.
 * @throws SolventError `ceremony-key-changed`.
 */
export async function assertKey(path: string, expected: string): Promise<void> {
  // Others hand the directory on: a link in it would lead to a file of this machine.
  const found = await hashFile(path, { followLinks: false }).catch(() => 'no readable file');
  if (found === expected) return;
  throw refuseKeys('ceremony-key-changed', {
    expected: `${path} with the hash ${expected} that the transcript names`,
    found,
    details: { path, expected, found },
  });
}

/** The file is the transcript's, and snarkjs can still not read it: whoever made the last step wrote something else. */
function unreadableKey(path: string, cause: unknown): SolventError<KeysCode> {
  return refuseKeys('ceremony-key-malformed', {
    expected: `a Groth16 key over BN254 in ${path}`,
    found: 'something that snarkjs cannot read',
    details: { path },
    cause,
  });
}

/** All new keys are there beside all old ones until the step is finished. */
async function assertRoomForKeys({ directory, transcript, done }: Work): Promise<void> {
  let neededBytes = 0;
  for (const circuit of transcript.circuits) {
    if (done.some((key) => key.circuit === circuit.name)) continue;
    const path = currentKeyPath(directory, transcript, circuit);
    neededBytes += (await stat(path).catch(() => ({ size: 0 }))).size;
  }
  await assertRoom(directory, neededBytes);
}

function neededPaths(
  directory: string,
  transcript: Transcript,
  pending: readonly StepKey[],
): ReadonlySet<string> {
  return new Set([
    ...transcript.circuits.map((circuit) => currentKeyPath(directory, transcript, circuit)),
    ...pending.map(({ circuit, afterSha256 }) => ceremonyKeyPath(directory, circuit, afterSha256)),
  ]);
}

function assertOpen(transcript: Transcript, directory: string): void {
  if (!isClosed(transcript)) return;
  throw refuseKeys('ceremony-closed', {
    expected: `an open ceremony in ${directory}`,
    found: 'one that its beacon has closed',
    details: { path: directory },
  });
}

/** Two machines may work on one shared directory: the second to finish must not write over the first. */
async function assertUnchanged(directory: string, previous: string): Promise<void> {
  if (hashLastStep(await loadTranscript(directory)) === previous) return;
  throw refuseKeys('transcript-broken', {
    expected: `the transcript in ${directory} as it was when this step was begun`,
    found: 'another',
    advice: 'someone else was faster, run the same command again',
    details: { path: directory },
  });
}
