import type { Scratch } from '../../database/scratch.js';
import type { BooksConfig } from '../config.js';
import { loadAssetPrices, loadMarks, type Marks } from './asset-prices.js';
import { type HeldInstrument, loadInstruments } from './instruments/load-instruments.js';

import { quoteInstruments, type QuotedInstrument } from './instruments/quote.js';
import { formatInstantNs } from '../instant-ns.js';
import { mostDecimalsOf } from '../../units/choose-decimals.js';
import { readLargestAmounts } from './decide-decimals.js';
import { limitIsolatedLosses, type IsolatedLosses } from './isolated-losses.js';

import { insertPositionComponents, type PositionCounts } from './position-components.js';
import { refuseRows, RefusedNames } from './refusals.js';

/** What the books were valued at, without anybody's amounts. */
export type ValuationSummary = {
  /** Open positions of users, and how many of them are at a model price. */
  readonly positions: PositionCounts;
  /** The instruments that users have open positions in, and the age of the oldest of their prices. */
  readonly instruments: { readonly count: number; readonly oldestPricedAt: string | null };
  readonly isolatedLosses: IsolatedLosses;
  /** What the components of each kind add up to, by kind and then in the order of assets; proof units, signed. */
  readonly components: readonly ComponentSum[];
};

/** The sum of all users' components of one kind in one asset. */
export type ComponentSum = {
  readonly kind: string;
  readonly asset: string;
  readonly lines: number;
  readonly units: bigint;
};

const POSITION_FAULTS: Readonly<Record<string, string>> = {
  'entry-price': 'an entry price above 0 (or not negative, for futures-style options)',
  foreign: 'settlements and loans that name a position of their own account',
  instrument: 'positions in instruments that the source instruments lists',
  'margin-missing': 'a margin that is not negative for each isolated position',
  'margin-mode': 'a margin mode of cross or isolated',
  'margin-stray': 'no margin outside cash for positions in the cross account',
  'position-id': 'a position id that is neither empty nor cross for isolated positions',
};

/**
 * Values the books at the instant. Fills the table `component` with the signed components of every account of a user,
 * each rounded up to proof units. Makes the table `holding` of them. Each thing is counted once, as the configuration
 * and the sources declare. It does not reconcile anything.
 * @param atNs the instant, nanoseconds since 1970 UTC.
 * @throws SolventError of class `source` with a `ValuationCode`; no account and no amount is in it.
 */
export async function valueBooks(
  scratch: Scratch,
  config: BooksConfig,
  atNs: bigint,
): Promise<ValuationSummary> {
  await scratch.set('cash_from', config.cash);
  await scratch.runSection('books/valuation', 'schema');
  await refuseUnassignedAccounts(scratch);
  await refuseMalformedPositions(scratch);
  await scratch.set('at_ns', atNs);
  await scratch.run('books/valuation/insert-stated-components');
  const instruments = await loadInstruments(scratch, config);
  const marks = await loadMarks(scratch);
  const used = await findUsedAssets(scratch, config, { instruments, marks });
  const prices = await loadAssetPrices(scratch, config, { atNs, used });
  const quotes = quoteInstruments(instruments, marks, { config, atNs, prices });
  const positions = await insertPositionComponents(scratch, config, quotes);
  await refuseTooLarge(scratch, 'find-components-too-large');
  const isolatedLosses = await limitIsolatedLosses(scratch, config, prices);
  await scratch.run('books/valuation/create-bucket-net');
  await scratch.run('books/valuation/create-holding-from-components');
  await scratch.run('books/valuation/insert-empty-holdings');
  await refuseTooLarge(scratch, 'find-holdings-too-large');
  await scratch.run('books/valuation/drop-bucket-net');
  return {
    positions,
    instruments: { count: quotes.size, oldestPricedAt: findOldest(quotes) },
    isolatedLosses,
    components: await sumComponents(scratch),
  };
}

