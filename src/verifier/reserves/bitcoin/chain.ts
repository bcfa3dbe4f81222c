import { bytesToHex, hexToBytes, parseInstantNs } from '../../../protocol/index.js';
import {
  BITCOIN_NETWORKS,
  type BitcoinHeaders,
  type BitcoinNetwork,
  type BitcoinPin,
  type OutputEntry,
  type PlacedTransaction,
  type PlacedTransactions,
  type Reserves,
} from '../../../protocol/reserves/index.js';
import { missForReserves, refuseReserves } from '../codes.js';
import { HeaderChain, isInBlock } from './headers.js';

import { addressOf, readCarried, readScript } from './script.js';
import { SigningHashes } from './sighash.js';
import { checkSpend, type VerifyEcdsa } from './spend.js';
import {
  encodeTransaction,
  formatHash,
  hashTransaction,
  isCoinbase,
  parseTransaction,
  type BitcoinOutput,
  type BitcoinTransaction,
} from './transaction.js';
import type { Outpoint } from './message.js';

/** What the files of reserves hold of one Bitcoin network. */
export type BitcoinContents<Transactions extends PlacedTransactions = readonly PlacedTransaction[]> = {
  readonly headers: BitcoinHeaders;
  readonly transactions: Transactions;
};

/** Where a spend of an output stands. */
type ShownSpend = { readonly shown: ShownTransaction; readonly inputIndex: number };

/** What is kept of a transaction; its bytes are read again where they are asked for, unless it is a large one. */
type ShownTransaction = {
  readonly id: string;
  /** Its index in the list. */
  readonly index: number;
  /** The height of its block; undefined where it is shown in none. */
  readonly number: number | undefined;
  /** Hashes of its branch. */
  readonly depth: number;
  readonly isCoinbase: boolean;
  parsed: ParsedTransaction | undefined;
  isNeeded: boolean;
  /** Inputs whose signatures were verified: their witnesses are read, and those of no others. */
  signedInputs: Set<number> | undefined;
};

type ParsedTransaction = {
  readonly transaction: BitcoinTransaction;
  /** What its signatures are over, hashed once. */
  readonly hashes: SigningHashes;
};

const NS_PER_SECOND = 1_000_000_000n;
/** Blocks that new coins wait for until they can be spent. */
const COINBASE_MATURITY = 100;
/** Inputs and outputs of a transaction that is kept once it is read: it is asked for again and again. */
const KEPT_PARTS = 8;

/** The pin of a Bitcoin network. @throws SolventError `block-not-pinned`. */
export function requireBitcoinPin(
  pins: readonly BitcoinPin[],
  chain: string,
): BitcoinPin & { block: NonNullable<BitcoinPin['block']> } {
  const pin = pins.find((known) => known.chain === chain);
  const block = pin?.block ?? null;
  if (pin === undefined || block === null) {
    throw missForReserves('block-not-pinned', `expected a block of ${chain} and a tip in the pins, got none`);
  }
  return { ...pin, block };
}

/** A Bitcoin network from the first header that is needed to the pinned tip, and the transactions that are shown in it. */
export class BitcoinChain {
  readonly pin: BitcoinPin;
  readonly network: BitcoinNetwork;
  readonly headers: HeaderChain;
  /** The height of the last block at or before the instant. */
  readonly number: number;
  readonly medianTimeSeconds: number;
  /** Outputs that were made, and that a node settles whether they are unspent. */
  readonly unsettled: Outpoint[] = [];
  readonly #list: PlacedTransactions;
  readonly #transactions = new Map<string, ShownTransaction>();
  #last: { readonly shown: ShownTransaction; readonly parsed: ParsedTransaction } | undefined;
  readonly #spends = new Map<string, ShownSpend>();
  readonly #coinbases = new Map<number, ShownTransaction>();

  /**
   * Checks headers and transactions against the pins.
   * @throws SolventError `block-not-pinned`, `block-differs`, `header-differs`, `block-not-at-instant`, and as its parts.
   */
  constructor(
    block: Reserves['blocks'][number],
    { headers, transactions }: BitcoinContents<PlacedTransactions>,
    { pins, takenAt }: { readonly pins: readonly BitcoinPin[]; readonly takenAt: string },
  ) {
    const pin = requireBitcoinPin(pins, block.chain);
    if (block.hash !== pin.block.hash || block.number !== pin.block.number) {
      throw refuseReserves(
        'block-differs',
        `expected block ${pin.block.number} ${pin.block.hash} of ${block.chain}, got ${block.number} ${block.hash}`,
      );
    }
    this.pin = pin;
    this.network = BITCOIN_NETWORKS[block.chain]!;
    this.number = block.number;
    this.headers = new HeaderChain(headers, pin.easiestBits);
    assertPinned(this.headers, pin.block);
    this.medianTimeSeconds = assertLastAtInstant(this.headers, pin, takenAt);
    this.#list = transactions;
    this.#read();
    this.#positionAll();
  }

