import { readSync } from 'node:fs';

import { SolventError } from '../protocol/index.js';
import { fileSource, withFileSync } from './binary-file.js';
import { ELEMENT_BYTES } from './bn254.js';
import {
  assertField,
  FIELD_BYTES,
  readPayload,
  readSectionTable,
  requireSection,
  type Section,
  viewOf,
} from './sections.js';
import { refuseFile, type Iden3Code } from './errors.js';

/** The sizes of a constraint system. */
export type R1csSizes = {
  readonly constraintCount: number;
  /** Wires of a witness, the constant 1 of wire 0 included; public outputs and inputs come next after it. */
  readonly wireCount: number;
  readonly publicOutputCount: number;
  readonly publicInputCount: number;
};

/** A constraint system, and where its constraints stand in its file. */
export type R1cs = R1csSizes & { readonly path: string; readonly constraints: Section };

/** The three linear combinations of a constraint A·B = C, in their order in the file. */
export const MATRICES = ['A', 'B', 'C'] as const;
/** An index into `MATRICES`. */
export type Matrix = 0 | 1 | 2;

/** Memory that terms are read into: `bytes` and `view` are of all of it, and may be others after `allocate`. */
export type TermMemory = {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly allocate: (sizeBytes: number) => number;
};

/** Numbers of the sections of an .r1cs file, version 1 (github.com/iden3/r1csfile, doc/r1cs_bin_format.md). */
const R1CS_SECTION = { header: 1, constraints: 2, customGates: 4 } as const;
/** Wires, public outputs and inputs, private inputs; labels in eight bytes; constraints. */
const HEADER_BYTES = FIELD_BYTES + 4 * 4 + 8 + 4;
/** Where there are no custom gates, their section holds their count alone. */
const NO_GATES_BYTES = 4;
const TERM_BYTES = 4 + ELEMENT_BYTES;
const WINDOW_BYTES = 1 << 20;

/**
 * Reads the header of an `.r1cs` file, wherever in the file that is.
 * @throws SolventError `file-unreadable`; `r1cs-malformed` where it is not version 1 over BN254 without custom gates,
 * or is shorter than it says.
 */
export function readR1cs(path: string): R1cs {
  return withFileSync(path, (descriptor) => {
    try {
      const source = fileSource(descriptor);
      const sections = readSectionTable(source, 'r1cs');
      const header = readPayload(source, requireSection(sections, R1CS_SECTION.header, HEADER_BYTES));
      const constraints = requireSection(sections, R1CS_SECTION.constraints);
      if ((sections.get(R1CS_SECTION.customGates)?.sizeBytes ?? 0) > NO_GATES_BYTES) {
        throw new Error('expected no custom gates, got some');
      }
      return { path, constraints, ...parseSizes(header) };
    } catch (cause) {
      throw malformed(path, cause);
    }
  });
}

/**
 * Calls `visit` with each term of each constraint, in the file's order. The coefficient stands at the given address
 * of `memory`, 32 bytes, little-endian, not in Montgomery form; it is gone after the call.
 * @throws SolventError `file-unreadable`; `r1cs-malformed` where a wire does not exist, or the section ends early or
 * late.
 */
export function visitTerms(
  r1cs: R1cs,
  memory: TermMemory,
  visit: (matrix: Matrix, constraint: number, wire: number, coefficient: number) => void,
): void {
  const { path, wireCount, constraintCount } = r1cs;
  withFileSync(path, (descriptor) => {
    const source = new WindowedSection(descriptor, r1cs, memory);
    for (let constraint = 0; constraint < constraintCount; constraint++) {
      for (let matrix = 0; matrix < MATRICES.length; matrix++) {
        const termCount = memory.view.getUint32(source.take(4), true);
        for (let term = 0; term < termCount; term++) {
          const start = source.take(TERM_BYTES);
          const wire = memory.view.getUint32(start, true);
          if (wire >= wireCount)
            throw malformed(path, new Error(`expected ${wireCount} wires, got wire ${wire}`));
          visit(matrix as Matrix, constraint, wire, start + 4);
        }
      }
    }
    if (source.remainingBytes !== 0) {
      throw malformed(path, new Error('expected the last constraint to end its section, got bytes after it'));
    }
  });
}

/** Moves a window of fixed size over the constraints section; a record never straddles its end. */
class WindowedSection {
  readonly #descriptor: number;
  readonly #path: string;
  readonly #memory: TermMemory;
  readonly #window: number;
  #filePosition: number;
  #unreadBytes: number;
  #offset = 0;
  #end = 0;

  constructor(descriptor: number, { path, constraints }: R1cs, memory: TermMemory) {
    this.#descriptor = descriptor;
    this.#path = path;
    this.#memory = memory;
    this.#window = memory.allocate(WINDOW_BYTES);
    this.#filePosition = constraints.position;
    this.#unreadBytes = constraints.sizeBytes;
  }

  get remainingBytes(): number {
    return this.#unreadBytes + this.#end - this.#offset;
  }

  /** The address of the next `sizeBytes`, which are then behind it. */
  take(sizeBytes: number): number {
    if (this.#end - this.#offset < sizeBytes) this.#refill(sizeBytes);
    const start = this.#window + this.#offset;
    this.#offset += sizeBytes;
    return start;
  }

  #refill(neededBytes: number): void {
    const window = this.#memory.bytes.subarray(this.#window, this.#window + WINDOW_BYTES);
    window.copyWithin(0, this.#offset, this.#end);
    this.#end -= this.#offset;
    this.#offset = 0;
    while (this.#end < neededBytes) {
      const wantedBytes = Math.min(window.length - this.#end, this.#unreadBytes);
      const gotBytes = readSync(this.#descriptor, window, this.#end, wantedBytes, this.#filePosition);
      if (gotBytes === 0)
        throw malformed(this.#path, new Error('expected more constraints, got an early end'));
      this.#end += gotBytes;
      this.#filePosition += gotBytes;
      this.#unreadBytes -= gotBytes;
    }
  }
}

function parseSizes(header: Uint8Array): R1csSizes {
  assertField(header, 0, 'scalar');
  const view = viewOf(header);
  const count = (index: number) => view.getUint32(FIELD_BYTES + 4 * index, true);
  return {
    wireCount: count(0),
    publicOutputCount: count(1),
    publicInputCount: count(2),
    // After the count of private inputs come eight bytes for the count of labels.
    constraintCount: count(6),
  };
}

function malformed(path: string, cause: unknown): SolventError<Iden3Code> {
  return refuseFile('r1cs-malformed', {
    expected: `the constraints of a circuit over BN254 (.r1cs) in ${path}`,
    found: `another file (${(cause as Error).message})`,
    details: { path },
    cause,
  });
}
