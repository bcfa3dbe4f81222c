import { SolventError } from '../../protocol/index.js';
import { readFileBounded } from './files.js';

/**
 * Reads a published file whole: a trust file, a rotation, a manifest.
 * @throws SolventError `file-unreadable` (usage), or of class `format` with the path.
 */
export async function loadPublished<T>(path: string, parse: (bytes: Uint8Array) => T): Promise<T> {
  const bytes = await readFileBounded(path);
  try {
    return parse(bytes);
  } catch (error) {
    if (!(error instanceof SolventError)) throw error;
    const { errorClass, code, message, details } = error as SolventError;
    const advice = `${path}: ${message}: get this file again from who published it`;
    throw new SolventError(errorClass, code, advice, { details, cause: error });
  }
}
