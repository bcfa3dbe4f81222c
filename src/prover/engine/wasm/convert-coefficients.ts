import type { FileHandle } from 'node:fs/promises';

import {
  COEFFICIENT_BYTES,
  COEFFICIENT_COUNT_BYTES,
  readInto,
  ZKEY_SECTION,
  type ZkeyLayout,
  refuseFile,
} from '../../../iden3/index.js';
import { KERNEL_BYTES, type Kernel } from './kernel.js';
import type { KeySections } from './key.js';

const VALUE_WORDS = 8;
const INITIAL_SLOTS = 2 ** 12;
/** An odd constant with mixed bits: 2^32 divided by the golden ratio. */
const MULTIPLIER = 0x9e3779b1;

/** Values of 32 bytes, each kept once: a hash table with open addressing, at most half full. */
class ValueTable {
  #values = new Uint32Array((VALUE_WORDS * INITIAL_SLOTS) / 2);
  /** The index of a value plus one, or 0. */
  #slots = new Uint32Array(INITIAL_SLOTS);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** The index of the value in `words[at … at + 8)`, which is added where it is new. */
  indexOf(words: Uint32Array, at: number): number {
    const slot = this.#findSlot(words, at);
    const found = this.#slots[slot]!;
    if (found !== 0) return found - 1;
    if (2 * (this.#count + 1) > this.#slots.length) {
      this.#grow();
      return this.indexOf(words, at);
    }
    this.#values.set(words.subarray(at, at + VALUE_WORDS), this.#count * VALUE_WORDS);
    this.#slots[slot] = ++this.#count;
    return this.#count - 1;
  }

  /** All values, in the order of their indices. */
  bytes(): Uint8Array {
    return new Uint8Array(this.#values.buffer, 0, this.#count * VALUE_WORDS * 4);
  }

  #findSlot(words: Uint32Array, at: number): number {
    const mask = this.#slots.length - 1;
    let slot = hashValue(words, at) & mask;
    for (;;) {
      const found = this.#slots[slot]!;
      if (found === 0 || this.#isEqual(found - 1, words, at)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #isEqual(index: number, words: Uint32Array, at: number): boolean {
    for (let word = 0; word < VALUE_WORDS; word++) {
      if (this.#values[index * VALUE_WORDS + word] !== words[at + word]) return false;
    }
    return true;
  }

  #grow(): void {
    const values = this.#values;
    this.#values = new Uint32Array(2 * values.length);
    this.#values.set(values);
    this.#slots = new Uint32Array(2 * this.#slots.length);
    for (let index = 0; index < this.#count; index++) {
      this.#slots[this.#findSlot(this.#values, index * VALUE_WORDS)] = index + 1;
    }
  }
}

function hashValue(words: Uint32Array, at: number): number {
  let hash = 0;
  for (let word = 0; word < VALUE_WORDS; word++) {
    hash = Math.imul(hash ^ words[at + word]!, MULTIPLIER);
    hash ^= hash >>> 15;
  }
  return hash >>> 0;
}

/** Coefficients that are read at a time. */
const CHUNK_COEFFICIENTS = 2 ** 17;
const COEFFICIENT_WORDS = COEFFICIENT_BYTES / 4;

type Source = { readonly handle: FileHandle; readonly layout: ZkeyLayout; readonly zkeyPath: string };

type Words = Uint32Array<SharedArrayBuffer>;
type Matrix = { readonly ends: Words; readonly terms: Words };

/**
 * Sorts the coefficients of A and B by row, in two passes over the file: one counts the terms of each row, the other
 * puts them into place.
 * @throws SolventError `zkey-malformed` for a term outside the circuit's rows and wires.
 */
export async function convertCoefficients(
  kernel: Kernel,
  source: Source,
): Promise<Pick<KeySections, 'endsA' | 'termsA' | 'endsB' | 'termsB' | 'coefficients'>> {
  const { domainSize } = source.layout;
  const next = [sharedWords(domainSize), sharedWords(domainSize)] as const;
  await forEachCoefficient(source, (words, at) => {
    assertInRange(words, at, source);
    next[words[at] as 0 | 1][words[at + 1]!]!++;
  });
  // next[row] becomes where the row's next term goes; when all are placed that is where the row ends.
  const matrices = next.map((ends) => ({ ends, terms: sharedWords(2 * replaceByStarts(ends)) })) as [
    Matrix,
    Matrix,
  ];
  const values = new ValueTable();
  await forEachCoefficient(source, (words, at) => {
    const { ends, terms } = matrices[words[at] as 0 | 1];
    const position = ends[words[at + 1]!]!++;
    terms[2 * position] = words[at + 2]!;
    terms[2 * position + 1] = values.indexOf(words, at + 3);
  });
  const [a, b] = matrices;
  return {
    endsA: bytesOf(a.ends),
    termsA: bytesOf(a.terms),
    endsB: bytesOf(b.ends),
    termsB: bytesOf(b.terms),
    coefficients: importValues(kernel, values),
  };
}

async function forEachCoefficient(
  { handle, layout }: Source,
  use: (words: Uint32Array, at: number) => void,
): Promise<void> {
  const { position } = layout.sections.get(ZKEY_SECTION.coefficients)!;
  const chunk = new Uint8Array(CHUNK_COEFFICIENTS * COEFFICIENT_BYTES);
  const words = new Uint32Array(chunk.buffer);
  for (let done = 0; done < layout.coefficientCount; done += CHUNK_COEFFICIENTS) {
    const count = Math.min(CHUNK_COEFFICIENTS, layout.coefficientCount - done);
    const bytes = chunk.subarray(0, count * COEFFICIENT_BYTES);
    await readInto(handle, bytes, position + COEFFICIENT_COUNT_BYTES + done * COEFFICIENT_BYTES);
    for (let index = 0; index < count; index++) use(words, index * COEFFICIENT_WORDS);
  }
}

function assertInRange(words: Uint32Array, at: number, { layout, zkeyPath }: Source): void {
  const [matrix, row, wire] = [words[at]!, words[at + 1]!, words[at + 2]!];
  if (matrix <= 1 && row < layout.domainSize && wire < layout.variableCount) return;
  throw refuseFile('zkey-malformed', {
    expected: "coefficients within the circuit's rows and wires",
    found: `one outside in ${zkeyPath}`,
    details: { path: zkeyPath },
  });
}

/** Replaces counts by the sums of those before, and returns the sum of all. */
function replaceByStarts(counts: Uint32Array): number {
  let total = 0;
  for (let index = 0; index < counts.length; index++) {
    const count = counts[index]!;
    counts[index] = total;
    total += count;
  }
  return total;
}

function importValues(kernel: Kernel, values: ValueTable): Uint8Array<SharedArrayBuffer> {
  const shared = new Uint8Array(new SharedArrayBuffer(values.count * KERNEL_BYTES.coefficient));
  kernel.scoped(() => {
    const words = kernel.put(values.bytes());
    const table = kernel.allocate(shared.byteLength);
    kernel.exports.import_coefficients(table, words, values.count);
    shared.set(kernel.bytes(table, shared.byteLength));
  });
  return shared;
}

function sharedWords(count: number): Words {
  return new Uint32Array(new SharedArrayBuffer(4 * count));
}

function bytesOf({ buffer }: Words): Uint8Array<SharedArrayBuffer> {
  return new Uint8Array(buffer);
}
