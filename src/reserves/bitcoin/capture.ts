import { z } from 'zod';

import { hexToBytes, parseInstantNs } from '../../protocol/index.js';
import {
  BITCOIN_NETWORKS,
  joinBytes,
  type BitcoinPin,
  type OutputEntry,
  type PlacedTransaction,
} from '../../protocol/reserves/index.js';
import {
  addressOf,
  BitcoinReader,
  buildBranches,
  formatHash,
  hashAnyTransaction,
  hashTransaction,
  hashTwice,
  takeTransaction,
  type BitcoinContents,
  type BitcoinTransaction,
} from '../../verifier/reserves/making.js';
import { refuseMaking } from '../errors.js';
import type { RpcNode } from '../rpc.js';

/** An output that a platform says is its own, and how its control will be shown. */
export type CapturedOutput = Pick<
  OutputEntry,
  'transaction' | 'index' | 'control' | 'custodian' | 'encumbrance'
>;

/** What was captured of one Bitcoin network. */
export type BitcoinCapture = {
  readonly chain: string;
  /** The block of the instant, and the block up to which spends count. */
  readonly block: NonNullable<BitcoinPin['block']>;
  readonly contents: BitcoinContents;
  readonly entries: readonly OutputEntry[];
};

type Block = {
  readonly number: number;
  readonly transactions: readonly (BitcoinTransaction & {
    readonly bytes: Uint8Array;
    readonly id: Uint8Array;
  })[];
};

const HEADER_BYTES = 80;
const MIN_TRANSACTION_BYTES = 60;
/** Headers before the block that its median time past is made of. */
const MEDIAN_PARENTS = 10;

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const hex = z.string().regex(/^(?:[0-9a-f]{2})+$/);
const headerSchema = z.looseObject({ mediantime: z.int() });
const unspentSchema = z.looseObject({ confirmations: z.int().min(1), bestblock: hash });

/** Asks a node, and holds its answer to a schema. @throws SolventError `rpc-answer-malformed`, and as `RpcNode.call`. */
export async function askBitcoin<T>(
  node: RpcNode,
  schema: z.ZodType<T>,
  [method, ...params]: readonly [string, ...unknown[]],
): Promise<T> {
  const parsed = schema.safeParse(await node.call(method, params));
  if (parsed.success) return parsed.data;
  throw refuseMaking('rpc-answer-malformed', { expected: `an answer to ${method}`, found: 'something else' });
}

/** The last block whose median time past is at or before an instant, with the node's newest block as tip. @throws SolventError `block-not-there`. */
export async function findBitcoinBlockAt(
  node: RpcNode,
  takenAt: string,
): Promise<NonNullable<BitcoinPin['block']>> {
  const instantNs = parseInstantNs(takenAt);
  const hashAt = (number: number) => askBitcoin(node, hash, ['getblockhash', number]);
  const isAfter = async (number: number) => {
    const { mediantime } = await askBitcoin(node, headerSchema, [
      'getblockheader',
      await hashAt(number),
      true,
    ]);
    return BigInt(mediantime) * 1_000_000_000n > instantNs;
  };
  const tip = await askBitcoin(node, z.int().min(0), ['getblockcount']);
  if (!(await isAfter(tip))) {
    throw refuseMaking('block-not-there', {
      expected: `a block whose median time past is after ${takenAt}`,
      found: 'none yet: wait for an hour',
    });
  }
  let [low, high] = [0, tip];
  if (await isAfter(low))
    throw refuseMaking('block-not-there', { expected: `a block at or before ${takenAt}`, found: 'none' });
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (await isAfter(middle)) high = middle;
    else low = middle;
  }
  return { number: low, hash: await hashAt(low), tip: { number: tip, hash: await hashAt(tip) } };
}

/**
 * Captures outputs at the last block at or before an instant: the whole transactions that made them, and headers up to the tip.
 * A node needs no index for outputs that are unspent.
 * @throws SolventError as `findBitcoinBlockAt`; `output-not-unspent`.
 */
