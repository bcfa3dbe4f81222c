export * from './account.js';
export * from './bytes.js';
export * from './canonical-json.js';
export * from './challenge.js';
export * from './circuit.js';
export * from './decimal.js';
export * from './ed25519.js';
export * from './errors.js';
export * from './field.js';
export * from './instant.js';
export * from './leaf.js';
export * from './limits.js';
export * from './poseidon.js';
export * from './prices.js';
export * from './profiles.js';
export * from './public-signals.js';
export * from './secrets.js';
export * from './statement.js';
export * from './system-reasons.js';
export * from './totals.js';
export * from './tree.js';
export * from './rows/layout.js';
export * from './rows/packing.js';
export * from './rows/digest.js';
export * from './rows/profiles.js';
export type { Challenges } from './rows/challenges.js';
export type { BatchValues } from './rows/sums.js';
export {
  parseAggregateProof,
  parseBatchProof,
  type AggregateProof,
  type BatchProof,
} from './formats/bundle.js';
export {
  fingerprintKey,
  circuitParameters,
  provenance,
  type KeyProvenance,
  type PinnedCircuit,
} from './formats/circuits.js';
export { INCLUSION_FORMAT, parseInclusion, type InclusionFile } from './formats/inclusion.js';
export {
  deriveContext,
  formatManifestHash,
  hashManifest,
  MANIFEST_FORMAT,
  parseManifest,
  type Manifest,
} from './formats/manifest.js';
export { parseSchema, type SchemaCode } from './formats/parse.js';
export * from './formats/published-files.js';
export { PUBLISHED_SCHEMAS } from './formats/published-schemas.js';
export * as primitives from './formats/primitives.js';
export type { Proof, VerificationKey } from './formats/primitives.js';
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
  MAX_STATEMENT_LINES,
  parseStatement,
  STATEMENT_FORMAT,
  type ComponentKind,
  type AccountStatement,
  type StatementLine,
} from './formats/statement.js';
export type { Instrument, PositionQuote, PositionValuation, Valuation } from './formats/valuation.js';
export { hashTrust, parseTrust, TRUST_FORMAT, type Trust } from './formats/trust.js';
