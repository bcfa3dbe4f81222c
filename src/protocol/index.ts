export * from './account.js';
export * from './arithmetic.js';
export * from './bytes.js';
export * from './canonical-json.js';
export * from './decimal.js';
export * from './ed25519.js';
export * from './encoding.js';
export * from './errors.js';
export * from './field.js';
export * from './instant.js';
export * from './limits.js';
export * from './prices.js';
export * from './profiles.js';
export * from './secrets.js';
export * from './signed-note.js';
export * from './statement.js';
export * from './system-reasons.js';

export * from './inclusion/holdings.js';

export * from './inclusion/opening.js';
export * from './inclusion/placement.js';
export * from './inclusion/group-openings.js';
export * from './rows/challenges.js';
export * from './rows/codes.js';
export * from './rows/commitments.js';

export * from './rows/equations.js';
export * from './rows/layout.js';
export * from './rows/packing.js';
export * from './rows/points.js';
export * from './rows/public-signals.js';
export * from './rows/secrets.js';
export * from './rows/sums.js';
export {
  parseBatchCommitment,
  parseBatchProof,
  parseWeightedTotals,
  type BatchCommitment,
  type BatchProof,
  type WeightedTotals,
} from './formats/bundle.js';
export {
  fingerprintKey,
  layoutParameters,
  provenance,
  type KeyProvenance,
  type PinnedCircuit,
} from './formats/circuits.js';
export { groupRecord, type GroupRecord } from './formats/bundle.js';
export * from './formats/inclusion.js';
export {
  encodeManifestContent,
  formatManifestHash,
  hashManifest,
  MANIFEST_FORMAT,
  MAX_BATCHES,
  parseManifest,
  type Manifest,
} from './formats/manifest.js';
export { parseSchema, type SchemaCode } from './formats/parse.js';
export {
  encodeLogEntry,
  encodeRegistryEvidence,
  LOG_ENTRY_FORMAT,
  parseRegistryEvidence,
  REGISTRY_EVIDENCE_FORMAT,
  type RegistryEvidence,
} from './formats/publication.js';
export * from './formats/published-files.js';
export { PUBLISHED_SCHEMAS } from './formats/published-schemas.js';
export * as primitives from './formats/primitives.js';
export { boundCount, type Proof, type VerificationKey } from './formats/primitives.js';
export {
  BREAK_KINDS,
  reconciliation,
  type BreakKind,
  type ReconciliationSummary,
} from './formats/reconciliation.js';
export {
  encodeRotation,
  parseRotation,
  ROTATION_FORMAT,
  rotationMessage,
  verifyRotation,
  type Rotation,
  type RotationCode,
} from './formats/rotation.js';
export {
  parseSignature,
  SIGNATURE_FORMAT,
  signedMessage,
  type ManifestSignature,
} from './formats/signature.js';
export {
  COMPONENT_KINDS,
  CROSS_BUCKET,
  hashStatement,
  MAX_STATEMENT_LINES,
  parseStatement,
  STATEMENT_FORMAT,
  type AccountStatement,
  type ComponentKind,
  type StatementLine,
} from './formats/statement.js';
export type { Instrument, PositionQuote, PositionValuation, Valuation } from './formats/valuation.js';
export { hashTrust, parseTrust, TRUST_FORMAT, type Trust } from './formats/trust.js';
