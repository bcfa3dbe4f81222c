import { chmod, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { INTEGER, UBIGINT, VARCHAR } from '@duckdb/node-api';

import { readNamedFile, hashFile } from '../../system/index.js';
import { encodeCanonicalJson } from '../../protocol/index.js';
import type { AssetList } from '../balances/assets-file.js';
import type { Scratch } from '../database/scratch.js';
import { loadSnapshot, type Snapshot } from './load-snapshot.js';
import {
  MAX_SNAPSHOT_BYTES,
  parseSnapshotFile,
  SNAPSHOT_FILE,
  type SnapshotFile,
  ACCOUNTS_FILE,
  SEALED_MODE,
} from './snapshot-file.js';

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

/** A file of a snapshot directory as `snapshot.json` names it. */
export type SealedFile<Name extends string> = {
  readonly name: Name;
  /** In hexadecimal. */
  readonly sha256: string;
  readonly sizeBytes: number;
};

/** Makes the table `asset` of a price table. */
export async function loadPrices(scratch: Scratch, { assets, priceTable }: AssetList): Promise<void> {
  await scratch.run('sealed/create-asset');
  const rows = assets.map(({ symbol, decimals }, index) => {
    const { collateral, full } = priceTable.prices[index]!;
    return [index, symbol, decimals, collateral, full];
  });
  await scratch.append('asset', [INTEGER, VARCHAR, INTEGER, UBIGINT, UBIGINT], [rows]);
}

/** Writes accounts.parquet of the tables `holding` and `statement`, for its owner alone to read. */
export async function writeAccounts(
  scratch: Scratch,
  directory: string,
): Promise<SealedFile<typeof ACCOUNTS_FILE>> {
  await scratch.set('accounts_path', join(directory, ACCOUNTS_FILE));
  await scratch.run('sealed/create-statement');
  await scratch.run('sealed/write-accounts');
  return sealFile(directory, ACCOUNTS_FILE);
}

/** Lets nobody but its owner read a file of a snapshot directory, and nobody write to it, and hashes it. */
export async function sealFile<Name extends string>(
  directory: string,
  name: Name,
): Promise<SealedFile<Name>> {
  const path = join(directory, name);
  await chmod(path, SEALED_MODE);
  return { name, sha256: await hashFile(path), sizeBytes: (await stat(path)).size };
}