  /** An output by the whole transaction that made it, which is needed from now on; undefined where it is not shown. */
  findOutput = ({ transaction, index }: Outpoint): BitcoinOutput | undefined => {
    const shown = this.#transactions.get(transaction);
    if (shown === undefined) return undefined;
    const output = this.#parse(shown).transaction.outputs[index];
    if (output !== undefined) this.#need(shown);
    return output;
  };

  /**
   * 8.8: what an entry counts was made at or before the instant, with this amount and address; where it is proven, it was
   * spent after it and up to the tip.
   */
  assertOutput(entry: OutputEntry, position: string): void {
    const { transaction: id, index, address, amount } = entry;
    const funding = this.#transactions.get(id);
    const output = this.findOutput({ transaction: id, index });
    const number = funding?.number;
    if (funding === undefined || output === undefined || number === undefined || number > this.number) {
      throw refuseReserves(
        'output-not-shown',
        `expected output ${id}:${index} in a block up to ${this.number} at ${position}, got none`,
      );
    }
    if (funding.isCoinbase && number + COINBASE_MATURITY > this.number + 1) {
      throw refuseReserves(
        'coinbase-immature',
        `expected new coins of block ${this.number + 1 - COINBASE_MATURITY} or before at ${position}, got those of block ${number}`,
      );
    }
    if (addressOf(output.script, this.network) !== address) {
      throw refuseReserves(
        'output-not-shown',
        `expected the address of the output at ${position}, got another`,
      );
    }
    if (output.amountSatoshi !== BigInt(amount)) {
      throw refuseReserves(
        'balance-differs',
        `expected ${output.amountSatoshi.toString()} satoshi by the transaction at ${position}, got ${amount}`,
      );
    }
    if (entry.balance === 'proven') this.#requireSpend(entry, position);
    else this.unsettled.push({ transaction: id, index });
  }

  /** 8.7: the spend of an output carries the challenge, and is signed as a whole. */
  assertSpentFor(
    entry: OutputEntry,
    position: string,
    { challenge, verify }: { readonly challenge: string; readonly verify: VerifyEcdsa },
  ): void {
    const { shown, inputIndex } = this.#requireSpend(entry, position);
    const { transaction, hashes } = this.#parse(shown);
    const carries = transaction.outputs.some(({ script }) => {
      const carried = readCarried(script);
      return carried !== undefined && bytesToHex(carried) === challenge;
    });
    const own = this.findOutput(entry);
    // A key path signs what every input spends; all else signs what its own input does.
    const needsAll = own !== undefined && readScript(own.script)?.kind === 'p2tr';
    const spent = transaction.inputs.map((input, at) =>
      at === inputIndex || needsAll
        ? this.findOutput({ transaction: formatHash(input.transaction), index: input.index })
        : undefined,
    );
    // A block does not commit to witnesses by transaction ids: the signature tells that the challenge was signed too.
    const result = checkSpend({ transaction, index: inputIndex, hashes, spent }, verify);
    if (!carries || result !== 'satisfied') {
      throw refuseReserves(
        'control-not-shown',
        `expected a spend that carries the challenge and is signed over all of it at ${position}, got ${carries ? 'no such signature' : 'no challenge'}`,
      );
    }
    (shown.signedInputs ??= new Set()).add(inputIndex);
  }

