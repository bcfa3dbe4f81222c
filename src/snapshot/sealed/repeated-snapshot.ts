import { join } from 'node:path';

import { readNamedFile } from '../../system/index.js';
import { encodeCanonicalJson } from '../../protocol/index.js';
import { loadSnapshot, type Snapshot } from './load-snapshot.js';
import { MAX_SNAPSHOT_BYTES, parseSnapshotFile, SNAPSHOT_FILE, type SnapshotFile } from './snapshot-file.js';

/** A snapshot that was taken, or found to be there already. */
export type TakenSnapshot = Snapshot & {
  /** Whether the same snapshot was there, and stays as it was. */
  readonly wasComplete: boolean;
};

/**
 * Whether a directory holds a snapshot that these inputs may have made, by what it says of itself: only then it is worth
 * making it again to compare them.
 */
export async function mayBeRepeat(directory: string, stated: Partial<SnapshotFile>): Promise<boolean> {
  const found = await readSnapshotFile(directory).catch(() => undefined);
  if (found === undefined) return false;
  return Object.entries(stated).every(([part, value]) => found[part as keyof SnapshotFile] === value);
}

/** Whether two directories hold the same snapshot, in files that are whole. */
export async function isSameSnapshot(made: string, there: string): Promise<boolean> {
  const [one, other] = await Promise.all([readSnapshotFile(made), readSnapshotFile(there)]);
  if (spell(one) !== spell(other)) return false;
  await loadSnapshot(there);
  return true;
}

async function readSnapshotFile(directory: string): Promise<SnapshotFile> {
  return parseSnapshotFile(await readNamedFile(join(directory, SNAPSHOT_FILE), MAX_SNAPSHOT_BYTES));
}

/** Each reading of a database is a transaction of another name; what was read is in the hashes of the files. */
function spell(file: SnapshotFile): string {
  const sources = file.sources.map((source) => ({
    ...source,
    query: source.query === null ? null : source.query.text,
  }));
  return Buffer.from(encodeCanonicalJson({ ...file, sources })).toString();
}
