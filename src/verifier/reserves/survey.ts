import { keccak_256 } from '@noble/hashes/sha3.js';

import { bytesToHex } from '../../protocol/index.js';
import {
  deriveChallenge,
  ENTRIES_FILE,
  EVIDENCE_FILE,
  type Evidence,
  type HeaderPair,
  type Pins,
  type PlacedTransaction,
  type ReserveEntry,
  type Reserves,
  type ReserveTotals,
} from '../../protocol/reserves/index.js';
import { assertAddresses } from './accounts/addresses.js';
import type { BitcoinContents } from './bitcoin/chain.js';
import { verifyWithNoble, type VerifyEcdsa } from './bitcoin/spend.js';
import { checkAssets } from './checks/assets.js';
import { checkBalances } from './checks/balances.js';
import { checkBlocks } from './checks/blocks.js';
import { checkControl } from './checks/control.js';
import { requireInstant } from './checks/origin.js';
import { checkOnce } from './checks/once.js';
import type { ReservesContents } from './checks/reading.js';
import { listCounted } from './checks/sums.js';
import { recoverWithNoble, type RecoverSigners } from './evm/signature.js';
import { NodeSet } from './evm/trie.js';
import type { Liabilities } from './liabilities.js';
import { composeTotals, sumReserves } from './sums.js';

/** Reserves that are being made: what will be in their files, with more nodes than they need. */
export type ReservesDraft = Omit<Reserves, 'files' | 'totals'> & {
  /** In their order, as `keyOfEntry` gives it. */
  readonly entries: readonly ReserveEntry[];
  /** In their order, as `keyOfEvidence` gives it. */
  readonly evidence: readonly Evidence[];
  /** By chain. */
  readonly headers: ReadonlyMap<string, HeaderPair>;
  /** By chain, in any order, some more than once. */
  readonly nodes: ReadonlyMap<string, readonly Uint8Array[]>;
  /** By Bitcoin network: headers, and transactions in the order of their ids. */
  readonly bitcoin?: ReadonlyMap<string, BitcoinContents>;
};

/** What a maker of reserves is told by the checks of their verifier. */
export type ReservesSurvey = {
  readonly totals: ReserveTotals;
  /** By chain: the nodes that the checks read, in their order. */
  readonly nodes: ReadonlyMap<string, readonly Uint8Array[]>;
  /** By Bitcoin network: the transactions that the checks needed, in their order. */
  readonly transactions?: ReadonlyMap<string, readonly PlacedTransaction[]>;
};

/**
 * Makes the checks 8.4 to 8.8 of a draft, as its readers will, and says which nodes they read and what the entries sum to.
 * @throws SolventError with the code of the first check that does not pass.
 */
export async function surveyReserves(
  draft: ReservesDraft,
  {
    pins,
    liabilities,
    recover = recoverWithNoble,
    verify = verifyWithNoble,
  }: {
    readonly pins: Pins;
    readonly liabilities: Liabilities;
    readonly recover?: RecoverSigners;
    readonly verify?: VerifyEcdsa;
  },
): Promise<ReservesSurvey> {
  const contents: ReservesContents = {
    entries: draft.entries.map((line, index) => ({ line, position: `${ENTRIES_FILE} line ${index + 1}` })),
    evidence: draft.evidence.map((line, index) => ({ line, position: `${EVIDENCE_FILE} line ${index + 1}` })),
    headers: draft.headers,
    nodes: new Map([...draft.nodes].map(([chain, nodes]) => [chain, new NodeSet(sortNodes(nodes))])),
    bitcoin: draft.bitcoin ?? new Map(),
  };
  assertAddresses(contents.entries);
  const { value: takenAt } = requireInstant({ ...draft, files: [], totals: [] });
  const reserves: Reserves = { ...draft, takenAt, files: [], totals: [] };
  const pinned = checkBlocks(reserves, contents, pins).value;
  checkOnce(reserves, contents);
  const tokens = checkAssets(contents, pinned, { pins, liabilities }).value;
  const challenge = deriveChallenge({ ...liabilities, takenAt, blocks: draft.blocks });
  const context = { reserves, challenge, pins, ...pinned, recover, verify };
  const { delegated, confirmations, audits } = (await checkControl(contents, context)).value;
  checkBalances(contents, pinned, { tokens, confirmations, audits, liabilities });
  const counted = listCounted(contents, { tokens, delegated, liabilities });
  return {
    totals: composeTotals(sumReserves(counted, liabilities.assets)),
    nodes: new Map([...contents.nodes].map(([chain, set]) => [chain, set.listReached()])),
    transactions: new Map([...pinned.bitcoin].map(([chain, found]) => [chain, found.listNeeded()])),
  };
}

/** Nodes in the order of their hashes, each once. */
export function sortNodes(nodes: readonly Uint8Array[]): Uint8Array[] {
  const byHash = new Map(nodes.map((node) => [bytesToHex(keccak_256(node)), node]));
  return [...byHash].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, node]) => node);
}
