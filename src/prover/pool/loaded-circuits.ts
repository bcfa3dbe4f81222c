import { readFile } from 'node:fs/promises';

import { findEngine, type EngineName, type LoadKeyOptions } from '../engine/index.js';
import type { CircuitFiles } from '../circuits.js';
import { compileWasm } from '../witness/webassembly.js';
import type { LoadedCircuit } from './task.js';
import { refuseProver } from '../errors.js';

type CacheOptions = Pick<LoadKeyOptions, 'cacheDirectory' | 'onCacheFault'>;

/**
 * Keys and witness generators in memory: each is loaded when its first proof is due, and let go after its last, so
 * that two circuits are held at a time at most.
 */
export class LoadedCircuits {
  readonly #engine: EngineName;
  readonly #options: CacheOptions;
  readonly #loaded = new Map<string, Promise<LoadedCircuit>>();

  constructor(engine: EngineName, options: CacheOptions) {
    this.#engine = engine;
    const { onCacheFault } = options;
    let isToldOf = false;
    this.#options = {
      ...options,
      // One is enough: the next key meets the same.
      onCacheFault: (reason) => {
        if (!isToldOf) onCacheFault?.(reason);
        isToldOf = true;
      },
    };
  }

  /** @throws SolventError `witness-generator-malformed`; what `checkFiles` and the engine throw. */
  get(circuit: CircuitFiles): Promise<LoadedCircuit> {
    const loaded = this.#loaded.get(circuit.name) ?? this.#load(circuit);
    this.#loaded.set(circuit.name, loaded);
    return loaded;
  }

  /** Lets a circuit go; workers do so when they get another. */
  release(name: string): void {
    this.#loaded.delete(name);
  }

  async #load(circuit: CircuitFiles): Promise<LoadedCircuit> {
    await circuit.checkFiles?.();
    const { name, zkeySha256, verificationKey } = circuit;
    const [key, generator] = await Promise.all([
      findEngine(this.#engine).loadKey(circuit.zkeyPath, {
        ...this.#options,
        ...(zkeySha256 === undefined ? {} : { zkeySha256 }),
      }),
      loadGenerator(circuit.wasmPath),
    ]);
    return { name, engine: this.#engine, key, generator, verificationKey };
  }
}

async function loadGenerator(path: string) {
  try {
    return await compileWasm(await readFile(path));
  } catch (cause) {
    throw refuseProver('witness-generator-malformed', {
      expected: 'the witness generator that circom made',
      found: 'another file or none',
      details: { path },
      cause,
    });
  }
}
