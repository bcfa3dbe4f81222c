import { concatBytes, utf8ToBytes } from '../bytes.js';
import { defineErrors } from '../errors.js';
import { MAX_HEADER_BYTES, MAX_NODE_BYTES, MAX_NODES } from './primitives.js';

/** What can be wrong with a binary file of reserves. */
export const BINARY_ERRORS = {
  /** A file of headers is not two headers with their lengths. */
  'headers-malformed': { class: 'format' },
  /** A node set is not nodes with their lengths. */
  'state-malformed': { class: 'format' },
  /** A file of transactions is not transactions with their blocks and lengths. */
  'transactions-malformed': { class: 'format' },
} as const;

export type BinaryCode = keyof typeof BINARY_ERRORS;

const refuseBinary = defineErrors(BINARY_ERRORS);

const HEADERS_LABEL = utf8ToBytes('solvent/evm-headers/v1\0');
const STATE_LABEL = utf8ToBytes('solvent/evm-state/v1\0');

/** The header of a chain's block, and that of the block after it, each as RLP. */
export type HeaderPair = { readonly block: Uint8Array; readonly next: Uint8Array };

/** The bytes of a file of headers. */
export function encodeHeaders({ block, next }: HeaderPair): Uint8Array {
  return concatBytes(HEADERS_LABEL, uint32(block.length), block, uint32(next.length), next);
}

/** Reads a file of headers. @throws SolventError `headers-malformed`. */
export function parseHeaders(bytes: Uint8Array): HeaderPair {
  const reader = new BinaryReader(bytes, 'headers-malformed');
  reader.expectLabel(HEADERS_LABEL);
  const block = reader.takeSized(4, MAX_HEADER_BYTES);
  const next = reader.takeSized(4, MAX_HEADER_BYTES);
  reader.expectEnd();
  return { block, next };
}

/** The bytes of a node set: nodes as RLP, already in their order. */
export function encodeNodes(nodes: readonly Uint8Array[]): Uint8Array {
  const sized = nodes.flatMap((node) => [Uint8Array.of(node.length >> 8, node.length & 0xff), node]);
  return joinBytes([STATE_LABEL, uint32(nodes.length), ...sized]);
}

/** Many pieces as one: more than a function takes as arguments. */
export function joinBytes(pieces: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}

/** Cuts a node set into its nodes, views of the same bytes; their order is not checked. @throws SolventError `state-malformed`. */
export function parseNodes(bytes: Uint8Array): Uint8Array[] {
  const reader = new BinaryReader(bytes, 'state-malformed');
  reader.expectLabel(STATE_LABEL);
  const count = reader.takeNumber(4);
  // A node takes its length and one byte at least: nothing is allocated for a count that cannot be.
  if (count > MAX_NODES || count * 3 > bytes.length) throw reader.refuse('as many nodes as it says');
  const nodes = new Array<Uint8Array>(count);
  for (let index = 0; index < count; index++) nodes[index] = reader.takeSized(2, MAX_NODE_BYTES);
  reader.expectEnd();
  return nodes;
}

/** Takes the parts of a file of bytes one after the other, and refuses what is too short or too long. */
export class BinaryReader {
  readonly #bytes: Uint8Array;
  readonly #code: BinaryCode;
  #at = 0;

  constructor(bytes: Uint8Array, code: BinaryCode) {
    this.#bytes = bytes;
    this.#code = code;
  }

  /** How many bytes have been taken. */
  get at(): number {
    return this.#at;
  }

  expectLabel(label: Uint8Array): void {
    const found = this.take(label.length);
    if (label.some((byte, index) => found[index] !== byte)) throw this.refuse('the label of its format');
  }

  takeNumber(width: 1 | 2 | 4): number {
    return this.take(width).reduce((sum, byte) => sum * 256 + byte, 0);
  }

  takeSized(width: 2 | 4, maxBytes: number): Uint8Array {
    const length = this.takeNumber(width);
    if (length === 0 || length > maxBytes) throw this.refuse(`parts of 1 to ${maxBytes} bytes`);
    return this.take(length);
  }

  expectEnd(): void {
    if (this.#at !== this.#bytes.length) throw this.refuse('nothing behind its last part');
  }

  refuse(expected: string) {
    return refuseBinary(this.#code, { expected, found: `something else at byte ${this.#at}` });
  }

  take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.#at) throw this.refuse('as many bytes as it says');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

/** A number below 2^32 as 4 bytes, the highest first. */
export function uint32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
}
