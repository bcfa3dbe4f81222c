import {
  bigintToLittleEndian,
  COEFFICIENT_BYTES,
  COEFFICIENT_COUNT_BYTES,
  ELEMENT_BYTES,
  encodeSectionHeader,
  encodeUint32,
  powerModulo,
  SECTION_HEADER_BYTES,
  ZKEY_SECTION,
  type Matrix,
} from '../../iden3/index.js';
import { FIELD_MODULUS } from '../../protocol/index.js';
import { type Address, type Bn254 } from './bn254.js';
import { placeBytes } from './lagrange.js';

/** Writes bytes at a place in a file, all of them. */
export type WriteAt = (bytes: Uint8Array, offset: number) => void;

const BUFFERED_COEFFICIENTS = 16_384;
const R = 2n ** 256n;

/**
 * Writes section 4 of a key, the coefficients of A and B. Each is a matrix, a constraint, a wire, and the value times
 * R² modulo r, so that one Montgomery multiplication with a plain witness leaves a value in Montgomery form.
 */
export class CoefficientSection {
  readonly #bn254: Bn254;
  readonly #writeAt: WriteAt;
  readonly #start: number;
  readonly #buffer: Address;
  readonly #rCubed: Address;
  readonly #one: Address;
  #buffered = 0;
  #written = 0;

  /** @param start where the section's header shall stand. */
  constructor(bn254: Bn254, writeAt: WriteAt, start: number) {
    this.#bn254 = bn254;
    this.#writeAt = writeAt;
    this.#start = start;
    this.#rCubed = placeBytes(bn254, bigintToLittleEndian(powerModulo(R, 3n, FIELD_MODULUS), ELEMENT_BYTES));
    this.#one = placeBytes(bn254, bigintToLittleEndian(1n, ELEMENT_BYTES));
    this.#buffer = bn254.allocate(BUFFERED_COEFFICIENTS * COEFFICIENT_BYTES);
  }

  /** Adds the value at `coefficient`, not in Montgomery form. */
  add(matrix: Matrix, constraint: number, wire: number, coefficient: Address): void {
    if (this.#buffered === BUFFERED_COEFFICIENTS) this.#flush();
    const { view, exports } = this.#bn254;
    const index = this.#buffer + this.#buffered * COEFFICIENT_BYTES;
    view.setUint32(index, matrix, true);
    view.setUint32(index + 4, constraint, true);
    view.setUint32(index + 8, wire, true);
    exports.frm_mul(coefficient, this.#rCubed, index + 12);
    this.#buffered += 1;
  }

  /** Adds the value 1. */
  addOne(matrix: Matrix, constraint: number, wire: number): void {
    this.add(matrix, constraint, wire, this.#one);
  }

  /** Writes what is left, and the header. */
  finish(): void {
    this.#flush();
    const sizeBytes = COEFFICIENT_COUNT_BYTES + this.#written * COEFFICIENT_BYTES;
    const header = encodeSectionHeader(ZKEY_SECTION.coefficients, sizeBytes);
    this.#writeAt(Buffer.concat([header, encodeUint32(this.#written)]), this.#start);
  }

  #flush(): void {
    const offset =
      this.#start + SECTION_HEADER_BYTES + COEFFICIENT_COUNT_BYTES + this.#written * COEFFICIENT_BYTES;
    const end = this.#buffer + this.#buffered * COEFFICIENT_BYTES;
    this.#writeAt(this.#bn254.bytes.subarray(this.#buffer, end), offset);
    this.#written += this.#buffered;
    this.#buffered = 0;
  }
}
