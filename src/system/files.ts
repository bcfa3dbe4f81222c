import { createHash, randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { link, mkdir, mkdtemp, open, readFile, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

import { describeSystemReason, encodeCanonicalJson, requirePath, systemCodeOf } from '../protocol/index.js';
import { nameDiskErrors, nameFullDisk, unreadable, describeDirectory } from './disk-errors.js';

import { isProcessAlive } from './lock-holder.js';
import { openRegularFile, readAtMost } from './regular-file.js';

import { makeDirectory } from './make-directory.js';
import { refuseSystem } from './errors.js';

/** No file is there, or its directory is none. */
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
  requirePath(path, 'a file');
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
 * Writes a new file whole or not at all; what is there already stays as it is.
 * @returns whether it was written: false where something has its name.
 * @throws SolventError `disk-full`, `file-unwritable`.
 */
export async function createFileAtomically(
  path: string,
  bytes: Uint8Array | string,
  { mode = 0o644 }: { mode?: number } = {},
): Promise<boolean> {
  const complete = temporaryBeside(path);
  try {
    await writeFileAtomically(complete, bytes, { mode });
    // A link, unlike a rename, never replaces what is there.
    await link(complete, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await removeQuietly(complete);
  }
}

/** Flushes the names in a directory to disk: until then a file that was renamed into it may be lost with the power. */
export async function syncDirectory(path: string): Promise<void> {
  // Windows opens no directory.
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** How a directory is made. */
export type DirectoryOptions = {
  /** Permission bits; 0o755 unless it is said. */
  readonly mode?: number;
  /**
   * Whether what was made now is what is there already: the same command was run again. Without it whatever is there is
   * refused.
   */
  readonly isRepeat?: (made: string, there: string) => Promise<boolean>;
  /** What is made, as `describePlace` calls it: one that is there already was made of something else. */
  readonly kind?: string;
};

/**
 * Makes a directory whole or not at all: `fill` writes into a temporary one beside it, which is then renamed. What an
 * earlier process left of the same directory when it was killed is removed first.
 * @returns whether it was there already, by `isRepeat`, and stays as it was.
 * @throws SolventError `directory-exists` where the target is there and not empty; `disk-full`, `file-unwritable`; what
 * `fill` and `isRepeat` throw.
 */
export async function writeDirectoryAtomically(
  path: string,
  fill: (temporary: string) => Promise<void>,
  { mode = 0o755, isRepeat, kind }: DirectoryOptions = {},
): Promise<boolean> {
  requirePath(path, 'a new directory');
  const isTaken = isRepeat !== undefined && (await listEntries(path)).length > 0;
  if (!isTaken) await assertFree(path, kind);
  await nameDiskErrors(path, () => makeDirectory(dirname(path)));
  await removeLeftovers(path);
  const temporary = temporaryBeside(path);
  unfinished.add(temporary);
  try {
    await nameDiskErrors(path, () => mkdir(temporary, { mode }));
    await nameFullDisk(path, () => fill(temporary));
    if (isTaken && (await isRepeat(temporary, path))) {
      await removeQuietly(temporary);
      return true;
    }
    // Only an empty directory gives way to a rename.
    await rename(temporary, path).catch(async (error: unknown) => {
      await assertFree(path, kind);
      throw error;
    });
    return false;
  } catch (error) {
    await removeQuietly(temporary);
    throw error;
  } finally {
    unfinished.delete(temporary);
  }
}

/**
 * Lends a new directory in the system's place for temporary files, that its owner alone can enter, and removes it after.
 * @param purpose begins its name.
 */
export async function withTemporaryDirectory<T>(
  purpose: string,
  use: (directory: string) => Promise<T>,
): Promise<T> {
  const parent = tmpdir();
  const directory = await nameDiskErrors(parent, () => mkdtemp(join(parent, `${purpose}-`)));
  unfinished.add(directory);
  try {
    return await use(directory);
  } finally {
    await removeQuietly(directory);
    unfinished.delete(directory);
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
 * Reads a file that the caller named: it may be a link, or a pipe. Of a longer one a byte more than `maxBytes`, which its
 * parser refuses by size.
 * @throws SolventError `file-unreadable` of class `usage`, with the system's code.
 */
export async function readNamedFile(path: string, maxBytes: number): Promise<Uint8Array> {
  try {
    const handle = await open(requirePath(path, 'a file'), 'r');
    try {
      return await readAtMost(handle, maxBytes);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** The SHA-256 of a value in canonical JSON, as 64 hexadecimal digits. */
export function hashCanonicalJson(value: unknown): string {
  return createHash('sha256').update(encodeCanonicalJson(value)).digest('hex');
}

/**
 * SHA-256 of a regular file, in hexadecimal, read as a stream.
 * @param options `followLinks`: whether a symbolic link is followed; not for files of a directory which others may write to.
 * @throws SolventError `file-unreadable`.
 */
export async function hashFile(
  path: string,
  { followLinks = true }: { readonly followLinks?: boolean } = {},
): Promise<string> {
  const handle = await openRegularFile(path, { followLinks });
  const hash = createHash('sha256');
  try {
    const chunks: AsyncIterable<Buffer> = handle.createReadStream({ highWaterMark: 1 << 20 });
    for await (const chunk of chunks) hash.update(chunk);
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

async function assertFree(path: string, kind?: string): Promise<void> {
  const names = await listEntries(path);
  if (names.length > 0) {
    const counted = `one with ${names.length} ${names.length === 1 ? 'entry' : 'entries'} in it`;
    const isOther = kind !== undefined && (await describeDirectory(path)) === kind;
    throw refuseSystem('directory-exists', {
      expected: `a new or empty directory at ${path}`,
      found: isOther ? `${kind} that was made from other inputs` : counted,
      advice: 'name another, or remove it',
    });
  }
}

/** The names in a directory; none where there is no such directory. */
async function listEntries(path: string): Promise<string[]> {
  return readdir(path).catch((error: unknown) => {
    const reason = systemCodeOf(error);
    if (reason === 'ENOENT') return [];
    throw refuseSystem('file-unwritable', {
      expected: `a new or empty directory at ${path}`,
      found: reason === 'ENOTDIR' ? 'a file in its way' : describeSystemReason(error),
      details: { path, reason },
      cause: error,
    });
  });
}
