export type { ManifestSigner as SigningKey, SigningEntry, SigningLedger } from './bundle/signature.js';
export type { ProvingCircuit } from './circuits.js';
export type { SnapshotClaim } from './commit/compose-manifest.js';
export { chooseKernel, ENGINE_NAMES, findEngine, type EngineName, type KernelName } from './engine/index.js';
export { PROVER_ERRORS, type ProverCode } from './errors.js';
export {
  makeAllInclusions,
  makeInclusionArchive,
  type InclusionsResult,
} from './inclusion/make-all-inclusions.js';
export { makeInclusion, type MadeInclusion } from './inclusion/make-inclusion.js';
export { MAX_PROOF_ATTEMPTS, MAX_WORKERS } from './limits.js';
export type { ProveOptions } from './options.js';
export type { ProveListener as ProgressListener, ProveProgress, ProveStep } from './progress.js';
export { prove, type ProveResult } from './prove.js';
