import { joinKey, type WalletEntry } from '../../../protocol/reserves/index.js';
import { formatCount } from '../../../presentation/index.js';
import type { Passed } from '../../checklist.js';
import { assertNotFrozen, readTokenBalance } from '../evm/token.js';
import { refuseReserves } from '../failure.js';
import { keyOfToken, type CountedTokens } from './assets.js';
import type { PinnedChain, PinnedChains } from './blocks.js';
import type { ShownControl } from './control.js';
import type { ReservesContents } from './reading.js';

/** 8.8: every proven amount is that of the state, to the last unit, and every confirmed one that of its custodian. */
export function checkBalances(
  { entries }: ReservesContents,
  { chains, bitcoin }: PinnedChains,
  { tokens, confirmations }: { readonly tokens: CountedTokens } & Pick<ShownControl, 'confirmations'>,
): Passed<undefined> {
  const confirmed = listConfirmedAmounts(confirmations);
  let proven = 0;
  for (const { line: entry, position } of entries) {
    if (entry.kind === 'wallet' && entry.balance === 'proven') {
      const found = readBalance(entry, chains.get(entry.chain)!, tokens);
      if (found !== BigInt(entry.amount)) {
        throw refuseReserves(
          'balance-differs',
          `expected ${found.toString()} units by the state of the block at ${position}, got ${entry.amount}`,
        );
      }
      proven += 1;
    }
    // A balance that a node gives may be one that its issuer has stopped.
    if (entry.kind === 'wallet' && entry.balance === 'reproducible') {
      const { token } = tokens.get(keyOfToken(entry))!;
      if (token !== null) assertNotFrozen(chains.get(entry.chain)!.state, token, entry.address);
    }
    if (entry.kind === 'output') {
      bitcoin.get(entry.chain)!.assertOutput(entry, position);
      if (entry.balance === 'proven') proven += 1;
    }
    if (entry.kind === 'custody' && entry.level === 'attested') {
      const found = confirmed.get(joinKey(entry.custodian, entry.account, entry.asset));
      if (found !== entry.amount) {
        throw refuseReserves(
          'amount-not-confirmed',
          `expected ${found ?? 'nothing'} by the confirmation at ${position}, got ${entry.amount}`,
        );
      }
    }
  }
  return {
    value: undefined,
    compared: `${formatCount(proven, 'amount')} with the state of the blocks; everything shown is needed`,
  };
}

/** 8.8: every node and transaction is one that these checks or those before have needed. */
export function assertAllNeeded({ nodes }: ReservesContents, { bitcoin }: PinnedChains): void {
  for (const set of nodes.values()) set.assertAllReached();
  for (const chain of bitcoin.values()) chain.assertAllNeeded();
}

function readBalance(entry: WalletEntry, { state }: PinnedChain, tokens: CountedTokens): bigint {
  const { token } = tokens.get(keyOfToken(entry))!;
  return token === null
    ? (state.readAccount(entry.address)?.balance ?? 0n)
    : readTokenBalance(state, token, entry.address);
}

function listConfirmedAmounts(confirmations: ShownControl['confirmations']): ReadonlyMap<string, string> {
  const amounts = new Map<string, string>();
  for (const { custodian, amounts: confirmed } of confirmations.values()) {
    for (const { account, asset, amount } of confirmed) {
      amounts.set(joinKey(custodian, account, asset), amount);
    }
  }
  return amounts;
}
