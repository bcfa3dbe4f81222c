import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { describeDirectory, hashFile, readNamedFile } from '../../system/index.js';
import { requirePath } from '../../protocol/index.js';
import {
  hashSnapshotFile,
  MAX_SNAPSHOT_BYTES,
  parseSnapshotFile,
  SNAPSHOT_FILE,
  type SnapshotFile,
} from './snapshot-file.js';
import { refuseSnapshot } from '../errors.js';

/** A snapshot on disk whose files are what it says of them. */
export type Snapshot = SnapshotFile & {
  /** Absolute. */
  readonly directory: string;
  /** Names this snapshot and all that is in it: `hashSnapshotFile`. */
  readonly hash: string;
};

/** How a directory is described that does have a snapshot, which then cannot be read. */
const SNAPSHOT_PLACE = 'a snapshot';

/**
 * Opens a snapshot directory and checks its files by hash, as streams.
 * @throws SolventError `snapshot-missing` and `file-unreadable` of class `usage`; of class `format` as `parseSnapshotFile`;
 * `snapshot-file-changed` of class `artefact`.
 */
export async function loadSnapshot(directory: string): Promise<Snapshot> {
  const absolute = resolve(requirePath(directory, 'the snapshot'));
  const file = parseSnapshotFile(await readSnapshotFile(absolute));
  for (const { name, sha256, sizeBytes } of file.files) {
    const path = join(absolute, name);
    const found = await hashFile(path);
    const { size } = await stat(path);
    if (found === sha256 && size === sizeBytes) continue;
    throw refuseSnapshot('snapshot-file-changed', {
      expected: `${name} with SHA-256 ${sha256}`,
      found,
      details: { file: name, expected: sha256, found },
    });
  }
  return { ...file, directory: absolute, hash: hashSnapshotFile(file) };
}

/**
 * Makes sure that there is a snapshot in a directory, without reading what it holds.
 * @throws SolventError `snapshot-missing` and `file-unreadable` of class `usage`; of class `format`.
 */
export async function assertSnapshot(directory: string): Promise<void> {
  parseSnapshotFile(await readSnapshotFile(resolve(requirePath(directory, 'the snapshot'))));
}

async function readSnapshotFile(directory: string): Promise<Uint8Array> {
  try {
    return await readNamedFile(join(directory, SNAPSHOT_FILE), MAX_SNAPSHOT_BYTES);
  } catch (error) {
    const position = await describeDirectory(directory);
    if (position === SNAPSHOT_PLACE) throw error;
    throw refuseSnapshot('snapshot-missing', {
      expected: `a snapshot in ${directory}`,
      found: position,
      details: { path: directory },
      cause: error,
    });
  }
}
