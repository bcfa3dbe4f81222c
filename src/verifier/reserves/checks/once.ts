import {
  ACCOUNT_CHAINS,
  isOnChain,
  joinKey,
  type AccountEntry,
  type ChainEntry,
  type Reserves,
} from '../../../protocol/reserves/index.js';
import { bytesToHex } from '../../../protocol/index.js';
import { formatCount } from '../../../presentation/index.js';
import type { Passed } from '../../checklist.js';
import { decodeAccount, listAccountBytes } from '../accounts/addresses.js';
import { refuseReserves } from '../codes.js';
import type { ReservesContents } from './reading.js';

/** An EVM address in any spelling, alone or behind a chain. */
const ADDRESS_LIKE = /^(?:[-a-zA-Z0-9]+:)*(?:0[xX])?([0-9a-fA-F]{40})$/;

/** An output of a Bitcoin transaction, a segwit address in any case, and an address in base 58. */
const OUTPUT_LIKE = /^(?:[-a-zA-Z0-9]+:)*([0-9a-fA-F]{64}):([0-9]{1,10})$/;
const MENTIONED_OUTPUT = /(?<![0-9a-fA-F])([0-9a-fA-F]{64})[^0-9a-zA-Z]+([0-9]{1,10})(?![0-9a-zA-Z])/g;
const SEGWIT_LIKE = /^(?:bc|tb|bcrt)1[02-9ac-hj-np-z]{11,87}$/i;
const BASE58_LIKE = /^[1-9A-HJ-NP-Za-km-z]{26,35}$/;
/** Tron's networks by the number that they go by where they are said to be EVM chains. */
const TRON_AS_EVM: Readonly<Record<string, string>> = {
  'tron:0x2b6653dc': 'eip155:728126428',
  'tron:0xcd8690dc': 'eip155:3448148188',
};

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
  const named = listNamed(entries);
  const held = new Set<string>();
  for (const { line: entry, position } of entries) {
    if (entry.encumbrance !== null && entry.encumbrance >= encumbrances.length) {
      throw refuseReserves(
        'encumbrance-not-listed',
        `expected a listed encumbrance at ${position}, got another`,
      );
    }
    const custodian = entry.kind === 'other' || entry.kind === 'audited' ? null : entry.custodian;
    if (custodian !== null && !ids.has(custodian)) {
      throw refuseReserves('custodian-not-listed', `expected a listed custodian at ${position}, got another`);
    }
    if (isOnChain(entry)) {
      if (!chains.has(entry.chain)) {
        throw refuseReserves('chain-not-listed', `expected a chain with a block at ${position}, got another`);
      }
      if (entry.kind === 'wallet' && held.has(joinKey(entry.chain, entry.address, entry.asset, 'twin'))) {
        throw refuseTwice(position);
      }
      // Only what another list names is kept: the entries of chains are many.
      for (const name of named.size === 0 ? [] : namesOf(entry)) {
        for (const chain of ['', entry.chain]) {
          const key = joinKey(chain, name, entry.asset);
          if (named.has(key)) held.add(key);
        }
      }
      const twin = entry.kind === 'account' ? toEvmTwin(entry) : undefined;
      if (twin !== undefined) held.add(joinKey(twin.chain, twin.address, entry.asset, 'twin'));
    }
  }
  // Custodians' accounts come first in the order of entries, then what nothing is checked of.
  const kept = new Set<string>();
  for (const { line: entry, position } of entries) {
    // What an auditor saw is none of the others by the auditor's word.
    if (isOnChain(entry) || entry.kind === 'audited') continue;
    const names = listNames(entry.account);
    const chain = entry.kind === 'other' ? entry.chain : '';
    const isHeld = listMentioned(entry.account).some((name) => held.has(joinKey(chain, name, entry.asset)));
    const keys = (names.length === 0 ? [entry.account] : names).map((name) => joinKey(name, entry.asset));
    // Two custodians may have accounts of one name, which no address is.
    const isKept = keys.some((key) => kept.has(key)) && (entry.kind === 'other' || names.length > 0);
    if (isHeld || isKept) throw refuseTwice(position);
    if (entry.kind === 'custody') for (const key of keys) kept.add(key);
  }
  return {
    value: undefined,
    compared: `${formatCount(entries.length, 'entry', 'entries')} with each other, over all lists`,
  };
}

/** What entries that stand on no chain of ours name, each with its asset. */
function listNamed(entries: ReservesContents['entries']): ReadonlySet<string> {
  const named = new Set<string>();
  for (const { line: entry } of entries) {
    if (isOnChain(entry) || entry.kind === 'audited') continue;
    const chain = entry.kind === 'other' ? entry.chain : '';
    for (const name of listMentioned(entry.account)) named.add(joinKey(chain, name, entry.asset));
  }
  return named;
}

function refuseTwice(position: string) {
  return refuseReserves(
    'counted-twice',
    `expected ${position} to be no wallet or account that is listed elsewhere, got one that is`,
  );
}

/** By what an account of another list may name the same amount. */
function namesOf(entry: ChainEntry): string[] {
  if (entry.kind === 'wallet') return [entry.address];
  if (entry.kind === 'output') return [entry.address, `${entry.transaction}:${entry.index}`];
  // An account is the same in every spelling of its bytes.
  return [entry.address, bytesToHex(decodeAccount(entry.chain, entry.address)!)];
}

/** The wallet that an account of Tron is where its network is said to be an EVM chain. */
function toEvmTwin({ chain, address }: AccountEntry): { chain: string; address: string } | undefined {
  const asEvm = ACCOUNT_CHAINS[chain]?.family === 'tron' ? TRON_AS_EVM[chain] : undefined;
  return asEvm === undefined
    ? undefined
    : { chain: asEvm, address: `0x${bytesToHex(decodeAccount(chain, address)!)}` };
}

/** What an account's text may name: addresses and outputs of chains, each in its one spelling and as its bytes. */
function listNames(account: string): string[] {
  const address = toAddress(account);
  return [...(address === undefined ? [] : [address]), ...account.split(/[:/]/).flatMap(listAccountBytes)];
}

/** The same of every word in it, wherever it stands: what an account's text mentions is that account. */
function listMentioned(account: string): string[] {
  const words = account.split(/[^0-9A-Za-z]+/).flatMap(listNames);
  const outputs = Array.from(account.matchAll(MENTIONED_OUTPUT), ([, id, index]) => nameOutput(id!, index!));
  return [...words, ...outputs];
}

/** An output in its one spelling. */
function nameOutput(id: string, index: string): string {
  return `${id.toLowerCase()}:${Number(index)}`;
}

/** An account that is an address or an output of a chain, in its one spelling. */
function toAddress(account: string): string | undefined {
  const digits = ADDRESS_LIKE.exec(account)?.[1];
  if (digits !== undefined) return `0x${digits.toLowerCase()}`;
  const [, id, index] = OUTPUT_LIKE.exec(account) ?? [];
  if (id !== undefined) return nameOutput(id, index!);
  const last = account.split(':').at(-1)!;
  if (SEGWIT_LIKE.test(last)) return last.toLowerCase();
  return BASE58_LIKE.test(last) ? last : undefined;
}
