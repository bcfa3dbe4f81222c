import { sha256 } from '@noble/hashes/sha2.js';

import { bytesToHex } from '../../../protocol/index.js';
import { joinBytes } from '../../../protocol/reserves/index.js';
import { refuseReserves } from '../codes.js';

/** What a transaction spends, and with what. */
export type BitcoinInput = {
  /** The id of the transaction that made the output, as it is hashed: 32 bytes. */
  readonly transaction: Uint8Array;
  readonly index: number;
  readonly script: Uint8Array;
  readonly sequence: number;
  readonly witness: readonly Uint8Array[];
};

/** What a transaction makes. */
export type BitcoinOutput = { readonly amountSatoshi: bigint; readonly script: Uint8Array };

export type BitcoinTransaction = {
  readonly version: number;
  readonly inputs: readonly BitcoinInput[];
  readonly outputs: readonly BitcoinOutput[];
  readonly lockTime: number;
};

/** The output of no transaction: what a coinbase spends. */
export const NO_OUTPUT_INDEX = 0xffff_ffff;
/** A block commits to nothing that tells a transaction of this size from two hashes. */
const INNER_NODE_BYTES = 64;
const MIN_INPUT_BYTES = 41;
const MIN_OUTPUT_BYTES = 9;

/** SHA-256 of SHA-256. */
export function hashTwice(bytes: Uint8Array): Uint8Array {
  return sha256(sha256(bytes));
}

/** A hash as nodes print it: its last byte first. */
export function formatHash(hash: Uint8Array): string {
  return bytesToHex(reverseHash(hash));
}

/** A copy with its last byte first: between a hash as it stands in transactions and as nodes print it. */
export function reverseHash(hash: Uint8Array): Uint8Array {
  // The slice of a Buffer is a view, which would turn the bytes that were read.
  return new Uint8Array(hash).reverse();
}

/** Reads bytes in the order of Bitcoin: numbers with their lowest byte first. */
export class BitcoinReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  peek(ahead = 0): number | undefined {
    return this.#bytes[this.#at + ahead];
  }

  take(length: number): Uint8Array {
    if (length > this.left) throw malformed('as many bytes as it says');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  takeUint32(): number {
    this.take(4);
    return this.#view.getUint32(this.#at - 4, true);
  }

  takeUint64(): bigint {
    this.take(8);
    return this.#view.getBigUint64(this.#at - 8, true);
  }

  /** A length in its one spelling, of at most as many parts as there are bytes left for. */
  takeCount(minPartBytes: number): number {
    const first = this.take(1)[0]!;
    let count = first;
    if (first >= 0xfd) {
      const width = first === 0xfd ? 2 : first === 0xfe ? 4 : 8;
      count = this.take(width).reduceRight((sum, byte) => sum * 256 + byte, 0);
      if (count < (width === 2 ? 0xfd : 2 ** (width * 4)))
        throw malformed('lengths in their shortest spelling');
    }
    if (count * minPartBytes > this.left) throw malformed('as many parts as it says');
    return count;
  }

  takeSized(): Uint8Array {
    return this.take(this.takeCount(1));
  }

  expectEnd(): void {
    if (this.left !== 0) throw malformed('nothing behind its last part');
  }
}

/** Reads a whole transaction, in its one spelling. @throws SolventError `transaction-malformed`. */
export function parseTransaction(bytes: Uint8Array): BitcoinTransaction {
  const reader = new BitcoinReader(bytes);
  const transaction = takeTransaction(reader);
  reader.expectEnd();
  return transaction;
}

/** Reads the next transaction of a block. @throws SolventError `transaction-malformed`. */
export function takeTransaction(reader: BitcoinReader): BitcoinTransaction {
  const version = reader.takeUint32();
  const hasWitness = reader.peek() === 0 && reader.peek(1) === 1;
  if (hasWitness) reader.take(2);
  const bare = Array.from({ length: reader.takeCount(MIN_INPUT_BYTES) }, () => ({
    transaction: reader.take(32),
    index: reader.takeUint32(),
    script: reader.takeSized(),
    sequence: reader.takeUint32(),
  }));
  const outputs = Array.from({ length: reader.takeCount(MIN_OUTPUT_BYTES) }, () => ({
    amountSatoshi: reader.takeUint64(),
    script: reader.takeSized(),
  }));
  const inputs = bare.map((input) => ({ ...input, witness: hasWitness ? takeWitness(reader) : [] }));
  if (bare.length === 0) throw malformed('at least one input');
  if (hasWitness && inputs.every(({ witness }) => witness.length === 0))
    throw malformed('a witness that is not empty');
  const lockTime = reader.takeUint32();
  return { version, inputs, outputs, lockTime };
}