  /** 8.8: every transaction, and every witness in it, is one that these checks or those before have needed. */
  assertAllNeeded(): void {
    for (const { id, isNeeded } of this.#transactions.values()) {
      if (!isNeeded) {
        throw refuseReserves('transaction-not-needed', `expected a use of transaction ${id}, got none`);
      }
    }
    // Ids do not commit to witnesses: what nobody reads could be anything.
    for (const shown of this.#transactions.values()) {
      const { id, signedInputs } = shown;
      const open = this.#parse(shown).transaction.inputs.findIndex(
        ({ witness }, at) => witness.length > 0 && signedInputs?.has(at) !== true,
      );
      if (open < 0) continue;
      throw refuseReserves(
        'witness-not-needed',
        `expected no witness of input ${open} of transaction ${id}, got one`,
      );
    }
  }

  /** The transactions that checks have needed, in their order, with the witnesses that they have needed. */
  listNeeded(): PlacedTransaction[] {
    return [...this.#transactions.values()]
      .filter(({ isNeeded }) => isNeeded)
      .map((shown) => {
        const { transaction } = this.#parse(shown);
        const inputs = transaction.inputs.map((input, at) =>
          shown.signedInputs?.has(at) === true ? input : { ...input, witness: [] },
        );
        return { ...this.#list.at(shown.index)!, bytes: encodeTransaction({ ...transaction, inputs }) };
      });
  }

  #requireSpend({ transaction, index }: Outpoint, position: string): ShownSpend {
    const spend = this.#spends.get(`${transaction}:${index}`);
    if (spend === undefined) {
      throw refuseReserves(
        'output-not-shown',
        `expected a spend of ${transaction}:${index} after block ${this.number} and up to the tip at ${position}, got none`,
      );
    }
    this.#need(spend.shown);
    return spend;
  }

  #need(shown: ShownTransaction): void {
    shown.isNeeded = true;
    if (shown.number !== undefined) this.#coinbases.get(shown.number)!.isNeeded = true;
  }

  /** A transaction and what its signatures are over. Small ones are read again: many as objects take more than their bytes. */
  #parse(shown: ShownTransaction): ParsedTransaction {
    const known = shown.parsed ?? (this.#last?.shown === shown ? this.#last.parsed : undefined);
    if (known !== undefined) return known;
    const transaction = parseTransaction(this.#list.at(shown.index)!.bytes);
    const parsed = { transaction, hashes: new SigningHashes(transaction) };
    if (transaction.inputs.length + transaction.outputs.length > KEPT_PARTS) shown.parsed = parsed;
    this.#last = { shown, parsed };
    return parsed;
  }

  #read(): void {
    let last = '';
    let index = 0;
    for (const { bytes, block } of this.#list) {
      const transaction = parseTransaction(bytes);
      const id = formatHash(hashTransaction(transaction));
      if (id <= last) {
        throw refuseReserves(
          'transactions-not-sorted',
          `expected transactions in the order of their ids, got ${id} behind ${last}`,
        );
      }
      last = id;
      const shown: ShownTransaction = {
        ...{ id, index, number: block?.number, depth: block?.branch.length ?? 0 },
        ...{
          isCoinbase: isCoinbase(transaction),
          parsed: undefined,
          isNeeded: false,
          signedInputs: undefined,
        },
      };
      index += 1;
      this.#transactions.set(id, shown);
      if (block?.position === 0) this.#coinbases.set(block.number, shown);
    }
  }

  #positionAll(): void {
    for (const shown of this.#transactions.values()) {
      const { bytes, block } = this.#list.at(shown.index)!;
      if (block !== null) this.#position(shown, { bytes, block });
    }
  }

  /** A transaction is in its block, as deep as the one that makes the block's coins: else a hash could be taken for one. */
  #position(
    shown: ShownTransaction,
    { block, bytes }: { readonly bytes: Uint8Array; readonly block: NonNullable<PlacedTransaction['block']> },
  ): void {
    const coinbase = this.#coinbases.get(block.number);
    // As it is hashed, not as nodes print it.
    const hash = hexToBytes(shown.id).reverse();
    const isThere =
      this.headers.has(block.number) && isInBlock(hash, block, this.headers.merkleRootOf(block.number));
    const isDeep = coinbase?.isCoinbase === true && coinbase.depth === shown.depth;
    if (!isThere || !isDeep || shown.isCoinbase !== (block.position === 0)) {
      throw refuseReserves(
        'transaction-not-in-block',
        `expected transaction ${shown.id} in block ${block.number}, beside the one that makes its coins, got another`,
      );
    }
    if (block.number <= this.number) return;
    parseTransaction(bytes).inputs.forEach(({ transaction, index }, inputIndex) => {
      this.#spends.set(`${formatHash(transaction)}:${index}`, { shown, inputIndex });
    });
  }
}

function assertPinned(headers: HeaderChain, { number, hash, tip }: NonNullable<BitcoinPin['block']>): void {
  if (headers.tipNumber !== tip.number || headers.hashOf(tip.number) !== tip.hash) {
    throw refuseReserves(
      'header-differs',
      `expected headers up to the pinned tip ${tip.number} ${tip.hash}, got up to ${headers.tipNumber} ${headers.hashOf(headers.tipNumber)}`,
    );
  }
  if (!headers.has(number) || headers.hashOf(number) !== hash) {
    throw refuseReserves(
      'header-differs',
      `expected the header of block ${number} ${hash}, got another or none`,
    );
  }
}

/** The median time past of the block, which is at or before the instant where that of the next is after it. */
function assertLastAtInstant(headers: HeaderChain, pin: BitcoinPin, takenAt: string): number {
  const { number } = pin.block!;
  const [own, next] = [headers.medianTimePast(number), headers.medianTimePast(number + 1)];
  const instantNs = parseInstantNs(takenAt);
  if (own === undefined || next === undefined) {
    throw refuseReserves(
      'header-differs',
      `expected the ten headers before block ${number} of ${pin.chain}, got fewer`,
    );
  }
  if (BigInt(own) * NS_PER_SECOND > instantNs || BigInt(next) * NS_PER_SECOND <= instantNs) {
    throw refuseReserves(
      'block-not-at-instant',
      `expected the last block of ${pin.chain} with a median time past at or before ${takenAt}, got ${own} s and ${next} s after it`,
    );
  }
  return own;
}
