export { createSnapshotFromBooks, type BooksSnapshotOptions } from './books/create-snapshot-from-books.js';
export {
  createSnapshot,
  type SnapshotListener as ProgressListener,
  type SnapshotOptions,
  type SnapshotProgress,
} from './balances/create-snapshot.js';
export {
  inspectSnapshot,
  type InspectedAccount,
  type Inspection,
  type InspectOptions,
} from './inspect/inspect-snapshot.js';
export type { ValuedBreaks } from './inspect/inspect-snapshot.js';
export { assertSnapshot, loadSnapshot, type Snapshot } from './sealed/load-snapshot.js';
export { readAccounts } from './sealed/read-accounts.js';
export { stateSnapshot, type ClaimOptions, type StatedSnapshot } from './sealed/state-snapshot.js';
export {
  ACCOUNTS_FILE,
  COMPONENTS_FILE,
  INSTRUMENTS_FILE,
  HOUSE_FILE,
  SEALED_MODE,
  SNAPSHOT_FILE,
  SNAPSHOT_FORMAT,
  type ReconciledBooks,
  type SnapshotFile,
} from './sealed/snapshot-file.js';
export { addStages, parseStage } from './database/queries.js';
export { escapePattern, quoteText, Scratch, type ResultRow } from './database/scratch.js';
export { parseBooksConfig, parseStrictYaml } from './books/config/parse-config.js';
export type { BooksConfig } from './books/config.js';
export { loadPeriod, type LoadedPeriod, type PeriodOptions } from './books/sources/load-period.js';
export { refuseSnapshot, SNAPSHOT_ERRORS, type SnapshotCode } from './errors.js';
export { SourceError, type SourceCode, type SourceProblem } from './reading/source-problems.js';
export { BALANCE_COLUMNS } from './balances/balances-file.js';
export { SEPARATORS, type Separator } from './reading/csv-records.js';
export type { UnderwaterPolicy } from './balances/underwater-accounts.js';
export type { TakenSnapshot } from './sealed/sealed-files.js';
