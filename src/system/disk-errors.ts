import { readdir } from 'node:fs/promises';

import { systemCodeOf, describeSystemReason, SolventError } from '../protocol/index.js';
import { refuseSystem, type SystemCode } from './errors.js';

/** What each kind of directory has in it, and no other before it in this list. */
const MARKS: readonly (readonly [name: string, kind: string])[] = [
  ['snapshot.json', 'a snapshot'],
  ['keys.json', 'a directory of keys'],
  ['transcript.json', 'a ceremony'],
  ['check.html', 'a published site'],
  ['manifest.json', 'a bundle'],
  ['bundle', 'the run of a proof'],
  ['private', 'the run of a proof that is not finished'],
  ['snapshot.yaml', 'a directory of books'],
];

/** What is at a path where a directory of some kind was expected, in words: for whoever swapped two arguments. */
export async function describeDirectory(path: string): Promise<string> {
  try {
    const names = await readdir(path);
    if (names.length === 0) return 'an empty directory';
    return MARKS.find(([mark]) => names.includes(mark))?.[1] ?? 'a directory of something else';
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === 'ENOENT') return 'nothing there';
    return code === 'ENOTDIR' ? 'a file' : 'a directory that cannot be read';
  }
}

/** What is said of a file that the system, or its kind, keeps from being read. @param cause told in words. */
export function unreadable(path: string, cause: unknown): SolventError<SystemCode> {
  const found = describeSystemReason(cause);
  return refuseSystem('file-unreadable', {
    expected: `a readable file at ${path}`,
    found,
    details: { path, reason: systemCodeOf(cause) },
    cause,
  });
}

/** Why something could not be written; both of class `usage`. */

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
    throw refuseSystem('file-unwritable', {
      expected: `to write ${path}`,
      found: describeSystemReason(error),
      details: { path, reason },
      cause: error,
    });
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
): SolventError<SystemCode> {
  return refuseSystem('disk-full', {
    expected,
    found,
    advice: 'make room, and run the same command again; what was finished is kept',
    details: { path, found },
    cause,
  });
}

/** An error of the operating system as a person is told of it: it is no bug of ours. Any other error as it is. */
export function nameSystemError(error: unknown): unknown {
  const reason = systemCodeOf(error);
  const { syscall, path = 'a file' } = error as NodeJS.ErrnoException;
  if (reason === '' || syscall === undefined) return error;
  if (FULL.has(reason)) return diskFull(path, `room for ${path}`, describeSystemReason(error), error);
  return refuseSystem('system-refused', {
    expected: `the system to ${syscall} ${path}`,
    found: describeSystemReason(error),
    details: { path, reason },
    cause: error,
  });
}
