import type { SharedProvingKey } from '../engine.js';
import type { KernelName } from './kernel.js';
import type { PointSet } from './multi-scalar.js';

/** The format of converted keys; another number, another layout, and older cache files are made again. */
export const KEY_FORMAT = 4;

/**
 * A proving key as the kernel reads it.
 *
 * Rows: term t of row i of a matrix, for ends[i-1] <= t < ends[i], is a wire and the index of a coefficient.
 * Points: packed, without those at infinity; wires[j] is the wire of point j. Those of C and H are one set, since their
 * products are only ever added: row i of H counts as wire variableCount + i.
 */
export const SECTION_NAMES = [
  'endsA',
  'termsA',
  'endsB',
  'termsB',
  'coefficients',
  'wiresA',
  'pointsA',
  'wiresB',
  'pointsB1',
  'pointsB2',
  'wiresCH',
  'pointsCH',
  /** alpha1, beta1, delta1, then beta2, delta2. */
  'constants',
] as const;

export type SectionName = (typeof SECTION_NAMES)[number];

export type KeySections = Readonly<Record<SectionName, Uint8Array<SharedArrayBuffer>>>;

/** The points of a key that there is one of for each wire, or for H each row. */
export type PointKind = 'A' | 'B' | 'CH';

export type KeySizes = {
  readonly variableCount: number;
  readonly publicCount: number;
  readonly domainSize: number;
};

/** A key that the engine `wasm` loaded. */
export type WasmProvingKey = SharedProvingKey<
  'wasm',
  SectionName,
  KeySizes & { readonly kernel: KernelName; readonly format: number }
>;

/** Makes the key that threads share from its sections. */
export function assembleKey(
  { kernel, sizes }: { readonly kernel: KernelName; readonly sizes: KeySizes },
  sections: KeySections,
): WasmProvingKey {
  const sizeBytes = Object.values(sections).reduce((sum, { byteLength }) => sum + byteLength, 0);
  return { engine: 'wasm', sizeBytes, sections, parameters: { ...sizes, kernel, format: KEY_FORMAT } };
}

/** The kernel that a key was converted for: points differ in their radix. */
export function kernelOf({ parameters }: WasmProvingKey): KernelName {
  return parameters.kernel;
}

/** A key of this engine, as its parts. */
export class WasmKey {
  readonly sizes: KeySizes;
  readonly #sections: KeySections;

  constructor({ sections, parameters }: WasmProvingKey) {
    this.#sections = sections;
    this.sizes = parameters;
  }

  bytes(name: SectionName): Uint8Array {
    return this.#sections[name];
  }

  words(name: SectionName): Uint32Array {
    const { buffer, byteOffset, byteLength } = this.#sections[name];
    return new Uint32Array(buffer, byteOffset, byteLength / 4);
  }

  /** The points of one kind: those of B in both groups. */
  points(kind: 'B'): PointSet<'g1' | 'g2'>;
  points(kind: PointKind): PointSet<'g1'>;
  points(kind: PointKind): PointSet<'g1' | 'g2'> | PointSet<'g1'> {
    const wires = this.words(`wires${kind}`);
    return kind === 'B'
      ? { wires, points: { g1: this.bytes('pointsB1'), g2: this.bytes('pointsB2') } }
      : { wires, points: { g1: this.bytes(`points${kind}`) } };
  }
}