async function refuseUnassignedAccounts(scratch: Scratch): Promise<void> {
  const [unassigned] = await scratch.select('books/valuation/count-unassigned-accounts');
  const [nameless] = await scratch.select('books/valuation/count-nameless-accounts');
  const count = Number(unassigned!.account_count) + Number(nameless!.account_count);
  if (count === 0) return;
  throw refuseRows(
    'account-unassigned',
    {
      expected:
        'every account in the source accounts, with its user or as the house, insurance or a fee account',
      got: `${count} that are not`,
      advice: 'add them: what belongs to nobody would be owed to nobody',
    },
    { count },
  );
}

async function refuseMalformedPositions(scratch: Scratch): Promise<void> {
  const [first] = await scratch.select('books/valuation/find-malformed-positions');
  if (first === undefined) return;
  const [fault, count] = [first.fault as string, Number(first.row_count)];
  const got = count === 1 ? 'one row with something else' : `${count} rows with something else`;
  throw refuseRows(
    'position-malformed',
    { expected: POSITION_FAULTS[fault]!, got, advice: 'correct the source positions' },
    { fault, count },
  );
}

/** The assets that users have, and those that what they have is valued or settled in. */
async function findUsedAssets(
  scratch: Scratch,
  { assets }: BooksConfig,
  { instruments, marks }: { instruments: readonly HeldInstrument[]; marks: ReadonlyMap<string, Marks> },
): Promise<ReadonlySet<string>> {
  const held = await scratch.select('books/valuation/select-component-assets');
  const priced = [...marks.values()].flatMap((kinds) => [...kinds.values()].map(({ asset }) => asset));
  return new Set([
    ...held.map(({ symbol }) => symbol as string),
    ...instruments.map(({ settlementIndex }) => assets[settlementIndex]!.symbol),
    ...priced,
  ]);
}

/**
 * Makes sure that no user owes an asset of price 0. The tables `asset` and `holding` are there.
 * @throws SolventError `debt-without-price` of class `source`; details list the assets.
 */
export async function assertDebtsHavePrices(scratch: Scratch): Promise<void> {
  const refused = new RefusedNames('assets');
  for (const { symbol } of await scratch.select('sealed/select-debts-without-price')) {
    refused.add('debt-without-price', symbol as string);
  }
  refused.throwIfAny();
}

async function refuseTooLarge(scratch: Scratch, query: string): Promise<void> {
  const found = await scratch.select(`books/valuation/${query}`);
  if (found.length === 0) return;
  const refused = new RefusedNames('assets');
  // What is far too large was capped where it was valued; what was stated was not.
  const stated = await readLargestAmounts(scratch);
  for (const { asset_index: index, symbol, decimals, largest } of found) {
    const valued = { coefficient: largest as bigint, fractionDigits: decimals as number };
    const most = Math.min(mostDecimalsOf(valued), mostDecimalsOf(stated.get(index as number) ?? valued));
    refused.add('amount-too-large', symbol as string, adviseMost(symbol as string, most));
  }
  refused.throwIfAny();
}

function adviseMost(symbol: string, most: number): string {
  return most < 0 ? `no decimals hold the amounts of ${symbol}` : `give ${symbol} at most ${most} decimals`;
}

function findOldest(quotes: ReadonlyMap<string, QuotedInstrument>): string | null {
  let oldest: bigint | undefined;
  for (const { quoted } of quotes.values()) {
    if (oldest === undefined || quoted.oldestNs < oldest) oldest = quoted.oldestNs;
  }
  return oldest === undefined ? null : formatInstantNs(oldest);
}

async function sumComponents(scratch: Scratch): Promise<ComponentSum[]> {
  const sums = await scratch.select('books/valuation/select-component-sums');
  return sums.map((sum) => ({
    kind: sum.kind as string,
    asset: sum.symbol as string,
    lines: Number(sum.line_count),
    units: sum.units as bigint,
  }));
}
