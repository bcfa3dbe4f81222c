export {
  compileCircuit,
  compileProfile,
  countConstraints,
  countDomainRows,
  domainPower,
  type CompiledCircuit,
  type CompileOptions,
  type CompileProgress,
} from './compile/index.js';
export { addWideCircuit, MAX_WIDE_SLOTS, MIN_WIDE_SLOTS } from './wide-circuit.js';
export { DevelopmentKeyMaker, type KeyProgress } from './development-key/index.js';
export {
  waitForKeys,
  KEYS_FILE,
  loadKeys,
  makeDevelopmentKeys,
  TRUST_FILE,
  type CircuitKeys,
  type WaitOptions,
  type KeySet,
  type MakeKeysOptions,
  listKeys,
  type KeyListing,
  type SetupProgress,
} from './store/index.js';
export * from './ceremony/index.js';
export { KEYS_ERRORS, refuseKeys, type KeysCode } from './errors.js';
export {
  checkPowersOfTau,
  estimatePtauBytes,
  MAX_POWER,
  MIN_POWER,
  PUBLISHED_POWERS_OF_TAU_LIST,
  publishedPowersOfTau,
  requiredPower,
  type PowersOfTau,
  type PowersOfTauSource,
  type PublishedPowersOfTau,
} from './powers-of-tau/index.js';
