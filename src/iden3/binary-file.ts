import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

import { describeSystemReason, requirePath, SolventError, systemCodeOf } from '../protocol/index.js';
import type { ByteSource } from './sections.js';
import { refuseFile, type Iden3Code } from './errors.js';

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
 * Fills `target` with the bytes of a file from `position` on, in chunks.
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
export async function withFile<T>(path: string, use: (handle: FileHandle) => T | Promise<T>): Promise<T> {
  const handle = await open(requirePath(path, 'a file'), 'r').catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  try {
    if (!(await handle.stat()).isFile()) throw unreadable(path, undefined);
    return await use(handle);
  } finally {
    await handle.close();
  }
}

/**
 * `withFile` for a thread that has nothing else to do meanwhile.
 * @throws SolventError `file-unreadable` where it cannot be opened; what `use` throws.
 */
export function withFileSync<T>(path: string, use: (descriptor: number) => T): T {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (cause) {
    throw unreadable(path, cause);
  }
  try {
    if (!fstatSync(descriptor).isFile()) throw unreadable(path, undefined);
    return use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** The bytes of an open file, read as they are asked for: good for headers, which are small. */
export function fileSource(descriptor: number): ByteSource {
  return {
    sizeBytes: fstatSync(descriptor).size,
    read: (position, sizeBytes) => {
      const bytes = new Uint8Array(sizeBytes);
      for (let done = 0; done < sizeBytes;) {
        const bytesRead = readSync(descriptor, bytes, done, sizeBytes - done, position + done);
        if (bytesRead === 0) throw new Error(`expected ${sizeBytes} bytes at ${position}, got ${done}`);
        done += bytesRead;
      }
      return bytes;
    },
  };
}

function unreadable(path: string, cause: unknown): SolventError<Iden3Code> {
  const found =
    cause === undefined ? 'a directory, or something else than a file' : describeSystemReason(cause);
  return refuseFile('file-unreadable', {
    expected: `a readable file at ${path}`,
    found,
    details: { path, reason: systemCodeOf(cause) },
    cause,
  });
}
