import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { PUBLISHED_FILES, rewordError, SolventError, requirePath } from '../../protocol/index.js';
import {
  MAX_RESERVES_BYTES,
  MAX_SIGNATURE_BYTES,
  RESERVES_FILE,
  RESERVES_SIGNATURE_FILE,
} from '../../protocol/reserves/index.js';
import type { ReservesSource } from '../reserves/source.js';
import { refuseUse } from '../errors.js';
import { readFileBounded, readRegularFile, unreadable } from './files.js';

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

/**
 * Opens a directory of reserves. Its lists and states are read when they are checked, each no further than it was signed.
 * @throws SolventError `file-unreadable` (usage), then or now.
 */
export async function openReserves(directory: string): Promise<ReservesSource> {
  const names = await readdir(requirePath(directory, 'the reserves')).catch((cause: unknown) => {
    throw unreadable(directory, cause, 'reserves');
  });
  if (!names.includes(RESERVES_FILE)) {
    throw refuseUse('file-unreadable', {
      expected: `reserves at ${directory}`,
      found: `a directory without ${RESERVES_FILE}`,
      advice: 'name the directory that the platform published as its reserves',
      details: { path: directory, reason: 'ENOENT' },
    });
  }
  // A byte more than may be: a longer file is refused for its size, and not read.
  const read = (name: string, sizeBytes: number) => readRegularFile(join(directory, name), sizeBytes + 1);
  return {
    reserves: await read(RESERVES_FILE, MAX_RESERVES_BYTES + 1),
    signature: await read(RESERVES_SIGNATURE_FILE, MAX_SIGNATURE_BYTES + 1),
    readFile: read,
  };
}
