import { INTEGER, UBIGINT, VARCHAR } from '@duckdb/node-api';
import { chmod, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { hashFile } from '../../system/index.js';
import type { AssetList } from '../balances/assets-file.js';
import type { Scratch } from '../database/scratch.js';
import { ACCOUNTS_FILE, SEALED_MODE } from './snapshot-file.js';

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
