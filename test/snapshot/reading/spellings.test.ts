import { dirname, join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { SourceError } from '../../../src/snapshot/reading/source-problems.js';
import { describeSpelling, plainDecimal } from '../../../src/snapshot/reading/spelling.js';
import {
  describeBalances,
  load,
  PRICES,
  readBooks,
  refusalOf as bookRefusalOf,
  writeParquet,
  writeVenue,
} from '../books/sources/venue.js';
import { balances, collectAccounts, refusalOf, takeSnapshot } from '../venue.js';

/** Spellings of amounts of at most 18 digits behind the point, and what each is. */
const TAKEN: readonly [stated: string, units: string][] = [
  ['0', '0'],
  ['-0', '0'],
  ['-0.00000000', '0'],
  ['0.000000000000000000000', '0'],
  [`-0.${'0'.repeat(40)}`, '0'],
  ['000012.50', '12.5'],
  ['12.5', '12.5'],
  [`12.5${'0'.repeat(17)}`, '12.5'],
  [`12.5${'0'.repeat(40)}`, '12.5'],
  [`12.${'0'.repeat(19)}`, '12'],
  ['12345678901', '12345678901'],
];

/** Spellings that no reader takes, and what every reader calls them. */
const REFUSED: readonly [stated: string, got: string][] = [
  ['1,000.25', 'a thousands separator'],
  ['1,234,567', 'a thousands separator'],
  ['12,34,567.5', 'a thousands separator'],
  ['1.234.567', 'a thousands separator'],
  ['1 000', 'a thousands separator'],
  ["1'000.5", 'a thousands separator'],
  ['1_000', 'a thousands separator'],
  ['1\u2009000', 'a thousands separator'],
  ['12,5', 'a decimal comma'],
  ['1.234,56', 'a decimal comma'],
  ['1.2E+12', 'an exponent'],
  ['5e-8', 'an exponent'],
  ['1E5', 'an exponent'],
  ['+1', 'a plus sign'],
  ['.5', 'a point without digits on one of its sides'],
  ['5.', 'a point without digits on one of its sides'],
  [' 1', 'white space at its ends'],
  ['1\u00a0', 'white space at its ends'],
  ['NULL', 'a word for no value'],
  ['n/a', 'a word for no value'],
  ['-', 'a word for no value'],
  ['0x1F', 'hexadecimal digits'],
  ['(12.50)', 'parentheses'],
  ['\u221212.5', 'a dash that is no minus'],
  ['$12.50', 'a unit beside the number'],
  ['12.50 USD', 'a unit beside the number'],
  ['50%', 'a per cent sign'],
  ['\uff11\uff12', 'digits or signs of another script'],
  ["'12", 'a quote or apostrophe in it'],
  ['twelve', 'another text'],
];

const quote = (text: string) => `"${text}"`;

/** The readers of amounts in books, each with what it writes its rows as. */
const READERS: Readonly<Record<string, (texts: readonly string[]) => Promise<string>>> = {
  csv: (texts) => {
    const rows = texts.map((text, index) => `u${index},USD,${quote(text)}\n`);
    return writeVenue(
      { 'prices.csv': PRICES, 'balances.csv': `account,asset,amount\n${rows.join('')}` },
      describeBalances('csv'),
    );
  },
  ndjson: (texts) => {
    const rows = texts.map((amount, index) => JSON.stringify({ account: `u${index}`, asset: 'USD', amount }));
    return writeVenue(
      { 'prices.csv': PRICES, 'balances.ndjson': rows.join('\n') },
      describeBalances('ndjson'),
    );
  },
  parquet: async (texts) => {
    const path = await writeVenue({ 'prices.csv': PRICES }, describeBalances('parquet'));
    const rows = texts.map((text, index) => `('u${index}', 'USD', '${text.replaceAll("'", "''")}')`);
    const query = `SELECT * FROM (VALUES ${rows.join(', ')}) AS stated (account, asset, amount)`;
    await writeParquet(join(dirname(path), 'balances.parquet'), query);
    return path;
  },
};

describe('the spellings of an amount', () => {
  it('are the same numbers in balances.csv', async () => {
    const rows = TAKEN.map(([stated], index) => `u${index},AAA,${stated},`);
    const assets = 'symbol,decimals,price,collateral_ratio\nAAA,2,10,0.5\n';
    const accounts = await collectAccounts(await takeSnapshot({ balances: balances(...rows), assets }));
    const held = new Map(
      accounts.map(({ userId, holdings }) => [userId, holdings[0]?.equityUnits ?? 0n] as const),
    );
    const expected = TAKEN.map(([, units], index) => [`u${index}`, BigInt(Number(units) * 100)] as const);
    expect(held).toEqual(new Map(expected));
  });

  it.each(Object.keys(READERS))('are the same numbers in books of %s', async (format) => {
    const { scratch } = await load(await READERS[format]!(TAKEN.map(([stated]) => stated)));
    const { stated_balance: rows } = await readBooks({ scratch }, ['stated_balance']);
    const held = new Map(rows!.map(({ account, amount }) => [account, plainDecimal(amount as string)]));
    expect(held).toEqual(new Map(TAKEN.map(([, units], index) => [`u${index}`, units])));
  });

  it('are refused by the kind of fault in balances.csv', async () => {
    const rows = REFUSED.map(([stated], index) => `u${index},AAA,${quote(stated)},`);
    const { problems } = await refusalOf({ balances: balances(...rows) });
    expect(problems.map(({ message }) => /got (.*?):/.exec(message)?.[1])).toEqual(
      REFUSED.map(([, got]) => got),
    );
    expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(['amount-malformed']));
  });

  it('are refused by the kind of fault in assets.csv', async () => {
    const rows = REFUSED.map(([stated], index) => `A${index},2,${quote(stated)},1\n`);
    const assets = `symbol,decimals,price,collateral_ratio\n${rows.join('')}`;
    const { problems } = await refusalOf({ balances: balances('ann,A1,1,0'), assets });
    expect(problems.map(({ message }) => /got (.*?):/.exec(message)?.[1])).toEqual(
      REFUSED.map(([, got]) => got),
    );
    expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(['decimal-malformed']));
  });

  it.each(Object.keys(READERS))('are refused by the kind of fault in books of %s', async (format) => {
    const path = await READERS[format]!(REFUSED.map(([stated]) => stated));
    const { problems } = (await bookRefusalOf(path)) as SourceError;
    expect(problems.map(({ message }) => /got (.*?):/.exec(message)?.[1])).toEqual(
      REFUSED.map(([, got]) => got),
    );
    expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(['amount-malformed']));
  });
});

