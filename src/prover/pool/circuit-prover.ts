import { readFile } from 'node:fs/promises';

import { parseWitness, readPublicSignals } from '../../iden3/index.js';
import { relieveMemory } from '../../system/index.js';
import type { FieldElement, Proof } from '../../protocol/index.js';
import {
  findEngine,
  type EngineName,
  type LoadKeyOptions,
  type Prover,
  type ProvenWitness,
} from '../engine/index.js';
import type { CircuitFiles } from '../circuits.js';
import { compileWasm, WitnessGenerator, type CircuitInput } from '../witness/generator.js';
import { refuseProver } from '../errors.js';
import { isProofValid } from '../proof-file.js';

import type { LoadedCircuit } from './task.js';

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
  async release(name: string): Promise<void> {
    this.#loaded.delete(name);
    await relieveMemory();
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

/** What a worker thread keeps of one circuit from proof to proof. */
export class CircuitProver {
  readonly #circuit: LoadedCircuit;
  readonly #generator: WitnessGenerator;
  readonly #prover: Prover;

  private constructor(circuit: LoadedCircuit, generator: WitnessGenerator, prover: Prover) {
    this.#circuit = circuit;
    this.#generator = generator;
    this.#prover = prover;
  }

  /** @throws SolventError `witness-generator-malformed`; those of the engine. */
  static async open(circuit: LoadedCircuit): Promise<CircuitProver> {
    const generator = new WitnessGenerator(circuit.generator);
    return new CircuitProver(circuit, generator, await findEngine(circuit.engine).createProver(circuit.key));
  }

  /** Whether it makes the proofs of this circuit. */
  isOf(circuit: LoadedCircuit): boolean {
    return this.#circuit.name === circuit.name;
  }

  /**
   * A proof that verifies, of inputs that give the expected public signals. The witness is overwritten afterwards.
   * @throws SolventError `witness-refused`, `public-signals-mismatch`, `proof-refused`; those of the engine.
   */
  async prove(input: CircuitInput, publicSignals: readonly FieldElement[]): Promise<Proof> {
    const { proof, publicSignals: proven } = await this.#proveInput(input, publicSignals);
    this.#assertSignals(proven, publicSignals);
    if (!(await isProofValid(this.#circuit.verificationKey, proof, publicSignals))) {
      throw refuseProver('proof-refused', {
        expected: `a proof that verifies under the key of ${this.#circuit.name}`,
        found: 'one that does not',
        details: { circuit: this.#circuit.name },
      });
    }
    return proof;
  }

  async close(): Promise<void> {
    await this.#prover.close();
  }

  async #proveInput(input: CircuitInput, publicSignals: readonly FieldElement[]): Promise<ProvenWitness> {
    const witness = this.#generator.generate(input);
    try {
      this.#assertSignals(readPublicSignals(parseWitness(witness), publicSignals.length), publicSignals);
      return await this.#prover.prove(witness);
    } finally {
      witness.fill(0);
    }
  }

  #assertSignals(found: readonly bigint[], expected: readonly FieldElement[]): void {
    if (found.join() === expected.join()) return;
    throw refuseProver('public-signals-mismatch', {
      expected: `${this.#circuit.name} to compute what the protocol computes`,
      found: 'another',
      details: { circuit: this.#circuit.name },
    });
  }
}
