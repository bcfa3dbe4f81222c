import { constants } from 'node:fs';
import { appendFile, chmod, copyFile } from 'node:fs/promises';
import { join } from 'node:path';

import { makeDirectory } from '../../../../system/index.js';
import { encodePlainEnd, type ParquetFooter } from './footer.js';

/**
 * Copies a Parquet file with another end, in which some columns are the plain integers that they are stored as: DuckDB
 * 1.5 cuts nanoseconds in UTC to microseconds, and reads integers as they are. Nothing but the end is written anew.
 * @param places of the columns, below the root. @returns the path of the copy, which its owner alone reads.
 */
export async function copyPlain(
  path: string,
  {
    directory,
    name,
    footer,
    indexes,
  }: {
    readonly directory: string;
    readonly name: string;
    readonly footer: ParquetFooter;
    readonly indexes: readonly number[];
  },
): Promise<string> {
  const below = join(directory, 'parquet');
  await makeDirectory(below, 0o700);
  const copy = join(below, name);
  await copyFile(path, copy, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  await chmod(copy, 0o600);
  await appendFile(copy, encodePlainEnd(footer, indexes));
  return copy;
}
