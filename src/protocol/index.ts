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
export * from './formats/bundle.js';
export {
  fingerprintKey,
  circuitParameters,
  provenance,
  type KeyProvenance,
  type PinnedCircuit,
} from './formats/circuits.js';
export * from './formats/inclusion.js';
export * from './formats/manifest.js';
export { parseSchema, type SchemaCode } from './formats/parse.js';
export * as primitives from './formats/primitives.js';
export type { Proof, VerificationKey } from './formats/primitives.js';
export {
  BREAK_KINDS,
  reconciliation,
  type BreakKind,
  type ReconciliationSummary,
} from './formats/reconciliation.js';
export * from './formats/rotation.js';
export * from './formats/signature.js';
export {
  COMPONENT_KINDS,
  CROSS_BUCKET,
  MAX_STATEMENT_BYTES,
  MAX_STATEMENT_LINES,
  parseStatement,
  STATEMENT_FORMAT,
  type ComponentKind,
  type AccountStatement,
  type StatementLine,
} from './formats/statement.js';
export * from './formats/trust.js';
