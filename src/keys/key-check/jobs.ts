import {
  type Matrix,
  POINT_BYTES,
  readR1cs,
  readZkeyLayout,
  SECTION_HEADER_BYTES,
  visitTerms,
  withFileSync,
  ZKEY_SECTION,
} from '../../iden3/index.js';
import { Kernel, type KernelName } from '../../prover/engine/kernel.js';
import { Bn254 } from '../development-key/bn254.js';
import { CoefficientSection } from '../development-key/coefficient-section.js';
import { countPublicSignals } from '../development-key/key-layout.js';
import { PointOffCurve, readAll, type PointSource } from './point-reader.js';
import { hashCircuit, type CircuitHashSource } from './circuit-hash.js';
import { sumDigits, sumRows, type RowBasis } from './weighted-sum.js';
import type { Weights } from './weights.js';
import { multiplyRows, type RowRange, type WirePoints } from './wire-points.js';

/** A piece of the check of a key, for one thread. */
export type Job = { readonly kernel: KernelName } & (
  | { readonly kind: 'rows'; readonly range: RowRange }
  | { readonly kind: 'points'; readonly source: PointSource; readonly weights: Weights }
  | {
      readonly kind: 'matrix';
      readonly r1csPath: string;
      readonly matrix: Matrix;
      readonly basis: RowBasis;
      readonly weights: Weights;
    }
  | { readonly kind: 'coefficients'; readonly r1csPath: string; readonly zkeyPath: string }
  | { readonly kind: 'hash'; readonly zkeyPath: string; readonly source: HashSource }
);

/** What a hash is made of, but for the points that stand in a key. */
export type HashSource = Omit<CircuitHashSource, 'ic' | 'a' | 'b1' | 'b2' | 'wires'> & {
  /** The points of all wires before anyone contributed. */
  readonly wires: SharedArrayBuffer;
};

export type JobResult =
  | { readonly kind: 'rows'; readonly parts: readonly WirePoints[] }
  | { readonly kind: 'sums' | 'hash'; readonly bytes: Uint8Array }
  | { readonly kind: 'same'; readonly isSame: boolean }
  /** The index of the first point that is none of its curve. */
  | { readonly kind: 'off-curve'; readonly index: number };

let held: { readonly name: KernelName; readonly kernel: Kernel } | undefined;

/** The kernel of this thread: its memory, once taken, serves the next piece too. */
async function openKernel(name: KernelName): Promise<Kernel> {
  if (held?.name !== name) held = { name, kernel: await Kernel.open(name) };
  return held.kernel;
}

/** Runs one piece. @throws SolventError `r1cs-malformed`, `zkey-malformed`. */
export async function runJob(job: Job): Promise<JobResult> {
  try {
    if (job.kind === 'hash') return { kind: 'hash', bytes: hashOf(job.zkeyPath, job.source) };
    if (job.kind === 'coefficients') return { kind: 'same', isSame: haveSameCoefficients(job) };
    const kernel = await openKernel(job.kernel);
    switch (job.kind) {
      case 'rows':
        return { kind: 'rows', parts: multiplyRows(kernel, job.range) };
      case 'points':
        return { kind: 'sums', bytes: sumDigits(kernel, job.source, job.weights) };
      case 'matrix':
        return { kind: 'sums', bytes: sumRows(kernel, job) };
    }
  } catch (error) {
    if (error instanceof PointOffCurve) return { kind: 'off-curve', index: error.index };
    throw error;
  }
}

/** The hash of the circuit that a key is of: its points where no contribution changes them, and those of the wires. */
function hashOf(zkeyPath: string, source: HashSource): Uint8Array {
  return withFileSync(zkeyPath, (descriptor) => {
    const { sections, publicCount } = readZkeyLayout(descriptor, zkeyPath);
    const read = (id: number) => {
      const { position, sizeBytes } = sections.get(id)!;
      const bytes = new Uint8Array(sizeBytes);
      readAll(descriptor, bytes, position);
      return bytes;
    };
    return hashCircuit({
      ...source,
      ic: read(ZKEY_SECTION.ic),
      wires: new Uint8Array(source.wires).subarray((publicCount + 1) * POINT_BYTES.G1),
      a: read(ZKEY_SECTION.pointsA),
      b1: read(ZKEY_SECTION.pointsB1),
      b2: read(ZKEY_SECTION.pointsB2),
    });
  });
}

/** Whether the coefficients of a key are those of its circuit, byte for byte. */
function haveSameCoefficients({ r1csPath, zkeyPath }: { r1csPath: string; zkeyPath: string }): boolean {
  return withFileSync(zkeyPath, (descriptor) => {
    const { position, sizeBytes } = readZkeyLayout(descriptor, zkeyPath).sections.get(
      ZKEY_SECTION.coefficients,
    )!;
    const start = position - SECTION_HEADER_BYTES;
    let isSame = true;
    const compareAt = (bytes: Uint8Array, offset: number) => {
      if (!isSame || offset + bytes.length > position + sizeBytes) {
        isSame = false;
        return;
      }
      const found = new Uint8Array(bytes.length);
      readAll(descriptor, found, offset);
      isSame = Buffer.compare(found, bytes) === 0;
    };
    const r1cs = readR1cs(r1csPath);
    const bn254 = new Bn254();
    const section = new CoefficientSection(bn254, compareAt, start);
    visitTerms(r1cs, bn254, (matrix, constraint, wire, coefficient) => {
      if (matrix < 2) section.add(matrix, constraint, wire, coefficient);
    });
    for (let wire = 0; wire <= countPublicSignals(r1cs); wire++)
      section.addOne(0, r1cs.constraintCount + wire, wire);
    // The count and the size of the section come last, and are compared like the rest.
    section.finish();
    return isSame;
  });
}
