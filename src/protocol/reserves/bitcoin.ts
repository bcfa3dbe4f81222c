import { z } from 'zod';

import { concatBytes, utf8ToBytes } from '../bytes.js';
import * as p from '../formats/primitives.js';
import { BinaryReader, joinBytes, uint32 } from './binary.js';
import {
  MAX_BITCOIN_HEADERS,
  MAX_BRANCH_HASHES,
  encumbranceIndex,
  MAX_SIGNATURE_CHARACTERS,
  MAX_TRANSACTION_BYTES,
  MAX_TRANSACTIONS,
  custodianId,
} from './primitives.js';

/** How a Bitcoin network writes its addresses. */
export type BitcoinNetwork = {
  /** The human-readable part of its segwit addresses. */
  readonly segwitPrefix: string;
  readonly publicKeyHashVersion: number;
  readonly scriptHashVersion: number;
};

const TEST_ADDRESSES = { segwitPrefix: 'tb', publicKeyHashVersion: 0x6f, scriptHashVersion: 0xc4 } as const;

/** Networks by CAIP-2: `bip122:` and the first 32 digits of their first block's hash. */
export const BITCOIN_NETWORKS: Readonly<Record<string, BitcoinNetwork>> = {
  'bip122:000000000019d6689c085ae165831e93': {
    segwitPrefix: 'bc',
    publicKeyHashVersion: 0x00,
    scriptHashVersion: 0x05,
  },
  'bip122:000000000933ea01ad0ee984209779ba': TEST_ADDRESSES,
  'bip122:00000000da84f2bafbbc53dee25a72ae': TEST_ADDRESSES,
  'bip122:00000008819873e925422c1ff0f99f7c': TEST_ADDRESSES,
  'bip122:0f9188f13cb7b2c71f2a335e3a4fc328': { ...TEST_ADDRESSES, segwitPrefix: 'bcrt' },
};

/** A Bitcoin network by CAIP-2. */
export const bitcoinChain = z
  .string()
  .refine((text) => Object.hasOwn(BITCOIN_NETWORKS, text), 'expected a Bitcoin network by CAIP-2');
/** A block hash or transaction id as nodes print it: 64 digits, the last byte first. */
export const bitcoinHash = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 digits in lower case');
/** An amount in satoshi, above 0 and at most what can ever be. */
const satoshiAmount = z
  .string()
  .refine(
    (text) => /^[1-9][0-9]{0,15}$/.test(text) && BigInt(text) <= 2_100_000_000_000_000n,
    'expected 1 to 2,100,000,000,000,000 satoshi in plain decimal',
  );
const bitcoinAddress = z
  .string()
  .regex(/^[0-9A-Za-z]{14,90}$/, 'expected an address of 14 to 90 letters and digits');

/** An output of a Bitcoin transaction. `amount` is in satoshi. */
export const outputEntry = z.strictObject({
  kind: z.literal('output'),
  chain: bitcoinChain,
  /** The id of the transaction that made it. */
  transaction: bitcoinHash,
  index: z.int().min(0).max(0xffff_ffff),
  address: bitcoinAddress,
  asset: p.assetSymbol,
  amount: satoshiAmount,
  balance: z.enum(['proven', 'reproducible']),
  control: z.enum(['spent', 'signed', 'custodian', 'stated']),
  custodian: custodianId.nullable(),
  encumbrance: encumbranceIndex,
});
export type OutputEntry = z.infer<typeof outputEntry>;

/** How evidence of Bitcoin keys is written. */
export const BITCOIN_PROOFS = ['bip-127', 'bip-137', 'bip-322'] as const;

/** A signed message of an address: text for BIP-137 and BIP-322, a transaction in hexadecimal for BIP-127. */
export const bitcoinEvidence = z.strictObject({
  kind: z.literal('bitcoin'),
  chain: bitcoinChain,
  address: bitcoinAddress,
  form: z.enum(BITCOIN_PROOFS),
  signature: z.string().min(1).max(MAX_SIGNATURE_CHARACTERS),
});
export type BitcoinEvidence = z.infer<typeof bitcoinEvidence>;

/** What a reader takes on trust of a Bitcoin network. */
export const bitcoinPin = z.strictObject({
  chain: bitcoinChain,
  native: z.strictObject({ asset: p.assetSymbol, kind: z.enum(['issued', 'own']) }),
  /** The easiest target, as a header's `bits` in hexadecimal, that any header may have. */
  easiestBits: z.string().regex(/^[0-9a-f]{8}$/, 'expected 8 digits in lower case'),
  /** The last block at or before the instant by its median time past, and a later one; null where none is pinned. */
  block: z
    .strictObject({
      number: p.count,
      hash: bitcoinHash,
      tip: z.strictObject({ number: p.count, hash: bitcoinHash }),
    })
    .refine(({ number, tip }) => tip.number > number, 'expected a tip after the block')
    .nullable(),
});
export type BitcoinPin = z.infer<typeof bitcoinPin>;

/** Headers one after the other, from the first that is needed to the pinned tip. */
export type BitcoinHeaders = {
  /** The height of the first. */
  readonly firstNumber: number;
  /** 80 bytes each, as one array. */
  readonly bytes: Uint8Array;
};

/** A whole transaction, with its block where the reserves show it in one. */
export type PlacedTransaction = {
  readonly bytes: Uint8Array;
  readonly block: {
    readonly number: number;
    /** Its position among the transactions of its block. */
    readonly position: number;
    /** The hashes beside its way to the Merkle root, the lowest first, 32 bytes each. */
    readonly branch: readonly Uint8Array[];
  } | null;
};

