import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { BUNDLE_FILES, SolventError } from '../../protocol/index.js';
import { MAX_WHOLE_FILE_BYTES } from '../limits.js';
import type { BundleSource, ManifestSource } from '../source.js';

export type FileCode = 'file-unreadable';

/** Bytes that are read at a time from a list of proofs. */
const PIECE_BYTES = 1 << 18;

/**
 * Reads a file whole, but no more of it than any format allows: a longer one is cut, and its parser refuses it.
 * @throws SolventError `file-unreadable` (usage).
 */
export async function readFileBounded(path: string): Promise<Uint8Array> {
  try {
    const handle = await open(path, 'r');
    try {
      const bytes = new Uint8Array(MAX_WHOLE_FILE_BYTES);
      let length = 0;
      for (;;) {
        const { bytesRead } = await handle.read(bytes, length, bytes.length - length);
        length += bytesRead;
        if (bytesRead === 0 || length === bytes.length) return bytes.slice(0, length);
      }
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/**
 * Opens the directory of a bundle. Its lists of proofs are streamed when they are read.
 * @throws SolventError `file-unreadable` (usage), then or now.
 */
export async function openBundle(directory: string): Promise<BundleSource> {
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
  const [manifest, signature] = await Promise.all([
    readFileBounded(path),
    readFileBounded(join(dirname(path), BUNDLE_FILES.signature)),
  ]);
  return { manifest, signature };
}

async function* readPieces(path: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of createReadStream(path, { highWaterMark: PIECE_BYTES })) yield piece as Buffer;
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): SolventError<FileCode> {
  const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown';
  return new SolventError('usage', 'file-unreadable', `expected a readable file, got ${reason} for ${path}`, {
    details: { path, reason },
    cause,
  });
}
