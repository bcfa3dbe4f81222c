import type { Stats } from 'node:fs';
import { chmod, lstat } from 'node:fs/promises';

import { makeDirectory } from '../../system/index.js';
import { SolventError } from '../../protocol/index.js';
import type { ProverCode } from '../errors.js';
import { PRIVATE_DIRECTORY_MODE } from './paths.js';
import { refuseProver } from '../errors.js';

const OTHERS = 0o077;

/**
 * Makes a directory that its owner alone can use, or takes one that is there and is its owner's own.
 * @throws SolventError `run-not-private` where it is a link, or somebody else's.
 */
export async function ensurePrivateDirectory(path: string): Promise<void> {
  await makeDirectory(path, PRIVATE_DIRECTORY_MODE);
  const found = await lstat(path);
  if (!found.isDirectory()) throw notPrivate(path, 'a link', 'name a new run directory');
  assertOwner(path, found);
  await chmod(path, PRIVATE_DIRECTORY_MODE);
}

/** Holds a private file to its owner and its mode. @throws SolventError `run-not-private`. */
export function assertOwn(path: string, found: Stats): void {
  assertOwner(path, found);
  // Windows has no such bits.
  const mode = process.platform === 'win32' ? 0 : found.mode & 0o777;
  if ((mode & OTHERS) === 0) return;
  throw notPrivate(
    path,
    `the mode ${mode.toString(8)}`,
    'if nobody else could log in here, run chmod 600 on it; else start a new run directory',
  );
}

function assertOwner(path: string, { uid }: Stats): void {
  const own = process.getuid?.();
  if (own === undefined || own === uid) return;
  throw notPrivate(path, `the owner ${uid}`, `run this as that user, or start a new run directory`);
}

function notPrivate(path: string, found: string, advice: string): SolventError<ProverCode> {
  return refuseProver('run-not-private', {
    expected: `${path} to belong to the user who runs this, and to be closed to others`,
    found,
    advice,
    details: { path },
  });
}
