export {
  checkKey,
  type CheckKeyOptions,
  type InitialKeyHashes,
  type KeyPart,
  type KeySource,
} from './check-key.js';
