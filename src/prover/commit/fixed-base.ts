import {
  type FieldElement,
  blindGenerator,
  generatorsOf,
  nameOfLayout,
  type RowLayout,
  type CurvePoint,
  weightsGenerator,
} from '../../protocol/index.js';
import { bigintToLittleEndian } from '../../iden3/index.js';
import { chooseKernel } from '../engine/wasm/choose-kernel.js';
import { Kernel, KERNEL_BYTES, SCALAR_BITS } from '../engine/wasm/kernel.js';
import { encodePacked, toKeyForm, type PointOpening } from './point-bytes.js';
import { PointChecker } from './point-check.js';

const { point: SIZE, packed: PACKED } = KERNEL_BYTES.g1;
const SCALAR_WORDS = 4;
const SCALAR_BYTES = 8 * SCALAR_WORDS;
const MIN_WINDOW_BITS = 2;
/** A table takes 587 kB at 8 bits. */
const MAX_WINDOW_BITS = 8;
/** An addition with an inversion, which each point of a table takes, against one without, of which products are made. */
const TABLE_POINT_COST = 4;

/**
 * Products of fixed points with scalars. For each window j of a scalar's bits and each digit d the table holds
 * d·2^(j·windowBits) times the point, so that a product is a sum of one point a window. It agrees with `combinePoints`.
 * It is not in constant time: it is for the prover's own machine.
 */
export class FixedBases {
  readonly #kernel: Kernel;
  readonly #windowBits: number;
  readonly #windowCount: number;
  /** The index of each point's first table point: windows, each of 2^windowBits - 1 points, packed. */
  readonly #firsts: readonly number[];
  /** The address of the tables. */
  readonly #tables: number;

  /**
   * Makes the tables in the memory of a kernel, which keeps them.
   * @param combinations how many sums will be made, more or less: the more, the larger the tables that pay.
   */
  constructor(kernel: Kernel, bases: readonly CurvePoint[], combinations: number) {
    this.#kernel = kernel;
    this.#windowBits = chooseWindow(combinations);
    this.#windowCount = Math.ceil(SCALAR_BITS / this.#windowBits);
    const tablePoints = this.#windowCount * (2 ** this.#windowBits - 1);
    this.#firsts = bases.map((_, index) => index * tablePoints);
    this.#tables = kernel.allocate(bases.length * tablePoints * PACKED);
    bases.forEach((base, index) => {
      this.#makeTable(base, this.#tables + this.#firsts[index]! * PACKED);
    });
  }

  /**
   * Sums of each point times its scalar, as 32 bytes each: all of them in batches of additions.
   * @param lists one scalar for each point in every list.
   * @throws SolventError `point-at-infinity`.
   */
  combineAll(lists: readonly (readonly FieldElement[])[]): Uint8Array[] {
    const coordinates = this.combineCoordinates(lists);
    return lists.map((_, index) => encodePacked(coordinates.subarray(index * PACKED, (index + 1) * PACKED)));
  }

