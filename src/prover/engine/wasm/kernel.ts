import { readFile } from 'node:fs/promises';

import { compileWasm, instantiateWasm, type WasmModule } from '../../witness/generator.js';

/** Bytes of the kernel's formats; see kernel/field.h, curve.h and qap.h. */
export const KERNEL_BYTES = {
  /** A field element in limbs. */
  element: 36,
  /**
   * Room for an entry of a vector that transforms work on, in the larger of the two forms that kernels give it. Where in
   * a vector an entry is, the kernel alone knows.
   */
  entry: 40,
  /** A plain scalar, or a coordinate part of a packed point. */
  words: 32,
  /** A pair of constants of Poseidon, in the larger of the two forms that kernels give it. */
  pair: 80,
  /** A coefficient in both of its forms. */
  coefficient: 72,
  /** A wire and the index of a coefficient. */
  term: 8,
  /** A bucket has room for the larger of the two forms that kernels give it. */
  g1: { point: 72, packed: 64, bucket: 80 },
  g2: { point: 144, packed: 128, bucket: 160 },
} as const;

/** Bits of a scalar: the order of the groups is below 2^254. */
export const SCALAR_BITS = 254;
/** The widest window of digits that the kernel has room for. */
export const MAX_WINDOW_BITS = 16;

/** The two groups of the curve. */
export type KernelGroup = 'g1' | 'g2';

/** What one group exports; all arguments are addresses, counts and bits. */
type GroupExports<G extends KernelGroup> = Readonly<
  Record<`${G}_import`, (points: number, count: number) => void>
> &
  Readonly<
    Record<`${G}_load` | `${G}_pack` | `${G}_store`, (to: number, from: number, count: number) => void>
  > &
  Readonly<Record<`${G}_sum`, (result: number, points: number, count: number) => void>> &
  Readonly<Record<`${G}_multiply`, (result: number, point: number, scalar: number) => void>> &
  Readonly<
    Record<
      `${G}_fill_buckets`,
      (buckets: number, bucketCount: number, ends: number, entries: number, points: number) => void
    >
  > &
  Readonly<Record<`${G}_read_buckets`, (points: number, buckets: number, count: number) => void>> &
  Readonly<Record<`${G}_sum_buckets`, (sums: number, buckets: number, bucketBits: number) => void>> &
  Readonly<
    Record<
      `${G}_combine_windows`,
      (result: number, sums: number, windowCount: number, windowBits: number) => void
    >
  >;

/** What the module exports, as kernel/*.h declares it. */
export type KernelExports = GroupExports<'g1'> &
  GroupExports<'g2'> & {
    readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
    readonly __heap_base: { readonly value: number };
    recode_scalars(
      digits: number,
      stride: number,
      scalars: number,
      count: number,
      windowBits: number,
    ): number;
    sort_entries(
      entries: number,
      ends: number,
      bucketCount: number,
      digits: number,
      wires: number,
      count: number,
    ): number;
    build_roots(roots: number, inverseRoots: number, root: number, size: number): void;
    build_coset(powers: number, base: number, factor: number, size: number): void;
    interpolate(vector: number, size: number, inverseRoots: number): void;
    evaluate(vector: number, size: number, roots: number): void;
    multiply_vectors(result: number, a: number, b: number, count: number): void;
    join_vectors(scalars: number, a: number, b: number, c: number, count: number): void;
    evaluate_rows(
      values: number,
      firstRow: number,
      rowCount: number,
      ends: number,
      terms: number,
      table: number,
      wires: number,
    ): void;
    poseidon_import(table: number, words: number, count: number): void;
    poseidon_sponge(hash: number, values: number, blockCount: number, table: number): void;
    import_coefficients(table: number, words: number, count: number): void;
    negate_product(result: number, a: number, b: number): void;
    is_scalar(words: number): number;
    wipe_scratch(): void;
    /** Only in `relaxed`: 1 where multiply-add is fused. */
    fp_lanes_work?(): number;
  };

const PAGE_BYTES = 65536;
/** Addresses are multiples of a cache line. */
const ALIGNMENT = 64;
/** The stack, from address 0: the linker is told so. */
const STACK_BYTES = 65536;

