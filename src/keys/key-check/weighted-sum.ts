import { ELEMENT_BYTES, readR1cs, visitTerms, type Matrix } from '../../iden3/index.js';
import {
  chooseWindowBits,
  importPacked,
  KERNEL_BYTES,
  multiplyScalars,
  recodeScalars,
  type Kernel,
  type KernelGroup,
} from '../../prover/engine/kernel.js';
import { Bn254 } from '../development-key/bn254.js';
import { countPublicSignals } from '../development-key/key-layout.js';
import { placeBytes } from '../development-key/lagrange.js';
import { PointReader, type PointSource } from './point-reader.js';
import { DIGIT_BITS, DIGIT_COUNT, encodeWeights, type PointWeights } from './weights.js';

/** A digit is summed in two windows of so many bits: d = 128·high + low with -64 <= low < 64. */
const WINDOW_BITS = 7;
const WINDOWS = Math.ceil(DIGIT_BITS / WINDOW_BITS);
const BUCKET_BITS = WINDOW_BITS - 1;

/**
 * For each digit j of the weights the sum Σ_i d_(i,j)·point_i over the points of a source, which are held to their curve.
 * @returns affine points, plain coordinates of 32 bytes, little-endian.
 * @throws PointOffCurve.
 */
export function sumDigits(kernel: Kernel, source: PointSource, weights: PointWeights): Uint8Array {
  const group = source.group === 'G1' ? 'g1' : 'g2';
  const { point, packed } = KERNEL_BYTES[group];
  return kernel.scoped(() => {
    const totals = kernel.allocate(2 * DIGIT_COUNT * point);
    kernel.bytes(totals, 2 * DIGIT_COUNT * point).fill(0);
    new PointReader().visit(source, (points, first) => {
      kernel.scoped(() => {
        sumChunk(kernel, { group, points, first, weights, totals });
      });
    });
    const stored = kernel.allocate(DIGIT_COUNT * packed);
    for (let row = 0; row < DIGIT_COUNT; row++) {
      kernel.exports[`${group}_store`](stored + row * packed, totals + 2 * row * point, 1);
    }
    return kernel.read(stored, DIGIT_COUNT * packed);
  });
}

type Chunk = {
  readonly group: KernelGroup;
  readonly points: Uint8Array;
  readonly first: number;
  readonly weights: PointWeights;
  /** Two points for each digit: the sum so far, and room for that of a chunk. */
  readonly totals: number;
};

function sumChunk(kernel: Kernel, { group, points, first, weights, totals }: Chunk): void {
  const { exports } = kernel;
  const { point, packed, bucket } = KERNEL_BYTES[group];
  const count = points.length / packed;
  const address = kernel.put(importPacked(kernel, group, points));
  const identity = kernel.allocate(4 * count);
  const digits = kernel.allocate(2 * count * WINDOWS);
  const entries = kernel.allocate(4 * count);
  const ends = kernel.allocate(4 * 2 ** BUCKET_BITS);
  const buckets = kernel.allocate(bucket * 2 ** BUCKET_BITS);
  const parts = kernel.allocate(WINDOWS * WINDOW_BITS * point);
  const { buffer } = kernel.exports.memory;
  new Uint32Array(buffer, identity, count).forEach((_, index, all) => (all[index] = index));
  const windows = new Int16Array(buffer, digits, count * WINDOWS);
  const rows = new Int16Array(weights.digits);
  for (let row = 0; row < DIGIT_COUNT; row++) {
    splitDigits(rows.subarray(row * weights.count + first, row * weights.count + first + count), windows);
    for (let window = 0; window < WINDOWS; window++) {
      exports.sort_entries(entries, ends, 2 ** BUCKET_BITS, digits + 2 * count * window, identity, count);
      exports[`${group}_fill_buckets`](buckets, 2 ** BUCKET_BITS, ends, entries, address);
      exports[`${group}_sum_buckets`](parts + window * WINDOW_BITS * point, buckets, BUCKET_BITS);
    }
    const total = totals + 2 * row * point;
    exports[`${group}_combine_windows`](total + point, parts, WINDOWS, WINDOW_BITS);
    exports[`${group}_sum`](total, total, 2);
  }
}

