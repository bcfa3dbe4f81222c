import { readdir } from 'node:fs/promises';

import { systemCodeOf } from '../protocol/index.js';

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
