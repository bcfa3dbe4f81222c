import { z } from 'zod';

import { isBitcoinChain, type OutputEntry, type WalletEntry } from '../protocol/reserves/index.js';
import type { AskNode, NodeAnswer, NodeQuestion } from '../verifier/reserves/index.js';
import { askBitcoin, settleOutputs } from './bitcoin/capture.js';
import { loadHash } from './block.js';
import { refuseMaking } from './errors.js';
import { openRpcNode, type RpcNode } from './rpc.js';

/** `balanceOf(address)` of ERC-20. */
const BALANCE_OF = '0x70a08231';
/** Calls that wait at the same time. */
const CONCURRENCY = 8;

const quantity = z.string().regex(/^0x(?:0|[1-9a-f][0-9a-f]{0,63})$/);
const word = z.string().regex(/^0x[0-9a-f]{64}$/);
const bitcoinHash = z.string().regex(/^[0-9a-f]{64}$/);

/** What verifies reserves asks these nodes, each of one chain. */
export function askNodes(nodes: readonly { readonly chain: string; readonly url: string }[]): AskNode {
  return async (question) => {
    const found = nodes.find(({ chain }) => chain === question.chain);
    if (found === undefined) return undefined;
    const node = openRpcNode(found.url);
    return isBitcoinChain(question.chain) ? askAboutOutputs(node, question) : askAboutWallets(node, question);
  };
}

/**
 * What an address has at a block, in units of the token: a node that keeps the state of that block says it.
 * @throws SolventError as `RpcNode.call`.
 */
export async function askBalance(
  node: RpcNode,
  { address, contract, number }: Pick<WalletEntry, 'address' | 'contract'> & { readonly number: number },
): Promise<bigint> {
  const tag = `0x${number.toString(16)}`;
  const data = `${BALANCE_OF}${address.slice(2).padStart(64, '0')}`;
  const parsed =
    contract === null
      ? quantity.safeParse(await node.call('eth_getBalance', [address, tag]))
      : word.safeParse(await node.call('eth_call', [{ to: contract, data }, tag]));
  if (parsed.success) return BigInt(parsed.data);
  throw refuseMaking('rpc-answer-malformed', {
    expected: `what ${address} has of ${contract ?? 'the chain’s coin'}`,
    found: 'something else',
  });
}

/** Runs over all of a list, some at a time. */
export async function forEachOf<T>(list: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const work = async () => {
    for (let item = list[next++]; item !== undefined; item = list[next++]) await run(item);
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, list.length) }, work));
}

async function askAboutWallets(node: RpcNode, { chain, blocks, entries }: NodeQuestion): Promise<NodeAnswer> {
  const found = quantity.safeParse(await node.call('eth_chainId', []));
  const isSame = found.success && `eip155:${BigInt(found.data).toString()}` === chain;
  if (!isSame) {
    throw refuseMaking('node-of-other-chain', {
      expected: `a node of ${chain}`,
      found: found.success ? `one of eip155:${BigInt(found.data).toString()}` : 'one of no chain',
    });
  }
  const hashes: string[] = [];
  for (const { number } of blocks) hashes.push(await loadHash(node, number));
  const amounts = new Map<string, string | null>();
  // Of other blocks than the pinned ones nothing is asked.
  if (!blocks.every(({ hash }, index) => hash === hashes[index])) return { hashes, amounts };
  const { number } = blocks[0]!;
  await forEachOf(entries, async ({ line, position }) => {
    if (line.kind !== 'wallet') return;
    amounts.set(position, (await askBalance(node, { ...line, number })).toString());
  });
  return { hashes, amounts };
}

/** For an output that was made before, unspent now is unspent then; of one that is spent now a node without history says nothing. */
async function askAboutOutputs(node: RpcNode, { blocks, entries }: NodeQuestion): Promise<NodeAnswer> {
  const hashes: string[] = [];
  for (const { number } of blocks) hashes.push(await askBitcoin(node, bitcoinHash, ['getblockhash', number]));
  if (!blocks.every(({ hash }, index) => hash === hashes[index])) return { hashes, amounts: new Map() };
  const isOutput = (
    placed: NodeQuestion['entries'][number],
  ): placed is { line: OutputEntry; position: string } => placed.line.kind === 'output';
  const outputs = entries.filter(isOutput);
  const { others } = await settleOutputs(node, { ...blocks[0]!, outputs: outputs.map(({ line }) => line) });
  const spent = new Set(others);
  return {
    hashes,
    amounts: new Map(
      outputs.map(({ line, position }) => [
        position,
        spent.has(`${line.transaction}:${line.index}`) ? null : line.amount,
      ]),
    ),
  };
}
