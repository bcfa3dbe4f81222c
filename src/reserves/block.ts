import { z } from 'zod';

import { hexToBytes, parseInstantNs, SolventError } from '../protocol/index.js';
import type { HeaderPair } from '../protocol/reserves/index.js';
import { hashEvm } from '../verifier/reserves/making.js';
import { refuseMaking } from './errors.js';
import { encodeRlpList, type RpcNode } from './rpc.js';

/** The last block at or before an instant, and the one after it. */
export type BlockPair = {
  readonly number: number;
  /** 0x and 64 hexadecimal digits. */
  readonly hash: string;
  readonly nextHash: string;
  readonly headers: HeaderPair;
};

/** The fields of a header in their order, as they are named by JSON-RPC; those of later forks are there or not. */
const FIELDS = [
  ...['parentHash', 'sha3Uncles', 'miner', 'stateRoot', 'transactionsRoot', 'receiptsRoot', 'logsBloom'],
  ...['difficulty', 'number', 'gasLimit', 'gasUsed', 'timestamp', 'extraData', 'mixHash', 'nonce'],
];
const LATER_FIELDS = [
  ...['baseFeePerGas', 'withdrawalsRoot', 'blobGasUsed', 'excessBlobGas', 'parentBeaconBlockRoot'],
  'requestsHash',
];
/** Fields that are numbers, which RLP writes without zeros before them. */
const NUMBERS = new Set([
  ...['difficulty', 'number', 'gasLimit', 'gasUsed', 'timestamp', 'baseFeePerGas', 'blobGasUsed'],
  'excessBlobGas',
]);

const HEX = /^0x[0-9a-fA-F]*$/;
const blockSchema = z.looseObject({
  hash: z.string().regex(/^0x[0-9a-f]{64}$/),
  number: z.string().regex(HEX),
  timestamp: z.string().regex(HEX),
});
type RpcBlock = z.infer<typeof blockSchema>;

const NS_PER_SECOND = 1_000_000_000n;

/**
 * Finds the last block at or before an instant, by halving.
 * @throws SolventError `block-not-there`, `header-not-hashed`, and as `RpcNode.call`.
 */
export async function findBlockAt(node: RpcNode, takenAt: string): Promise<BlockPair> {
  const instantNs = parseInstantNs(takenAt);
  const isAfter = (block: RpcBlock) => BigInt(block.timestamp) * NS_PER_SECOND > instantNs;
  const latest = await loadBlock(node, 'latest');
  if (!isAfter(latest)) {
    throw notThere(`a block after ${takenAt}`, 'none yet', 'wait for the next one');
  }
  let [low, high] = [0, Number(latest.number)];
  if (isAfter(await loadBlock(node, low))) throw notThere(`a block at or before ${takenAt}`, 'none');
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isAfter(await loadBlock(node, middle))) high = middle;
    else low = middle;
  }
  const [block, next] = [await loadBlock(node, low), await loadBlock(node, high)];
  const headers = { block: await encodeHeader(node, block), next: await encodeHeader(node, next) };
  return { number: low, hash: block.hash, nextHash: next.hash, headers };
}

/**
 * Loads a block’s hash and header.
 * @param tag a number, or what nodes call the last one that they hold for final.
 * @throws SolventError `block-not-there`, `header-not-hashed`, and as `RpcNode.call`.
 */
export async function loadHeader(
  node: RpcNode,
  tag: number | 'latest' | 'finalized',
): Promise<{ readonly number: number; readonly hash: string; readonly header: Uint8Array }> {
  const block = await loadBlock(node, tag);
  return { number: Number(block.number), hash: block.hash, header: await encodeHeader(node, block) };
}

/** The hash that a node has for a number. @throws SolventError `block-not-there`, and as `RpcNode.call`. */
export async function loadHash(node: RpcNode, number: number): Promise<string> {
  return (await loadBlock(node, number)).hash;
}

async function loadBlock(node: RpcNode, number: number | 'latest' | 'finalized'): Promise<RpcBlock> {
  const tag = typeof number === 'string' ? number : `0x${number.toString(16)}`;
  const parsed = blockSchema.safeParse(await node.call('eth_getBlockByNumber', [tag, false]));
  if (parsed.success) return parsed.data;
  throw notThere(`block ${number}`, 'none, or one without hash and time');
}

/** Writes a header from its fields, or takes it raw where the chain has fields of its own. */
async function encodeHeader(node: RpcNode, block: RpcBlock): Promise<Uint8Array> {
  const later = LATER_FIELDS.filter((name) => block[name] !== undefined && block[name] !== null);
  const values = [...FIELDS, ...later].map((name) => block[name]);
  if (values.every((value): value is string => typeof value === 'string' && HEX.test(value))) {
    const names = [...FIELDS, ...later];
    const header = encodeRlpList(values.map((value, index) => toFieldBytes(names[index]!, value)));
    if (hashEvm(header) === block.hash) return header;
  }
  const raw = await node.call('debug_getRawHeader', [block.number]).catch((error: unknown) => {
    if (error instanceof SolventError) return undefined;
    throw error;
  });
  if (typeof raw === 'string' && HEX.test(raw) && raw.length % 2 === 0) {
    const header = hexToBytes(raw.slice(2));
    if (hashEvm(header) === block.hash) return header;
  }
  throw refuseMaking('header-not-hashed', {
    expected: `a header that hashes to ${block.hash}`,
    found: 'other fields',
  });
}

function toFieldBytes(name: string, value: string): Uint8Array {
  const digits = value.slice(2);
  if (!NUMBERS.has(name)) return hexToBytes(digits);
  const stripped = digits.replace(/^0+/, '');
  return hexToBytes(stripped.length % 2 === 0 ? stripped : `0${stripped}`);
}

function notThere(expected: string, found: string, advice?: string) {
  return refuseMaking('block-not-there', {
    expected: `${expected} of the node`,
    found,
    ...(advice === undefined ? {} : { advice }),
  });
}
