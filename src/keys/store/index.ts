export { waitForKeys, type WaitOptions } from './wait-for-keys.js';
export { KEYS_FILE, TRUST_FILE } from './keys-file.js';
export { loadKeys, type CircuitKeys, type KeySet } from './key-set.js';
export { makeDevelopmentKeys, type MakeKeysOptions, type SetupProgress } from './make-development-keys.js';
export { listKeys, type KeyListing } from './key-set.js';
