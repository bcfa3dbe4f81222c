export {
  isReservesFailure,
  RESERVES_FAILURES,
  RESERVES_UNVERIFIABLE,
  type ReservesCodeEntry,
  type ReservesFailureCode,
  type ReservesReportCode,
  type ReservesUnverifiableCode,
} from './codes.js';
export { toBundleVerdict, type BundleVerdict, type Liabilities, type OwedAsset } from './liabilities.js';
export type { ReportedBlock, ReportedReserve, ReservesReport } from './report.js';
export type { ReservesSource } from './source.js';
export type { Coverage } from './words.js';
export { verifyReserves, type VerifyReservesOptions } from './verify.js';
export { hashPins, parsePins, type Pins } from '../../protocol/reserves/index.js';
export { surveyReserves, type ReservesDraft, type ReservesSurvey } from './survey.js';
export type { RecoverSigners, SignatureClaim } from './evm/signature.js';
export { hashEvm, parseEvmHeader, type EvmHeader } from './evm/header.js';
export { hashMessage, parseEvmSignature, recoverWithNoble } from './evm/signature.js';
export { deriveSlot, EMPTY_CODE_HASH, ProvenState, type MissingNode } from './evm/state.js';
export { assertTokenCode, readTokenBalance } from './evm/token.js';
export { NodeSet } from './evm/trie.js';
export { readSafe, type WalletOwners } from './evm/wallet-contract.js';
export { sortNodes } from './survey.js';
