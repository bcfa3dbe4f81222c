import { within } from '../../../protocol/index.js';
import {
  joinKey,
  keyOfEntry,
  nameConfirmedAccount,
  type ReserveEntry,
  type WalletEntry,
} from '../../../protocol/reserves/index.js';
import { formatCount } from '../../../presentation/index.js';
import type { Passed } from '../../checklist.js';
import { assertNotFrozen, readTokenBalance } from '../evm/token.js';
import { refuseReserves } from '../codes.js';
import type { Liabilities } from '../liabilities.js';
import { floorToUnits } from '../sums.js';
import { keyOfCounted, keyOfToken, type CountedTokens } from './assets.js';
import type { PinnedChain, PinnedChains } from './blocks.js';
import type { ShownControl } from './control.js';
import type { ReservesContents } from './reading.js';

/** 8.8: every proven amount is that of the state, to the last unit, and every confirmed one that of its custodian. */
export function checkBalances(
  { entries }: ReservesContents,
  { chains, bitcoin }: PinnedChains,
  {
    tokens,
    confirmations,
    audits,
    liabilities,
  }: { readonly tokens: CountedTokens; readonly liabilities: Liabilities } & Pick<
    ShownControl,
    'confirmations' | 'audits'
  >,
): Passed<undefined> {
  const confirmed = listConfirmedAmounts({ confirmations, audits });
  const unitDecimals = new Map(liabilities.assets.map(({ asset, decimals }) => [asset, decimals]));
  let proven = 0;
  for (const { line: entry, position } of entries) {
    if (entry.kind === 'wallet' && entry.balance === 'proven') {
      const found = within(position, () => readBalance(entry, chains.get(entry.chain)!, tokens));
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
      const { state } = chains.get(entry.chain)!;
      if (token !== null)
        within(position, () => {
          assertNotFrozen(state, token, entry.address);
        });
    }
    if (entry.kind === 'output') {
      bitcoin.get(entry.chain)!.assertOutput(entry, position);
      if (entry.balance === 'proven') proven += 1;
    }
    const confirmation = confirmedOf(entry, tokens, unitDecimals);
    if (confirmation !== undefined) {
      const found = confirmed.get(confirmation.key);
      if (found !== confirmation.amount) {
        throw refuseReserves(
          'amount-not-confirmed',
          `expected ${found ?? 'nothing'} by the confirmation at ${position}, got ${confirmation.amount}`,
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

/** What a custodian or auditor must have confirmed of an entry, in proof units, floored; undefined where nothing is attested. */
function confirmedOf(
  entry: ReserveEntry,
  tokens: CountedTokens,
  unitDecimals: ReadonlyMap<string, number>,
): { readonly key: string; readonly amount: string } | undefined {
  if (entry.kind === 'custody' && entry.level === 'attested') {
    return { key: joinKey(entry.custodian, entry.account, entry.asset), amount: entry.amount };
  }
  if (entry.kind === 'audited') return { key: keyOfEntry(entry), amount: entry.amount };
  if (entry.kind !== 'account' || entry.balance !== 'attested') return undefined;
  const { decimals } = tokens.get(keyOfCounted(entry))!;
  const units = unitDecimals.get(entry.asset)!;
  const amount = floorToUnits(BigInt(entry.amount), decimals, units);
  return {
    key: joinKey(entry.custodian!, nameConfirmedAccount(entry), entry.asset),
    amount: amount.toString(),
  };
}

function readBalance(entry: WalletEntry, { state }: PinnedChain, tokens: CountedTokens): bigint {
  const { token } = tokens.get(keyOfToken(entry))!;
  return token === null
    ? (state.readAccount(entry.address)?.balance ?? 0n)
    : readTokenBalance(state, token, entry.address);
}

function listConfirmedAmounts({
  confirmations,
  audits,
}: Pick<ShownControl, 'confirmations' | 'audits'>): ReadonlyMap<string, string> {
  const amounts = new Map<string, string>();
  for (const { custodian, amounts: confirmed } of confirmations.values()) {
    for (const { account, asset, amount } of confirmed) {
      amounts.set(joinKey(custodian, account, asset), amount);
    }
  }
  for (const { auditor, amounts: seen } of audits.values()) {
    for (const { asset, amount } of seen) amounts.set(joinKey('audited', auditor, asset), amount);
  }
  return amounts;
}
