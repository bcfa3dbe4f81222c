import { closeSync, openSync, readSync } from 'node:fs';

import { describeSystemReason, FIELD_MODULUS, SolventError, systemCodeOf } from '../../protocol/index.js';
import { type Address, type Bn254, ELEMENT_BYTES } from './bn254.js';
import type { DevelopmentKeyCode } from './errors.js';
import { bytesToInteger } from './integers.js';

/** The sizes of a circuit, and where its constraints stand in its `.r1cs` file (format: iden3/r1csfile, version 1). */
export type R1cs = {
  readonly path: string;
  /** Wires, the constant 1 of wire 0 among them; public outputs and inputs come next after it. */
  readonly wireCount: number;
  /** Public outputs and inputs; without the constant. */
  readonly publicCount: number;
  readonly constraintCount: number;
  readonly constraintsOffset: number;
  readonly constraintsBytes: number;
};

/** The three linear combinations of a constraint A·B = C, in their order in the file. */
export const MATRICES = ['A', 'B', 'C'] as const;
/** An index into `MATRICES`. */
export type Matrix = 0 | 1 | 2;

const SECTION_HEADER_BYTES = 12;
const FILE_HEADER_BYTES = 12;
const HEADER_SECTION_BYTES = 4 + ELEMENT_BYTES + 6 * 4 + 4;
const TERM_BYTES = 4 + ELEMENT_BYTES;
const MAX_SECTIONS = 16;
const READ_BYTES = 1 << 20;

/**
 * Reads the header of an `.r1cs` file.
 * @throws SolventError `r1cs-unreadable`; `r1cs-malformed` where it is not version 1 over BN254 without custom gates,
 * or is shorter than it says.
 */
export function readR1cs(path: string): R1cs {
  const file = openR1cs(path);
  try {
    const sections = readSections(file, path);
    const header = sections.get(1);
    const constraints = sections.get(2);
    if (header?.sizeBytes !== HEADER_SECTION_BYTES) throw malformed(path, 'no header section');
    if (constraints === undefined) throw malformed(path, 'no constraints section');
    if ((sections.get(4)?.sizeBytes ?? 0) > 4) throw malformed(path, 'custom gates');
    const bytes = readExactly(file, path, { offset: header.offset, sizeBytes: header.sizeBytes });
    const view = new DataView(bytes.buffer);
    const prime = bytesToInteger(bytes.subarray(4, 4 + ELEMENT_BYTES));
    if (view.getUint32(0, true) !== ELEMENT_BYTES || prime !== FIELD_MODULUS)
      throw malformed(path, 'another field');
    const count = (index: number) => view.getUint32(4 + ELEMENT_BYTES + 4 * index, true);
    return {
      path,
      wireCount: count(0),
      publicCount: count(1) + count(2),
      constraintCount: count(6),
      constraintsOffset: constraints.offset,
      constraintsBytes: constraints.sizeBytes,
    };
  } finally {
    closeSync(file);
  }
}

/**
 * Calls `visit` with each term of each constraint, in the file's order. The coefficient stands at the given address,
 * 32 bytes, little-endian, not in Montgomery form; it is gone after the call.
 * @throws SolventError `r1cs-malformed` where a wire does not exist, or the section ends early or late.
 */
export function visitTerms(
  r1cs: R1cs,
  bn254: Bn254,
  visit: (matrix: Matrix, constraint: number, wire: number, coefficient: Address) => void,
): void {
  const { path, wireCount } = r1cs;
  const file = openR1cs(path);
  try {
    const source = new WindowedSection(file, r1cs, bn254);
    for (let constraint = 0; constraint < r1cs.constraintCount; constraint++) {
      for (let matrix = 0; matrix < MATRICES.length; matrix++) {
        const termCount = bn254.view.getUint32(source.take(4), true);
        for (let term = 0; term < termCount; term++) {
          const start = source.take(TERM_BYTES);
          const wire = bn254.view.getUint32(start, true);
          if (wire >= wireCount) throw malformed(path, `wire ${wire} of ${wireCount}`);
          visit(matrix as Matrix, constraint, wire, start + 4);
        }
      }
    }
    if (source.remainingBytes !== 0) throw malformed(path, 'bytes after the last constraint');
  } finally {
    closeSync(file);
  }
}

