import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';

import { hashFile } from './files.js';

/** Whether two directories hold files of the same names with the same bytes, and nothing but files and directories. */
export async function haveSameFiles(one: string, other: string): Promise<boolean> {
  const [names, otherNames] = await Promise.all([listFiles(one), listFiles(other)]);
  if (names === undefined || names.join('\0') !== otherNames?.join('\0')) return false;
  for (const name of names) {
    const hashOf = (directory: string) => hashFile(join(directory, name), { followLinks: false });
    if ((await hashOf(one)) !== (await hashOf(other))) return false;
  }
  return true;
}

/** The paths of all files, sorted; undefined where there is something else, like a link. */
async function listFiles(directory: string): Promise<string[] | undefined> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  if (!entries.every((entry) => entry.isFile() || entry.isDirectory())) return undefined;
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(directory, join(parentPath, name)))
    .sort();
}
