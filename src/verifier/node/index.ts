export {
  verifyInclusionDirectory,
  type InclusionDirectoryOptions,
  type DirectoryReport,
  type FailedFile,
} from './inclusion-directory.js';
export { openBundle, openManifest, readFileBounded } from './files.js';
export { HISTORY_DIRECTORY, loadHistory } from './history-files.js';
export { createPairingPool } from './pairing-pool.js';
export { createEcdsaVerifier } from './signer-recovery.js';
export { findCeremonyEvidence, loadPublished } from './reserves-files.js';
export { openReserves } from './reserves-files.js';
export { createSignerRecovery } from './signer-recovery.js';
