import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir } from 'node:fs/promises';

import { SolventError, type RunSecret } from '../../protocol/index.js';
import { SALT_BYTES, type RunSalt } from '../../protocol/rows/index.js';
import { acquireLock, readIfExists, removeAbandoned, syncDirectory } from '../../system/index.js';
import type { ProverCode } from '../errors.js';
import { PRIVATE_DIRECTORY_MODE } from '../run/paths.js';
import { loadOrCreateSecret, loadSecret } from '../run/secret.js';
import { rowRunPaths, type RowRunPaths } from './paths.js';
import { storeSynced } from './stored-bytes.js';

/** A run's directory while this process works in it. */
export type RowRunDirectory = {
  readonly paths: RowRunPaths;
  readonly secret: RunSecret;
  readonly close: () => Promise<void>;
};

/**
 * Opens a run's directory for this process alone, makes it where it is not there, and clears what a killed process left
 * half written.
 * @throws SolventError `directory-in-use`, `run-file-malformed`.
 */
export async function openRowRun(directory: string): Promise<RowRunDirectory> {
  const paths = rowRunPaths(directory);
  await mkdir(directory, { recursive: true });
  const hidden = [paths.private, paths.sealed, paths.batches, paths.groups, paths.proofs];
  for (const folder of hidden) {
    await mkdir(folder, { recursive: true, mode: PRIVATE_DIRECTORY_MODE });
    await chmod(folder, PRIVATE_DIRECTORY_MODE);
  }
  const lock = await acquireLock(paths.private);
  try {
    for (const folder of [directory, ...hidden]) await removeAbandoned(folder);
    // Once a run is pinned, ids were made with its secret: another one would not fit them.
    const isPinned = (await readIfExists(paths.pin)) !== undefined;
    const secret = await (isPinned ? loadSecret(paths.secret) : loadOrCreateSecret(paths.secret));
    await syncDirectory(paths.private);
    return { paths, secret, close: lock.release };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/**
 * The salt of a run: drawn from the system once, when nothing is committed to yet, and stored before the first point is
 * made; read from then on.
 * @throws SolventError `run-file-malformed` where it is lost or no salt.
 */
export async function loadOrDrawSalt(paths: RowRunPaths): Promise<RunSalt> {
  const stored = await readIfExists(paths.salt);
  if (stored?.length === SALT_BYTES) return stored;
  const made = [...(await readdir(paths.batches)), ...(await readdir(paths.sealed))];
  if (stored !== undefined || made.length > 0) {
    throw new SolventError<ProverCode>(
      'artefact',
      'run-file-malformed',
      `expected ${SALT_BYTES} bytes in the salt of the run, got ${stored?.length ?? 'no file'}: restore it, or start a new run directory`,
      { details: { path: paths.salt } },
    );
  }
  const salt = randomBytes(SALT_BYTES);
  await storeSynced(paths.salt, salt);
  return salt;
}
