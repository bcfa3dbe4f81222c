export type { ManifestSigner as SigningKey, SigningEntry, SigningLedger } from './bundle/signature.js';
export type { AwaitedCircuits } from './circuit-supply.js';
export * from './engine/index.js';
export type { ProverCode } from './errors.js';
export {
  makeAllInclusions,
  makeInclusionArchive,
  type InclusionsResult,
} from './inclusion/make-all-inclusions.js';
export { makeInclusion } from './inclusion/make-inclusion.js';
export { MAX_PROOF_ATTEMPTS, MAX_WORKERS } from './limits.js';
export type { ProveListener as ProgressListener, ProveProgress } from './progress.js';
export { prove, type ProveOptions, type ProveResult } from './prove.js';
export type { ProvingCircuit, SealedSnapshot } from './snapshot.js';
