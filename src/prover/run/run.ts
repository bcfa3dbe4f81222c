import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';

import { requirePath, SALT_BYTES, type RunSalt, type RunSecret } from '../../protocol/index.js';
import {
  acquireLock,
  isThere,
  makeDirectory,
  nameDiskErrors,
  readIfExists,
  removeAbandoned,
} from '../../system/index.js';
import { ensurePrivateDirectory, storeSynced } from './own-files.js';
import { privateDirectories, runPaths, type RunPaths } from './paths.js';
import { assertSameInputs, findPin, makePin, savePin, type RunInputs, type RunPin } from './pin.js';
import { assertNoSecret, drawSecret, hasSecret, loadSecret, saveSecret } from './secret.js';

import { refuseProver } from '../errors.js';

/** A run's directory while this process works in it. */
export type Run = {
  readonly paths: RunPaths;
  readonly secret: RunSecret;
  readonly pin: RunPin;
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
  await nameDiskErrors(directory, () => makeDirectory(directory));
  for (const path of privateDirectories(paths)) await ensurePrivateDirectory(path);
  const lock = await acquireLock(paths.private);
  try {
    for (const path of [directory, ...privateDirectories(paths)]) await removeAbandoned(path);
    return { paths, ...(await openInputs(paths, inputs)), close: lock.release };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** The secret of a run, held to what the run began with; a new one where it has not begun. */
async function openInputs(paths: RunPaths, inputs: RunInputs): Promise<Pick<Run, 'secret' | 'pin'>> {
  const pin = await findPin(paths.pin);
  if (pin === undefined) {
    await assertNoSecret(paths.secret);
    return begin(paths, inputs);
  }
  assertSameInputs(pin, inputs);
  if (!(await hasSecret(paths.secret)) && !(await hasWork(paths))) return begin(paths, inputs);
  return { secret: await loadSecret(paths.secret, pin.secretHash), pin };
}

/**
 * Begins a run: first the pin, which names the secret by its hash, then the secret. Where a process is killed in between
 * there is a pin without a secret and without any work, which the next one begins anew.
 */
async function begin(paths: RunPaths, inputs: RunInputs): Promise<Pick<Run, 'secret' | 'pin'>> {
  const secret = drawSecret();
  const pin = makePin(inputs, secret);
  await savePin(paths.pin, pin);
  await saveSecret(paths.secret, secret);
  return { secret, pin };
}

/** Whether anything was made with a secret that is gone. */
async function hasWork(paths: RunPaths): Promise<boolean> {
  for (const path of [paths.content, paths.salt, paths.accounts, paths.bundle]) {
    if (await isThere(path)) return true;
  }
  return hasCommitments(paths);
}

async function hasCommitments({ batches, sealed, proofs }: RunPaths): Promise<boolean> {
  const made = await Promise.all([batches, sealed, proofs].map((path) => readdir(path)));
  return made.flat().length > 0;
}

/**
 * The salt of a run: drawn from the system once, when nothing is committed to yet, and stored before the first point is
 * made; read from then on.
 * @throws SolventError `run-file-malformed` where it is lost or no salt.
 */
export async function loadOrDrawSalt(paths: RunPaths): Promise<RunSalt> {
  const stored = await readIfExists(paths.salt);
  if (stored?.length === SALT_BYTES) return stored;
  if (stored !== undefined || (await hasCommitments(paths))) {
    throw refuseProver('run-file-malformed', {
      expected: `${SALT_BYTES} bytes in the salt of the run`,
      found: stored?.length ?? 'no file',
      advice: 'restore it, or start a new run directory',
      details: { path: paths.salt },
    });
  }
  const salt = randomBytes(SALT_BYTES);
  await storeSynced(paths.salt, salt);
  return salt;
}
