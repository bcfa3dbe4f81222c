export { REGISTRY_CODE_HASH } from './bytecode.js';
export { REGISTRY_ERRORS, refuseRegistry, type RegistryCode } from './errors.js';
export {
  deployRegistry,
  proveRegistered,
  publishManifest,
  publishReservesHash,
  publishRotation,
  type Registry,
  type Written,
} from './registry.js';
export { openKeyWriter, openSigner, type Writer } from './writer.js';
