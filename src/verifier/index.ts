import './without-eval.js';

export { FAILURES, UNVERIFIABLE } from './codes.js';
export type { CheckNumber, CodeEntry, FailureCode, ReportCode, UnverifiableCode } from './codes.js';
export { html, NOTHING, type Markup } from './html/markup.js';
export { renderHtml } from './html/page.js';
export { formatShare, joinSmallest, valueEquities, type AssetValue } from './html/value.js';
export type { KeyFault, PairingBackend, PointFault, ProofClaim, ProofFault } from './pairing/backend.js';
export { createPairing } from './pairing/mcl.js';
export type { Report, ReportedCircuit, ReportedTotal, Stated } from './report.js';
export {
  isBundleSource,
  openBundleSource,
  openManifestSource,
  type BundleSource,
  type ManifestSource,
} from './source.js';
export type { Check } from './steps.js';
export { formatMoney, makePrintable } from './text.js';
export { verifyBundle, verifyInclusion, type InclusionOptions, type VerifyOptions } from './verify.js';
export { parseTrust, type Trust } from '../protocol/index.js';
