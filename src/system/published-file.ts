import { MAX_PUBLISHED_BYTES, SolventError } from '../protocol/index.js';
import { readNamedFile } from './files.js';

/** Reads a published file that the caller named. @throws SolventError `file-unreadable`; of class `format`, with the path. */
export async function loadPublished<T>(path: string, parse: (bytes: Uint8Array) => T): Promise<T> {
  const bytes = await readNamedFile(path, MAX_PUBLISHED_BYTES);
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
