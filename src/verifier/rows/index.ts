export { isRowFailureCode, ROW_FAILURES, type RowFailureCode, type RowReportCode } from './codes.js';
export type { RowCheck } from './checklist.js';
export type { RowBundleSource } from './reading.js';
export {
  verifyRowBundle,
  verifyRowInclusion,
  type RowInclusionOptions,
  type RowReport,
  type RowVerifyOptions,
} from './verify.js';
