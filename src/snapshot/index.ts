export { createSnapshotFromBooks, type BooksSnapshotOptions } from './books/create-snapshot-from-books.js';
export {
  createSnapshot,
  type ProgressListener,
  type SnapshotOptions,
  type SnapshotProgress,
  type SnapshotUsageCode,
} from './create-snapshot.js';
export {
  inspectSnapshot,
  type InspectCode,
  type InspectedAccount,
  type Inspection,
  type InspectOptions,
} from './inspect/inspect-snapshot.js';
export type { ValuedBreaks } from './inspect/largest-breaks.js';
export { loadSnapshot, type Snapshot, type SnapshotArtefactCode } from './load-snapshot.js';
export { readAccounts } from './read-accounts.js';
export {
  ACCOUNTS_FILE,
  SNAPSHOT_FILE,
  SNAPSHOT_FORMAT,
  type SnapshotFile,
  type SnapshotFileCode,
} from './snapshot-file.js';
export { parseStage } from './queries.js';
export { SourceError, type SourceCode, type SourceProblem } from './source-problems.js';
export type { UnderwaterPolicy } from './underwater-accounts.js';
