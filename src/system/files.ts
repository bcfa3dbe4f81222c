import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, rmSync } from 'node:fs';
import { mkdir, open, readFile, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { SolventError } from '../protocol/index.js';
import { nameDiskErrors, nameFullDisk, type DiskCode } from './disk-errors.js';
import { isProcessAlive } from './process-alive.js';

export type FileCode = 'file-unreadable' | 'directory-exists';

/** No file is there, or its folder is none. */
const ABSENT = new Set(['ENOENT', 'ENOTDIR']);

/** Starts the name of what is not whole yet: `.tmp-<name>-<process>-<random>`; `removeAbandoned` clears it. */
const TEMPORARY_PREFIX = '.tmp-';

/** Files and directories that are being written now. */
const unfinished = new Set<string>();

/**
 * Writes a file whole or not at all: a temporary file beside it, flushed to disk, then renamed over it.
 * @param mode permission bits; 0o600 for what is secret.
 * @throws SolventError `disk-full`, `file-unwritable`; nothing is left of the file then.
 */
export async function writeFileAtomically(
  path: string,
  bytes: Uint8Array | string,
  { mode = 0o644 }: { mode?: number } = {},
): Promise<void> {
  await nameDiskErrors(path, () => replaceFile(path, bytes, mode));
}

async function replaceFile(path: string, bytes: Uint8Array | string, mode: number): Promise<void> {
  const temporary = temporaryBeside(path);
  unfinished.add(temporary);
  try {
    const handle = await open(temporary, 'wx', mode);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await removeQuietly(temporary);
    throw error;
  } finally {
    unfinished.delete(temporary);
  }
}

/**
 * Makes a directory whole or not at all: `fill` writes into a temporary one beside it, which is then renamed. What an
 * earlier process left of the same directory when it was killed is removed first.
 * @throws SolventError `directory-exists` where the target is there and not empty; `disk-full`, `file-unwritable`; what
 * `fill` throws.
 */
export async function writeDirectoryAtomically(
  path: string,
  fill: (temporary: string) => Promise<void>,
  { mode = 0o755 }: { mode?: number } = {},
): Promise<void> {
  await assertFree(path);
  await nameDiskErrors(path, () => mkdir(dirname(path), { recursive: true }));
  await removeLeftovers(path);
  const temporary = temporaryBeside(path);
  unfinished.add(temporary);
  try {
    await nameDiskErrors(path, () => mkdir(temporary, { mode }));
    await nameFullDisk(path, () => fill(temporary));
    // Only an empty directory gives way to a rename.
    await rename(temporary, path).catch(async (error: unknown) => {
      await assertFree(path);
      throw error;
    });
  } catch (error) {
    await removeQuietly(temporary);
    throw error;
  } finally {
    unfinished.delete(temporary);
  }
}

/**
 * Flushes a directory's entries to disk: what was renamed into it is there after a power cut. Where a system has no such
 * thing, as Windows has not, nothing happens.
 */
export async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r').catch(() => undefined);
  try {
    await handle?.sync().catch(() => undefined);
  } finally {
    await handle?.close();
  }
}

/** Removes, at once, what this process is still writing: for when it is told to stop. */
export function removeUnfinished(): void {
  for (const temporary of unfinished) rmSync(temporary, { recursive: true, force: true });
}

/** Removes the temporary files and directories that a killed process left in a directory. */
export async function removeAbandoned(directory: string): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  for (const name of names.filter((entry) => entry.startsWith(TEMPORARY_PREFIX))) {
    await rm(join(directory, name), { recursive: true, force: true });
  }
}

/**
 * Reads a file that the caller named.
 * @throws SolventError `file-unreadable` of class `usage`, with the system's code.
 */
export async function readNamedFile(path: string, maxBytes: number): Promise<Uint8Array> {
  try {
    const handle = await open(path, 'r');
    try {
      const { size } = await handle.stat();
      // One byte over is enough for the parser to refuse it by size.
      if (size > maxBytes) return new Uint8Array(maxBytes + 1);
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** SHA-256 of a file, in hexadecimal, read as a stream. @throws SolventError `file-unreadable`. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }))
      hash.update(chunk as Buffer);
  } catch (cause) {
    throw unreadable(path, cause);
  }
  return hash.digest('hex');
}

/** The file's bytes, or undefined where there is none. @throws SolventError `file-unreadable`. */
export async function readIfExists(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (ABSENT.has((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw unreadable(path, error);
  }
}

/** What went wrong before is what counts. */
async function removeQuietly(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch(() => undefined);
}

function temporaryBeside(path: string): string {
  const random = randomBytes(6).toString('hex');
  return join(dirname(path), `${TEMPORARY_PREFIX}${basename(path)}-${process.pid}-${random}`);
}

/**
 * Removes unfinished versions of one path whose process is gone; they may hold balances. One of this process's own number
 * that it does not know is an earlier process's: in a container each run has the same number.
 */
async function removeLeftovers(path: string): Promise<void> {
  const start = `${TEMPORARY_PREFIX}${basename(path)}-`;
  for (const name of await readdir(dirname(path))) {
    const owner = name.startsWith(start) ? /^([0-9]+)-[0-9a-f]{12}$/.exec(name.slice(start.length)) : null;
    if (owner === null) continue;
    const [left, pid] = [join(dirname(path), name), Number(owner[1])];
    const isAtWork = pid === process.pid ? unfinished.has(left) : isProcessAlive(pid);
    if (!isAtWork) await rm(left, { recursive: true, force: true });
  }
}

async function assertFree(path: string): Promise<void> {
  const names = await readdir(path).catch((error: unknown) => {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown';
    if (reason === 'ENOENT') return [];
    throw new SolventError<DiskCode>(
      'usage',
      'file-unwritable',
      `expected a new or empty directory, got ${reason} for ${path}: name another place, or change who may write there`,
      { details: { path, reason }, cause: error },
    );
  });
  if (names.length > 0) {
    throw new SolventError<FileCode>(
      'usage',
      'directory-exists',
      `expected a new or empty directory, got ${path} with ${names.length} entries in it: name another, or remove it`,
    );
  }
}

function unreadable(path: string, cause: unknown): SolventError<FileCode> {
  const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown';
  return new SolventError('usage', 'file-unreadable', `expected a readable file, got ${reason} for ${path}`, {
    details: { path, reason },
    cause,
  });
}
