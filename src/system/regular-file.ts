import { constants, type Stats } from 'node:fs';
import { lstat, open, type FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

import { SolventError } from '../protocol/index.js';
import { unreadable } from './disk-errors.js';
import { refuseSystem, type SystemCode } from './errors.js';

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
const PIECE_BYTES = 1 << 20;
/** No file is there, or its directory is none. */
const ABSENT = new Set(['ENOENT', 'ENOTDIR']);

/**
 * Opens a file that stands in a directory which others may write to. A symbolic link would lead to a file of the reader's own,
 * and a pipe never ends: only a regular file is opened. A caller that lets links pass does so for files that it named itself.
 * @throws SolventError `file-unreadable`, with the kind that was found.
 */
export async function openRegularFile(
  path: string,
  { followLinks = false }: { readonly followLinks?: boolean } = {},
): Promise<FileHandle> {
  // Without O_NONBLOCK the opening of a pipe waits for a writer.
  const flags = O_RDONLY | O_NONBLOCK | (followLinks ? 0 : O_NOFOLLOW);
  const handle = await open(path, flags).catch(async (cause: unknown) => {
    const found = await lstat(path).catch(() => undefined);
    const isOther = found !== undefined && !found.isFile() && !(followLinks && found.isSymbolicLink());
    throw isOther ? irregular(path, found, cause) : unreadable(path, cause);
  });
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw irregular(path, found);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/**
 * Reads a regular file of a directory which others may write to; of a longer one a byte more than `maxBytes`, which its
 * parser refuses by size.
 * @throws SolventError `file-unreadable`.
 */
export async function readRegularFile(path: string, maxBytes: number): Promise<Uint8Array> {
  const handle = await openRegularFile(path);
  try {
    return await readAtMost(handle, maxBytes);
  } catch (cause) {
    throw unreadable(path, cause);
  } finally {
    await handle.close();
  }
}

/** The same, or undefined where there is no such file. @throws SolventError `file-unreadable`. */
export async function findRegularFile(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
  return readRegularFile(path, maxBytes).catch((error: unknown) => {
    if (error instanceof SolventError && ABSENT.has(String(error.details.reason))) return undefined;
    throw error;
  });
}

/** Reads a file or pipe whole; of one that is longer than `maxBytes` it gives a byte more, which a parser refuses by size. */
export async function readAtMost(handle: FileHandle, maxBytes: number): Promise<Uint8Array> {
  const { size } = await handle.stat();
  if (size > maxBytes) return new Uint8Array(maxBytes + 1);
  // One byte more than there seems to be: a file that grows, or states no size, is read on.
  let bytes = Buffer.alloc(size + 1);
  for (let length = 0; ;) {
    const { bytesRead } = await handle.read(bytes, length, bytes.length - length);
    length += bytesRead;
    if (bytesRead === 0 || length > maxBytes) return bytes.subarray(0, length);
    if (length === bytes.length) {
      bytes = Buffer.concat([bytes], Math.min(bytes.length + PIECE_BYTES, maxBytes + 1));
    }
  }
}

/** Copies a regular file of a directory which others may write to into a new file. @throws SolventError `file-unreadable`. */
export async function copyRegularFile(from: string, to: string): Promise<void> {
  const source = await openRegularFile(from);
  const target = await open(to, 'wx').catch(async (error: unknown) => {
    await source.close();
    throw error;
  });
  await pipeline(source.createReadStream({ highWaterMark: PIECE_BYTES }), target.createWriteStream());
}

/** Whether a path leads to a directory, and not by a symbolic link. */
export async function isDirectory(path: string): Promise<boolean> {
  return lstat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

function irregular(path: string, found: Stats, cause?: unknown): SolventError<SystemCode> {
  const reason = nameKind(found);
  return refuseSystem('file-unreadable', {
    expected: `a regular file in ${path}`,
    found: reason,
    advice: 'put the file itself there',
    details: { path, reason },
    cause,
  });
}

function nameKind(found: Stats): string {
  if (found.isSymbolicLink()) return 'a symbolic link';
  if (found.isDirectory()) return 'a directory';
  if (found.isFIFO()) return 'a named pipe';
  return found.isSocket() ? 'a socket' : 'a device';
}
