export { makeRowInclusion, openFinishedRun, type FinishedRowRun } from './make-inclusion.js';
export type { RowProvingCircuit } from './match-circuits.js';
export { proveRows, type ProveRowsOptions, type RowProgress } from './prove-rows.js';
export type { SnapshotClaim } from '../commit/compose-manifest.js';
export type { Account } from '../commit/identify-parts.js';
