import { describeSystemReason, SolventError, systemCodeOf } from '../protocol/index.js';

/** Why something could not be written; both of class `usage`. */
export type DiskCode =
  /** There is no room: on the disk, in the quota, or under the limit of a file's size. */
  | 'disk-full'
  /** The place is not one that this account may write to, or is no directory. */
  | 'file-unwritable';

/** What the system refused, where nothing nearer to it says more. */
export type SystemCode = 'system-refused';

const FORBIDDEN = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOENT', 'EISDIR', 'ENOTEMPTY']);
/** The disk, the quota of the account, or the largest file that the process may write. */
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/**
 * Runs what writes, and says what kept it from writing.
 * @throws SolventError `disk-full`, `file-unwritable`; whatever else `write` throws.
 */
export async function nameDiskErrors<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await nameFullDisk(path, write);
  } catch (error) {
    const reason = systemCodeOf(error);
    if (!FORBIDDEN.has(reason)) throw error;
    throw new SolventError<DiskCode>(
      'usage',
      'file-unwritable',
      `expected to write ${path}, got ${describeSystemReason(error)}: name another place, or change who may write there`,
      { details: { path, reason }, cause: error },
    );
  }
}

/** Runs what writes and also reads. @throws SolventError `disk-full`; whatever else `write` throws. */
export async function nameFullDisk<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const reason = systemCodeOf(error);
    throw FULL.has(reason) ? diskFull(path, `room for ${path}`, describeSystemReason(error), error) : error;
  }
}

/** There is too little room at a place. */
export function diskFull(
  path: string,
  expected: string,
  found: string,
  cause?: unknown,
): SolventError<DiskCode> {
  return new SolventError(
    'usage',
    'disk-full',
    `expected ${expected}, got ${found}: make room, and run the same command again; what was finished is kept`,
    { details: { path, found }, cause },
  );
}

/** An error of the operating system as a person is told of it: it is no bug of ours. Any other error as it is. */
export function nameSystemError(error: unknown): unknown {
  const reason = systemCodeOf(error);
  const { syscall, path = 'a file' } = error as NodeJS.ErrnoException;
  if (reason === '' || syscall === undefined) return error;
  if (FULL.has(reason)) return diskFull(path, `room for ${path}`, describeSystemReason(error), error);
  return new SolventError<SystemCode>(
    'usage',
    'system-refused',
    `expected the system to ${syscall} ${path}, got ${describeSystemReason(error)}: name another place, or change who may use it`,
    { details: { path, reason }, cause: error },
  );
}
