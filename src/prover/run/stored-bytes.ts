import { dirname } from 'node:path';

import { readIfExists, syncDirectory, writeFileAtomically } from '../../system/index.js';
import { PRIVATE_FILE_MODE } from './paths.js';
import { refuseProver } from '../errors.js';

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