/** Moves a window of fixed size over the constraints section; a record never straddles its end. */
class WindowedSection {
  readonly #file: number;
  readonly #path: string;
  readonly #bn254: Bn254;
  readonly #window: Address;
  #fileOffset: number;
  #unreadBytes: number;
  #position = 0;
  #end = 0;

  constructor(file: number, r1cs: R1cs, bn254: Bn254) {
    this.#file = file;
    this.#path = r1cs.path;
    this.#bn254 = bn254;
    this.#window = bn254.allocate(READ_BYTES);
    this.#fileOffset = r1cs.constraintsOffset;
    this.#unreadBytes = r1cs.constraintsBytes;
  }

  get remainingBytes(): number {
    return this.#unreadBytes + this.#end - this.#position;
  }

  /** The address of the next `sizeBytes`, which are then behind it. */
  take(sizeBytes: number): Address {
    if (this.#end - this.#position < sizeBytes) this.#refill(sizeBytes);
    const start = this.#window + this.#position;
    this.#position += sizeBytes;
    return start;
  }

  #refill(neededBytes: number): void {
    const window = this.#bn254.bytes.subarray(this.#window, this.#window + READ_BYTES);
    window.copyWithin(0, this.#position, this.#end);
    this.#end -= this.#position;
    this.#position = 0;
    while (this.#end < neededBytes) {
      const wantedBytes = Math.min(window.length - this.#end, this.#unreadBytes);
      const gotBytes = readSync(this.#file, window, this.#end, wantedBytes, this.#fileOffset);
      if (gotBytes === 0) throw malformed(this.#path, 'an early end of the constraints');
      this.#end += gotBytes;
      this.#fileOffset += gotBytes;
      this.#unreadBytes -= gotBytes;
    }
  }
}

type Section = { readonly offset: number; readonly sizeBytes: number };

function readSections(file: number, path: string): Map<number, Section> {
  const head = readExactly(file, path, { offset: 0, sizeBytes: FILE_HEADER_BYTES });
  const view = new DataView(head.buffer);
  const sectionCount = view.getUint32(8, true);
  if (Buffer.from(head.subarray(0, 4)).toString('latin1') !== 'r1cs') throw malformed(path, 'another format');
  if (view.getUint32(4, true) !== 1) throw malformed(path, 'another version');
  if (sectionCount > MAX_SECTIONS) throw malformed(path, `${sectionCount} sections`);
  const sections = new Map<number, Section>();
  let offset = FILE_HEADER_BYTES;
  for (let index = 0; index < sectionCount; index++) {
    const bytes = readExactly(file, path, { offset, sizeBytes: SECTION_HEADER_BYTES });
    const section = new DataView(bytes.buffer);
    const sizeBytes = Number(section.getBigUint64(4, true));
    offset += SECTION_HEADER_BYTES;
    sections.set(section.getUint32(0, true), { offset, sizeBytes });
    offset += sizeBytes;
  }
  return sections;
}

function readExactly(file: number, path: string, { offset, sizeBytes }: Section): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeBytes);
  if (readSync(file, bytes, 0, sizeBytes, offset) !== sizeBytes) throw malformed(path, 'an early end');
  return bytes;
}

function openR1cs(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    throw new SolventError<DevelopmentKeyCode>(
      'artefact',
      'r1cs-unreadable',
      `expected a readable .r1cs file at ${path}, got ${describeSystemReason(cause)}: compile the circuit again`,
      { details: { path, reason: systemCodeOf(cause) }, cause },
    );
  }
}

function malformed(path: string, got: string): SolventError<DevelopmentKeyCode> {
  return new SolventError(
    'artefact',
    'r1cs-malformed',
    `expected an .r1cs file of version 1 over BN254, got ${got} in ${path}: compile the circuit again`,
    { details: { path } },
  );
}
