export * from './engine.js';
export type { ProverCode } from '../errors.js';
export {
  findEngine,
  openProver,
  prove,
  toSnarkjs,
  type OpenProverOptions,
  type SnarkjsProof,
} from './prove.js';
export type { RapidsnarkProvingKey } from './rapidsnark-engine.js';
export type { SnarkjsProvingKey } from './snarkjs-engine.js';
export { chooseKernel } from './wasm/choose-kernel.js';
export type { WasmProvingKey } from './wasm/key.js';
export type { KernelName } from './wasm/kernel.js';
