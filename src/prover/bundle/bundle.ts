import { open } from 'node:fs/promises';
import { join } from 'node:path';

import { readIfExists, writeDirectoryAtomically } from '../../system/index.js';
import {
  BUNDLE_FILE_KINDS,
  BUNDLE_FILES,
  encodeJsonLine,
  hashManifest,
  parseManifest,
  SolventError,
  type AggregateProof,
  type BatchProof,
  type BundleFileKind,
  type Manifest,
} from '../../protocol/index.js';
import type { ProverCode } from '../errors.js';
import { signManifest, type ManifestSigner } from './signature.js';

/** Everything that is published; proofs in their order in the bundle. */
export type BundleParts = {
  readonly manifest: Manifest;
  readonly batches: AsyncIterable<BatchProof>;
  /** From the layer above the batches up; the top is last. */
  readonly aggregates: AsyncIterable<AggregateProof>;
};

/**
 * Writes a bundle whole or not at all, and signs its manifest.
 * @throws SolventError `directory-exists`, `signing-key-unsuitable`.
 */
export async function writeBundle(
  path: string,
  parts: BundleParts,
  signingKey: ManifestSigner,
): Promise<void> {
  const { manifest, batches, aggregates } = parts;
  const signature = signManifest(hashManifest(manifest), signingKey);
  const lines: Readonly<Record<BundleFileKind, AsyncIterable<unknown> | Iterable<unknown>>> = {
    manifest: [manifest],
    signature: [signature],
    batches,
    aggregates,
  };
  await writeDirectoryAtomically(path, async (temporary) => {
    for (const kind of BUNDLE_FILE_KINDS) {
      await writeLines(join(temporary, BUNDLE_FILES[kind]), lines[kind]);
    }
  });
}

/**
 * The manifest of a finished bundle, or undefined where there is none yet. Bundles appear whole.
 * @throws SolventError `run-file-malformed` where what is there is no bundle.
 */
export async function loadBundleManifest(path: string): Promise<Manifest | undefined> {
  const bytes = await readIfExists(join(path, BUNDLE_FILES.manifest));
  if (bytes === undefined) return undefined;
  try {
    return parseManifest(bytes);
  } catch (cause) {
    throw new SolventError<ProverCode>(
      'artefact',
      'run-file-malformed',
      'expected a bundle that this command wrote, got another manifest: remove the bundle and prove again',
      { details: { path }, cause },
    );
  }
}

/** One line of canonical JSON for each value, flushed to disk. */
async function writeLines(path: string, values: AsyncIterable<unknown> | Iterable<unknown>): Promise<void> {
  const handle = await open(path, 'wx', 0o644);
  try {
    for await (const value of values) await handle.writeFile(encodeJsonLine(value));
    await handle.sync();
  } finally {
    await handle.close();
  }
}
