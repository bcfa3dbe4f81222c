import { bytesToHex } from '../../../protocol/index.js';
import type { PlacedTransaction, PlacedTransactions } from '../../../protocol/reserves/index.js';
import { refuseReserves } from '../codes.js';
import { SigningHashes } from './sighash.js';
import {
  hashRead,
  isCoinbase,
  parseTransaction,
  reverseHash,
  type BitcoinInput,
  type BitcoinTransaction,
} from './transaction.js';

/** A transaction that was read, and what its signatures are over, hashed once. */
export type ParsedTransaction = {
  readonly transaction: BitcoinTransaction;
  readonly hashes: SigningHashes;
};

const ID_BYTES = 32;
/** Marks of a transaction: it makes new coins, has a witness, and is needed. */
const [COINBASE, WITNESS, NEEDED] = [1, 2, 4];
/** The height of a transaction that is shown in no block. */
const NO_BLOCK = 0xffff_ffff;
/** Inputs and outputs of a transaction that is kept once it is read: it is asked for again and again. */
const KEPT_PARTS = 1024;
/** How many of the smaller ones are kept, the last that were read. */
const RECENT = 64;

/**
 * The transactions that are shown, each by its index in the order of their ids, and what checks find of them. All of it is in flat
 * arrays, and a transaction is read again where it is asked for: as objects they take many times their bytes.
 */
