import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';

import { SolventError, type RunSecret } from '../../protocol/index.js';
import { SALT_BYTES, type RunSalt } from '../../protocol/rows/index.js';
import { acquireLock, readIfExists, removeAbandoned, syncDirectory } from '../../system/index.js';
import type { ProverCode } from '../errors.js';
import { ensurePrivateDirectory } from '../run/own-files.js';
import { drawSecret, loadSecret, saveSecret } from '../run/secret.js';
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
    await ensurePrivateDirectory(folder);
  }
  const lock = await acquireLock(paths.private);
  try {
    for (const folder of [directory, ...hidden]) await removeAbandoned(folder);
    // Once a run is pinned, ids were made with its secret: another one would not fit them.
    const isPinned = (await readIfExists(paths.pin)) !== undefined;
    const secret = await (isPinned ? loadSecret(paths.secret, null) : beginSecret(paths.secret));
    await syncDirectory(paths.private);
    return { paths, secret, close: lock.release };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/**
 * A new secret. Nothing was made with one before a run is pinned, so one that is there is of a run that never began, or of
 * whoever put it there: it is not kept.
 */
async function beginSecret(path: string): Promise<RunSecret> {
  await rm(path, { force: true });
  const secret = drawSecret();
  await saveSecret(path, secret);
  return secret;
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
