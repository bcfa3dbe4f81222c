import { randomBytes } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import { dirname } from 'node:path';

import { createFileAtomically, openRegularFile, syncDirectory } from '../../system/index.js';
import { SolventError, type RunSecret } from '../../protocol/index.js';
import type { ProverCode } from '../errors.js';
import { PRIVATE_FILE_MODE } from './paths.js';
import { assertOwn } from './own-files.js';
import { hashSecret } from './pin.js';
import { refuseProver } from '../errors.js';

const SECRET_BYTES = 32;

/** A new secret, from the system's randomness. */
export function drawSecret(): RunSecret {
  return randomBytes(SECRET_BYTES);
}

/**
 * Keeps the secret of a run that begins, and never over another: one that was there before may be known to whoever put
 * it there.
 * @throws SolventError `run-secret-foreign`.
 */
export async function saveSecret(path: string, secret: RunSecret): Promise<void> {
  if (!(await createFileAtomically(path, secret, { mode: PRIVATE_FILE_MODE }))) throw foreign(path);
  await syncDirectory(dirname(path));
}

/** Refuses a secret that is there before its run has begun. @throws SolventError `run-secret-foreign`. */
export async function assertNoSecret(path: string): Promise<void> {
  if (await hasSecret(path)) throw foreign(path);
}

/** Whether there is a secret, or anything in its place. */
export async function hasSecret(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    },
  );
}

/**
 * The secret that a run began with.
 * @param secretHash what its pin says of it.
 * @throws SolventError `run-file-malformed` where it is gone or another; `run-not-private` where others could read it.
 */
export async function loadSecret(path: string, secretHash: string): Promise<RunSecret> {
  if (!(await hasSecret(path))) throw malformed(path, 'no file');
  const handle = await openRegularFile(path);
  try {
    assertOwn(path, await handle.stat());
    const secret = Buffer.alloc(SECRET_BYTES + 1);
    const { bytesRead } = await handle.read(secret, 0, secret.length, 0);
    if (bytesRead !== SECRET_BYTES) throw malformed(path, 'another file');
    const found = secret.subarray(0, SECRET_BYTES);
    // A new secret would not fit the digests and nonces that the old one made.
    if (hashSecret(found) !== secretHash) throw malformed(path, 'another secret');
    return found;
  } finally {
    await handle.close();
  }
}

function foreign(path: string): SolventError<ProverCode> {
  return refuseProver('run-secret-foreign', {
    expected: 'no secret before the run began',
    found: `one in ${path}`,
    details: { path },
  });
}

function malformed(path: string, found: string): SolventError<ProverCode> {
  return refuseProver('run-file-malformed', {
    expected: `the ${SECRET_BYTES} bytes of the secret that this run began with in ${path}`,
    found,
    advice: 'restore it, or start a new run directory',
    details: { path },
  });
}
