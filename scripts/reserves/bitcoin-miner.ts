import { bytesToHex, concatBytes } from '../../src/protocol/index.js';
import type { BitcoinHeaders, PlacedTransaction } from '../../src/protocol/reserves/index.js';
import {
  buildBranches,
  formatHash,
  hashTransaction,
  hashTwice,
  parseTransaction,
} from '../../src/verifier/reserves/making.js';
import { encodeStripped, littleEndian } from '../../src/verifier/reserves/bitcoin/transaction.js';
import { expandTarget } from '../../src/verifier/reserves/bitcoin/headers.js';

/** The easiest work there is: every second nonce has it. */
export const EASIEST_BITS = 0x207fffff;

export type MinedBlock = {
  readonly number: number;
  readonly header: Uint8Array;
  /** Each whole, in their order; the first makes the block's coins. */
  readonly transactions: readonly Uint8Array[];
};

/** Blocks one after the other, made here with real work of the easiest kind; scripts and amounts are not checked. */
export class Miner {
  readonly blocks: MinedBlock[] = [];
  readonly #firstSeconds: number;
  readonly bits: number;

  constructor(firstSeconds: number, bits = EASIEST_BITS) {
    this.#firstSeconds = firstSeconds;
    this.bits = bits;
  }

  get tip(): MinedBlock {
    return this.blocks.at(-1)!;
  }

  hashOf(number: number): string {
    return hashOfHeader(this.blocks[number]!.header);
  }

  /** Mines a block ten minutes after the last; its coins go to `script`. */
  mine(transactions: readonly Uint8Array[] = [], script: Uint8Array = Uint8Array.of(0x51)): MinedBlock {
    const number = this.blocks.length;
    const block = mineBlock(
      { number, header: number === 0 ? undefined : this.tip.header },
      { timeSeconds: this.#firstSeconds + number * 600, bits: this.bits, transactions, script },
    );
    this.blocks.push(block);
    return block;
  }

  /** The block's transactions at these positions and the one that makes its coins, each with its branch. */
  position(number: number, positions: readonly number[]): PlacedTransaction[] {
    return positionOf(this.blocks[number]!, positions);
  }

  headers(first: number, last = this.blocks.length - 1): BitcoinHeaders {
    const bytes = concatBytes(...this.blocks.slice(first, last + 1).map(({ header }) => header));
    return { firstNumber: first, bytes };
  }
}

/** Mines a block on a header, or the first one. @param number its own height. */
export function mineBlock(
  { number, header: parent }: { readonly number: number; readonly header: Uint8Array | undefined },
  {
    timeSeconds,
    transactions = [],
    bits = EASIEST_BITS,
    script = Uint8Array.of(0x51),
  }: {
    readonly timeSeconds: number;
    readonly transactions?: readonly Uint8Array[];
    readonly bits?: number;
    readonly script?: Uint8Array;
  },
): MinedBlock {
  const all = [composeCoinbase(number, script), ...transactions];
  const ids = all.map(hashLeaf);
  const header = concatBytes(
    littleEndian(4, 4),
    parent === undefined ? new Uint8Array(32) : hashTwice(parent),
    rootOf(ids),
    littleEndian(timeSeconds, 4),
    littleEndian(bits, 4),
    littleEndian(0, 4),
  );
  return { number, header: work(header, bits), transactions: all };
}

/** A block's transactions at these positions and the one that makes its coins, each with its branch. */
export function positionOf(
  { number, transactions }: MinedBlock,
  positions: readonly number[],
): PlacedTransaction[] {
  const branchOf = buildBranches(transactions.map(hashLeaf));
  return [...new Set([0, ...positions])].map((position) => ({
    bytes: transactions[position]!,
    block: { number, position, branch: branchOf(position) },
  }));
}

/** What stands for a transaction in the lowest row: 64 bytes are taken as they are, whatever they spell. */
function hashLeaf(bytes: Uint8Array): Uint8Array {
  return bytes.length === 64 ? hashTwice(bytes) : hashTransaction(parseTransaction(bytes));
}

/** Finds a nonce that gives a header the work of these bits. */
export function work(header: Uint8Array, bits: number): Uint8Array {
  const worked = header.slice();
  for (let nonce = 0; ; nonce++) {
    worked.set(littleEndian(nonce, 4), 76);
    if (toNumber(hashTwice(worked)) <= expandTarget(bits)) return worked;
  }
}

function toNumber(hash: Uint8Array): bigint {
  return BigInt(`0x${bytesToHex(hash.slice().reverse())}`);
}

/** A header with the first nonce that does not give it the work of its `bits`. */
export function unwork(header: Uint8Array): Uint8Array {
  const target = expandTarget(new DataView(header.buffer, header.byteOffset).getUint32(72, true));
  const changed = header.slice();
  for (let nonce = 0; ; nonce++) {
    changed.set(littleEndian(nonce, 4), 76);
    if (toNumber(hashTwice(changed)) > target) return changed;
  }
}

/** A header's hash, as nodes print it. */
export function hashOfHeader(header: Uint8Array): string {
  return formatHash(hashTwice(header));
}

/** Transactions in the order of their ids, each once. */
export function sortPlaced(transactions: readonly PlacedTransaction[]): PlacedTransaction[] {
  const byId = new Map(transactions.map((placed) => [idOf(placed.bytes), placed]));
  return [...byId].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, placed]) => placed);
}

export function idOf(bytes: Uint8Array): string {
  return formatHash(hashTransaction(parseTransaction(bytes)));
}

function rootOf(ids: readonly Uint8Array[]): Uint8Array {
  let row = ids;
  while (row.length > 1) {
    row = Array.from({ length: Math.ceil(row.length / 2) }, (_, index) =>
      hashTwice(concatBytes(row[2 * index]!, row[2 * index + 1] ?? row[2 * index]!)),
    );
  }
  return row[0]!;
}

function composeCoinbase(number: number, script: Uint8Array): Uint8Array {
  return encodeStripped({
    version: 1,
    lockTime: 0,
    inputs: [
      {
        transaction: new Uint8Array(32),
        index: 0xffff_ffff,
        script: concatBytes(Uint8Array.of(4), littleEndian(number, 4)),
        sequence: 0xffff_ffff,
        witness: [],
      },
    ],
    outputs: [{ amountSatoshi: 5_000_000_000n, script }],
  });
}
