import {
  levelsOf,
  type OutputEntry,
  type ReserveEntry,
  type WalletEntry,
} from '../../../protocol/reserves/index.js';
import { formatCount } from '../../../presentation/index.js';
import type { Passed } from '../../checklist.js';
import { refuseReserves } from '../codes.js';
import type { ReservesLine } from '../lines.js';
import type { PinnedChains } from './blocks.js';
import type { ReservesContents } from './reading.js';

/** What a node of the caller's own is asked about one chain. */
export type NodeQuestion = {
  readonly chain: string;
  /** Blocks that the caller pinned; the first is the one that the entries are of. */
  readonly blocks: readonly { readonly number: number; readonly hash: string }[];
  /** What nothing shows offline. */
  readonly entries: readonly ReservesLine<WalletEntry | OutputEntry>[];
};

/** What a node says. */
export type NodeAnswer = {
  /** The hashes of the blocks that were asked for, in their order. */
  readonly hashes: readonly string[];
  /** By place: what was there at the first of the blocks, in units of the token; null where the node cannot say. */
  readonly amounts: ReadonlyMap<string, string | null>;
};

/** Asks a node of a chain; undefined where the caller named none. The verifier has no network: whoever calls it brings the way. */
export type AskNode = (question: NodeQuestion) => Promise<NodeAnswer | undefined>;

/** What became of the questions. */
export type AskedNodes = {
  /** Places of entries that no node confirmed: they count as stated. */
  readonly unsettled: ReadonlySet<string>;
  /** What is not shown for that, in sentences. */
  readonly open: readonly string[];
};

/** 8.8: the caller's nodes have the pinned blocks, and say of what is only reproducible the same as the reserves. */
export async function checkNodes(
  { entries }: Pick<ReservesContents, 'entries'>,
  chains: PinnedChains,
  ask: AskNode,
): Promise<Passed<AskedNodes>> {
  const unsettled = new Set<string>();
  const [open, compared]: [string[], string[]] = [[], []];
  for (const question of listQuestions(entries, chains)) {
    const { chain, entries: asked } = question;
    const answer = await ask(question);
    if (answer !== undefined) assertSameBlocks(question, answer);
    const left = asked.filter(({ line, position }) => !isConfirmed(line, { position, answer }));
    for (const { position } of left) unsettled.add(position);
    if (left.length > 0) open.push(describeOpen(question, left, answer === undefined));
    if (answer === undefined) continue;
    const confirmed = formatCount(asked.length - left.length, 'reproducible amount');
    compared.push(`the pinned blocks of ${chain} and ${confirmed} with your node`);
  }
  // Of chains that no node is asked about here nothing is confirmed.
  const asked = new Set(listQuestions(entries, chains).flatMap((question) => question.entries));
  const left = entries.filter(
    (placed) =>
      levelsOf(placed.line).balance === 'reproducible' &&
      !asked.has(placed as NodeQuestion['entries'][number]),
  );
  for (const { position } of left) unsettled.add(position);
  if (left.length > 0)
    open.push(
      `That ${formatCount(left.length, 'amount')} of other chains ${left.length === 1 ? 'was' : 'were'} there: no node was asked.`,
    );
  return { value: { unsettled, open }, compared: compared.join('; ') || 'no node of these chains was named' };
}

/** What only a node of the caller's would show of EVM chains, in sentences; of a Bitcoin network its outputs say it. */
export function describeUnasked(
  { entries }: Pick<ReservesContents, 'entries'>,
  chains: PinnedChains,
): string[] {
  return listQuestions(entries, chains)
    .filter((question) => chains.chains.has(question.chain) && question.entries.length > 0)
    .map((question) => describeOpen(question, question.entries, true));
}

function listQuestions(
  entries: readonly ReservesLine<ReserveEntry>[],
  { chains, bitcoin }: PinnedChains,
): NodeQuestion[] {
  const isOpen = (placed: ReservesLine<ReserveEntry>): placed is NodeQuestion['entries'][number] =>
    (placed.line.kind === 'wallet' || placed.line.kind === 'output') &&
    placed.line.balance === 'reproducible';
  const open = entries.filter(isOpen);
  const of = (chain: string) => open.filter(({ line }) => line.chain === chain);
  return [
    ...[...chains].map(([chain, { pin, header }]): NodeQuestion => {
      const number = Number(header.number);
      const { hash, nextHash } = pin.block!;
      return {
        chain,
        blocks: [
          { number, hash },
          { number: number + 1, hash: nextHash },
        ],
        entries: of(chain),
      };
    }),
    ...[...bitcoin].map(([chain, { pin, number }]): NodeQuestion => {
      const { hash, tip } = pin.block!;
      return { chain, blocks: [{ number, hash }, tip], entries: of(chain) };
    }),
  ];
}

function assertSameBlocks({ chain, blocks }: NodeQuestion, { hashes }: NodeAnswer): void {
  blocks.forEach(({ number, hash }, index) => {
    if (hashes[index] === hash) return;
    throw refuseReserves(
      'node-differs',
      `expected block ${number} ${hash} of ${chain} at your node as in your pins, got ${hashes[index] ?? 'none'}`,
    );
  });
}

function isConfirmed(
  { amount }: WalletEntry | OutputEntry,
  { position, answer }: { readonly position: string; readonly answer: NodeAnswer | undefined },
): boolean {
  const found = answer?.amounts.get(position) ?? null;
  if (found === null || found === amount) return found !== null;
  throw refuseReserves('node-differs', `expected ${found} units by your node at ${position}, got ${amount}`);
}

function describeOpen(
  { chain, blocks }: NodeQuestion,
  left: NodeQuestion['entries'],
  isUnasked: boolean,
): string {
  const what = `That ${formatCount(left.length, 'amount')} of ${chain} ${left.length === 1 ? 'was' : 'were'} there at block ${blocks[0]!.number}`;
  return isUnasked
    ? `${what}: ask a node of your own with solvent reserves check --node ${chain}=URL.`
    : `${what}: your node cannot say it any more of ${left.map(({ position }) => position).join(', ')}.`;
}
