import {
  bytesToHex,
  encodeJsonLine,
  hashCommitments,
  parseManifest,
  MANIFEST_FORMAT,
  type PinnedCircuit,
  type Manifest,
  type VerificationKey,
} from '../../protocol/index.js';
import type { BatchSeal } from './commit-batch.js';
import type { CutBatch } from './cut-rows.js';
import type { ManifestContent } from './run-seeds.js';

/** What a manifest states of a snapshot: everything but its circuits and what is committed to. */
export type SnapshotClaim = Omit<ManifestContent, 'format' | 'profile' | 'indexBits' | 'circuits'>;

/** The part of a manifest that follows from its snapshot, and from what the platform says of it. */
export function stateClaim(manifest: Manifest): SnapshotClaim {
  const { platform, takenAt, leastDistanceMs, quote, scope, snapshotHash, previousManifestHash } = manifest;
  const { scale, assets, maxMarkAgeMs, totals, rounding, writeOffs, reconciliation } = manifest;
  return {
    ...{ platform, takenAt, leastDistanceMs, quote, scope, snapshotHash, previousManifestHash },
    ...{ scale, assets, maxMarkAgeMs, totals, rounding, writeOffs, reconciliation },
  };
}

/** A circuit as a manifest names it. */
export type KeyedCircuit = PinnedCircuit & { readonly verificationKey: VerificationKey };

/**
 * The manifest of a run but for the hash of its commitments, in its one form.
 * @param run.batchCounts batches of each circuit, in order; at least one.
 * @throws SolventError of class `format` where no manifest can state this.
 */
export function composeContent(
  snapshot: SnapshotClaim,
  run: {
    readonly profile: string;
    readonly circuits: readonly KeyedCircuit[];
    readonly batchCounts: readonly number[];
  },
): ManifestContent {
  const content: ManifestContent = {
    ...snapshot,
    format: MANIFEST_FORMAT,
    profile: run.profile,
    indexBits: run.circuits[0]!.parameters.indexBits,
    circuits: run.circuits.map(
      ({ name, parameters, tag, fingerprint, provenance, verificationKey }, index) => ({
        name,
        parameters,
        tag,
        fingerprint,
        provenance,
        verificationKey,
        proofCount: run.batchCounts[index]!,
      }),
    ),
  };
  // What is hashed now must be what every verifier can read later.
  parseManifest(encodeJsonLine({ ...content, commitmentsHash: '0'.repeat(64) }));
  return content;
}

/** `commitments.ndjson`: a line a batch, in order. */
export function encodeCommitments(
  circuits: readonly Pick<KeyedCircuit, 'name'>[],
  batches: readonly (BatchSeal & Pick<CutBatch, 'circuit'>)[],
): Uint8Array {
  return Buffer.concat(
    batches.map(({ circuit, digest, list }) =>
      encodeJsonLine({ circuit: circuits[circuit]!.name, digest: digest.toString(), list: list.toString() }),
    ),
  );
}

/** The manifest of a run whose batches are committed to. @param commitments the bytes of `commitments.ndjson`. */
export function completeManifest(content: ManifestContent, commitments: Uint8Array): Manifest {
  return { ...content, commitmentsHash: bytesToHex(hashCommitments(commitments)) };
}
