import bn128 from 'wasmcurves/build/bn128_wasm.js';

import type { Group } from '../../iden3/index.js';

/** A byte offset in the memory of one `Bn254`. */
export type Address = number;

type Unary = (input: Address, output: Address) => void;
type Binary = (left: Address, right: Address, output: Address) => void;
type Test = (input: Address) => number;
type Batch = (input: Address, count: number, output: Address) => void;
type BatchInverse = (
  input: Address,
  inputStep: number,
  count: number,
  output: Address,
  outputStep: number,
) => void;

/**
 * The exports of wasmcurves' module that are used here. `frm` is the scalar field, `f1m` and `f2m` are the fields
 * that coordinates live in, all in Montgomery form with R = 2^256; `mul(a, b) = a·b/R`. Points are affine pairs or
 * Jacobian triples of coordinates. An inverse of zero is zero; infinity as an affine pair is (0, 0).
 */
type Exports = {
  readonly frm_mul: Binary;
  readonly frm_square: Unary;
  readonly frm_add: Binary;
  readonly frm_sub: Binary;
  readonly frm_copy: Unary;
  readonly frm_inverse: Unary;
  readonly frm_isZero: Test;
  readonly frm_toMontgomery: Unary;
  readonly frm_fromMontgomery: Unary;
  readonly frm_batchInverse: BatchInverse;
} & Record<`f${1 | 2}m_${'mul' | 'add' | 'sub'}`, Binary> &
  Record<`f${1 | 2}m_${'square' | 'copy'}`, Unary> &
  Record<`f${1 | 2}m_isZero`, Test> &
  Record<`f${1 | 2}m_batchInverse`, BatchInverse> &
  Record<`g${1 | 2}m_${'double' | 'toAffine' | 'copyAffine' | 'negAffine'}`, Unary> &
  Record<`g${1 | 2}m_${'addAffine' | 'subAffine'}`, Binary> &
  Record<`g${1 | 2}m_inCurveAffine`, Test> &
  /** Between Montgomery form, little-endian, and plain coordinates, big-endian. */
  Record<`g${1 | 2}m_batchLEMtoU`, Batch> &
  Record<'g1m_batchToAffine', Batch> &
  Record<'f1m_toMontgomery', Unary>;

// The compiler's library for Node names WebAssembly nowhere, and that for browsers names far too much.
type Memory = { readonly buffer: ArrayBuffer; grow(pages: number): number };
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: {
    Module: new (code: Uint8Array) => object;
    Instance: new (module: object, imports: object) => { readonly exports: object };
    Memory: new (limits: { initial: number; maximum: number }) => Memory;
  };
};

const PAGE_BYTES = 65_536;
/** What the module's own constants and scratch take. */
const INITIAL_PAGES = 25;
const MAX_PAGES = 65_536;
/** The module keeps the address of its first free byte at address 0, and takes scratch from there. */
const FREE_POINTER: Address = 0;

let compiled: object | undefined;

/**
 * Arithmetic of BN254 in one WebAssembly instance with a memory of its own. It is wasmcurves' module, taken as it is,
 * the same that ffjavascript builds. ffjavascript itself cannot be imported in a worker thread on Node 20, because its
 * web-worker takes the thread for its own.
 */
export class Bn254 {
  readonly exports: Exports;
  readonly #memory: Memory;
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView<ArrayBuffer>;

  constructor() {
    compiled ??= new WebAssembly.Module(Buffer.from(bn128.code, 'base64'));
    this.#memory = new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: MAX_PAGES });
    this.exports = new WebAssembly.Instance(compiled, { env: { memory: this.#memory } }).exports as Exports;
    this.#bytes = new Uint8Array(this.#memory.buffer);
    this.#view = new DataView(this.#memory.buffer);
  }

  /** The whole memory. An allocation may detach what was taken before it. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes;
  }

  /** The whole memory. An allocation may detach what was taken before it. */
  get view(): DataView<ArrayBuffer> {
    return this.#view;
  }

  /**
   * Takes `sizeBytes` that are never given back, eight-byte aligned and zero.
   * @param scratchBytes that must be free after it, for the batch inversions that follow: 32 or 64 an element, and one.
   */
  allocate(sizeBytes: number, scratchBytes = 0): Address {
    const start = Math.ceil(this.#view.getUint32(FREE_POINTER, true) / 8) * 8;
    const end = start + sizeBytes;
    const missingBytes = end + scratchBytes - this.#memory.buffer.byteLength;
    if (missingBytes > 0) {
      this.#memory.grow(Math.ceil(missingBytes / PAGE_BYTES));
      this.#bytes = new Uint8Array(this.#memory.buffer);
      this.#view = new DataView(this.#memory.buffer);
    }
    this.#view.setUint32(FREE_POINTER, end, true);
    // An inversion before may have had its scratch here.
    this.#bytes.fill(0, start, end);
    return start;
  }

  /** Overwrites all memory, secrets with it, and the module's constants: the instance is of no use after it. */
  wipe(): void {
    this.#bytes.fill(0);
  }
}

/** The operations of one group under names that do not depend on it; see `Exports`. */
export type GroupOperations = {
  readonly mul: Binary;
  readonly add: Binary;
  readonly sub: Binary;
  readonly square: Unary;
  readonly copy: Unary;
  readonly isZero: Test;
  readonly batchInverse: BatchInverse;
  readonly double: Unary;
  readonly addAffine: Binary;
  readonly toAffine: Unary;
  readonly copyAffine: Unary;
  readonly negAffine: Unary;
  /** The generator, Jacobian with z = 1, so that its first bytes are the affine point. */
  readonly generator: Address;
};

/** The operations of a group in one instance. */
export function groupOperations({ exports }: Bn254, group: Group): GroupOperations {
  const [f, g] = group === 'G1' ? (['f1m', 'g1m'] as const) : (['f2m', 'g2m'] as const);
  return {
    mul: exports[`${f}_mul`],
    add: exports[`${f}_add`],
    sub: exports[`${f}_sub`],
    square: exports[`${f}_square`],
    copy: exports[`${f}_copy`],
    isZero: exports[`${f}_isZero`],
    batchInverse: exports[`${f}_batchInverse`],
    double: exports[`${g}_double`],
    addAffine: exports[`${g}_addAffine`],
    toAffine: exports[`${g}_toAffine`],
    copyAffine: exports[`${g}_copyAffine`],
    negAffine: exports[`${g}_negAffine`],
    generator: group === 'G1' ? bn128.pG1gen : bn128.pG2gen,
  };
}
