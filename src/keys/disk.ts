import { constants } from 'node:fs';
import { copyFile, open, rename, rm, stat, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { diskFull, hashFile, nameDiskErrors, writeFileAtomically } from '../system/index.js';

export { nameDiskErrors } from '../system/index.js';

/** What a file is known by. */
export type StoredFile = { readonly sha256: string; readonly sizeBytes: number };

/**
 * Refuses to begin what cannot be written to its end.
 * @throws SolventError `disk-full`.
 */
export async function assertRoom(directory: string, neededBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  if (bavail * bsize >= neededBytes) return;
  throw diskFull(directory, `${neededBytes} bytes free`, `${bavail * bsize}`);
}

/**
 * Writes a file whole or not at all.
 * @throws SolventError `disk-full`, `file-unwritable`; nothing is left of the file then.
 */
export async function storeFile(path: string, bytes: Uint8Array): Promise<StoredFile> {
  await writeFileAtomically(path, bytes);
  return describeFile(path);
}

/**
 * Copies a file whole or not at all; the copy shares its blocks where the file system can.
 * @throws SolventError `disk-full`, `file-unwritable`; nothing is left of the copy then.
 */
export async function copyWhole(from: string, to: string): Promise<StoredFile> {
  const temporary = join(dirname(to), `.tmp-${basename(to)}`);
  await nameDiskErrors(to, async () => {
    try {
      await copyFile(from, temporary, constants.COPYFILE_FICLONE);
      const handle = await open(temporary, 'r+');
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, to);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  });
  return describeFile(to);
}

/** The hash and the size of a file. @throws SolventError `file-unreadable`. */
export async function describeFile(path: string): Promise<StoredFile> {
  return { sha256: await hashFile(path), sizeBytes: (await stat(path)).size };
}
