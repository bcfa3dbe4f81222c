export { isSignedBy } from './ed25519.js';
export type { HistoryCode, IdentityCode, LedgerCode, SigningKeyCode } from './errors.js';
export {
  HISTORY_FOLDER,
  loadHistory,
  verifyHistory,
  type History,
  type HistoryEntry,
  type HistoryReport,
  type PublishedManifest,
} from './history.js';
export { createIdentity, loadIdentity, MIN_PASSPHRASE_CHARACTERS, type IdentitySource } from './identity.js';
export { LEDGER_FORMAT, SigningLedger, type LedgerInstant, type LedgerOptions } from './ledger.js';
export {
  encodeRotation,
  followRotations,
  parseRotation,
  rotateIdentity,
  ROTATION_FORMAT,
  verifyRotation,
  type Rotation,
} from './rotation.js';
export { ensureSigningKey, loadSigningKey, SIGNING_KEY_FILE, type SigningKey } from './signing-key.js';
export { exportTrust, formatProvenance, formatTrust, hashTrust, type TrustedKeys } from './trust.js';
