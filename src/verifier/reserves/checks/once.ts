import {
  joinKey,
  type CustodyEntry,
  type OtherEntry,
  type Reserves,
} from '../../../protocol/reserves/index.js';
import { formatCount } from '../../../presentation/index.js';
import type { Passed } from '../../checklist.js';
import { refuseReserves } from '../failure.js';
import type { ReservesContents } from './reading.js';

/** An EVM address in any spelling, alone or behind a chain. */
const ADDRESS_LIKE = /^(?:[-a-zA-Z0-9]+:)*(?:0[xX])?([0-9a-fA-F]{40})$/;

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
  for (const { line: entry, place } of entries) {
    if (entry.encumbrance !== null && entry.encumbrance >= encumbrances.length) {
      throw refuseReserves(
        'encumbrance-not-listed',
        `expected a listed encumbrance at ${place}, got another`,
      );
    }
    const custodian = entry.kind === 'other' ? null : entry.custodian;
    if (custodian !== null && !ids.has(custodian)) {
      throw refuseReserves('custodian-not-listed', `expected a listed custodian at ${place}, got another`);
    }
    if (entry.kind === 'wallet') {
      if (!chains.has(entry.chain)) {
        throw refuseReserves('chain-not-listed', `expected a chain with a block at ${place}, got another`);
      }
      held.add(joinKey('', entry.address, entry.asset));
      held.add(joinKey(entry.chain, entry.address, entry.asset));
    }
  }
  for (const { line: entry, place } of entries) {
    if (entry.kind === 'wallet') continue;
    const key = keyOfAddress(entry);
    if (key === undefined) continue;
    if (held.has(key)) {
      throw refuseReserves(
        'counted-twice',
        `expected ${place} to be no wallet or account that is listed elsewhere, got one that is`,
      );
    }
    held.add(key);
  }
  return {
    value: undefined,
    compared: `${formatCount(entries.length, 'entry', 'entries')} with each other, over all lists`,
  };
}

/** What an account is the same by as a wallet: its address in one spelling; of a custodian on whatever chain it says. */
function keyOfAddress(entry: CustodyEntry | OtherEntry): string | undefined {
  const digits = ADDRESS_LIKE.exec(entry.account)?.[1];
  if (digits === undefined) return undefined;
  const chain = entry.kind === 'other' ? entry.chain : '';
  return joinKey(chain, `0x${digits.toLowerCase()}`, entry.asset);
}
