import { join } from 'node:path';

import {
  encodeFieldElements,
  encodeJsonLine,
  BUNDLE_FILES,
  hashManifest,
  type BundleFileKind,
  type Manifest,
} from '../../protocol/index.js';
import { syncDirectory, writeDirectoryAtomically, writeFileAtomically } from '../../system/index.js';
import type { FinishedProof } from '../pool/task.js';
import { signManifest, type ManifestSigner } from './signature.js';

/** `proofs.ndjson`: a line a proof, in the order of commitments. */
export function encodeProofs(proofs: readonly FinishedProof[]): Uint8Array {
  return Buffer.concat(
    proofs.map(({ values: { total, cover, openings }, proof }) =>
      encodeJsonLine({
        ...(cover === null ? {} : { K: cover.toString() }),
        L: total.toString(),
        proof,
        z: encodeFieldElements(openings),
      }),
    ),
  );
}

/** Everything that is published but the signature; proofs in the order of commitments. */
type BundleParts = {
  readonly manifest: Manifest;
  /** The bytes of `commitments.ndjson`. */
  readonly commitments: Uint8Array;
  /** The bytes of `weights.json`; undefined in runs without margin batches. */
  readonly weights?: Uint8Array;
  readonly proofs: readonly FinishedProof[];
};

/**
 * Writes a bundle whole or not at all, and signs its manifest when everything else of it is written.
 * @param beforeSigning nothing is signed unless it returns.
 * @throws SolventError `directory-exists`, `signing-key-unsuitable`; what `beforeSigning` throws.
 */
export async function writeBundle(
  path: string,
  { manifest, commitments, weights, proofs }: BundleParts,
  { signingKey, beforeSigning }: { signingKey: ManifestSigner; beforeSigning: () => Promise<void> },
): Promise<void> {
  await writeDirectoryAtomically(path, async (temporary) => {
    const write = (kind: BundleFileKind, bytes: Uint8Array) =>
      writeFileAtomically(join(temporary, BUNDLE_FILES[kind]), bytes);
    await write('manifest', encodeJsonLine(manifest));
    await write('commitments', commitments);
    if (weights !== undefined) await write('weights', weights);
    await write('proofs', encodeProofs(proofs));
    await beforeSigning();
    await write('signature', encodeJsonLine(await signManifest(hashManifest(manifest), signingKey)));
    await syncDirectory(temporary);
  });
}
