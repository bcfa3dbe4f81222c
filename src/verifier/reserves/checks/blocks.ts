import { parseInstantNs } from '../../../protocol/index.js';
import {
  isAccountChain,
  isBitcoinChain,
  type AccountPin,
  type ChainPin,
  type Pins,
  type Reserves,
} from '../../../protocol/reserves/index.js';
import { formatCount } from '../../../presentation/index.js';
import type { Passed } from '../../checklist.js';
import { BitcoinChain } from '../bitcoin/chain.js';
import { parseEvmHeader, type EvmHeader } from '../evm/header.js';
import { ProvenState } from '../evm/state.js';
import { missForReserves, refuseReserves } from '../codes.js';
import type { ReservesContents } from './reading.js';

/** A chain at its pinned block. */
export type PinnedChain = {
  readonly pin: ChainPin;
  readonly header: EvmHeader;
  readonly state: ProvenState;
};

/** An account chain at its pinned block, of whose state nothing is checked. */
export type PinnedAccounts = { readonly pin: AccountPin; readonly number: number; readonly hash: string };

/** The chains of reserves at their blocks. */
export type PinnedChains = {
  readonly chains: ReadonlyMap<string, PinnedChain>;
  readonly bitcoin: ReadonlyMap<string, BitcoinChain>;
  readonly accounts: ReadonlyMap<string, PinnedAccounts>;
};

type Block = Reserves['blocks'][number];

const NS_PER_SECOND = 1_000_000_000n;

/** 8.4: every block is the one that the caller pinned, and the last at or before the instant by the pinned next one. */
export function checkBlocks(
  { blocks, takenAt }: Reserves,
  { headers, nodes, bitcoin: contents }: ReservesContents,
  pins: Pins,
): Passed<PinnedChains> {
  const chains = new Map<string, PinnedChain>();
  const bitcoin = new Map<string, BitcoinChain>();
  const accounts = new Map<string, PinnedAccounts>();
  for (const block of blocks) {
    if (isAccountChain(block.chain)) {
      accounts.set(block.chain, checkAccountBlock(block, pins));
      continue;
    }
    if (isBitcoinChain(block.chain)) {
      const found = contents.get(block.chain)!;
      bitcoin.set(block.chain, new BitcoinChain(block, found, { pins: pins.bitcoin ?? [], takenAt }));
      continue;
    }
    const pin = pins.chains.find(({ chain }) => chain === block.chain);
    const pinned = pin?.block ?? null;
    if (pin === undefined || pinned === null) {
      throw missForReserves('block-not-pinned', `expected a block of ${block.chain} in the pins, got none`);
    }
    if (block.hash !== pinned.hash) {
      throw refuseReserves(
        'block-differs',
        `expected block ${pinned.hash} of ${block.chain}, got ${block.hash}`,
      );
    }
    const pair = headers.get(block.chain)!;
    const header = checkHeader(parseEvmHeader(pair.block), block, pinned.hash);
    assertLastAtInstant(header, parseEvmHeader(pair.next), {
      chain: block.chain,
      nextHash: pinned.nextHash,
      takenAt,
    });
    chains.set(block.chain, {
      pin,
      header,
      state: new ProvenState(nodes.get(block.chain)!, header.stateRoot),
    });
  }
  return {
    value: { chains, bitcoin, accounts },
    compared: `${formatCount(blocks.length, 'block')} and the next of each with your pins, their times with ${takenAt}`,
  };
}

/** The block of an account chain is the pinned one. That it is the last at or before the instant, only who pinned it knows. */
function checkAccountBlock({ chain, number, hash }: Block, { accountChains = [] }: Pins): PinnedAccounts {
  const pin = accountChains.find((known) => known.chain === chain);
  const pinned = pin?.block ?? null;
  if (pin === undefined || pinned === null) {
    throw missForReserves('block-not-pinned', `expected a block of ${chain} in the pins, got none`);
  }
  if (hash !== pinned.hash || number !== pinned.number) {
    throw refuseReserves(
      'block-differs',
      `expected block ${pinned.number} ${pinned.hash} of ${chain}, got ${number} ${hash}`,
    );
  }
  return { pin, number, hash };
}

function checkHeader(header: EvmHeader, { chain, number }: Block, hash: string): EvmHeader {
  if (header.hash !== hash) {
    throw refuseReserves(
      'header-differs',
      `expected the header of block ${hash} of ${chain}, got that of ${header.hash}`,
    );
  }
  if (header.number !== BigInt(number)) {
    throw refuseReserves(
      'header-differs',
      `expected block number ${number} of ${chain}, got ${header.number.toString()} in its header`,
    );
  }
  return header;
}

function assertLastAtInstant(
  header: EvmHeader,
  next: EvmHeader,
  {
    chain,
    nextHash,
    takenAt,
  }: { readonly chain: string; readonly nextHash: string; readonly takenAt: string },
): void {
  if (next.hash !== nextHash || next.parentHash !== header.hash) {
    throw refuseReserves(
      'header-differs',
      `expected the header of the pinned next block ${nextHash} of ${chain}, got ${next.hash}`,
    );
  }
  const instantNs = parseInstantNs(takenAt);
  if (
    header.timestampSeconds * NS_PER_SECOND > instantNs ||
    next.timestampSeconds * NS_PER_SECOND <= instantNs
  ) {
    throw refuseReserves(
      'block-not-at-instant',
      `expected the last block of ${chain} at or before ${takenAt}, got ${header.timestampSeconds.toString()} s and ${next.timestampSeconds.toString()} s after it`,
    );
  }
}
