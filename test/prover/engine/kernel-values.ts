import { bigintToLittleEndian, littleEndianToBigint } from '../../../src/iden3/index.js';
import { findKernel } from '../../../src/prover/engine/wasm/choose-kernel.js';
import { importPacked } from '../../../src/prover/engine/wasm/convert-points.js';
import {
  Kernel,
  KERNEL_BYTES,
  type KernelGroup,
  type KernelName,
} from '../../../src/prover/engine/wasm/kernel.js';
import type { Point } from './twin/curve.js';
import { BASE_FIELD, type PrimeField, type Quadratic } from './twin/field.js';

const LIMB_BITS = 29n;
const LIMB_COUNT = 9;
/** The kernel's Montgomery radix. */
export const RADIX = 1n << 261n;

/** The kernels that this machine can run: a test of the other one is skipped, and says so. */
export const USABLE_KERNELS: ReadonlySet<KernelName> = new Set(['plain', await findKernel(undefined)]);

/** The single operations that the kernel exports for tests; see kernel/single.h. */
export type FieldName = 'fp' | 'fr';
type Unary = (result: number, a: number) => void;
type Binary = (result: number, a: number, b: number) => void;
export type SingleExports = Readonly<
  Record<`${FieldName}_${'multiply' | 'add_loosely' | 'subtract_loosely'}`, Binary> &
    Record<
      `${FieldName}_${'square' | 'tighten_loose' | 'find_inverse' | 'read_words' | 'write_words'}`,
      Unary
    > &
    Record<`${FieldName}_test_zero`, (a: number) => number> &
    Record<'fp2_multiply', Binary> &
    Record<'fp2_square' | 'fp2_find_inverse', Unary> &
    Record<`${KernelGroup}_add_each`, (target: number, source: number, count: number) => void> &
    Record<'write_vector' | 'read_vector', (to: number, from: number, count: number) => void>
>;

/** An instance of the kernel whose memory holds integers and points. */
export class KernelValues {
  readonly kernel: Kernel;
  readonly single: SingleExports;

  private constructor(kernel: Kernel) {
    this.kernel = kernel;
    this.single = kernel.exports as unknown as SingleExports;
  }

  static async open(name: KernelName = 'plain'): Promise<KernelValues> {
    return new KernelValues(await Kernel.open(name));
  }

  /** Places limbs as they are, the value below 2^261 not reduced. */
  placeLimbs(...values: readonly bigint[]): number {
    const limbs = new Uint32Array(values.length * LIMB_COUNT);
    for (const [index, value] of values.entries()) {
      for (let limb = 0; limb < LIMB_COUNT; limb++) {
        const isTop = limb === LIMB_COUNT - 1;
        const bits = value >> (LIMB_BITS * BigInt(limb));
        limbs[index * LIMB_COUNT + limb] = Number(isTop ? bits : bits & ((1n << LIMB_BITS) - 1n));
      }
    }
    return this.kernel.put(new Uint8Array(limbs.buffer));
  }

  readLimbs(address: number): bigint {
    const limbs = new Uint32Array(this.kernel.read(address, KERNEL_BYTES.element).buffer);
    let value = 0n;
    for (let limb = LIMB_COUNT - 1; limb >= 0; limb--) value = (value << LIMB_BITS) + BigInt(limbs[limb]!);
    return value;
  }

  /** Places elements in Montgomery form. */
  placeElements(field: PrimeField, values: readonly bigint[]): number {
    return this.placeLimbs(...values.map((value) => field.multiply(value, RADIX)));
  }

  /** Elements out of Montgomery form. */
  readElements(field: PrimeField, address: number, count: number): bigint[] {
    const inverse = field.invert(RADIX);
    return Array.from({ length: count }, (_, index) =>
      field.multiply(this.readLimbs(address + index * KERNEL_BYTES.element), inverse),
    );
  }

  /** Places scalars as a vector, in whatever form this kernel gives its entries. */
  placeVector(values: readonly bigint[]): number {
    const vector = this.allocateVector(values.length);
    this.kernel.scoped(() => {
      this.single.write_vector(vector, this.placeWords(...values), values.length);
    });
    return vector;
  }

  /** Memory of so many entries, a last pair of them whole. */
  allocateVector(count: number): number {
    return this.kernel.allocate(2 * Math.ceil(count / 2) * KERNEL_BYTES.entry);
  }

  readVector(vector: number, count: number): bigint[] {
    return this.kernel.scoped(() => {
      const words = this.kernel.allocate(count * KERNEL_BYTES.words);
      this.single.read_vector(words, vector, count);
      return this.readWords(words, count);
    });
  }

  placeWords(...values: readonly bigint[]): number {
    return this.kernel.put(Buffer.concat(values.map((value) => bigintToLittleEndian(value, 32))));
  }

  readWords(address: number, count: number): bigint[] {
    return Array.from({ length: count }, (_, index) =>
      littleEndianToBigint(this.kernel.read(address + 32 * index, 32)),
    );
  }

  placePoints1(points: readonly Point<bigint>[]): number {
    return this.placeElements(
      BASE_FIELD,
      points.flatMap((point) => (point === undefined ? [0n, 0n] : [point.x, point.y])),
    );
  }

  readPoints1(address: number, count: number): Point<bigint>[] {
    return group(this.readElements(BASE_FIELD, address, 2 * count), 2).map(([x, y]) =>
      x === 0n && y === 0n ? undefined : { x: x!, y: y! },
    );
  }

  placePoints2(points: readonly Point<Quadratic>[]): number {
    return this.placeElements(
      BASE_FIELD,
      points.flatMap((point) => (point === undefined ? [0n, 0n, 0n, 0n] : [...point.x, ...point.y])),
    );
  }

  readPoints2(address: number, count: number): Point<Quadratic>[] {
    return group(this.readElements(BASE_FIELD, address, 4 * count), 4).map(([x0, x1, y0, y1]) =>
      [x0, x1, y0, y1].every((part) => part === 0n) ? undefined : { x: [x0!, x1!], y: [y0!, y1!] },
    );
  }

  /** Points as a key of this kernel holds them, from plain coordinates. */
  packPoints(group: KernelGroup, coordinates: readonly bigint[]): Uint8Array {
    return importPacked(this.kernel, group, encodeCoordinates(coordinates));
  }
}

/** Coordinates as a .zkey holds them: times 2^256. */
export function encodeCoordinates(coordinates: readonly bigint[]): Uint8Array {
  return Buffer.concat(
    coordinates.map((part) => bigintToLittleEndian(BASE_FIELD.multiply(part, 1n << 256n), 32)),
  );
}

function group<T>(values: readonly T[], size: number): T[][] {
  return Array.from({ length: values.length / size }, (_, index) =>
    values.slice(index * size, (index + 1) * size),
  );
}
