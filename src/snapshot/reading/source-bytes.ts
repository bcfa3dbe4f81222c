import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

import { describeSystemReason, SolventError, systemCodeOf } from '../../protocol/index.js';
import { SourceError } from './source-problems.js';
import { refuseSystem, type SystemCode } from '../../system/index.js';

/** What tells one state of a file from another, as far as the file system knows. */
export type FileState = { readonly sizeBytes: number; readonly version: string };

const CHUNK_BYTES = 1 << 20;

/**
 * The bytes of a file in order, in chunks of at most a mebibyte.
 * @throws SolventError `file-unreadable` of class `usage`.
 */
export async function* readSourceBytes(path: string): AsyncGenerator<Buffer> {
  const chunks: AsyncIterable<unknown> = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  try {
    for await (const chunk of chunks) yield chunk as Buffer;
  } catch (cause) {
    throw refuseFile(path, describeSystemReason(cause), cause);
  }
}

/**
 * Looks at a source file that is going to be read more than once.
 * @throws SolventError `file-unreadable` of class `usage`, also for what is not a regular file.
 */
export async function statSource(path: string): Promise<FileState> {
  const found = await stat(path, { bigint: true }).catch((cause: unknown) => {
    throw refuseFile(path, describeSystemReason(cause), cause);
  });
  if (!found.isFile())
    throw refuseFile(path, found.isDirectory() ? 'a directory' : 'something else than a regular file');
  const version = [found.ino, found.size, found.mtimeNs, found.ctimeNs].join(' ');
  return { sizeBytes: Number(found.size), version };
}

/**
 * Makes sure that a source file is still the one that was looked at.
 * @throws SourceError `source-changed`.
 */
export async function assertUnchanged(source: {
  readonly path: string;
  readonly file: string;
  readonly state: FileState;
}): Promise<void> {
  const now = await statSource(source.path);
  if (now.version === source.state.version) return;
  const message = 'expected a file that stays as it is while it is read, got a change: run the command again';
  throw new SourceError([{ file: source.file, line: 1, column: null, code: 'source-changed', message }], 1);
}

function refuseFile(path: string, found: string, cause?: unknown): SolventError<SystemCode> {
  return refuseSystem('file-unreadable', {
    expected: `a readable file at ${path}`,
    found,
    details: { path, reason: systemCodeOf(cause) },
    cause,
  });
}
