import { lstat, readFile } from 'node:fs/promises';

import { systemCodeOf } from '../protocol/index.js';
import { refuseCommand } from './errors.js';

/**
 * Holds a path that a command is about to write to be free: it may hold the very bytes that would be written, and
 * nothing else. What its user has there would be lost.
 * @param bytes what would be written; none where it is not known yet.
 * @throws SolventError `file-exists` (usage).
 */
export async function requireNewFile(path: string, bytes?: Uint8Array): Promise<void> {
  let found;
  try {
    found = await lstat(path);
  } catch (error) {
    // Whatever else keeps the path from being looked at is said by what writes it.
    if (systemCodeOf(error) !== '') return;
    throw error;
  }
  const isSameSize = bytes !== undefined && found.isFile() && found.size === bytes.length;
  if (isSameSize && (await readFile(path)).equals(bytes)) return;
  throw refuseCommand('file-exists', {
    expected: 'the path of a new file',
    found: `${path}, where there is something else`,
    details: { path },
  });
}
