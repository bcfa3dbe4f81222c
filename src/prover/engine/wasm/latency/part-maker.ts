import { KERNEL_BYTES, type Kernel } from '../kernel.js';
import type { WasmKey } from '../key.js';
import { cutSlices, forEachGroup, groupsOf, recodeScalars, sumWindows } from '../multi-scalar.js';
import { Quotient } from '../quotient.js';
import type { PartResult, ProofPart } from './task.js';

/** Makes parts of proofs in one thread, with a kernel of its own. */
export class PartMaker {
  readonly #kernel: Kernel;
  readonly #key: WasmKey;
  /** Made when it is first needed: not every thread gets such a part. */
  #quotient: Quotient | undefined;

  constructor(kernel: Kernel, key: WasmKey) {
    this.#kernel = kernel;
    this.#key = key;
  }

  /** Makes a part and wipes what it was made from. */
  make(part: ProofPart): PartResult {
    if (part.kind === 'values') this.#quotient ??= new Quotient(this.#kernel, this.#key);
    const secretBase = this.#kernel.top;
    try {
      return this.#kernel.scoped(() => this.#makePart(part));
    } finally {
      this.#kernel.wipeFrom(secretBase);
    }
  }

  #makePart(part: ProofPart): PartResult {
    const kernel = this.#kernel;
    switch (part.kind) {
      case 'values': {
        const wires = kernel.place(new Uint8Array(part.wires));
        this.#publish(this.#quotient!.findValues(part.polynomial, wires), new Uint8Array(part.result));
        return { kind: 'done' };
      }
      case 'join': {
        const { domainSize } = this.#key.sizes;
        const sizeBytes = domainSize * KERNEL_BYTES.words;
        const scalars = kernel.allocate(sizeBytes);
        const place = (values: SharedArrayBuffer) => kernel.place(new Uint8Array(values));
        const { A, B, C } = part.values;
        kernel.exports.join_vectors(scalars, place(A), place(B), place(C), domainSize);
        this.#publish(scalars, new Uint8Array(part.result, part.result.byteLength - sizeBytes));
        return { kind: 'done' };
      }
      case 'windows':
        return this.#sumWindows(part);
    }
  }

  #sumWindows({ points, slice, windows, windowBits, scalars }: ProofPart & { kind: 'windows' }): PartResult {
    const kernel = this.#kernel;
    const count = scalars.byteLength / KERNEL_BYTES.words;
    const digits = recodeScalars(kernel, kernel.place(new Uint8Array(scalars)), { count, windowBits });
    if (typeof digits === 'number') return { kind: 'refused', scalar: digits };
    const set = cutSlices(this.#key.points(points))[slice]!;
    const sums = sumWindows(kernel, set, { digits, windows });
    const pointCount = (windows.end - windows.first) * windowBits;
    return {
      kind: 'sums',
      sums: forEachGroup(groupsOf(set), (group) =>
        kernel.read(sums[group], pointCount * KERNEL_BYTES[group].point),
      ),
    };
  }

  #publish(address: number, result: Uint8Array): void {
    result.set(this.#kernel.bytes(address, result.length));
  }
}
