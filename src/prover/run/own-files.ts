import type { Stats } from 'node:fs';
import { chmod, lstat } from 'node:fs/promises';
import { dirname } from 'node:path';

import { readIfExists, syncDirectory, writeFileAtomically, makeDirectory } from '../../system/index.js';
import { SolventError } from '../../protocol/index.js';
import { refuseProver, type ProverCode } from '../errors.js';
import { PRIVATE_FILE_MODE, PRIVATE_DIRECTORY_MODE } from './paths.js';

/** Writes a file whole or not at all, flushed to disk with the entry of its directory. */
export async function storeSynced(path: string, bytes: Uint8Array): Promise<void> {
  await writeFileAtomically(path, bytes, { mode: PRIVATE_FILE_MODE });
  await syncDirectory(dirname(path));
}

/**
 * Stores bytes the first time, and holds every later command to them.
 * @param what names them in the refusal.
 * @throws SolventError `run-inputs-changed` where other bytes are stored: a proof may have been made under them, and two
 * proofs of different things under one secret show what it hides.
 */
export async function storeOrMatch(path: string, bytes: Uint8Array, what: string): Promise<void> {
  const stored = await readIfExists(path);
  if (stored === undefined) return storeSynced(path, bytes);
  if (Buffer.from(stored).equals(bytes)) return;
  throw refuseProver('run-inputs-changed', {
    expected: `the ${what} that this run began with`,
    found: 'others',
    details: { changed: [what] },
  });
}

/** Reads a file that this run stored. @throws SolventError `run-file-malformed` where it is gone. */
export async function readRunFile(path: string): Promise<Buffer> {
  const bytes = await readIfExists(path);
  if (bytes !== undefined) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  throw refuseProver('run-file-malformed', {
    expected: `${path} as this run wrote it`,
    found: 'no file',
    advice: 'start a new run directory',
    details: { path },
  });
}

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
