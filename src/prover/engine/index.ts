import { ENGINE_NAMES, type ProvingEngine } from './engine.js';
import { rapidsnarkEngine } from './rapidsnark-engine.js';
import { snarkjsEngine } from './snarkjs-engine.js';
import { wasmEngine } from './wasm/wasm-engine.js';
import { refuseProver } from '../errors.js';

export * from './engine.js';
export { chooseKernel } from './wasm/choose-kernel.js';
export type { KernelName } from './wasm/kernel.js';

const ENGINES: readonly ProvingEngine[] = [wasmEngine, snarkjsEngine, rapidsnarkEngine];

/**
 * The proving engine of a name.
 * @throws SolventError `engine-unknown`.
 */
export function findEngine(name: string): ProvingEngine {
  const engine = ENGINES.find((candidate) => candidate.name === name);
  if (engine === undefined) {
    throw refuseProver('engine-unknown', {
      expected: `an engine of ${ENGINE_NAMES.join(', ')}`,
      found: 'another name',
    });
  }
  return engine;
}
