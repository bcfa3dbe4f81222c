import { refuseProtocol } from './errors.js';

/** What the system's codes for a file that it does not give mean to a person. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  ENOTDIR: 'a file where a directory should be',
  EISDIR: 'a directory',
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'a disk that is read-only',
  EEXIST: 'something else there already',
  ENOTEMPTY: 'a directory that is not empty',
  ELOOP: 'a link that leads in a circle',
  ENAMETOOLONG: 'a name that is too long',
  EMFILE: 'too many open files',
  EIO: 'a disk that fails',
  ENOSPC: 'a disk without room',
  EDQUOT: 'a quota that is used up',
  EFBIG: 'a limit on the size of files',
};

/** The code of an error of the operating system, like `ENOENT`; empty for any other error. */
export function systemCodeOf(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

/** What an error of the operating system says, in words; its code where there are none for it. */
export function describeSystemReason(error: unknown): string {
  const code = systemCodeOf(error);
  return REASONS[code] ?? (code === '' ? 'an unknown fault' : code);
}

/**
 * Holds what a caller gave as a path to be one: code without types gives anything.
 * @param what is at the path: `the snapshot`.
 * @throws SolventError `path-missing` (usage).
 */
export function requirePath(path: unknown, what: string): string {
  if (typeof path === 'string' && path !== '' && !path.includes('\0')) return path;
  const found =
    path === '' ? 'an empty text' : path === undefined ? 'none' : `a value of type ${typeof path}`;
  throw refuseProtocol('path-missing', {
    expected: `the path of ${what}`,
    found: typeof path === 'string' && path !== '' ? 'one with a zero byte' : found,
  });
}
