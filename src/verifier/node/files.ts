import { constants, type Stats } from 'node:fs';
import { lstat, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import {
  BUNDLE_FILES,
  describeSystemReason,
  requirePath,
  SolventError,
  systemCodeOf,
  type BundleFileKind,
} from '../../protocol/index.js';
import { MAX_WHOLE_FILE_BYTES } from '../limits.js';
import { openBundleSource, type BundleSource, type Pieces } from '../source.js';
import { refuseUse, type VerifierCode } from '../errors.js';

/** Bytes that are read at a time from a list of proofs. */
const PIECE_BYTES = 1 << 18;

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;

/**
 * Reads a file that the caller named whole, but no more of it than any format allows: a longer one is cut, and its parser
 * refuses it. It may be a link, or a pipe.
 * @throws SolventError `file-unreadable` (usage).
 */
export async function readFileBounded(path: string): Promise<Uint8Array> {
  return readWhole(path, () => open(requirePath(path, 'a file'), 'r'));
}

/**
 * Reads a file of a directory that others filled in the same way. A link in it would lead to a file of the reader's own, and
 * a pipe never ends: only a regular file is read.
 * @param maxBytes where a longer file is cut.
 * @throws SolventError `file-unreadable` (usage).
 */
export async function readRegularFile(path: string, maxBytes = MAX_WHOLE_FILE_BYTES): Promise<Uint8Array> {
  return readWhole(path, () => openRegularFile(path), maxBytes);
}

async function openRegularFile(path: string): Promise<FileHandle> {
  // Without O_NONBLOCK the opening of a pipe waits for a writer.
  const handle = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch(async (cause: unknown) => {
    const found = await lstat(path).catch(() => undefined);
    throw found === undefined || found.isFile() ? unreadable(path, cause) : irregular(path, found);
  });
  try {
    const found = await handle.stat();
    if (found.isFile()) return handle;
    throw irregular(path, found);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function irregular(path: string, found: Stats): SolventError<VerifierCode> {
  const reason = found.isSymbolicLink()
    ? 'a symbolic link'
    : found.isDirectory()
      ? 'a directory'
      : found.isFIFO()
        ? 'a named pipe'
        : 'a socket or a device';
  return refuseUse('file-unreadable', {
    expected: `a regular file in ${path}`,
    found: reason,
    advice: 'put the file itself there',
    details: { path, reason },
  });
}

async function readWhole(
  path: string,
  openFile: () => Promise<FileHandle>,
  maxBytes = MAX_WHOLE_FILE_BYTES,
): Promise<Uint8Array> {
  try {
    const handle = await openFile();
    try {
      // One byte more than there seems to be: a file that grows, or states no size, is read on.
      let bytes = new Uint8Array(Math.min((await handle.stat()).size + 1, maxBytes));
      let length = 0;
      for (;;) {
        const { bytesRead } = await handle.read(bytes, length, bytes.length - length);
        length += bytesRead;
        if (bytesRead === 0 || length === maxBytes) return bytes.subarray(0, length);
        if (length === bytes.length) bytes = extend(bytes, maxBytes);
      }
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw cause instanceof SolventError ? cause : unreadable(path, cause);
  }
}

/**
 * Opens the directory of a bundle, or of an announced snapshot, whose lists are not there yet. Lists are streamed when they
 * are read.
 * @throws SolventError `file-unreadable` (usage), then or now.
 */
export async function openBundle(directory: string): Promise<BundleSource> {
  await assertBundle(requirePath(directory, 'the bundle'));
  return openFiles(directory, () => readRegularFile(join(directory, BUNDLE_FILES.manifest)));
}

/**
 * Opens a manifest that the caller named, and the files of its bundle beside it.
 * @throws SolventError `file-unreadable` (usage).
 */
export async function openManifest(path: string): Promise<BundleSource> {
  requirePath(path, 'the manifest');
  if ((await stat(path).catch(() => undefined))?.isDirectory() === true) {
    throw refuseUse('file-unreadable', {
      expected: `${BUNDLE_FILES.manifest} at ${path}`,
      found: 'a directory',
      advice: 'name the file in it',
      details: { path, reason: 'EISDIR' },
    });
  }
  return openFiles(dirname(path), () => readFileBounded(path));
}

function openFiles(directory: string, readManifest: () => Promise<Uint8Array>): Promise<BundleSource> {
  const pathOf = (kind: BundleFileKind) => join(directory, BUNDLE_FILES[kind]);
  return openBundleSource({
    whole: async (kind) => {
      if (kind === 'manifest') return readManifest();
      if (kind === 'weights' && (await isMissing(pathOf(kind)))) return undefined;
      return readRegularFile(pathOf(kind));
    },
    pieces: async (kind): Promise<Pieces | undefined> =>
      (await isMissing(pathOf(kind))) ? undefined : readPieces(pathOf(kind)),
  });
}

/** Whether nothing is there, not even a link that leads nowhere. */
async function isMissing(path: string): Promise<boolean> {
  return lstat(path).then(
    () => false,
    (cause: unknown) => systemCodeOf(cause) === 'ENOENT',
  );
}

/** Says where the bundle is, or that there is none, before a file of it is missed. */
async function assertBundle(directory: string): Promise<void> {
  const names = await readdir(directory).catch((cause: unknown) => {
    throw unreadable(directory, cause, 'a bundle');
  });
  if (names.includes(BUNDLE_FILES.manifest)) return;
  const advice = names.includes('bundle')
    ? `name ${join(directory, 'bundle')}`
    : 'name the directory that the platform published as its bundle';
  throw refuseUse('file-unreadable', {
    expected: `a bundle at ${directory}`,
    found: `a directory without ${BUNDLE_FILES.manifest}`,
    advice,
    details: { path: directory, reason: 'ENOENT' },
  });
}

function extend(bytes: Uint8Array, maxBytes: number): Uint8Array<ArrayBuffer> {
  const longer = new Uint8Array(Math.min(bytes.length + PIECE_BYTES, maxBytes));
  longer.set(bytes);
  return longer;
}

async function* readPieces(path: string): AsyncGenerator<Uint8Array> {
  const handle = await openRegularFile(path);
  try {
    for await (const piece of handle.createReadStream({ highWaterMark: PIECE_BYTES })) yield piece as Buffer;
  } catch (cause) {
    throw unreadable(path, cause);
  } finally {
    await handle.close();
  }
}

/**
 * Writes a file whole or not at all: beside it under another name, flushed to disk, then renamed over it. Readable by
 * its owner alone unless told otherwise: a report may show balances.
 * @throws SolventError `file-unwritable` (usage).
 */
export async function writeFileWhole(
  path: string,
  content: string | Uint8Array,
  { mode = 0o600 }: { readonly mode?: number } = {},
): Promise<void> {
  const temporary = join(dirname(path), `.tmp-${basename(path)}-${process.pid}`);
  try {
    const handle = await open(temporary, 'wx', mode);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    const reason = systemCodeOf(cause);
    throw refuseUse('file-unwritable', {
      expected: `to write ${path}`,
      found: describeSystemReason(cause),
      details: { path, reason },
      cause,
    });
  }
}

/**
 * What is said of a file or directory that the system does not let us read.
 * @param expected what it was taken for: `a readable file`.
 */
export function unreadable(
  path: string,
  cause: unknown,
  expected = 'a readable file',
): SolventError<VerifierCode> {
  const found = describeSystemReason(cause);
  return refuseUse('file-unreadable', {
    expected: `${expected} at ${path}`,
    found,
    details: { path, reason: systemCodeOf(cause) },
    cause,
  });
}
