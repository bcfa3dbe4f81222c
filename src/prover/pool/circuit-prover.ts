import { parseWitness, readPublicSignals } from '../../iden3/index.js';
import { type FieldElement, type Proof } from '../../protocol/index.js';
import { isProofValid } from '../check-proof.js';
import { findEngine, type Prover, type ProvenWitness } from '../engine/index.js';
import { WitnessGenerator, type CircuitInput } from '../witness/generator.js';
import type { LoadedCircuit } from './task.js';
import { refuseProver } from '../errors.js';

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
