import { MAX_PUBLISHED_BYTES, SolventError } from '../protocol/index.js';
import { readNamedFile } from './files.js';
import { readRegularFile } from './regular-file.js';

/** Reads a published file that the caller named. @throws SolventError `file-unreadable`; of class `format`, with the path. */
export async function loadPublished<T>(path: string, parse: (bytes: Uint8Array) => T): Promise<T> {
  return parsePublished(path, await readNamedFile(path, MAX_PUBLISHED_BYTES), parse);
}

/** Reads a published file of a folder that others filled: a regular file alone. @throws SolventError as `loadPublished`. */
export async function loadFromFolder<T>(path: string, parse: (bytes: Uint8Array) => T): Promise<T> {
  return parsePublished(path, await readRegularFile(path, MAX_PUBLISHED_BYTES), parse);
}

function parsePublished<T>(path: string, bytes: Uint8Array, parse: (bytes: Uint8Array) => T): T {
  try {
    return parse(bytes);
  } catch (error) {
    if (!(error instanceof SolventError)) throw error;
    const { errorClass, code, message, details } = error as SolventError;
    throw new SolventError(
      errorClass,
      code,
      `${path}: ${message}: get this file again from who published it`,
      {
        details,
        cause: error,
      },
    );
  }
}
