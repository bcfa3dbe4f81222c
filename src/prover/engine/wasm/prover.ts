import { readPublicSignals, type Iden3Code, refuseFile } from '../../../iden3/index.js';
import { SolventError, type Proof } from '../../../protocol/index.js';
import type { Prover, ProvenWitness } from '../engine.js';
import { parseWitnessOf } from '../witness.js';
import { assembleProof } from './assemble-proof.js';
import { drawBlinding, wipeBlinding, type Blinding } from './blinding.js';
import { KERNEL_BYTES, type Kernel } from './kernel.js';
import { WasmKey, type WasmProvingKey } from './key.js';
import { chooseWindowBits, multiplyScalars, recodeScalars, type Digits } from './multi-scalar.js';
import { Quotient } from './quotient.js';
import { refuseProver, type ProverCode } from '../../errors.js';

/** Makes Groth16 proofs with the kernel, one after the other, in the thread that made it. */
export class WasmProver implements Prover {
  readonly #kernel: Kernel;
  readonly #key: WasmKey;
  readonly #quotient: Quotient;
  /** Below lies what proofs share and what is no secret. */
  readonly #secretBase: number;
  #isClosed = false;

  constructor(kernel: Kernel, key: WasmProvingKey) {
    this.#kernel = kernel;
    this.#key = new WasmKey(key);
    this.#quotient = new Quotient(kernel, this.#key);
    this.#secretBase = kernel.top;
  }

  /** Bytes of memory of this prover, the shared key not counted. */
  get memoryBytes(): number {
    return this.#kernel.memoryBytes;
  }

  prove(witness: Uint8Array): Promise<ProvenWitness> {
    return Promise.resolve().then(() => {
      const blinding = drawBlinding(this.#kernel);
      try {
        return this.proveWithBlinding(witness, blinding);
      } finally {
        wipeBlinding(blinding);
      }
    });
  }

  /**
   * The proof that a witness and blinding determine. Only for comparing engines: blinding that is known or used twice
   * gives the witness away.
   */
  proveWithBlinding(witness: Uint8Array, blinding: Blinding): ProvenWitness {
    if (this.#isClosed) throw refuseClosed();
    const { variableCount, publicCount } = this.#key.sizes;
    const values = parseWitnessOf(witness, variableCount);
    const publicSignals = readPublicSignals(values, publicCount);
    try {
      return { proof: this.#kernel.scoped(() => this.#proveValues(values, blinding)), publicSignals };
    } finally {
      this.#kernel.wipeFrom(this.#secretBase);
    }
  }

  close(): Promise<void> {
    this.#isClosed = true;
    return Promise.resolve();
  }

  #proveValues(values: Uint8Array, blinding: Blinding): Proof {
    const kernel = this.#kernel;
    const key = this.#key;
    const { variableCount, domainSize } = key.sizes;
    // The wires, and after them the scalars of the points H.
    const scalars = kernel.allocate(values.length + domainSize * KERNEL_BYTES.words);
    kernel.bytes(scalars, values.length).set(values);
    this.#quotient.findScalars(scalars + values.length, scalars);
    const wide = countWide(values);
    const ch = kernel.allocate(KERNEL_BYTES.g1.point);
    kernel.scoped(() => {
      const digits = this.#recode(scalars, { count: variableCount + domainSize, wide: wide + domainSize });
      const { g1: sum } = multiplyScalars(kernel, key.points('CH'), digits);
      kernel.bytes(ch, KERNEL_BYTES.g1.point).set(kernel.bytes(sum, KERNEL_BYTES.g1.point));
    });
    const digits = this.#recode(scalars, { count: variableCount, wide });
    const { g1: a } = multiplyScalars(kernel, key.points('A'), digits);
    const { g1: b1, g2: b2 } = multiplyScalars(kernel, key.points('B'), digits);
    return assembleProof(kernel, key.bytes('constants'), { sums: { a, b1, b2, ch }, blinding });
  }

  #recode(scalars: number, { count, wide }: { readonly count: number; readonly wide: number }): Digits {
    const windowBits = chooseWindowBits(wide);
    const digits = recodeScalars(this.#kernel, scalars, { count, windowBits });
    if (typeof digits === 'number') throw refuseWire(digits);
    return digits;
  }
}

/** Scalars of more than 32 bits: those that have a digit in nearly every window. */
function countWide(values: Uint8Array): number {
  let wide = 0;
  for (let at = 0; at < values.length; at += KERNEL_BYTES.words) {
    for (let byte = 4; byte < KERNEL_BYTES.words; byte++) {
      if (values[at + byte] !== 0) {
        wide++;
        break;
      }
    }
  }
  return wide;
}

/** What a prover says to a witness with a wire that is no field element. */
function refuseWire(wire: number): SolventError<Iden3Code> {
  return refuseFile('witness-malformed', {
    expected: 'wires below the field modulus',
    found: `wire ${wire} above it`,
  });
}

/** What a closed prover says. */
function refuseClosed(): SolventError<ProverCode> {
  return refuseProver('engine-closed', { expected: 'an open prover', found: 'a closed one' });
}