  /** The same sums as their coordinates x and y, 32 bytes each, little-endian; infinity as zeros. */
  combineCoordinates(lists: readonly (readonly FieldElement[])[]): Uint8Array {
    const { exports } = this.#kernel;
    const { entries, ends } = this.#gatherEntries(lists);
    return this.#kernel.scoped(() => {
      const kernel = this.#kernel;
      const count = lists.length;
      const buckets = kernel.allocate(count * KERNEL_BYTES.g1.bucket);
      const sums = kernel.allocate(count * SIZE);
      const packed = kernel.allocate(count * PACKED);
      const endsAddress = kernel.put(new Uint8Array(ends.buffer));
      const entriesAddress = kernel.put(new Uint8Array(entries.buffer));
      exports.g1_fill_buckets(buckets, count, endsAddress, entriesAddress, this.#tables);
      exports.g1_read_buckets(sums, buckets, count);
      exports.g1_store(packed, sums, count);
      return kernel.read(packed, count * PACKED);
    });
  }

  /** Which points of the tables add up to each sum, twice their index as the kernel takes them, and where each list ends. */
  #gatherEntries(lists: readonly (readonly FieldElement[])[]): { entries: Uint32Array; ends: Uint32Array } {
    const [windowBits, windowCount] = [this.#windowBits, this.#windowCount];
    const mask = 2 ** windowBits - 1;
    const entries = new Uint32Array(lists.length * this.#firsts.length * windowCount);
    const words = new BigUint64Array(SCALAR_WORDS);
    // A byte of 0 behind the scalar, so that each digit is cut from two bytes.
    const bytes = new Uint8Array(SCALAR_BYTES + 1);
    const scalarBytes = new Uint8Array(words.buffer);
    let count = 0;
    const ends = Uint32Array.from(lists, (scalars) => {
      if (scalars.length !== this.#firsts.length) {
        throw new RangeError(`expected ${this.#firsts.length} scalars, got ${scalars.length}`);
      }
      scalars.forEach((scalar, index) => {
        for (let word = 0; word < SCALAR_WORDS; word++) words[word] = scalar >> BigInt(64 * word);
        bytes.set(scalarBytes);
        let first = this.#firsts[index]! - 1;
        for (let window = 0, bit = 0; window < windowCount; window++, bit += windowBits, first += mask) {
          const digit = ((bytes[bit >> 3]! | (bytes[(bit >> 3) + 1]! << 8)) >> (bit & 7)) & mask;
          if (digit > 0) entries[count++] = 2 * (first + digit);
        }
      });
      return count;
    });
    return { entries: entries.slice(0, count), ends };
  }

  #makeTable(base: CurvePoint, packed: number): void {
    const kernel = this.#kernel;
    const digitCount = 2 ** this.#windowBits - 1;
    kernel.scoped(() => {
      const table = kernel.allocate(this.#windowCount * digitCount * SIZE);
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
      kernel.exports.g1_pack(packed, table, this.#windowCount * digitCount);
    });
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

function copyPoint(kernel: Kernel, from: number, to: number): void {
  new Uint8Array(kernel.exports.memory.buffer).copyWithin(to, from, from + SIZE);
}

/** Puts an affine point into memory, in the kernel's form. */
function loadPoint(kernel: Kernel, point: CurvePoint, address: number): void {
  const { x, y } = point.toAffine();
  kernel.scoped(() => {
    const plain = [x, y].map((coordinate) => bigintToLittleEndian(coordinate, KERNEL_BYTES.words));
    const packed = kernel.put(toKeyForm(Buffer.concat(plain)));
    kernel.exports.g1_import(packed, 1);
    kernel.exports.g1_load(address, packed, 1);
  });
}

/** The points of rows and of masks, made by tables that are built once for each layout. */
export class PointMaker {
  readonly #kernel: Kernel;
  readonly #bases = new Map<string, FixedBases>();

  private constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  static async open(): Promise<PointMaker> {
    return new PointMaker(await Kernel.open(await chooseKernel()));
  }

  /**
   * The tables of a layout's generators: `commit(rows)` makes the 32 bytes of sum of values_i G_i + blind H for each.
   * @param combinations how many points will be made of it, more or less.
   */
  committerOf(layout: RowLayout, combinations: number): PointCommitter {
    const bases = this.#basesOf(layout, combinations);
    return (openings) => bases.combineAll(listScalars(openings));
  }

  /** The same points as their coordinates, one behind the other, for whoever checks them by `checkerOf`. */
  coordinatesOf(layout: RowLayout, combinations: number): (openings: readonly PointOpening[]) => Uint8Array {
    const bases = this.#basesOf(layout, combinations);
    return (openings) => bases.combineCoordinates(listScalars(openings));
  }

  /** What checks points that somebody else made: see `PointChecker`. */
  checkerOf(layout: RowLayout, combinations: number): PointChecker {
    return new PointChecker(this.#kernel, this.#basesOf(layout, combinations));
  }

  /** The 32 bytes of value Gw + blind H for each weighted total, as `commitWeights` makes them. @throws as a committer. */
  commitWeights(values: readonly FieldElement[], blinds: readonly FieldElement[]): Uint8Array[] {
    const bases = new FixedBases(this.#kernel, [weightsGenerator(), blindGenerator()], values.length);
    return bases.combineAll(values.map((value, index) => [value, blinds[index]!]));
  }

  #basesOf(layout: RowLayout, combinations: number): FixedBases {
    const key = `${layout.indexBits}/${nameOfLayout(layout)}`;
    let bases = this.#bases.get(key);
    if (bases === undefined) {
      const { words, blind } = generatorsOf(layout);
      bases = new FixedBases(this.#kernel, [...words, blind], combinations);
      this.#bases.set(key, bases);
    }
    return bases;
  }
}

const listScalars = (openings: readonly PointOpening[]) =>
  openings.map(({ values, blind }) => [...values, blind]);

/** Makes the 32 bytes of many commitments. @throws SolventError `point-at-infinity`. */
export type PointCommitter = (openings: readonly PointOpening[]) => Uint8Array[];