/** Reads one input's witness. */
export function takeWitness(reader: BitcoinReader): Uint8Array[] {
  return Array.from({ length: reader.takeCount(1) }, () => reader.takeSized());
}

/** The bytes of a transaction that its id is the hash of: those without witnesses. */
export function encodeStripped({ version, inputs, outputs, lockTime }: BitcoinTransaction): Uint8Array {
  return joinBytes([
    littleEndian(version, 4),
    encodeCount(inputs.length),
    ...inputs.flatMap(({ transaction, index, script, sequence }) => [
      transaction,
      littleEndian(index, 4),
      encodeSized(script),
      littleEndian(sequence, 4),
    ]),
    encodeCount(outputs.length),
    ...outputs.map(encodeOutput),
    littleEndian(lockTime, 4),
  ]);
}

/** The whole bytes of a transaction, with its witnesses where it has any. */
export function encodeTransaction(transaction: BitcoinTransaction): Uint8Array {
  const stripped = encodeStripped(transaction);
  if (transaction.inputs.every(({ witness }) => witness.length === 0)) return stripped;
  const witnesses = transaction.inputs.flatMap(({ witness }) => [
    encodeCount(witness.length),
    ...witness.map(encodeSized),
  ]);
  return joinBytes([
    stripped.subarray(0, 4),
    Uint8Array.of(0, 1),
    stripped.subarray(4, -4),
    ...witnesses,
    stripped.subarray(-4),
  ]);
}

/** The id of any transaction, as it is hashed: blocks have some of 64 bytes too, which nobody may be shown. */
export function hashAnyTransaction(transaction: BitcoinTransaction): Uint8Array {
  return hashTwice(encodeStripped(transaction));
}

/** The id of a transaction that is shown, as it is hashed. @throws SolventError `transaction-malformed` for one of 64 bytes. */
export function hashTransaction(transaction: BitcoinTransaction): Uint8Array {
  return hashShown(encodeStripped(transaction));
}

/** The same of a transaction that was just read from these bytes: without witnesses they are what is hashed. */
export function hashRead(transaction: BitcoinTransaction, bytes: Uint8Array): Uint8Array {
  const isBare = transaction.inputs.every(({ witness }) => witness.length === 0);
  return isBare ? hashShown(bytes) : hashTransaction(transaction);
}

function hashShown(stripped: Uint8Array): Uint8Array {
  if (stripped.length === INNER_NODE_BYTES) {
    throw malformed('another size than 64 bytes, which two hashes of a Merkle tree have');
  }
  return hashTwice(stripped);
}

/** Whether a transaction makes new coins: it spends the output of no transaction. */
export function isCoinbase({ inputs }: BitcoinTransaction): boolean {
  return (
    inputs.length === 1 &&
    inputs[0]!.index === NO_OUTPUT_INDEX &&
    inputs[0]!.transaction.every((byte) => byte === 0)
  );
}

/** What a transaction says of one of its outputs, as it is hashed. */
export function encodeOutput({ amountSatoshi, script }: BitcoinOutput): Uint8Array {
  return joinBytes([littleEndian(amountSatoshi, 8), encodeSized(script)]);
}

/** Bytes with their length before them. */
export function encodeSized(bytes: Uint8Array): Uint8Array {
  return joinBytes([encodeCount(bytes.length), bytes]);
}

/** A number in as many bytes, the lowest first. */
export function littleEndian(value: number | bigint, width: number): Uint8Array {
  let rest = BigInt(value);
  return Uint8Array.from({ length: width }, () => {
    const byte = Number(rest & 0xffn);
    rest >>= 8n;
    return byte;
  });
}

/** A length in its shortest spelling. */
export function encodeCount(count: number): Uint8Array {
  if (count < 0xfd) return Uint8Array.of(count);
  const width = count <= 0xffff ? 2 : 4;
  return Uint8Array.of(width === 2 ? 0xfd : 0xfe, ...littleEndian(count, width));
}

function malformed(expected: string) {
  return refuseReserves('transaction-malformed', `expected ${expected} in a transaction, got something else`);
}
