import { bytesToHex, parseInstantNs } from '../../../protocol/index.js';
import {
  BITCOIN_NETWORKS,
  type BitcoinHeaders,
  type BitcoinNetwork,
  type BitcoinPin,
  type OutputEntry,
  type PlacedTransaction,
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
export type BitcoinContents = {
  readonly headers: BitcoinHeaders;
  readonly transactions: readonly PlacedTransaction[];
};

/** Where a spend of an output stands. */
type ShownSpend = { readonly shown: ShownTransaction; readonly inputIndex: number };

type ShownTransaction = {
  readonly id: string;
  readonly placed: PlacedTransaction;
  readonly transaction: BitcoinTransaction;
  hashes: SigningHashes | undefined;
  isNeeded: boolean;
  /** Inputs whose signatures were verified: their witnesses are read, and those of no others. */
  readonly signedInputs: Set<number>;
};

const NS_PER_SECOND = 1_000_000_000n;
/** Blocks that new coins wait for until they can be spent. */
const COINBASE_MATURITY = 100;

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
  readonly #transactions = new Map<string, ShownTransaction>();
  readonly #spends = new Map<string, ShownSpend>();
  readonly #coinbases = new Map<number, ShownTransaction>();

  /**
   * Checks headers and transactions against the pins.
   * @throws SolventError `block-not-pinned`, `block-differs`, `header-differs`, `block-not-at-instant`, and as its parts.
   */
  constructor(
    block: Reserves['blocks'][number],
    { headers, transactions }: BitcoinContents,
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
    this.#read(transactions);
  }

  /** An output by the whole transaction that made it, which is needed from now on; undefined where it is not shown. */
  findOutput = ({ transaction, index }: Outpoint): BitcoinOutput | undefined => {
    const shown = this.#transactions.get(transaction);
    const output = shown?.transaction.outputs[index];
    if (shown !== undefined && output !== undefined) this.#need(shown);
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
    const block = funding?.placed.block ?? null;
    if (funding === undefined || output === undefined || block === null || block.number > this.number) {
      throw refuseReserves(
        'output-not-shown',
        `expected output ${id}:${index} in a block up to ${this.number} at ${position}, got none`,
      );
    }
    if (isCoinbase(funding.transaction) && block.number + COINBASE_MATURITY > this.number + 1) {
      throw refuseReserves(
        'coinbase-immature',
        `expected new coins of block ${this.number + 1 - COINBASE_MATURITY} or before at ${position}, got those of block ${block.number}`,
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
    const { transaction } = shown;
    const carries = transaction.outputs.some(({ script }) => {
      const carried = readCarried(script);
      return carried !== undefined && bytesToHex(carried) === challenge;
    });
    shown.hashes ??= new SigningHashes(transaction);
    const own = this.findOutput(entry);
    // A key path signs what every input spends; all else signs what its own input does.
    const needsAll = own !== undefined && readScript(own.script)?.kind === 'p2tr';
    const spent = transaction.inputs.map((input, at) =>
      at === inputIndex || needsAll
        ? this.findOutput({ transaction: formatHash(input.transaction), index: input.index })
        : undefined,
    );
    // A block does not commit to witnesses by transaction ids: the signature tells that the challenge was signed too.
    const result = checkSpend({ transaction, index: inputIndex, hashes: shown.hashes, spent }, verify);
    if (!carries || result !== 'satisfied') {
      throw refuseReserves(
        'control-not-shown',
        `expected a spend that carries the challenge and is signed over all of it at ${position}, got ${carries ? 'no such signature' : 'no challenge'}`,
      );
    }
    shown.signedInputs.add(inputIndex);
  }

  /** 8.8: every transaction, and every witness in it, is one that these checks or those before have needed. */
  assertAllNeeded(): void {
    for (const { id, isNeeded } of this.#transactions.values()) {
      if (!isNeeded) {
        throw refuseReserves('transaction-not-needed', `expected a use of transaction ${id}, got none`);
      }
    }
    // Ids do not commit to witnesses: what nobody reads could be anything.
    for (const { id, transaction, signedInputs } of this.#transactions.values()) {
      const open = transaction.inputs.findIndex(
        ({ witness }, at) => witness.length > 0 && !signedInputs.has(at),
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
      .map(({ placed, transaction, signedInputs }) => {
        const inputs = transaction.inputs.map((input, at) =>
          signedInputs.has(at) ? input : { ...input, witness: [] },
        );
        return { ...placed, bytes: encodeTransaction({ ...transaction, inputs }) };
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
    if (shown.placed.block !== null) this.#coinbases.get(shown.placed.block.number)!.isNeeded = true;
  }

  #read(transactions: readonly PlacedTransaction[]): void {
    let last = '';
    const shownInBlocks: { readonly shown: ShownTransaction; readonly id: Uint8Array }[] = [];
    for (const placed of transactions) {
      const transaction = parseTransaction(placed.bytes);
      const hash = hashTransaction(transaction);
      const id = formatHash(hash);
      if (id <= last) {
        throw refuseReserves(
          'transactions-not-sorted',
          `expected transactions in the order of their ids, got ${id} behind ${last}`,
        );
      }
      last = id;
      const shown: ShownTransaction = {
        id,
        placed,
        transaction,
        hashes: undefined,
        isNeeded: false,
        signedInputs: new Set(),
      };
      this.#transactions.set(id, shown);
      if (placed.block === null) continue;
      shownInBlocks.push({ shown, id: hash });
      if (placed.block.position === 0) this.#coinbases.set(placed.block.number, shown);
    }
    for (const { shown, id } of shownInBlocks) this.#put(shown, id);
  }

  /** A transaction is in its block, as deep as the one that makes the block's coins: else a hash could be taken for one. */
  #put(shown: ShownTransaction, hash: Uint8Array): void {
    const block = shown.placed.block!;
    const coinbase = this.#coinbases.get(block.number);
    const isThere =
      this.headers.has(block.number) && isInBlock(hash, block, this.headers.merkleRootOf(block.number));
    const isDeep =
      coinbase !== undefined &&
      isCoinbase(coinbase.transaction) &&
      coinbase.placed.block!.branch.length === block.branch.length;
    if (!isThere || !isDeep || isCoinbase(shown.transaction) !== (block.position === 0)) {
      throw refuseReserves(
        'transaction-not-in-block',
        `expected transaction ${shown.id} in block ${block.number}, beside the one that makes its coins, got another`,
      );
    }
    if (block.number <= this.number) return;
    shown.transaction.inputs.forEach(({ transaction, index }, inputIndex) => {
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
