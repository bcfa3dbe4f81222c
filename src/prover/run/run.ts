import { access, mkdir, readdir } from 'node:fs/promises';

import { requirePath } from '../../protocol/index.js';
import { acquireLock, nameDiskErrors, removeAbandoned } from '../../system/index.js';
import type { RunSecret } from '../../protocol/index.js';
import { ensurePrivateDirectory } from './own-files.js';
import { runPaths, type RunPaths } from './paths.js';
import { findPin, haveSameKeys, makePin, mergeInputs, savePin, type RunInputs, type RunPin } from './pin.js';
import { assertNoSecret, drawSecret, hasSecret, loadSecret, saveSecret } from './secret.js';

/** A run's directory while this process works in it. */
export type Run = {
  readonly paths: RunPaths;
  readonly secret: RunSecret;
  /** What the run is bound to by now. */
  readonly pin: () => RunPin;
  /**
   * Holds the run to its inputs again, of which more may be known now.
   * @throws SolventError `run-inputs-changed`.
   */
  readonly hold: (inputs: RunInputs) => Promise<void>;
  readonly close: () => Promise<void>;
};

/**
 * Opens a run's directory for this process alone, makes it where it is not there, and clears what a killed process
 * left half written.
 * @throws SolventError `directory-in-use`, `run-inputs-changed`, `run-file-malformed`, `run-not-private`,
 * `run-secret-foreign`.
 */
export async function openRun(directory: string, inputs: RunInputs): Promise<Run> {
  const paths = runPaths(requirePath(directory, 'the run'));
  await nameDiskErrors(directory, () => mkdir(directory, { recursive: true }));
  for (const folder of [paths.private, paths.trees, paths.proofs]) await ensurePrivateDirectory(folder);
  const lock = await acquireLock(paths.private);
  try {
    for (const folder of [directory, paths.private, paths.trees, paths.proofs]) {
      await removeAbandoned(folder);
    }
    const opened = await openInputs(paths, inputs);
    const { secret } = opened;
    let { pin } = opened;
    return {
      paths,
      secret,
      pin: () => pin,
      hold: async (again) => {
        const merged = mergeInputs(pin, again);
        if (!haveSameKeys(pin, merged)) await savePin(paths.pin, merged);
        pin = merged;
      },
      close: lock.release,
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

type OpenedInputs = { readonly secret: RunSecret; readonly pin: RunPin };

/** The secret of a run, held to what the run began with; a new one where it has not begun. */
async function openInputs(paths: RunPaths, inputs: RunInputs): Promise<OpenedInputs> {
  const pinned = await findPin(paths.pin);
  if (pinned === undefined) {
    await assertNoSecret(paths.secret);
    return begin(paths, inputs);
  }
  const pin = mergeInputs(pinned, inputs);
  if (!(await hasSecret(paths.secret)) && !(await hasWork(paths))) return begin(paths, pin);
  const secret = await loadSecret(paths.secret, pin.secretHash);
  if (!haveSameKeys(pinned, pin)) await savePin(paths.pin, pin);
  return { secret, pin };
}

/**
 * Begins a run: first the pin, which names the secret by its hash, then the secret. Where a process is killed in between
 * there is a pin without a secret and without any work, which the next one begins anew.
 */
async function begin(paths: RunPaths, inputs: RunInputs): Promise<OpenedInputs> {
  const secret = drawSecret();
  const pin = makePin(inputs, secret);
  await savePin(paths.pin, pin);
  await saveSecret(paths.secret, secret);
  return { secret, pin };
}

/** Whether anything was made with a secret that is gone. */
async function hasWork({ batches, trees, proofs, bundle }: RunPaths): Promise<boolean> {
  for (const folder of [trees, proofs]) if ((await readdir(folder)).length > 0) return true;
  for (const folder of [batches, bundle]) {
    const isThere = await access(folder).then(
      () => true,
      () => false,
    );
    if (isThere) return true;
  }
  return false;
}
