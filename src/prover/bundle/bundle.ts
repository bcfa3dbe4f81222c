import { open } from 'node:fs/promises';
import { join } from 'node:path';

import { writeDirectoryAtomically } from '../../system/index.js';
import {
  BUNDLE_FILES,
  encodeJsonLine,
  hashManifest,
  type AggregateProof,
  type BatchProof,
  type BundleFileKind,
  type Manifest,
} from '../../protocol/index.js';
import { signManifest, type ManifestSigner } from './signature.js';

/** Everything that is published; proofs in their order in the bundle. */
export type BundleParts = {
  readonly manifest: Manifest;
  readonly batches: AsyncIterable<BatchProof>;
  /** From the layer above the batches up; the top is last. */
  readonly aggregates: AsyncIterable<AggregateProof>;
};

/**
 * Writes a bundle whole or not at all, and signs its manifest when everything else of it is written.
 * @param beforeSigning told the manifest that is about to be signed; nothing is signed unless it returns.
 * @throws SolventError `directory-exists`, `signing-key-unsuitable`; what `parts` and `beforeSigning` throw.
 */
export async function writeBundle(
  path: string,
  parts: BundleParts,
  { signingKey, beforeSigning }: { signingKey: ManifestSigner; beforeSigning: () => Promise<void> },
): Promise<void> {
  await writeDirectoryAtomically(path, async (temporary) => {
    const write = (kind: BundleFileKind, lines: AsyncIterable<unknown> | Iterable<unknown>) =>
      writeLines(join(temporary, BUNDLE_FILES[kind]), lines);
    await write('manifest', [parts.manifest]);
    await write('batches', parts.batches);
    await write('aggregates', parts.aggregates);
    await beforeSigning();
    await write('signature', [signManifest(hashManifest(parts.manifest), signingKey)]);
  });
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
