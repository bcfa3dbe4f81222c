import { requirePath } from '../../protocol/index.js';
import { chmod, mkdir } from 'node:fs/promises';

import { acquireLock, nameDiskErrors, readIfExists, removeAbandoned } from '../../system/index.js';
import type { RunSecret } from '../../protocol/index.js';
import { PRIVATE_DIRECTORY_MODE, runPaths, type RunPaths } from './paths.js';
import { holdToPin, type RunPin } from './pin.js';
import { loadOrCreateSecret, loadSecret } from './secret.js';

/** A run's directory while this process works in it. */
export type Run = {
  readonly paths: RunPaths;
  readonly secret: RunSecret;
  /**
   * Holds the run to its inputs again, of which more may be known now.
   * @throws SolventError `run-inputs-changed`, `run-file-malformed`.
   */
  readonly hold: (pin: RunPin) => Promise<void>;
  readonly close: () => Promise<void>;
};

/**
 * Opens a run's directory for this process alone, makes it where it is not there, and clears what a killed process
 * left half written.
 * @throws SolventError `directory-in-use`, `run-inputs-changed`, `run-file-malformed`.
 */
export async function openRun(directory: string, pin: RunPin): Promise<Run> {
  const paths = runPaths(requirePath(directory, 'the run'));
  await nameDiskErrors(directory, () => mkdir(directory, { recursive: true }));
  for (const folder of [paths.private, paths.trees, paths.proofs]) {
    await mkdir(folder, { recursive: true, mode: PRIVATE_DIRECTORY_MODE });
    await chmod(folder, PRIVATE_DIRECTORY_MODE);
  }
  const lock = await acquireLock(paths.private);
  try {
    for (const folder of [directory, paths.private, paths.trees, paths.proofs]) {
      await removeAbandoned(folder);
    }
    // Once a run is pinned, digests were made with its secret: another one would not fit them.
    const isPinned = (await readIfExists(paths.pin)) !== undefined;
    const secret = await (isPinned ? loadSecret(paths.secret) : loadOrCreateSecret(paths.secret));
    await holdToPin(paths.pin, pin);
    return { paths, secret, hold: (again) => holdToPin(paths.pin, again), close: lock.release };
  } catch (error) {
    await lock.release();
    throw error;
  }
}
