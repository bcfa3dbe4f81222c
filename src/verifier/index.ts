import './without-eval.js';

export {
  verifyCeremonyEvidence,
  type CeremonyKey,
  type EvidenceOptions,
  type ShownCeremony,
} from './ceremony/evidence.js';
export { FAILURES, UNVERIFIABLE } from './codes.js';
export type { CheckNumber, CodeEntry, FailureCode, ReportCode, UnverifiableCode } from './codes.js';
export { VERIFIER_ERRORS, type HistoryCode } from './errors.js';
export { followRotations } from './history/history.js';
export {
  verifyHistory,
  type History,
  type HistoryEntry,
  type HistoryReport,
  type PublishedManifest,
} from './history/history.js';
export { renderHtml } from './html/page.js';
export { LANGUAGES, speak, type Language } from '../presentation/index.js';
export type {
  KeyFault,
  PairingBackend,
  PointFault,
  ProofClaim,
  ProofFault,
  SameRatio,
} from './pairing/backend.js';
export { createPairing } from './pairing/mcl.js';
export type { Report, ReportedCircuit, ReportedProvenance, ReportedTotal, Stated } from './report.js';
export { openBundleSource, type BundleSource, type Pieces } from './source.js';
export type { Check } from './steps.js';
export type { Comparison } from './checklist.js';
export {
  verifyBundle,
  verifyInclusion,
  type InclusionOptions,
  type PublicationOptions,
  type VerifyOptions,
} from './verify.js';
export { formatMoney, makePrintable } from '../presentation/index.js';
export { hashTrust, parseRotation, parseTrust, type Rotation, type Trust } from '../protocol/index.js';
