import { createReadStream } from 'node:fs';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import {
  BUNDLE_FILES,
  describeSystemReason,
  requirePath,
  SolventError,
  systemCodeOf,
} from '../../protocol/index.js';
import { MAX_WHOLE_FILE_BYTES } from '../limits.js';
import type { BundleSource, ManifestSource } from '../source.js';

export type ReadingFileCode = 'file-unreadable' | 'file-unwritable';

/** Bytes that are read at a time from a list of proofs. */
const PIECE_BYTES = 1 << 18;

/**
 * Reads a file whole, but no more of it than any format allows: a longer one is cut, and its parser refuses it.
 * @throws SolventError `file-unreadable` (usage).
 */
export async function readFileBounded(path: string): Promise<Uint8Array> {
  try {
    const handle = await open(requirePath(path, 'a file'), 'r');
    try {
      // One byte more than there seems to be: a file that grows, or states no size, is read on.
      let bytes = new Uint8Array(Math.min((await handle.stat()).size + 1, MAX_WHOLE_FILE_BYTES));
      let length = 0;
      for (;;) {
        const { bytesRead } = await handle.read(bytes, length, bytes.length - length);
        length += bytesRead;
        if (bytesRead === 0 || length === MAX_WHOLE_FILE_BYTES) return bytes.slice(0, length);
        if (length === bytes.length) bytes = extend(bytes);
      }
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw cause instanceof SolventError ? cause : unreadable(path, cause);
  }
}

/**
 * Opens the directory of a bundle. Its lists of proofs are streamed when they are read.
 * @throws SolventError `file-unreadable` (usage), then or now.
 */
export async function openBundle(directory: string): Promise<BundleSource> {
  await assertBundle(requirePath(directory, 'the bundle'));
  const [manifest, signature] = await Promise.all([
    readFileBounded(join(directory, BUNDLE_FILES.manifest)),
    readFileBounded(join(directory, BUNDLE_FILES.signature)),
  ]);
  return {
    manifest,
    signature,
    batches: readPieces(join(directory, BUNDLE_FILES.batches)),
    aggregates: readPieces(join(directory, BUNDLE_FILES.aggregates)),
  };
}

/**
 * Opens a manifest and its signature, `manifest.sig.json` beside it.
 * @throws SolventError `file-unreadable` (usage).
 */
export async function openManifest(path: string): Promise<ManifestSource> {
  requirePath(path, 'the manifest');
  const [manifest, signature] = await Promise.all([
    readFileBounded(path),
    readFileBounded(join(dirname(path), BUNDLE_FILES.signature)),
  ]);
  return { manifest, signature };
}

/** Says where the bundle is, or that there is none, before a file of it is missed. */
async function assertBundle(directory: string): Promise<void> {
  const names = await readdir(directory).catch((cause: unknown) => {
    throw unreadable(directory, cause, 'a bundle');
  });
  if (names.includes(BUNDLE_FILES.manifest)) return;
  const advice = names.includes('bundle')
    ? `name ${join(directory, 'bundle')}`
    : 'name the folder that the platform published as its bundle';
  throw new SolventError<ReadingFileCode>(
    'usage',
    'file-unreadable',
    `expected a bundle at ${directory}, got a folder without ${BUNDLE_FILES.manifest}: ${advice}`,
    { details: { path: directory, reason: 'ENOENT' } },
  );
}

function extend(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const longer = new Uint8Array(Math.min(bytes.length + PIECE_BYTES, MAX_WHOLE_FILE_BYTES));
  longer.set(bytes);
  return longer;
}

async function* readPieces(path: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of createReadStream(path, { highWaterMark: PIECE_BYTES })) yield piece as Buffer;
  } catch (cause) {
    throw unreadable(path, cause);
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
    throw new SolventError<ReadingFileCode>(
      'usage',
      'file-unwritable',
      `expected to write ${path}, got ${describeSystemReason(cause)}: name a file in a directory that is there and has room`,
      { details: { path, reason }, cause },
    );
  }
}

/**
 * What is said of a file or folder that the system does not let us read.
 * @param expected what it was taken for: `a readable file`.
 */
export function unreadable(
  path: string,
  cause: unknown,
  expected = 'a readable file',
): SolventError<ReadingFileCode> {
  const found = describeSystemReason(cause);
  return new SolventError('usage', 'file-unreadable', `expected ${expected} at ${path}, got ${found}`, {
    details: { path, reason: systemCodeOf(cause) },
    cause,
  });
}
