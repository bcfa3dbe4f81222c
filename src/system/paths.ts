import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds this project's package.json, from source and from compiled code alike. */
export function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!(existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'circuits')))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('expected the package folder above this module, got none');
    folder = parent;
  }
  return folder;
}

/**
 * Where compiled circuits and development keys are kept between runs: `SOLVENT_CACHE`, else
 * `$XDG_CACHE_HOME/solvent`, else `~/.cache/solvent`. Nothing in it is needed: all of it can be made again.
 */
export function cacheDirectory(): string {
  const { SOLVENT_CACHE, XDG_CACHE_HOME } = process.env;
  if (SOLVENT_CACHE) return SOLVENT_CACHE;
  return join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'solvent');
}
