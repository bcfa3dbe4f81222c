import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { hashFile, readNamedFile } from '../../system/index.js';
import { SolventError } from '../../protocol/index.js';
import {
  hashSnapshotFile,
  MAX_SNAPSHOT_BYTES,
  parseSnapshotFile,
  SNAPSHOT_FILE,
  type SnapshotFile,
} from './snapshot-file.js';

/** A snapshot on disk whose files are what it says of them. */
export type Snapshot = SnapshotFile & {
  /** Absolute. */
  readonly directory: string;
  /** Names this snapshot and all that is in it: `hashSnapshotFile`. */
  readonly hash: string;
};

export type SnapshotArtefactCode = 'snapshot-file-changed' | 'snapshot-accounts-mismatch';

/**
 * Opens a snapshot directory and checks its files by hash, as streams.
 * @throws SolventError `file-unreadable` of class `usage`; of class `format` as `parseSnapshotFile`;
 * `snapshot-file-changed` of class `artefact`.
 */
export async function loadSnapshot(directory: string): Promise<Snapshot> {
  const absolute = resolve(directory);
  const file = parseSnapshotFile(await readNamedFile(join(absolute, SNAPSHOT_FILE), MAX_SNAPSHOT_BYTES));
  for (const { name, sha256, sizeBytes } of file.files) {
    const path = join(absolute, name);
    const found = await hashFile(path);
    const { size } = await stat(path);
    if (found === sha256 && size === sizeBytes) continue;
    throw new SolventError<SnapshotArtefactCode>(
      'artefact',
      'snapshot-file-changed',
      `expected ${name} with SHA-256 ${sha256}, got ${found}: restore the file, or take the snapshot again`,
      { details: { file: name, expected: sha256, found } },
    );
  }
  return { ...file, directory: absolute, hash: hashSnapshotFile(file) };
}
