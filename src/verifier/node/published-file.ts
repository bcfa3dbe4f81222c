import { rewordError, SolventError } from '../../protocol/index.js';
import { readFileBounded, readRegularFile } from './files.js';

/**
 * Reads a published file whole: a trust file, a rotation, a manifest.
 * @throws SolventError `file-unreadable` (usage), or of class `format` with the path.
 */
export async function loadPublished<T>(path: string, parse: (bytes: Uint8Array) => T): Promise<T> {
  return parseNamed(path, await readFileBounded(path), parse);
}

/** Reads a published file of a directory that others filled: a regular file alone. @throws SolventError as `loadPublished`. */
export async function loadFromDirectory<T>(path: string, parse: (bytes: Uint8Array) => T): Promise<T> {
  return parseNamed(path, await readRegularFile(path), parse);
}

function parseNamed<T>(path: string, bytes: Uint8Array, parse: (bytes: Uint8Array) => T): T {
  try {
    return parse(bytes);
  } catch (error) {
    if (!(error instanceof SolventError)) throw error;
    const message = `${path}: ${error.message}: get this file again from who published it`;
    throw rewordError(error as SolventError, message);
  }
}
