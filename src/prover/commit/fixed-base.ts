import {
  BASE_FIELD_MODULUS,
  type FieldElement,
  POINT_BYTES,
  type CurvePoint,
  refuseProtocol,
} from '../../protocol/index.js';
import { bigintToLittleEndian } from '../../iden3/index.js';
import { KERNEL_BYTES, SCALAR_BITS, type Kernel } from '../engine/wasm/kernel.js';

const { point: SIZE, packed: PACKED } = KERNEL_BYTES.g1;
const COORDINATE = KERNEL_BYTES.words;
const MIN_WINDOW_BITS = 2;
/** A table takes 587 kB at 8 bits. */
const MAX_WINDOW_BITS = 8;
/** An addition with an inversion, which each point of a table takes, against one without, of which products are made. */
const TABLE_POINT_COST = 4;

/**
 * Products of fixed points with scalars: for each window j of a scalar's bits and each digit d the table holds
 * d·2^(j·windowBits) times the point, so that a product is a sum of one point a window. It agrees with `combinePoints`,
 * and is not in constant time: it is for the prover's own machine.
 */
export class FixedBases {
  readonly #kernel: Kernel;
  readonly #windowBits: number;
  readonly #windowCount: number;
  /** The address of each point's table: windows, each of 2^windowBits - 1 points. */
  readonly #tables: readonly number[];
  readonly #terms: number;
  readonly #sums: number;
  readonly #packed: number;

  /**
   * Makes the tables in the memory of a kernel, which keeps them.
   * @param combinations how many sums will be made, more or less: the more, the larger the tables that pay.
   */
  constructor(kernel: Kernel, bases: readonly CurvePoint[], combinations: number) {
    this.#kernel = kernel;
    this.#windowBits = chooseWindow(combinations);
    this.#windowCount = Math.ceil(SCALAR_BITS / this.#windowBits);
    this.#tables = bases.map((base) => this.#makeTable(base));
    this.#terms = kernel.allocate(bases.length * this.#windowCount * SIZE);
    this.#sums = kernel.allocate(SIZE);
    this.#packed = kernel.allocate(PACKED);
  }

  /**
   * The sum of each point times its scalar, as 32 bytes.
   * @param scalars one for each point.
   * @throws SolventError `point-at-infinity`.
   */
  combine(scalars: readonly FieldElement[]): Uint8Array {
    if (scalars.length !== this.#tables.length) {
      throw new RangeError(`expected ${this.#tables.length} scalars, got ${scalars.length}`);
    }
    const { exports } = this.#kernel;
    exports.g1_sum(this.#sums, this.#terms, this.#gatherTerms(scalars));
    exports.g1_store(this.#packed, this.#sums, 1);
    return encodePacked(this.#kernel.bytes(this.#packed, PACKED));
  }

  /** Puts the points that add up to the sum one behind the other. @returns how many there are. */
  #gatherTerms(scalars: readonly FieldElement[]): number {
    const memory = new Uint8Array(this.#kernel.exports.memory.buffer);
    const digitCount = 2 ** this.#windowBits - 1;
    let to = this.#terms;
    scalars.forEach((scalar, index) => {
      let window = this.#tables[index]!;
      for (const digit of cutDigits(scalar, this.#windowBits)) {
        if (digit > 0) {
          const from = window + (digit - 1) * SIZE;
          memory.copyWithin(to, from, from + SIZE);
          to += SIZE;
        }
        window += digitCount * SIZE;
      }
    });
    return (to - this.#terms) / SIZE;
  }

  #makeTable(base: CurvePoint): number {
    const kernel = this.#kernel;
    const digitCount = 2 ** this.#windowBits - 1;
    const table = kernel.allocate(this.#windowCount * digitCount * SIZE);
    kernel.scoped(() => {
      const pair = kernel.allocate(2 * SIZE);
      const step = pair + SIZE;
      loadPoint(kernel, base, step);
      for (let window = 0; window < this.#windowCount; window++) {
        const first = table + window * digitCount * SIZE;
        copyPoint(kernel, step, first);
        for (let digit = 2; digit <= digitCount; digit++) {
          copyPoint(kernel, first + (digit - 2) * SIZE, pair);
          kernel.exports.g1_sum(first + (digit - 1) * SIZE, pair, 2);
        }
        copyPoint(kernel, first + (digitCount - 1) * SIZE, pair);
        kernel.exports.g1_sum(step, pair, 2);
      }
    });
    return table;
  }
}

/** The window that costs the fewest additions over tables and sums together. */
function chooseWindow(combinations: number): number {
  const cost = (bits: number) =>
    Math.ceil(SCALAR_BITS / bits) * (TABLE_POINT_COST * 2 ** bits + combinations);
  let best = MIN_WINDOW_BITS;
  for (let bits = best + 1; bits <= MAX_WINDOW_BITS; bits++) if (cost(bits) < cost(best)) best = bits;
  return best;
}

/** The digits of a scalar, the lowest first; zeros at the end are left out. */
function cutDigits(scalar: bigint, windowBits: number): number[] {
  const mask = 2 ** windowBits - 1;
  const digits: number[] = [];
  let open = 0;
  let width = 0;
  const text = scalar.toString(16);
  for (let at = text.length - 1; at >= 0; at--) {
    open |= parseInt(text[at]!, 16) << width;
    width += 4;
    while (width >= windowBits) {
      digits.push(open & mask);
      open >>= windowBits;
      width -= windowBits;
    }
  }
  if (open > 0) digits.push(open);
  return digits;
}

function copyPoint(kernel: Kernel, from: number, to: number): void {
  new Uint8Array(kernel.exports.memory.buffer).copyWithin(to, from, from + SIZE);
}

/** Puts an affine point into memory, in the kernel's form. */
function loadPoint(kernel: Kernel, point: CurvePoint, address: number): void {
  const { x, y } = point.toAffine();
  kernel.scoped(() => {
    const packed = kernel.allocate(PACKED);
    // Coordinates times 2^256, as in a proving key, are what the kernel imports.
    [x, y].forEach((coordinate, index) => {
      const words = bigintToLittleEndian((coordinate << 256n) % BASE_FIELD_MODULUS, COORDINATE);
      kernel.bytes(packed + index * COORDINATE, COORDINATE).set(words);
    });
    kernel.exports.g1_import(packed, 1);
    kernel.exports.g1_load(address, packed, 1);
  });
}

/** The 32 bytes of a point from its plain coordinates, little-endian: as `encodePoint` makes them. */
function encodePacked(packed: Uint8Array): Uint8Array {
  if (packed.every((byte) => byte === 0)) {
    throw refuseProtocol('point-at-infinity', { expected: 'a point other than infinity', found: 'infinity' });
  }
  const bytes = packed.slice(0, POINT_BYTES).reverse();
  if ((packed[COORDINATE]! & 1) === 1) bytes[0]! |= 0x80;
  return bytes;
}