/** `plain` runs anywhere; `relaxed` is faster and needs relaxed SIMD with fused multiply-add. */
export const KERNEL_NAMES = ['plain', 'relaxed'] as const;

export type KernelName = (typeof KERNEL_NAMES)[number];

const MODULE_FILES: Readonly<Record<KernelName, string>> = {
  plain: './kernel.wasm',
  relaxed: './kernel-relaxed.wasm',
};

/** Modules that this thread has compiled; V8 keeps the code itself once for all threads. */
const compiled = new Map<KernelName, Promise<WasmModule>>();

/**
 * The last instance of each kernel that was given back in this thread. The next prover takes it with its memory: until a
 * collector comes by, two memories of one worker would stand beside each other. It is held weakly, so that it goes where
 * nobody wants one.
 */
const idle = new Map<KernelName, WeakRef<Kernel>>();

/** One instance of the kernel, with a memory of its own that is handed out from the bottom and taken back from the top. */
export class Kernel {
  readonly exports: KernelExports;
  readonly #name: KernelName;
  readonly #base: number;
  #top: number;
  #highest: number;

  private constructor(name: KernelName, exports: KernelExports) {
    this.#name = name;
    this.exports = exports;
    this.#base = align(exports.__heap_base.value);
    this.#top = this.#base;
    this.#highest = this.#base;
  }

  /** An instance with nothing in its memory, made or given back before. @throws Error where this machine cannot run it. */
  static async open(name: KernelName = 'plain'): Promise<Kernel> {
    const kept = idle.get(name)?.deref();
    idle.delete(name);
    if (kept !== undefined) return kept;
    const module =
      compiled.get(name) ?? readFile(new URL(MODULE_FILES[name], import.meta.url)).then(compileWasm);
    compiled.set(name, module);
    try {
      return new Kernel(name, instantiateWasm(await module, {}).exports as KernelExports);
    } catch (error) {
      compiled.delete(name);
      throw error;
    }
  }

  /** Gives the instance back, overwritten, for the next `open` of this thread. It is not used by its owner after that. */
  release(): void {
    this.#top = this.#base;
    this.wipeFrom(this.#base);
    idle.set(this.#name, new WeakRef(this));
  }

  /** Bytes of memory that the instance has taken: they never become fewer. */
  get memoryBytes(): number {
    return this.exports.memory.buffer.byteLength;
  }

  /** Takes memory; its content is undefined. @throws Error where the machine or WebAssembly's 4 GiB give out. */
  allocate(sizeBytes: number): number {
    const address = this.#top;
    this.#top = align(address + sizeBytes);
    const missing = this.#top - this.memoryBytes;
    if (missing > 0) this.exports.memory.grow(Math.ceil(missing / PAGE_BYTES));
    this.#highest = Math.max(this.#highest, this.#top);
    return address;
  }

  /** Runs `use` and takes back all memory that was allocated meanwhile. */
  scoped<T>(use: () => T): T {
    const top = this.#top;
    try {
      return use();
    } finally {
      this.#top = top;
    }
  }

  /** A view of memory, until the next allocation. */
  bytes(address: number, sizeBytes: number): Uint8Array {
    return new Uint8Array(this.exports.memory.buffer, address, sizeBytes);
  }

  /** A copy of memory. */
  read(address: number, sizeBytes: number): Uint8Array {
    return this.bytes(address, sizeBytes).slice();
  }

  /** Puts bytes into fresh memory. */
  put(bytes: Uint8Array): number {
    const address = this.allocate(bytes.length);
    this.bytes(address, bytes.length).set(bytes);
    return address;
  }

  /** Overwrites the stack, the kernel's scratch and all memory from `address` on that was ever handed out. */
  wipeFrom(address: number): void {
    this.exports.wipe_scratch();
    this.bytes(0, STACK_BYTES).fill(0);
    this.bytes(address, this.#highest - address).fill(0);
    this.#highest = this.#top;
  }

  /** The address that the next allocation gets. */
  get top(): number {
    return this.#top;
  }
}

function align(address: number): number {
  return Math.ceil(address / ALIGNMENT) * ALIGNMENT;
}
