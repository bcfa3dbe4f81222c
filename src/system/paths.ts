import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { SolventError } from '../protocol/index.js';
import { refuseSystem } from './errors.js';

/** The directory that holds this project's package.json, from source and from compiled code alike. */
export function projectRoot(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!(existsSync(join(directory, 'package.json')) && existsSync(join(directory, 'circuits')))) {
    const parent = dirname(directory);
    if (parent === directory) throw new Error('expected the package directory above this module, got none');
    directory = parent;
  }
  return directory;
}

/** The variable that names another cache. */
export const CACHE_VARIABLE = 'SOLVENT_CACHE';

/**
 * Where compiled circuits and development keys are kept between runs: `SOLVENT_CACHE`, else
 * `$XDG_CACHE_HOME/solvent`, else `~/.cache/solvent`. Nothing in it is needed: all of it can be made again.
 * @throws SolventError `home-missing`, with the name of the variable.
 */
export function cacheDirectory(): string {
  return ownDirectory({ own: CACHE_VARIABLE, standard: 'XDG_CACHE_HOME', inHome: '.cache' });
}

/** The same, or undefined where there is no place for it, which is said by `onFault`: everything goes on without. */
export function findCacheDirectory(onFault?: (reason: string) => void): string | undefined {
  try {
    return cacheDirectory();
  } catch (error) {
    if (!(error instanceof SolventError)) throw error;
    onFault?.('there is no home directory');
    return undefined;
  }
}

/** The variable that names another place for what is kept of each signing key. */
export const STATE_VARIABLE = 'SOLVENT_STATE';

/**
 * Where is kept what must not be lost between runs: `SOLVENT_STATE`, else `$XDG_STATE_HOME/solvent`, else
 * `~/.local/state/solvent`.
 * @throws SolventError `home-missing`, with the name of the variable.
 */
export function stateDirectory(): string {
  return ownDirectory({ own: STATE_VARIABLE, standard: 'XDG_STATE_HOME', inHome: join('.local', 'state') });
}

function ownDirectory(names: { own: string; standard: string; inHome: string }): string {
  const own = process.env[names.own];
  if (own) return own;
  const standard = process.env[names.standard];
  // A relative path here is to be taken for none (XDG base directory specification).
  if (standard && isAbsolute(standard)) return join(standard, 'solvent');
  return join(findHome(names.own), names.inHome, 'solvent');
}

function findHome(variable: string): string {
  let home = '';
  try {
    home = homedir();
  } catch {
    // An account without an entry in the system's list has none.
  }
  if (isAbsolute(home)) return home;
  throw refuseSystem('home-missing', {
    expected: 'a home directory',
    found: 'none',
    advice: `name a directory with the variable ${variable}`,
    details: { variable },
  });
}
