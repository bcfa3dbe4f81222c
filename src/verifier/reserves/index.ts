export {
  RESERVES_FAILURES,
  RESERVES_UNVERIFIABLE,
  type ReservesCodeEntry,
  type ReservesFailureCode,
  type ReservesReportCode,
  type ReservesUnverifiableCode,
} from './codes.js';
export type { PublishedReserves } from '../history/history.js';
export { verifyReservesHistory, type ReservesHistory } from '../history/reserves.js';
export type { AskNode, NodeAnswer, NodeQuestion } from './checks/nodes.js';
export type { Outpoint } from './bitcoin/message.js';
export type { EcdsaClaim, VerifyEcdsa } from './bitcoin/spend.js';
export type { RecoverSigners, SignatureClaim } from './evm/signature.js';
export { toBundleVerdict, type BundleVerdict, type Liabilities, type OwedAsset } from './liabilities.js';
export type { ReportedBlock, ReportedReserve, ReportedToken, ReservesReport } from './report.js';
export { compareInstants, type HeldTwice } from './persistence.js';
export type { ReservesSource } from './source.js';
export { verifyReserves, type VerifyReservesOptions } from './verify.js';
export type { Coverage } from './words.js';
export { hashPins, parsePins, type Pins } from '../../protocol/reserves/index.js';
