export { IDENTITY_ERRORS, refuseIdentity, type IdentityCode } from './errors.js';
export { createIdentity, loadIdentity, MIN_PASSPHRASE_CHARACTERS, type IdentitySource } from './identity.js';
export { LEDGER_FORMAT, SigningLedger, type LedgerInstant, type LedgerOptions } from './ledger.js';
export { rotateIdentity } from './rotation.js';
export { ensureSigningKey, loadSigningKey, SIGNING_KEY_FILE, type SigningKey } from './signing-key.js';
export { exportTrust, type TrustedKeys } from './rotation.js';
