export {
  compileCircuit,
  compileProfile,
  countConstraints,
  countRows,
  publicSignalNames,
  type CompileCode,
  type CompiledCircuit,
  type CompileOptions,
  type CompileProgress,
} from './compile/index.js';
export {
  DevelopmentKeyMaker,
  verificationKeyOf,
  type DevelopmentKeyCode,
  type KeyProgress,
} from './development-key/index.js';
export {
  KEYS_FILE,
  loadKeys,
  loadSigningKey,
  makeDevelopmentKeys,
  SIGNING_KEY_FILE,
  TRUST_FILE,
  type CircuitKeys,
  type KeySet,
  type KeyStoreCode,
  type MakeKeysOptions,
  type SetupProgress,
  type SigningKey,
} from './keys/index.js';