/** Transactions in their order: an array, or a file whose transactions are cut where they are asked for. */
export type PlacedTransactions = Iterable<PlacedTransaction> & {
  readonly length: number;
  at(index: number): PlacedTransaction | undefined;
  /** The bytes of one alone, where they are had for less. */
  readonly bytesAt?: (index: number) => Uint8Array | undefined;
};

export const BITCOIN_HEADER_BYTES = 80;
const HASH_BYTES = 32;
/** Of a transaction in a file of them: behind its block and position. */
const DEPTH_OFFSET = 8;
/** Block, position, depth, length and a byte. */
const MIN_PLACED_BYTES = 14;
const NO_BLOCK = 0xffff_ffff;
const HEADERS_LABEL = utf8ToBytes('solvent/bitcoin-headers/v1\0');
const TRANSACTIONS_LABEL = utf8ToBytes('solvent/bitcoin-transactions/v1\0');

/** The bytes of a file of Bitcoin headers. */
export function encodeBitcoinHeaders({ firstNumber, bytes }: BitcoinHeaders): Uint8Array {
  return concatBytes(HEADERS_LABEL, uint32(firstNumber), uint32(bytes.length / BITCOIN_HEADER_BYTES), bytes);
}

/** Reads a file of Bitcoin headers; nothing of them is checked. @throws SolventError `headers-malformed`. */
export function parseBitcoinHeaders(file: Uint8Array): BitcoinHeaders {
  const reader = new BinaryReader(file, 'headers-malformed');
  reader.expectLabel(HEADERS_LABEL);
  const firstNumber = reader.takeNumber(4);
  const count = reader.takeNumber(4);
  if (count === 0 || count > MAX_BITCOIN_HEADERS) throw reader.refuse(`1 to ${MAX_BITCOIN_HEADERS} headers`);
  const bytes = reader.take(count * BITCOIN_HEADER_BYTES);
  reader.expectEnd();
  return { firstNumber, bytes };
}

/** The bytes of a file of transactions, already in their order. */
export function encodeTransactions(transactions: readonly PlacedTransaction[]): Uint8Array {
  return joinBytes([
    TRANSACTIONS_LABEL,
    uint32(transactions.length),
    ...transactions.flatMap(({ bytes, block }) => [
      uint32(block?.number ?? NO_BLOCK),
      uint32(block?.position ?? 0),
      Uint8Array.of(block?.branch.length ?? 0),
      ...(block?.branch ?? []),
      uint32(bytes.length),
      bytes,
    ]),
  ]);
}

/**
 * A file of transactions, each cut where it is asked for: 200,000 of them as objects would take many times the bytes of the file.
 * Nothing of them is checked but their lengths.
 */
export class TransactionFile implements PlacedTransactions {
  readonly #file: Uint8Array;
  /** Where each begins. */
  readonly #starts: Uint32Array;

  /** @throws SolventError `transactions-malformed`. */
  constructor(file: Uint8Array) {
    this.#file = file;
    const reader = new BinaryReader(file, 'transactions-malformed');
    reader.expectLabel(TRANSACTIONS_LABEL);
    const count = reader.takeNumber(4);
    // Nothing is allocated for a count that cannot be.
    if (count > MAX_TRANSACTIONS || count * MIN_PLACED_BYTES > file.length)
      throw reader.refuse(`at most ${MAX_TRANSACTIONS} transactions, and as many as it says`);
    this.#starts = new Uint32Array(count);
    for (let index = 0; index < count; index++) {
      this.#starts[index] = reader.at;
      takePlaced(reader);
    }
    reader.expectEnd();
  }

  get length(): number {
    return this.#starts.length;
  }

  at(index: number): PlacedTransaction | undefined {
    const start = this.#starts[index];
    return start === undefined
      ? undefined
      : takePlaced(new BinaryReader(this.#file.subarray(start), 'transactions-malformed'));
  }

  /** Without its branch: a transaction is asked for many times, and its block once. */
  readonly bytesAt = (index: number): Uint8Array | undefined => {
    const start = this.#starts[index];
    if (start === undefined) return undefined;
    const depth = this.#file[start + DEPTH_OFFSET]!;
    const reader = new BinaryReader(
      this.#file.subarray(start + DEPTH_OFFSET + 1 + depth * HASH_BYTES),
      'transactions-malformed',
    );
    return reader.takeSized(4, MAX_TRANSACTION_BYTES);
  };

  *[Symbol.iterator](): Generator<PlacedTransaction> {
    for (let index = 0; index < this.length; index++) yield this.at(index)!;
  }
}

/** Reads a file of transactions, views of the same bytes; nothing of them is checked. @throws SolventError `transactions-malformed`. */
export function parseTransactions(file: Uint8Array): PlacedTransaction[] {
  return [...new TransactionFile(file)];
}

function takePlaced(reader: BinaryReader): PlacedTransaction {
  const number = reader.takeNumber(4);
  const position = reader.takeNumber(4);
  const depth = reader.takeNumber(1);
  if (depth > MAX_BRANCH_HASHES) throw reader.refuse(`branches of at most ${MAX_BRANCH_HASHES} hashes`);
  if (number === NO_BLOCK && (position !== 0 || depth !== 0))
    throw reader.refuse('no branch without a block');
  const branch = Array.from({ length: depth }, () => reader.take(HASH_BYTES));
  const bytes = reader.takeSized(4, MAX_TRANSACTION_BYTES);
  return { bytes, block: number === NO_BLOCK ? null : { number, position, branch } };
}
