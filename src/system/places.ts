import { readdir } from 'node:fs/promises';

import { systemCodeOf } from '../protocol/index.js';

/** What each kind of folder has in it, and no other before it in this list. */
const MARKS: readonly (readonly [name: string, kind: string])[] = [
  ['snapshot.json', 'a snapshot'],
  ['keys.json', 'a folder of keys'],
  ['transcript.json', 'a ceremony'],
  ['check.html', 'a published site'],
  ['manifest.json', 'a bundle'],
  ['bundle', 'the run of a proof'],
  ['private', 'the run of a proof that is not finished'],
  ['snapshot.yaml', 'a folder of books'],
];

/** What is at a path where a folder of some kind was expected, in words: for whoever swapped two arguments. */
export async function describePlace(path: string): Promise<string> {
  try {
    const names = await readdir(path);
    if (names.length === 0) return 'an empty folder';
    return MARKS.find(([mark]) => names.includes(mark))?.[1] ?? 'a folder of something else';
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === 'ENOENT') return 'nothing there';
    return code === 'ENOTDIR' ? 'a file' : 'a folder that cannot be read';
  }
}
