import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a directory and those above it, where they are not there. Node 20's own way never ends where the system says of a
 * directory that is there that it is not, as below /proc.
 * @param mode of those that are made.
 * @throws what the system refuses.
 */
export async function makeDirectory(path: string, mode?: number): Promise<void> {
  const options = mode === undefined ? {} : { mode };
  try {
    await mkdir(path, options);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return;
    const parent = dirname(path);
    if (code !== 'ENOENT' || parent === path) throw error;
    // What is there now may have been made meanwhile, by whoever makes the same path at once.
    if (!(await isThere(parent))) await makeDirectory(parent, mode);
    await makeLast(path, options);
  }
}

/** Makes a directory whose parent is there, or finds it made. */
async function makeLast(path: string, options: { readonly mode?: number }): Promise<void> {
  try {
    await mkdir(path, options);
  } catch (error) {
    const isMade = (error as NodeJS.ErrnoException).code === 'EEXIST' && (await stat(path)).isDirectory();
    if (!isMade) throw error;
  }
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
