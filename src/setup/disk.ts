import { constants } from 'node:fs';
import { copyFile, open, rename, rm, stat, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { hashFile, writeFileAtomically } from '../platform/index.js';
import { SolventError } from '../protocol/index.js';

/** Why something could not be written; both of class `usage`. */
export type DiskCode =
  /** There is no room: on the disk, in the quota, or under the limit of a file's size. */
  | 'disk-full'
  /** The place is not one that this account may write to, or is no folder. */
  | 'file-unwritable';

const FORBIDDEN = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOENT', 'EISDIR']);
/** The disk, the quota of the account, or the largest file that the process may write. */
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** What a file is known by. */
export type StoredFile = { readonly sha256: string; readonly sizeBytes: number };

/**
 * Refuses to begin what cannot be written to its end.
 * @throws SolventError `disk-full`.
 */
export async function assertRoom(directory: string, neededBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  if (bavail * bsize >= neededBytes) return;
  throw full(directory, `${neededBytes} bytes free`, `${bavail * bsize}`);
}

/**
 * Writes a file whole or not at all.
 * @throws SolventError `disk-full`, `file-unwritable`; nothing is left of the file then.
 */
export async function storeFile(path: string, bytes: Uint8Array): Promise<StoredFile> {
  await nameDiskErrors(path, () => writeFileAtomically(path, bytes));
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

/**
 * Runs what writes, and says what kept it from writing.
 * @throws SolventError `disk-full`, `file-unwritable`; whatever else `write` throws.
 */
export async function nameDiskErrors<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof SolventError) throw error;
    const reason = (error as NodeJS.ErrnoException).code ?? '';
    if (FULL.has(reason)) throw full(path, `room for ${path}`, reason, error);
    if (!FORBIDDEN.has(reason)) throw error;
    throw new SolventError<DiskCode>(
      'usage',
      'file-unwritable',
      `expected to write ${path}, got ${reason}: name another place, or change who may write there`,
      { details: { path, reason }, cause: error },
    );
  }
}

function full(path: string, expected: string, found: string, cause?: unknown): SolventError<DiskCode> {
  return new SolventError(
    'usage',
    'disk-full',
    `expected ${expected}, got ${found}: make room, and run the same command again; what was finished is kept`,
    { details: { path, found }, cause },
  );
}