export async function captureOutputs(
  node: RpcNode,
  {
    chain,
    takenAt,
    outputs,
    asset,
  }: {
    readonly chain: string;
    readonly takenAt: string;
    readonly outputs: readonly CapturedOutput[];
    readonly asset: string;
  },
): Promise<BitcoinCapture> {
  const block = await findBitcoinBlockAt(node, takenAt);
  const byBlock = new Map<number, Set<string>>();
  for (const { transaction, index } of outputs) {
    const found = await askBitcoin(node, unspentSchema.nullable(), ['gettxout', transaction, index, false]);
    const best = found === null ? 0 : await numberOf(node, found.bestblock);
    const number = found === null ? Infinity : best - found.confirmations + 1;
    if (number > block.number) {
      throw refuseMaking('output-not-unspent', {
        expected: `an unspent output ${transaction}:${index} of block ${block.number} or before`,
        found: 'none',
      });
    }
    byBlock.set(number, (byBlock.get(number) ?? new Set()).add(transaction));
  }
  const placed: PlacedTransaction[] = [];
  const entries: OutputEntry[] = [];
  for (const [number, ids] of byBlock) {
    const made = await loadBlock(node, number);
    placed.push(...placeTransactions(made, ({ id }) => ids.has(formatHash(id))));
    for (const output of outputs) {
      const funding = made.transactions.find(({ id }) => formatHash(id) === output.transaction)?.outputs[
        output.index
      ];
      const address = funding === undefined ? undefined : addressOf(funding.script, BITCOIN_NETWORKS[chain]!);
      if (funding === undefined || address === undefined) continue;
      entries.push({
        kind: 'output',
        chain,
        ...output,
        address,
        asset,
        amount: funding.amountSatoshi.toString(),
        balance: 'reproducible',
      });
    }
  }
  if (entries.length < outputs.length) {
    throw refuseMaking('output-not-unspent', {
      expected: 'outputs that have an address',
      found: `${entries.length} of ${outputs.length}`,
    });
  }
  const first = Math.min(block.number - MEDIAN_PARENTS, ...byBlock.keys());
  const headers = await loadHeaders(node, Math.max(0, first), block.tip.number);
  return { chain, block, entries, contents: { headers, transactions: sortTransactions(placed) } };
}

/**
 * Looks through the blocks after that of the instant for spends of outputs, which are proven then: controlled by the spend where it
 * carries the challenge.
 * @param options.script what a spend's output has where it carries the challenge.
 */
export async function captureSpends(
  node: RpcNode,
  capture: BitcoinCapture,
  options: { readonly tipNumber?: number; readonly script: Uint8Array },
): Promise<BitcoinCapture> {
  const newest = options.tipNumber ?? (await askBitcoin(node, z.int(), ['getblockcount']));
  const tip = { number: newest, hash: await askBitcoin(node, hash, ['getblockhash', newest]) };
  const owned = new Set(capture.entries.map(({ transaction, index }) => `${transaction}:${index}`));
  const spent = new Map<string, BitcoinTransaction>();
  const placed: PlacedTransaction[] = [...capture.contents.transactions];
  for (let number = capture.block.number + 1; number <= newest; number++) {
    const block = await loadBlock(node, number);
    placed.push(
      ...placeTransactions(block, (transaction) => {
        const own = transaction.inputs
          .map((input) => `${formatHash(input.transaction)}:${input.index}`)
          .filter((name) => owned.has(name));
        for (const name of own) spent.set(name, transaction);
        return own.length > 0;
      }),
    );
  }
  const carries = (transaction: BitcoinTransaction) =>
    transaction.outputs.some(({ script }) => formatHash(script) === formatHash(options.script));
  const entries = capture.entries.map((entry): OutputEntry => {
    const spend = spent.get(`${entry.transaction}:${entry.index}`);
    if (spend === undefined) return entry;
    const isShown = carries(spend) && entry.control === 'signed';
    return { ...entry, balance: 'proven', control: isShown ? 'spent' : entry.control };
  });
  const headers = await loadHeaders(node, capture.contents.headers.firstNumber, newest);
  return {
    ...capture,
    block: { ...capture.block, tip },
    entries,
    contents: { headers, transactions: sortTransactions(placed) },
  };
}

