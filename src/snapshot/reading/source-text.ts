import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

import { describeSystemReason, SolventError, systemCodeOf } from '../../protocol/index.js';
import { refuseSystem, type SystemCode } from '../../system/index.js';
import { SourceError } from './source-problems.js';
import { decompressZstd } from './zstd.js';

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

/** How the bytes of a file hold its text. */
type Compression = 'none' | 'gzip' | 'zstd';

const MAGIC: readonly (readonly [Compression, Buffer])[] = [
  ['gzip', Buffer.from([0x1f, 0x8b])],
  ['zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd])],
  // Frames to be skipped, of which there are sixteen kinds: pzstd begins with one (RFC 8878, 3.1.2).
  ...Array.from({ length: 16 }, (_, kind) => ['zstd', Buffer.from([0x50 + kind, 0x2a, 0x4d, 0x18])] as const),
];

/**
 * Whether a file is compressed, by its first bytes: no text begins with these.
 * @throws SolventError `file-unreadable`.
 */
export async function detectCompression(path: string): Promise<Compression> {
  for await (const chunk of readSourceBytes(path)) {
    return MAGIC.find(([, magic]) => chunk.subarray(0, magic.length).equals(magic))?.[0] ?? 'none';
  }
  return 'none';
}

/**
 * The bytes of a file's text in order: those of the file, or what they are decompressed to.
 * @throws SolventError `file-unreadable`; SourceError `file-malformed` where a compressed file is damaged or cut short.
 */
export async function* readSourceText(path: string): AsyncGenerator<Buffer> {
  const compression = await detectCompression(path);
  if (compression === 'none') {
    yield* readSourceBytes(path);
    return;
  }
  try {
    yield* compression === 'gzip' ? decompressGzip(path) : decompressZstd(readSourceBytes(path));
  } catch (error) {
    if (error instanceof SolventError) throw error;
    const message = `expected a whole file that ${compression} has compressed, got a damaged or unfinished one: write it again`;
    const problem = { line: 1, column: null, code: 'file-malformed', message } as const;
    throw new SourceError([{ file: basename(path), ...problem }], 1);
  }
}

async function* decompressGzip(path: string): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  // What fails is thrown to the reader of the last stream.
  const chunks: AsyncIterable<unknown> = pipeline(
    Readable.from(readSourceBytes(path)),
    gunzip,
    () => undefined,
  );
  for await (const chunk of chunks) yield chunk as Buffer;
  if (await hasRest(path, gunzip.bytesWritten)) throw new RangeError('expected the end of gzip, got more');
}

/** Whether anything but zeros, which tapes and disks pad files with, stands behind what zlib has taken: it stops there. */
async function hasRest(path: string, takenBytes: number): Promise<boolean> {
  const { sizeBytes } = await statSource(path);
  if (sizeBytes === takenBytes) return false;
  let at = 0;
  for await (const chunk of readSourceBytes(path)) {
    if (chunk.subarray(Math.max(0, takenBytes - at)).some((byte) => byte !== 0)) return true;
    at += chunk.length;
  }
  return false;
}
