import { encodeCanonicalJson } from '../../../protocol/index.js';
import { isOnChain, joinKey, levelsOf, type Reserves } from '../../../protocol/reserves/index.js';
import { formatCount } from '../../../presentation/index.js';
import type { Passed } from '../../checklist.js';
import { refuseReserves } from '../codes.js';
import type { Liabilities } from '../liabilities.js';
import {
  composeTotals,
  floorToUnits,
  sumReserves,
  type AmountMark,
  type AssetSums,
  type CountedEntry,
} from '../sums.js';
import { keyOfCounted, type CountedTokens } from './assets.js';
import type { ShownControl } from './control.js';
import type { ReservesContents } from './reading.js';

/**
 * 8.9: the totals are the sums of the entries, floored to proof units.
 * @returns the sums that count, in which an entry that no node confirmed is stated.
 */
export function checkSums(
  reserves: Reserves,
  contents: ReservesContents,
  found: {
    readonly tokens: CountedTokens;
    readonly delegated: ShownControl['delegated'];
    readonly liabilities: Liabilities;
    /** Places of entries that nodes were asked about and did not confirm. */
    readonly unsettled?: ReadonlySet<string>;
  },
): Passed<readonly AssetSums[]> {
  const { tokens, delegated, liabilities } = found;
  const sums = sumReserves(listCounted(contents, { tokens, delegated, liabilities }), liabilities.assets);
  const expected = composeTotals(sums);
  if (!areSame(expected, reserves.totals)) {
    const differing = expected.find(
      (total) => !areSame(total, reserves.totals.find(({ asset }) => asset === total.asset) ?? null),
    );
    throw refuseReserves(
      'reserves-totals-differ',
      `expected the sums of the entries as totals, got others${differing === undefined ? '' : ` of ${differing.asset}`}`,
    );
  }
  return {
    value:
      (found.unsettled?.size ?? 0) === 0
        ? sums
        : sumReserves(listCounted(contents, found), liabilities.assets),
    compared: `${formatCount(expected.length, 'total')} with the sums of the entries`,
  };
}

/** The entries with the decimals of their amounts and what they are marked as. */
export function* listCounted(
  { entries }: Pick<ReservesContents, 'entries'>,
  {
    tokens,
    delegated,
    liabilities,
    unsettled,
  }: {
    readonly tokens: CountedTokens;
    readonly delegated: ShownControl['delegated'];
    readonly liabilities: Liabilities;
    readonly unsettled?: ReadonlySet<string>;
  },
): Generator<CountedEntry> {
  const unitDecimals = new Map(liabilities.assets.map(({ asset, decimals }) => [asset, decimals]));
  for (const { line: entry, position } of entries) {
    const levels =
      unsettled?.has(position) === true
        ? { ...levelsOf(entry), balance: 'stated' as const }
        : levelsOf(entry);
    if (!isOnChain(entry)) {
      const marks: AmountMark[] =
        entry.kind === 'custody' ? ['custodian'] : entry.kind === 'audited' ? ['audited'] : [];
      yield { entry, levels, decimals: unitDecimals.get(entry.asset)!, marks };
      continue;
    }
    const { decimals, kind } = tokens.get(keyOfCounted(entry))!;
    const marks: AmountMark[] = kind === 'issued' ? [] : [kind];
    if (entry.control === 'custodian') marks.push('custodian');
    if (entry.kind === 'wallet' && delegated.has(joinKey('wallet', entry.chain, entry.address)))
      marks.push('delegated');
    if (entry.kind !== 'account' || entry.balance !== 'attested') {
      yield { entry, levels, decimals, marks };
      continue;
    }
    // What is confirmed of each, and no more: the parts of units that nobody confirmed would be units in a sum.
    const units = unitDecimals.get(entry.asset)!;
    const amount = floorToUnits(BigInt(entry.amount), decimals, units).toString();
    yield { entry: { ...entry, amount }, levels, decimals: units, marks };
  }
}

function areSame(a: unknown, b: unknown): boolean {
  const [left, right] = [encodeCanonicalJson(a), encodeCanonicalJson(b)];
  return left.length === right.length && left.every((byte, index) => right[index] === byte);
}