/** Asks a node whether outputs are unspent now: those that were made before a block were unspent at it then. @throws SolventError as `askBitcoin`. */
export async function settleOutputs(
  node: RpcNode,
  {
    number,
    hash: expected,
    outputs,
  }: {
    readonly number: number;
    readonly hash: string;
    readonly outputs: readonly { readonly transaction: string; readonly index: number }[];
  },
): Promise<{ readonly unspent: number; readonly atNumber: number; readonly others: readonly string[] }> {
  const found = await askBitcoin(node, hash, ['getblockhash', number]);
  if (found !== expected)
    throw refuseMaking('block-not-there', { expected: `block ${expected} at height ${number}`, found });
  const atNumber = await askBitcoin(node, z.int(), ['getblockcount']);
  const others: string[] = [];
  for (const { transaction, index } of outputs) {
    const answer = await askBitcoin(node, unspentSchema.nullable(), ['gettxout', transaction, index, false]);
    if (answer === null) others.push(`${transaction}:${index}`);
  }
  return { unspent: outputs.length - others.length, atNumber, others };
}

async function numberOf(node: RpcNode, blockHash: string): Promise<number> {
  const { height } = await askBitcoin(node, z.looseObject({ height: z.int().min(0) }), [
    'getblockheader',
    blockHash,
    true,
  ]);
  return height;
}

async function loadBlock(node: RpcNode, number: number): Promise<Block> {
  const blockHash = await askBitcoin(node, hash, ['getblockhash', number]);
  const bytes = hexToBytes(await askBitcoin(node, hex, ['getblock', blockHash, 0]));
  const reader = new BitcoinReader(bytes);
  if (formatHash(hashTwice(reader.take(HEADER_BYTES))) !== blockHash) {
    throw refuseMaking('rpc-answer-malformed', { expected: `block ${blockHash}`, found: 'another' });
  }
  const transactions = Array.from({ length: reader.takeCount(MIN_TRANSACTION_BYTES) }, () => {
    const start = bytes.length - reader.left;
    const transaction = takeTransaction(reader);
    return {
      ...transaction,
      bytes: bytes.slice(start, bytes.length - reader.left),
      // Strangers put into blocks what is never shown here.
      id: hashAnyTransaction(transaction),
    };
  });
  reader.expectEnd();
  return { number, transactions };
}

/** The chosen transactions of a block, and the one that makes its coins where any is chosen. */
function placeTransactions(
  { number, transactions }: Block,
  isChosen: (transaction: Block['transactions'][number]) => boolean,
): PlacedTransaction[] {
  const positions = transactions.flatMap((transaction, position) =>
    isChosen(transaction) ? [position] : [],
  );
  if (positions.length === 0) return [];
  const branchOf = buildBranches(transactions.map(({ id }) => id));
  return [...new Set([0, ...positions])].map((position) => ({
    bytes: transactions[position]!.bytes,
    block: { number, position, branch: branchOf(position) },
  }));
}

async function loadHeaders(node: RpcNode, first: number, last: number): Promise<BitcoinContents['headers']> {
  const headers: Uint8Array[] = [];
  for (let number = first; number <= last; number++) {
    const blockHash = await askBitcoin(node, hash, ['getblockhash', number]);
    headers.push(hexToBytes(await askBitcoin(node, hex, ['getblockheader', blockHash, false])));
  }
  return { firstNumber: first, bytes: joinBytes(headers) };
}

/** Transactions in the order of their ids, each once. */
function sortTransactions(placed: readonly PlacedTransaction[]): PlacedTransaction[] {
  const idOf = ({ bytes }: PlacedTransaction) =>
    formatHash(hashTransaction(takeTransaction(new BitcoinReader(bytes))));
  const byId = new Map(placed.map((each) => [idOf(each), each]));
  return [...byId].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}