/** Cuts each digit in two, the low windows of all before the high ones. */
function splitDigits(digits: Int16Array, windows: Int16Array): void {
  for (let index = 0; index < digits.length; index++) {
    const high = (digits[index]! + 2 ** BUCKET_BITS) >> WINDOW_BITS;
    windows[index] = digits[index]! - (high << WINDOW_BITS);
    windows[digits.length + index] = high;
  }
}

/** Where the Lagrange basis of the rows stands, in the groups that it is wanted in. */
export type RowBasis = { readonly g1: PointSource; readonly g2?: PointSource };

/**
 * What the weighted sum of the points of all wires must be for one matrix: Σ_i w_i·Σ_k m_(k,i)·L_k. The sum over the
 * wires is made in the field first. Then there is one product with the basis L in each group.
 * @returns affine points, plain coordinates, those in G1 before those in G2.
 * @throws PointOffCurve; SolventError `r1cs-malformed`.
 */
export function sumRows(
  kernel: Kernel,
  {
    r1csPath,
    matrix,
    basis,
    weights,
  }: { r1csPath: string; matrix: Matrix; basis: RowBasis; weights: PointWeights },
): Uint8Array {
  const scalars = weighRows(r1csPath, matrix, { weights, rowCount: basis.g1.count });
  const reader = new PointReader();
  return kernel.scoped(() => {
    const count = basis.g1.count;
    const digits = recodeScalars(kernel, kernel.put(scalars), { count, windowBits: chooseWindowBits(count) });
    if (typeof digits === 'number') throw new Error(`expected reduced sums, got another in row ${digits}`);
    const wires = Uint32Array.from({ length: count }, (_, index) => index);
    const results: Uint8Array[] = [];
    for (const [group, source] of [
      ['g1', basis.g1],
      ['g2', basis.g2],
    ] as const) {
      if (source === undefined) continue;
      const points = { [group]: importPacked(kernel, group, reader.read(source)) } as Record<
        KernelGroup,
        Uint8Array
      >;
      const { packed } = KERNEL_BYTES[group];
      kernel.scoped(() => {
        const sum = multiplyScalars(kernel, { wires, points }, digits)[group];
        const stored = kernel.allocate(packed);
        kernel.exports[`${group}_store`](stored, sum, 1);
        results.push(kernel.read(stored, packed));
      });
    }
    return Buffer.concat(results);
  });
}

/** Σ_i w_i·m_(k,i) for each row k: 32 bytes each, little-endian, not in Montgomery form. */
function weighRows(
  r1csPath: string,
  matrix: Matrix,
  { weights, rowCount }: { weights: PointWeights; rowCount: number },
): Uint8Array {
  const r1cs = readR1cs(r1csPath);
  const { wireCount, constraintCount } = r1cs;
  const bn254 = new Bn254();
  const { frm_mul: mul, frm_add: add, frm_toMontgomery: toMontgomery } = bn254.exports;
  const plain = placeBytes(bn254, encodeWeights(weights, wireCount));
  const lifted = bn254.allocate(wireCount * ELEMENT_BYTES);
  const rows = bn254.allocate(rowCount * ELEMENT_BYTES);
  const product = bn254.allocate(ELEMENT_BYTES);
  for (let at = 0; at < wireCount * ELEMENT_BYTES; at += ELEMENT_BYTES) toMontgomery(plain + at, lifted + at);
  visitTerms(r1cs, bn254, (found, constraint, wire, coefficient) => {
    if (found !== matrix) return;
    const row = rows + constraint * ELEMENT_BYTES;
    mul(coefficient, lifted + wire * ELEMENT_BYTES, product);
    add(row, product, row);
  });
  // One row more for each public wire; see `computeKeyScalars`.
  for (let wire = 0; matrix === 0 && wire <= countPublicSignals(r1cs); wire++) {
    const row = rows + (constraintCount + wire) * ELEMENT_BYTES;
    add(row, plain + wire * ELEMENT_BYTES, row);
  }
  return bn254.bytes.slice(rows, rows + rowCount * ELEMENT_BYTES);
}
