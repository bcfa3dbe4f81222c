export {
  RESERVES_FAILURES,
  RESERVES_UNVERIFIABLE,
  type ReservesCodeEntry,
  type ReservesFailureCode,
  type ReservesReportCode,
  type ReservesUnverifiableCode,
} from './codes.js';
export type { RecoverSigners, SignatureClaim } from './evm/signature.js';
export { toBundleVerdict, type BundleVerdict, type Liabilities, type OwedAsset } from './liabilities.js';
export {
  listLevelsApart,
  reportStatedReserves,
  type ReportedBlock,
  type ReportedReserve,
  type ReportedToken,
  type ReservesReport,
  type StatedReserve,
} from './report.js';
export type { ReservesSource } from './source.js';
export { verifyReserves, type VerifyReservesOptions } from './verify.js';
export { COVERAGE_WORDS, formatRatio, listReservesNotShown, MARK_WORDS, type Coverage } from './words.js';
export { MARKS } from './sums.js';
export { hashPins, parsePins, type Pins } from '../../protocol/reserves/index.js';
