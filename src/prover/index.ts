export type { ManifestSigner as SigningKey, SigningEntry, InstantLedger } from './bundle/signature.js';
export type { ProvingCircuit } from './circuits.js';
export type { SnapshotClaim } from './commit/compose-manifest.js';
export { chooseKernel, ENGINE_NAMES, findEngine, type EngineName, type KernelName } from './engine/index.js';
export { PROVER_ERRORS, type ProverCode } from './errors.js';
export {
  makeAllInclusions,
  makeInclusionArchive,
  type InclusionsResult,
} from './inclusion/make-all-inclusions.js';
export { makeInclusion, type MadeInclusion } from './inclusion/make-all-inclusions.js';
export { MAX_PROOF_ATTEMPTS, MAX_WORKERS } from './limits.js';
export type { ProveOptions } from './options.js';
export { loadBatch } from './commit/batch-file.js';
export type { BatchSeed } from './commit/run-seeds.js';
export type { PointsAnswer } from './commit/batch-maker.js';
export {
  BatchCommitting,
  type AwaitedBatch,
  type BatchCommitter,
  type PinnedBatch,
  type CommittingOptions,
} from './commit/commit-batches.js';
export { KEY_FORM_BYTES } from './commit/point-bytes.js';
export { LoadedCircuits } from './pool/circuit-prover.js';
export { listProofWords, packProof, PROOF_WORDS, readProofWords } from './pool/packed-proof.js';
export { ProofPool } from './pool/proof-pool.js';
export type { AwaitedProof, BatchProver, ProvingOptions } from './pool/prove-batches.js';
export type { FinishedProof, SeededRows } from './pool/task.js';
export { loadCheckedSponge } from './poseidon/checked-sponge.js';
export { loadStoredProof, saveProof } from './proof-file.js';
export type { ProveListener as ProgressListener, ProveProgress, ProveStep } from './progress.js';
export { prove, type ProveResult } from './prove.js';
