import { chmod, open, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { makeDirectory } from '../../../system/index.js';
import type { Scratch } from '../../database/scratch.js';

/** The names of the files that list every break. They name accounts and amounts: they are the platform's alone. */
export const BREAKS_CSV = 'breaks.csv';
export const BREAKS_PARQUET = 'breaks.parquet';

/**
 * Lists every break of the table `book_break` in `breaks.csv` and `breaks.parquet`, in the order of kind, account,
 * asset and instrument, for their owner alone to read. Earlier ones are replaced.
 * @param directory made if it is not there.
 */
export async function writeBreaks(scratch: Scratch, directory: string): Promise<void> {
  await makeDirectory(directory, 0o700);
  for (const [name, query] of [
    [BREAKS_CSV, 'write-breaks-csv'],
    [BREAKS_PARQUET, 'write-breaks-parquet'],
  ] as const) {
    const path = join(directory, name);
    await makePrivate(path);
    await scratch.set('breaks_path', path);
    await scratch.run(`books/reconciliation/${query}`);
  }
}

/** An empty file that others cannot read from its first byte on: DuckDB itself makes files that they can. */
async function makePrivate(path: string): Promise<void> {
  await rm(path, { force: true });
  const handle = await open(path, 'wx', 0o600);
  await handle.close();
  await chmod(path, 0o600);
}