describe('the spellings of other values', () => {
  it.each([
    ['instant', '', 'none'],
    ['instant', '2026-01-31', 'a day without a time'],
    ['instant', '2026-01-31T00:00:00', 'no zone'],
    ['instant', '2026-01-31 00:00:00.5', 'no zone'],
    ['instant', '1769817600', 'a number'],
    ['instant', '31.01.2026 00:00', 'another order or other signs'],
    ['instant', '2026/01/31 00:00:00Z', 'another order or other signs'],
    ['instant', '2026-01-31T00:00:00.0123456789Z', 'more than nine digits of a second'],
    ['instant', '2026-01-31 00:00:00 UTC', 'the name of a zone'],
    ['instant', '2026-02-30T00:00:00Z', 'a day, time or year that is none of these'],
    ['instant', '1600-01-01T00:00:00Z', 'a day, time or year that is none of these'],
    // As DuckDB writes what a column of Parquet has.
    ['instant', '9999-01-01 00:00:00+00', 'a day, time or year that is none of these'],
    ['instant', 'infinity', 'infinity'],
    ['boolean', 'True', 'it in another case'],
    ['boolean', 't', 'another word for it'],
    ['boolean', '1', 'another word for it'],
  ] as const)('as %s: %s', (kind, stated, got) => {
    expect(describeSpelling(kind, stated).got).toBe(got);
  });

  it('name what is listed where only its case is another', async () => {
    const { problems } = await refusalOf({
      balances: balances('ann,aaa,1,0', 'bob,CCC,1,0', 'cid,BBB ,1,0'),
    });
    expect(problems.map(({ message }) => message)).toEqual([
      'expected an asset that assets.csv lists, got AAA in another case: write AAA',
      'expected an asset that assets.csv lists, got another text: list it or correct the symbol',
      'expected an asset that assets.csv lists, got white space at its ends: write BBB',
    ]);
    const path = await writeVenue(
      { 'prices.csv': PRICES, 'balances.csv': 'account,asset,amount\na,btc,1\n' },
      describeBalances('csv'),
    );
    const error = (await bookRefusalOf(path)) as SourceError;
    expect(error.problems[0]!.message).toContain('got BTC in another case: write BTC');
  });
});
