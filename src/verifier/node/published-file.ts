import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { PUBLISHED_FILES, rewordError, SolventError } from '../../protocol/index.js';
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

/**
 * The bytes of the evidence of a ceremony: of the file that was named, or of the one beside the trust file, where there is one.
 * @throws SolventError `file-unreadable` (usage).
 */
export async function findCeremonyEvidence({
  ceremony,
  trust,
}: {
  readonly ceremony?: string | undefined;
  readonly trust?: string | undefined;
}): Promise<Uint8Array | undefined> {
  if (ceremony !== undefined) return readFileBounded(ceremony);
  if (trust === undefined) return undefined;
  const beside = join(dirname(trust), PUBLISHED_FILES.ceremony.fileName);
  return existsSync(beside) ? readRegularFile(beside) : undefined;
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