export class ShownTransactions {
  readonly length: number;
  readonly #list: PlacedTransactions;
  /** 32 bytes each, as nodes print them. */
  readonly #ids: Uint8Array;
  readonly #numbers: Uint32Array;
  /** Hashes of each branch. */
  readonly #depths: Uint8Array;
  readonly #marks: Uint8Array;
  /** Where the inputs of each begin among those of all. */
  readonly #inputStarts: Uint32Array;
  /** By input: 1 where its signatures were verified. */
  readonly #signed: Uint8Array;
  readonly #coinbases = new Map<number, number>();
  readonly #kept = new Map<number, ParsedTransaction>();
  /** A slot for each index modulo their number: a map whose oldest entries are deleted would keep what was in it from being collected. */
  readonly #recent = new Array<{ readonly index: number; readonly parsed: ParsedTransaction } | undefined>(
    RECENT,
  );

  /** @throws SolventError `transactions-not-sorted`, `transaction-malformed`. */
  constructor(list: PlacedTransactions) {
    this.length = list.length;
    this.#list = list;
    this.#ids = new Uint8Array(ID_BYTES * list.length);
    this.#numbers = new Uint32Array(list.length);
    this.#depths = new Uint8Array(list.length);
    this.#marks = new Uint8Array(list.length);
    this.#inputStarts = new Uint32Array(list.length + 1);
    let index = 0;
    for (const placed of list) this.#read(placed, index++);
    this.#signed = new Uint8Array(this.#inputStarts[this.length]!);
  }

  /** The index of a transaction. @param id 32 bytes, as nodes print it. */
  find(id: Uint8Array): number | undefined {
    let [low, high] = [0, this.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = this.#compare(id, middle);
      if (order === 0) return middle;
      if (order < 0) high = middle;
      else low = middle + 1;
    }
    return undefined;
  }

  /** As nodes print it. */
  idOf(index: number): string {
    return bytesToHex(this.#idBytes(index));
  }

  /** As it is hashed. */
  hashOf(index: number): Uint8Array {
    return reverseHash(this.#idBytes(index));
  }

  /** The height of its block; undefined where it is shown in none. */
  numberOf(index: number): number | undefined {
    const number = this.#numbers[index]!;
    return number === NO_BLOCK ? undefined : number;
  }

  countInputs(index: number): number {
    return this.#inputStarts[index + 1]! - this.#inputStarts[index]!;
  }

  depthOf(index: number): number {
    return this.#depths[index]!;
  }

  isCoinbase(index: number): boolean {
    return (this.#marks[index]! & COINBASE) !== 0;
  }

  hasWitness(index: number): boolean {
    return (this.#marks[index]! & WITNESS) !== 0;
  }

  /** The transaction that stands first in a block. */
  firstOf(number: number): number | undefined {
    return this.#coinbases.get(number);
  }

  /** It is needed, and so is the first one of its block, which shows how deep it lies. */
  need(index: number): void {
    this.#marks[index]! |= NEEDED;
    const first = this.#coinbases.get(this.#numbers[index]!);
    if (first !== undefined) this.#marks[first]! |= NEEDED;
  }

  isNeeded(index: number): boolean {
    return (this.#marks[index]! & NEEDED) !== 0;
  }

  markSigned(index: number, inputIndex: number): void {
    this.#signed[this.#inputStarts[index]! + inputIndex] = 1;
  }

  /** Whether the signatures of an input were verified: its witness is read, and that of no other. */
  isSigned(index: number, inputIndex: number): boolean {
    return this.#signed[this.#inputStarts[index]! + inputIndex] === 1;
  }

  /** Read again, and not kept. */
  readAgain(index: number): BitcoinTransaction {
    return parseTransaction(this.#list.bytesAt?.(index) ?? this.placedAt(index).bytes);
  }

  placedAt(index: number): PlacedTransaction {
    return this.#list.at(index)!;
  }

  parse(index: number): ParsedTransaction {
    const recent = this.#recent[index % RECENT];
    const known = recent?.index === index ? recent.parsed : this.#kept.get(index);
    if (known !== undefined) return known;
    const transaction = this.readAgain(index);
    const parsed = { transaction, hashes: new SigningHashes(transaction) };
    if (transaction.inputs.length + transaction.outputs.length > KEPT_PARTS) {
      this.#kept.set(index, parsed);
    } else this.#recent[index % RECENT] = { index, parsed };
    return parsed;
  }

  #read({ bytes, block }: PlacedTransaction, index: number): void {
    const transaction = parseTransaction(bytes);
    const id = reverseHash(hashRead(transaction, bytes));
    if (index > 0 && this.#compare(id, index - 1) <= 0) {
      throw refuseReserves(
        'transactions-not-sorted',
        `expected transactions in the order of their ids, got ${bytesToHex(id)} behind ${this.idOf(index - 1)}`,
      );
    }
    this.#ids.set(id, ID_BYTES * index);
    this.#numbers[index] = block?.number ?? NO_BLOCK;
    this.#depths[index] = block?.branch.length ?? 0;
    const hasWitness = transaction.inputs.some(({ witness }) => witness.length > 0);
    this.#marks[index] = (isCoinbase(transaction) ? COINBASE : 0) | (hasWitness ? WITNESS : 0);
    this.#inputStarts[index + 1] = this.#inputStarts[index]! + transaction.inputs.length;
    if (block?.position === 0) this.#coinbases.set(block.number, index);
  }

  #idBytes(index: number): Uint8Array {
    return this.#ids.subarray(ID_BYTES * index, ID_BYTES * (index + 1));
  }

  #compare(id: Uint8Array, index: number): number {
    const start = ID_BYTES * index;
    for (let at = 0; at < ID_BYTES; at++) {
      const difference = id[at]! - this.#ids[start + at]!;
      if (difference !== 0) return difference;
    }
    return 0;
  }
}

/** Where an output is spent: the index of a transaction, and of its input. */
export type ShownSpend = { readonly index: number; readonly inputIndex: number };

type SpentOutput = Pick<BitcoinInput, 'transaction' | 'index'>;

/** Which input spends which output: a hash table in flat arrays, since a key of text takes more than twice its bytes. */
export class Spends {
  /** Of each: the id as it is hashed. */
  readonly #ids: Uint8Array;
  /** Of each: the output's index, the transaction that spends it and its input. */
  readonly #numbers: Uint32Array;
  /** 0, or one more than the position of a spend. */
  readonly #slots: Uint32Array;
  #count = 0;

  /** @param capacity how many inputs there can be. */
  constructor(capacity: number) {
    this.#ids = new Uint8Array(ID_BYTES * capacity);
    this.#numbers = new Uint32Array(3 * capacity);
    this.#slots = new Uint32Array(2 ** Math.ceil(Math.log2(2 * capacity + 2)));
  }

  /** The last one that spends an output is the one that is found. */
  add(output: SpentOutput, { index, inputIndex }: ShownSpend): void {
    const slot = this.#findSlot(output);
    if (this.#slots[slot] === 0) this.#slots[slot] = ++this.#count;
    const at = this.#slots[slot]! - 1;
    this.#ids.set(output.transaction, ID_BYTES * at);
    this.#numbers.set([output.index, index, inputIndex], 3 * at);
  }

  find(output: SpentOutput): ShownSpend | undefined {
    const at = this.#slots[this.#findSlot(output)]! - 1;
    return at < 0 ? undefined : { index: this.#numbers[3 * at + 1]!, inputIndex: this.#numbers[3 * at + 2]! };
  }

  /** The slot of an output, or the empty one where it belongs. */
  #findSlot({ transaction, index }: SpentOutput): number {
    const view = new DataView(transaction.buffer, transaction.byteOffset, ID_BYTES);
    const mask = this.#slots.length - 1;
    let slot = (view.getUint32(0) ^ Math.imul(index + 1, 0x9e37_79b1)) & mask;
    while (this.#slots[slot] !== 0 && !this.#isAt({ transaction, index }, this.#slots[slot]! - 1)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #isAt({ transaction, index }: SpentOutput, at: number): boolean {
    if (this.#numbers[3 * at] !== index) return false;
    for (let byte = 0; byte < ID_BYTES; byte++) {
      if (this.#ids[ID_BYTES * at + byte] !== transaction[byte]) return false;
    }
    return true;
  }
}
