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
import { ShownTransactions, Spends, type ShownSpend } from './shown.js';
import { checkSpend, type VerifyEcdsa } from './spend.js';
import { encodeTransaction, reverseHash, type BitcoinOutput } from './transaction.js';
import type { Outpoint } from './message.js';

/** What the files of reserves hold of one Bitcoin network. */
export type BitcoinContents<Transactions extends PlacedTransactions = readonly PlacedTransaction[]> = {
  readonly headers: BitcoinHeaders;
  readonly transactions: Transactions;
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
  readonly #transactions: ShownTransactions;
  readonly #spends: Spends;

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
    this.#transactions = new ShownTransactions(transactions);
    this.#spends = this.#positionAll();
  }

  /** An output by the whole transaction that made it, which is needed from now on; undefined where it is not shown. */
  findOutput = ({ transaction, index }: Outpoint): BitcoinOutput | undefined =>
    this.#findAt(this.#transactions.find(hexToBytes(transaction)), index);

  /**
   * 8.8: what an entry counts was made at or before the instant, with this amount and address; where it is proven, it was
   * spent after it and up to the tip.
   */
  assertOutput(entry: OutputEntry, position: string): void {
    const { transaction: id, index, address, amount } = entry;
    const funding = this.#transactions.find(hexToBytes(id));
    const output = this.#findAt(funding, index);
    const number = funding === undefined ? undefined : this.#transactions.numberOf(funding);
    if (funding === undefined || output === undefined || number === undefined || number > this.number) {
      throw refuseReserves(
        'output-not-shown',
        `expected output ${id}:${index} in a block up to ${this.number} at ${position}, got none`,
      );
    }
    if (this.#transactions.isCoinbase(funding) && number + COINBASE_MATURITY > this.number + 1) {
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
    const spend = this.#requireSpend(entry, position);
    const { inputIndex } = spend;
    const { transaction, hashes } = this.#transactions.parse(spend.index);
    const carries = transaction.outputs.some(({ script }) => {
      const carried = readCarried(script);
      return carried !== undefined && bytesToHex(carried) === challenge;
    });
    const own = this.findOutput(entry);
    // A key path signs what every input spends; all else signs what its own input does.
    const needsAll = own !== undefined && readScript(own.script)?.kind === 'p2tr';
    const spent = transaction.inputs.map((input, at) =>
      at === inputIndex || needsAll
        ? this.#findAt(this.#transactions.find(reverseHash(input.transaction)), input.index)
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
    this.#transactions.markSigned(spend.index, inputIndex);
  }

  /** 8.8: every transaction, and every witness in it, is one that these checks or those before have needed. */
  assertAllNeeded(): void {
    const shown = this.#transactions;
    for (let index = 0; index < shown.length; index++) {
      if (!shown.isNeeded(index)) {
        throw refuseReserves(
          'transaction-not-needed',
          `expected a use of transaction ${shown.idOf(index)}, got none`,
        );
      }
    }
    // Ids do not commit to witnesses: what nobody reads could be anything.
    for (let index = 0; index < shown.length; index++) {
      if (!shown.hasWitness(index)) continue;
      const open = shown
        .parse(index)
        .transaction.inputs.findIndex(({ witness }, at) => witness.length > 0 && !shown.isSigned(index, at));
      if (open < 0) continue;
      throw refuseReserves(
        'witness-not-needed',
        `expected no witness of input ${open} of transaction ${shown.idOf(index)}, got one`,
      );
    }
  }

  /** The transactions that checks have needed, in their order, with the witnesses that they have needed. */
  listNeeded(): PlacedTransaction[] {
    const shown = this.#transactions;
    return Array.from({ length: shown.length }, (_, index) => index)
      .filter((index) => shown.isNeeded(index))
      .map((index) => {
        const { transaction } = shown.parse(index);
        const inputs = transaction.inputs.map((input, at) =>
          shown.isSigned(index, at) ? input : { ...input, witness: [] },
        );
        return { ...shown.placedAt(index), bytes: encodeTransaction({ ...transaction, inputs }) };
      });
  }

  #findAt(found: number | undefined, index: number): BitcoinOutput | undefined {
    if (found === undefined) return undefined;
    const output = this.#transactions.parse(found).transaction.outputs[index];
    if (output !== undefined) this.#transactions.need(found);
    return output;
  }

  #requireSpend({ transaction, index }: Outpoint, position: string): ShownSpend {
    const spend = this.#spends.find({ transaction: reverseHash(hexToBytes(transaction)), index });
    if (spend === undefined) {
      throw refuseReserves(
        'output-not-shown',
        `expected a spend of ${transaction}:${index} after block ${this.number} and up to the tip at ${position}, got none`,
      );
    }
    this.#transactions.need(spend.index);
    return spend;
  }

  /** Each transaction is in its block. @returns what those after the instant spend. */
  #positionAll(): Spends {
    const shown = this.#transactions;
    const isLater = (index: number) => (shown.numberOf(index) ?? 0) > this.number;
    let inputCount = 0;
    for (let index = 0; index < shown.length; index++) {
      this.#assertInBlock(index);
      if (isLater(index)) inputCount += shown.countInputs(index);
    }
    const spends = new Spends(inputCount);
    for (let index = 0; index < shown.length; index++) {
      if (!isLater(index)) continue;
      shown.readAgain(index).inputs.forEach((input, inputIndex) => {
        spends.add(input, { index, inputIndex });
      });
    }
    return spends;
  }

  /** A transaction is in its block, as deep as the one that makes the block's coins: else a hash could be taken for one. */
  #assertInBlock(index: number): void {
    const shown = this.#transactions;
    const { block } = shown.placedAt(index);
    if (block === null) return;
    const first = shown.firstOf(block.number);
    const isThere =
      this.headers.has(block.number) &&
      isInBlock(shown.hashOf(index), block, this.headers.merkleRootOf(block.number));
    const isDeep =
      first !== undefined && shown.isCoinbase(first) && shown.depthOf(first) === shown.depthOf(index);
    if (!isThere || !isDeep || shown.isCoinbase(index) !== (block.position === 0)) {
      throw refuseReserves(
        'transaction-not-in-block',
        `expected transaction ${shown.idOf(index)} in block ${block.number}, beside the one that makes its coins, got another`,
      );
    }
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
