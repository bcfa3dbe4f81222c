import {
  joinKey,
  type OutputEntry,
  type Reserves,
  type WalletEntry,
} from '../../../protocol/reserves/index.js';
import { formatCount } from '../../../presentation/index.js';
import type { Passed } from '../../checklist.js';
import { refuseReserves } from '../failure.js';
import type { ReservesContents } from './reading.js';

/** An EVM address in any spelling, alone or behind a chain. */
const ADDRESS_LIKE = /^(?:[-a-zA-Z0-9]+:)*(?:0[xX])?([0-9a-fA-F]{40})$/;

/** An output of a Bitcoin transaction, a segwit address in any case, and an address in base 58. */
const OUTPUT_LIKE = /^(?:[-a-zA-Z0-9]+:)*([0-9a-fA-F]{64}):([0-9]{1,10})$/;
const SEGWIT_LIKE = /^(?:bc|tb|bcrt)1[02-9ac-hj-np-z]{11,87}$/i;
const BASE58_LIKE = /^[1-9A-HJ-NP-Za-km-z]{26,35}$/;

/**
 * 8.5: each thing is there once, over all lists. Each list has been read in its strict order, so what is left is one amount in
 * two lists or under two custodians. What an entry names is listed.
 */
export function checkOnce(
  { blocks, custodians, encumbrances }: Reserves,
  { entries }: ReservesContents,
): Passed<undefined> {
  const chains = new Set(blocks.map(({ chain }) => chain));
  const ids = new Set(custodians.map(({ id }) => id));
  const held = new Set<string>();
  for (const { line: entry, position } of entries) {
    if (entry.encumbrance !== null && entry.encumbrance >= encumbrances.length) {
      throw refuseReserves(
        'encumbrance-not-listed',
        `expected a listed encumbrance at ${position}, got another`,
      );
    }
    const custodian = entry.kind === 'other' ? null : entry.custodian;
    if (custodian !== null && !ids.has(custodian)) {
      throw refuseReserves('custodian-not-listed', `expected a listed custodian at ${position}, got another`);
    }
    if (entry.kind === 'wallet' || entry.kind === 'output') {
      if (!chains.has(entry.chain)) {
        throw refuseReserves('chain-not-listed', `expected a chain with a block at ${position}, got another`);
      }
      for (const name of namesOf(entry)) {
        held.add(joinKey('', name, entry.asset));
        held.add(joinKey(entry.chain, name, entry.asset));
      }
    }
  }
  // Custodians' accounts come first in the order of entries, then what nothing is checked of.
  const kept = new Set<string>();
  for (const { line: entry, position } of entries) {
    if (entry.kind === 'wallet' || entry.kind === 'output') continue;
    const address = toAddress(entry.account);
    const account = joinKey(address ?? entry.account, entry.asset);
    const wallet = joinKey(entry.kind === 'other' ? entry.chain : '', address ?? '', entry.asset);
    // Two custodians may have accounts of one name, which no address is.
    const isKept = kept.has(account) && (entry.kind === 'other' || address !== undefined);
    if (held.has(wallet) || isKept) {
      throw refuseReserves(
        'counted-twice',
        `expected ${position} to be no wallet or account that is listed elsewhere, got one that is`,
      );
    }
    if (entry.kind === 'custody') kept.add(account);
  }
  return {
    value: undefined,
    compared: `${formatCount(entries.length, 'entry', 'entries')} with each other, over all lists`,
  };
}

/** By what an account of another list may name the same amount. */
function namesOf(entry: WalletEntry | OutputEntry): string[] {
  return entry.kind === 'wallet' ? [entry.address] : [entry.address, `${entry.transaction}:${entry.index}`];
}

/** An account that is an address or an output of a chain, in its one spelling. */
function toAddress(account: string): string | undefined {
  const digits = ADDRESS_LIKE.exec(account)?.[1];
  if (digits !== undefined) return `0x${digits.toLowerCase()}`;
  const [, id, index] = OUTPUT_LIKE.exec(account) ?? [];
  if (id !== undefined) return `${id.toLowerCase()}:${Number(index)}`;
  const last = account.split(':').at(-1)!;
  if (SEGWIT_LIKE.test(last)) return last.toLowerCase();
  return BASE58_LIKE.test(last) ? last : undefined;
}
