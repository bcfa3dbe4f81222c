import { open, type FileHandle } from 'node:fs/promises';

import { describeSystemReason, SolventError, systemCodeOf } from '../../protocol/index.js';
import type { FileCode } from '../../system/index.js';

/** Bytes of one read: Node refuses reads of 2 GiB, and large ones gain nothing. */
export const READ_CHUNK_BYTES = 1 << 24;

/**
 * Reads a file into one shared buffer, in chunks.
 * @throws SolventError `file-unreadable`.
 */
export async function readFileShared(path: string): Promise<SharedArrayBuffer> {
  return withFile(path, async (handle) => {
    const { size } = await handle.stat();
    const buffer = new SharedArrayBuffer(size);
    await readInto(handle, new Uint8Array(buffer), 0);
    return buffer;
  });
}

/**
 * Fills `target` with the bytes of a file from `position` on.
 * @throws Error where the file ends before.
 */
export async function readInto(handle: FileHandle, target: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < target.length;) {
    const length = Math.min(READ_CHUNK_BYTES, target.length - done);
    const { bytesRead } = await handle.read(target, done, length, position + done);
    if (bytesRead === 0) throw new Error(`expected ${target.length} bytes at ${position}, got ${done}`);
    done += bytesRead;
  }
}

/**
 * Opens a file for reading and closes it however `use` ends.
 * @throws SolventError `file-unreadable` where it cannot be opened; what `use` throws.
 */
export async function withFile<T>(path: string, use: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await open(path, 'r').catch((cause: unknown) => {
    throw new SolventError<FileCode>(
      'usage',
      'file-unreadable',
      `expected a readable file at ${path}, got ${describeSystemReason(cause)}`,
      { details: { path, reason: systemCodeOf(cause) }, cause },
    );
  });
  try {
    return await use(handle);
  } finally {
    await handle.close();
  }
}
