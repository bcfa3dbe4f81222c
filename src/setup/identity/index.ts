export type { HistoryCode, IdentityCode } from './errors.js';
export {
  loadHistory,
  verifyHistory,
  type History,
  type HistoryEntry,
  type HistoryReport,
  type PublishedManifest,
} from './history.js';
export { createIdentity, loadIdentity, MIN_PASSPHRASE_CHARACTERS, type IdentitySource } from './identity.js';
export { listKeys, type KeyListing } from './key-list.js';
export {
  encodeRotation,
  followRotations,
  parseRotation,
  rotateIdentity,
  ROTATION_FORMAT,
  verifyRotation,
  type Rotation,
} from './rotation.js';
export { exportTrust, formatProvenance, formatTrust, hashTrust } from './trust.js';
