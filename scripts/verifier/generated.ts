import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';

import { format, resolveConfig } from 'prettier';

import { writeFileAtomically } from '../../src/system/index.js';

/** A file that a script makes from something else. */
export type GeneratedFile = { readonly path: string; readonly text: string };

/**
 * Writes generated files, or only looks whether they are what would be written.
 * @returns the exit code: 1 where `check` finds one that is not.
 */
export async function keepGenerated(
  files: readonly GeneratedFile[],
  { check }: { readonly check: boolean },
): Promise<number> {
  let exitCode = 0;
  for (const file of files) {
    const { path } = file;
    const isPlain = path.endsWith('.txt');
    const text = isPlain
      ? file.text
      : await format(file.text, { ...(await resolveConfig(path)), filepath: path });
    const found = await readFile(path, 'utf8').catch(() => undefined);
    if (found === text) continue;
    if (check) {
      console.error(
        `expected ${basename(path)} as it would be made now, got another: run this without --check`,
      );
      exitCode = 1;
    } else {
      await writeFileAtomically(path, text);
      console.log(`wrote ${basename(path)}`);
    }
  }
  return exitCode;
}
