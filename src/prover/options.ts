import type { Account } from '../protocol/index.js';
import type { ManifestSigner, InstantLedger } from './bundle/signature.js';
import type { ProvingCircuit } from './circuits.js';
import type { BatchCommitter } from './commit/commit-batches.js';
import type { SnapshotClaim } from './commit/compose-manifest.js';
import type { EngineName } from './engine/index.js';
import type { BatchProver } from './pool/prove-batches.js';
import type { ProveListener, ProveStep } from './progress.js';

/** What is proven, with what, and where. */
export type ProveOptions = {
  /** What the manifest states of the snapshot. */
  readonly snapshot: SnapshotClaim;
  /** How many accounts there are, for progress. */
  readonly accountCount: number;
  /** The accounts of the snapshot, each user once, in any order; read once, and not at all where the bundle is there. */
  readonly accounts: () => AsyncIterable<Account> | Iterable<Account>;
  /** The name of the profile of the keys. */
  readonly profile: string;
  /** All circuits of the run with their keys, in the order of the manifest. */
  readonly circuits: readonly ProvingCircuit[];
  readonly signingKey: ManifestSigner;
  /** What keeps account of what the key signed; without it nothing is kept. */
  readonly ledger?: InstantLedger;
  /** Made where it is not there; goes on where a run of the same inputs stopped. */
  readonly runDirectory: string;
  /** Worker threads; each commits to one batch or makes one proof at a time. */
  readonly workers: number;
  readonly engine: EngineName;
  /** What commits to the batches of rows; the threads of this machine where it is not given. */
  readonly commitBatches?: BatchCommitter;
  /** What makes the proofs once the manifest is sealed; the threads of this machine where it is not given. */
  readonly proveBatches?: BatchProver;
  /** Where the engine may keep converted keys. */
  readonly cacheDirectory?: string;
  /** Told once, and why, where it cannot: each run then converts them for itself. */
  readonly onCacheFault?: (reason: string) => void;
  readonly onProgress?: ProveListener;
  /** Told when everything of a step is on disk. */
  readonly onStep?: (step: ProveStep) => void;
};
