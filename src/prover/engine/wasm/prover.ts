import { randomFillSync } from 'node:crypto';

import { type Proof, SolventError } from '../../../protocol/index.js';
import { readPublicSignals, type Iden3Code, refuseFile } from '../../../iden3/index.js';
import { refuseProver, type ProverCode } from '../../errors.js';
import type { Prover, ProvenWitness } from '../engine.js';
import { parseWitnessOf } from '../witness.js';
import { KERNEL_BYTES, type Kernel } from './kernel.js';
import { loadConstants, multiplyPoint, readPoint1, readPoint2, sumPoints } from './points.js';
import { WasmKey, type WasmProvingKey } from './key.js';
import { chooseWindowBits, moveDigits, multiplyScalars, recodeScalars, type Digits } from './multi-scalar.js';
import { Quotient } from './quotient.js';

/** The two scalars that hide a witness in its proof, as plain little-endian bytes; each used once. */
type Blinding = { readonly r: Uint8Array; readonly s: Uint8Array };

/** The bits of the top byte that a scalar below 2^254 has. */
const TOP_BYTE_MASK = 0x3f;

/** Draws fresh blinding from the system's randomness: uniform below the group's order, by rejection. */
function drawBlinding(kernel: Kernel): Blinding {
  return { r: drawScalar(kernel), s: drawScalar(kernel) };
}

/** Overwrites blinding that has been used. */
function wipeBlinding({ r, s }: Blinding): void {
  r.fill(0);
  s.fill(0);
}

function drawScalar(kernel: Kernel): Uint8Array {
  const bytes = new Uint8Array(KERNEL_BYTES.words);
  for (;;) {
    randomFillSync(bytes);
    bytes[bytes.length - 1]! &= TOP_BYTE_MASK;
    const isScalar = kernel.scoped(() => kernel.exports.is_scalar(kernel.put(bytes)) === 1);
    if (isScalar) return bytes;
  }
}

/** Addresses of the multi-scalar products of a proof: affine points. */
type ProofSums = Readonly<Record<'a' | 'b1' | 'b2' | 'ch', number>>;

/**
 * A = α + Σa + r·δ, B = β + Σb + s·δ, C = Σch + s·A + r·B - r·s·δ (Groth16, section 3.2).
 * @param constants the packed points of the key, in its order.
 */
function assembleProof(
  kernel: Kernel,
  constants: Uint8Array,
  { sums, blinding }: { readonly sums: ProofSums; readonly blinding: Blinding },
): Proof {
  const r = kernel.put(blinding.r);
  const s = kernel.put(blinding.s);
  const minusRS = kernel.allocate(KERNEL_BYTES.words);
  kernel.exports.negate_product(minusRS, r, s);
  const { alpha1, beta1, delta1, beta2, delta2 } = loadConstants(kernel, constants);
  const times = (point: number, scalar: number) => multiplyPoint(kernel, 'g1', point, scalar);
  const a = sumPoints(kernel, 'g1', [alpha1, sums.a, times(delta1, r)]);
  const b1 = sumPoints(kernel, 'g1', [beta1, sums.b1, times(delta1, s)]);
  const b2 = sumPoints(kernel, 'g2', [beta2, sums.b2, multiplyPoint(kernel, 'g2', delta2, s)]);
  const c = sumPoints(kernel, 'g1', [sums.ch, times(a, s), times(b1, r), times(delta1, minusRS)]);
  return { a: readPoint1(kernel, a), b: readPoint2(kernel, b2), c: readPoint1(kernel, c) };
}

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
    if (!this.#isClosed) this.#kernel.release();
    this.#isClosed = true;
    return Promise.resolve();
  }

  #proveValues(values: Uint8Array, blinding: Blinding): Proof {
    const kernel = this.#kernel;
    const key = this.#key;
    const { variableCount, domainSize } = key.sizes;
    const wide = countWide(values);
    const ch = kernel.allocate(KERNEL_BYTES.g1.point);
    kernel.scoped(() => {
      // The wires, and after them the scalars of the points H.
      const digits = this.#recode(
        { count: variableCount + domainSize, wide: wide + domainSize },
        (scalars) => {
          kernel.bytes(scalars, values.length).set(values);
          this.#quotient.findScalars(scalars + values.length, scalars);
        },
      );
      const { g1: sum } = multiplyScalars(kernel, key.points('CH'), digits);
      kernel.bytes(ch, KERNEL_BYTES.g1.point).set(kernel.bytes(sum, KERNEL_BYTES.g1.point));
    });
    const digits = this.#recode({ count: variableCount, wide }, (scalars) => {
      kernel.bytes(scalars, values.length).set(values);
    });
    const { g1: a } = multiplyScalars(kernel, key.points('A'), digits);
    const { g1: b1, g2: b2 } = multiplyScalars(kernel, key.points('B'), digits);
    return assembleProof(kernel, key.bytes('constants'), { sums: { a, b1, b2, ch }, blinding });
  }

  /** The digits of scalars, in their stead: points that come next find that much more room. */
  #recode(
    { count, wide }: { readonly count: number; readonly wide: number },
    write: (scalars: number) => void,
  ): Digits {
    const kernel = this.#kernel;
    const digits = kernel.scoped(() => {
      const scalars = kernel.allocate(count * KERNEL_BYTES.words);
      write(scalars);
      return recodeScalars(kernel, scalars, { count, windowBits: chooseWindowBits(wide) });
    });
    if (typeof digits === 'number') throw refuseWire(digits);
    return moveDigits(kernel, digits);
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
