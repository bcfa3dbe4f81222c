import { bigintToLittleEndian, powerModulo, rootOfUnity } from '../../../iden3/index.js';
import { FIELD_MODULUS } from '../../../protocol/index.js';
import { KERNEL_BYTES, type Kernel } from './kernel.js';
import type { WasmKey } from './key.js';

/** Rows whose terms are copied into the kernel at a time. */
const SLICE_ROWS = 2 ** 14;

/** The polynomials whose values on the coset the quotient is made of: C is A·B on the domain. */
export type Polynomial = 'A' | 'B' | 'C';

/** From a witness to the scalars of the points H. */
export class Quotient {
  readonly #kernel: Kernel;
  readonly #key: WasmKey;
  readonly #roots: number;
  readonly #inverseRoots: number;
  /** g^i / n in bit-reversed order, where g is a primitive 2n-th root of unity: the coset on which H lives. */
  readonly #coset: number;
  readonly #table: number;

  constructor(kernel: Kernel, key: WasmKey) {
    this.#kernel = kernel;
    this.#key = key;
    const { domainSize: size } = key.sizes;
    this.#roots = kernel.allocate(size * KERNEL_BYTES.entry);
    this.#inverseRoots = kernel.allocate(size * KERNEL_BYTES.entry);
    this.#coset = kernel.allocate(size * KERNEL_BYTES.entry);
    kernel.scoped(() => {
      const put = (value: bigint) => kernel.put(bigintToLittleEndian(value, KERNEL_BYTES.words));
      const log2Size = Math.log2(size);
      kernel.exports.build_roots(this.#roots, this.#inverseRoots, put(rootOfUnity(log2Size)), size);
      const base = put(rootOfUnity(log2Size + 1));
      const inverseSize = powerModulo(BigInt(size), FIELD_MODULUS - 2n, FIELD_MODULUS);
      kernel.exports.build_coset(this.#coset, base, put(inverseSize), size);
    });
    this.#table = kernel.put(key.bytes('coefficients'));
  }

  /**
   * The values of A·B - C on the coset, as plain scalars. A witness that does not satisfy the circuit gives a wrong
   * proof, not an error.
   * @param result where `domainSize` scalars go.
   * @param wires the address of the plain witness.
   */
  findScalars(result: number, wires: number): void {
    const kernel = this.#kernel;
    const { domainSize: size } = this.#key.sizes;
    kernel.scoped(() => {
      const a = this.#evaluateRows('A', wires);
      const b = this.#evaluateRows('B', wires);
      const c = this.#multiply(a, b);
      for (const vector of [a, b, c]) this.#moveToCoset(vector);
      kernel.exports.join_vectors(result, a, b, c, size);
    });
  }

  #multiply(a: number, b: number): number {
    const { domainSize: size } = this.#key.sizes;
    const product = this.#kernel.allocate(size * KERNEL_BYTES.entry);
    this.#kernel.exports.multiply_vectors(product, a, b, size);
    return product;
  }

  #moveToCoset(vector: number): void {
    const { exports } = this.#kernel;
    const { domainSize: size } = this.#key.sizes;
    exports.interpolate(vector, size, this.#inverseRoots);
    exports.multiply_vectors(vector, vector, this.#coset, size);
    exports.evaluate(vector, size, this.#roots);
  }

  #evaluateRows(matrix: 'A' | 'B', wires: number): number {
    const kernel = this.#kernel;
    const { domainSize: size } = this.#key.sizes;
    const values = kernel.allocate(size * KERNEL_BYTES.entry);
    const ends = this.#key.words(`ends${matrix}`);
    const terms = this.#key.bytes(`terms${matrix}`);
    for (let row = 0; row < size; row += SLICE_ROWS) {
      const rowCount = Math.min(SLICE_ROWS, size - row);
      const firstTerm = row === 0 ? 0 : ends[row - 1]!;
      const sliceEnds = ends.slice(row, row + rowCount).map((end) => end - firstTerm);
      const endTerm = firstTerm + sliceEnds[rowCount - 1]!;
      kernel.scoped(() => {
        kernel.exports.evaluate_rows(
          values,
          row,
          rowCount,
          kernel.put(new Uint8Array(sliceEnds.buffer)),
          kernel.put(terms.subarray(firstTerm * KERNEL_BYTES.term, endTerm * KERNEL_BYTES.term)),
          this.#table,
          wires,
        );
      });
    }
    return values;
  }
}
