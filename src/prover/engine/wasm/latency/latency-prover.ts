import { readPublicSignals } from '../../../../iden3/index.js';
import type { Proof } from '../../../../protocol/index.js';
import type { Prover, ProvenWitness, SharedProvingKey } from '../../engine.js';
import { parseWitnessOf } from '../../witness.js';
import { assembleProof } from '../assemble-proof.js';
import { drawBlinding, wipeBlinding, type Blinding } from '../blinding.js';
import { KERNEL_BYTES, type Group, type Kernel } from '../kernel.js';
import { WasmKey, type PointKind } from '../key.js';
import {
  chooseWindowBits,
  countWindows,
  cutSlices,
  forEachGroup,
  groupsOf,
  type WindowRange,
} from '../multi-scalar.js';
import { countWide, refuseClosed, refuseWire } from '../prover.js';
import type { Polynomial } from '../quotient.js';
import { ThreadPool } from './thread-pool.js';

/** Ranges of windows that each thread gets of one multi-scalar product: more even out the end, fewer copy less. */
const RANGES_PER_THREAD = 2;
/** Threads that one proof keeps busy: products have some seventeen windows each. */
const MAX_THREADS = 16;

/** The sums of all windows of a slice, by group. */
type SliceSums = Readonly<Partial<Record<Group, Uint8Array>>>;
/** A multi-scalar product, in parts. */
type Product = { readonly slices: readonly SliceSums[]; readonly windowBits: number };
type Scalars = { readonly buffer: SharedArrayBuffer; readonly windowBits: number };

/**
 * Makes one proof at a time over several threads: for when one is waited for. The three polynomials, and ranges of
 * windows of each multi-scalar product, are made side by side.
 */
export class LatencyProver implements Prover {
  readonly #kernel: Kernel;
  readonly #key: WasmKey;
  readonly #pool: ThreadPool;
  #isClosed = false;

  constructor(kernel: Kernel, key: SharedProvingKey, threads: number) {
    this.#kernel = kernel;
    this.#key = new WasmKey(key);
    this.#pool = new ThreadPool(key, Math.min(threads, MAX_THREADS));
  }

  async prove(witness: Uint8Array): Promise<ProvenWitness> {
    const blinding = drawBlinding(this.#kernel);
    try {
      return await this.proveWithBlinding(witness, blinding);
    } finally {
      wipeBlinding(blinding);
    }
  }

  /** As that of WasmProver. */
  async proveWithBlinding(witness: Uint8Array, blinding: Blinding): Promise<ProvenWitness> {
    if (this.#isClosed) throw refuseClosed();
    const { variableCount, publicCount, domainSize } = this.#key.sizes;
    const values = parseWitnessOf(witness, variableCount);
    const publicSignals = readPublicSignals(values, publicCount);
    const wires = new SharedArrayBuffer(values.length);
    // The wires again, and after them the scalars of the points H.
    const all = new SharedArrayBuffer(values.length + domainSize * KERNEL_BYTES.words);
    new Uint8Array(wires).set(values);
    new Uint8Array(all).set(values);
    const wide = countWide(values);
    try {
      const scalars = { buffer: wires, windowBits: chooseWindowBits(wide) };
      const allScalars = { buffer: all, windowBits: chooseWindowBits(wide + domainSize) };
      // The polynomials come first: what waits for them is the longest product.
      const sumOfCH = this.#findQuotient(wires, all).then(() => this.#sum('CH', allScalars));
      const [a, b, ch] = await Promise.all([this.#sum('A', scalars), this.#sum('B', scalars), sumOfCH]);
      const { windowBits } = scalars;
      const products = {
        a: { slices: a, windowBits },
        b: { slices: b, windowBits },
        ch: { slices: ch, windowBits: allScalars.windowBits },
      };
      return { proof: this.#kernel.scoped(() => this.#assemble(products, blinding)), publicSignals };
    } finally {
      for (const shared of [wires, all]) new Uint8Array(shared).fill(0);
    }
  }

  close(): Promise<void> {
    this.#isClosed = true;
    this.#pool.close();
    return Promise.resolve();
  }

  async #findQuotient(wires: SharedArrayBuffer, result: SharedArrayBuffer): Promise<void> {
    const vectorBytes = this.#key.sizes.domainSize * KERNEL_BYTES.entry;
    const values: Record<Polynomial, SharedArrayBuffer> = {
      A: new SharedArrayBuffer(vectorBytes),
      B: new SharedArrayBuffer(vectorBytes),
      C: new SharedArrayBuffer(vectorBytes),
    };
    try {
      await Promise.all(
        (['C', 'A', 'B'] as const).map((polynomial) =>
          this.#pool.make({ kind: 'values', polynomial, wires, result: values[polynomial] }),
        ),
      );
      await this.#pool.make({ kind: 'join', values, result }, { isUrgent: true });
    } finally {
      for (const vector of Object.values(values)) new Uint8Array(vector).fill(0);
    }
  }

  /** The sums of all windows of each slice of points. */
  async #sum(points: PointKind, { buffer, windowBits }: Scalars): Promise<readonly SliceSums[]> {
    const slices = cutSlices(this.#key.points(points));
    const ranges = cutWindows(countWindows(windowBits), RANGES_PER_THREAD * this.#pool.threadCount);
    return Promise.all(
      slices.map(async (slice, index) => {
        const parts = await Promise.all(
          ranges.map((windows) =>
            this.#pool.make({ kind: 'windows', points, slice: index, windows, windowBits, scalars: buffer }),
          ),
        );
        return forEachGroup(groupsOf(slice), (group) =>
          Buffer.concat(
            parts.map((part) => {
              if (part.kind === 'refused') throw refuseWire(part.scalar);
              return part.kind === 'sums' ? part.sums[group]! : new Uint8Array(0);
            }),
          ),
        );
      }),
    );
  }

  #assemble({ a, b, ch }: Readonly<Record<'a' | 'b' | 'ch', Product>>, blinding: Blinding): Proof {
    const secretBase = this.#kernel.top;
    try {
      return assembleProof(this.#kernel, this.#key.bytes('constants'), {
        sums: {
          a: this.#combine('g1', a),
          b1: this.#combine('g1', b),
          b2: this.#combine('g2', b),
          ch: this.#combine('g1', ch),
        },
        blinding,
      });
    } finally {
      this.#kernel.wipeFrom(secretBase);
    }
  }

  #combine(group: Group, { slices, windowBits }: Product): number {
    const kernel = this.#kernel;
    const { point: pointBytes } = KERNEL_BYTES[group];
    const results = kernel.allocate(slices.length * pointBytes);
    for (const [index, slice] of slices.entries()) {
      kernel.scoped(() => {
        const sums = kernel.place(slice[group]!);
        const result = results + index * pointBytes;
        kernel.exports[`${group}_combine_windows`](result, sums, countWindows(windowBits), windowBits);
      });
    }
    kernel.exports[`${group}_sum`](results, results, slices.length);
    return results;
  }
}

/** Cuts windows into at most `count` ranges of nearly the same length. */
function cutWindows(windowCount: number, count: number): WindowRange[] {
  const used = Math.min(count, windowCount);
  return Array.from({ length: used }, (_, range) => ({
    first: Math.floor((range * windowCount) / used),
    end: Math.floor(((range + 1) * windowCount) / used),
  }));
}
