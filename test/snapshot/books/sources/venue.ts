import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, onTestFinished } from 'vitest';

import type { SourceRole } from '../../../../src/snapshot/books/config.js';
import { parseBooksConfig } from '../../../../src/snapshot/books/config/parse-config.js';
import { parseInstantNs } from '../../../../src/snapshot/books/instant-ns.js';
import { loadBooks, type BookSource } from '../../../../src/snapshot/books/sources/load-books.js';
import { quoteText, Scratch, type ResultRow } from '../../../../src/snapshot/database/scratch.js';
import { SourceError, type SourceProblem } from '../../../../src/snapshot/reading/source-problems.js';
import { makeDirectory } from '../../../directory.js';

export const AT = '2026-01-31T00:00:00Z';
const COMPLETE = '2026-01-31T00:05:00Z';

/** Sources as CSV, by role; every venue needs prices, and balances where cash is not the ledger. */
export type Sources = Partial<Record<SourceRole, string>>;

export const PRICES = `asset,price,at,source
BTC,100000,2026-01-30T23:59:00Z,feed
USD,1,2026-01-30T23:59:00Z,feed
`;

/** A small venue in which nothing is wrong. */
export const SOUND: Sources = {
  accounts: 'account,user_id,class\na1,ann,user\na2,ann,user\nb1,bob,user\nh1,,house\n',
  balances: 'account,asset,amount\na1,BTC,1.5\na2,USD,-20.25\nb1,USD,1000\nh1,USD,5\n',
  opening: 'account,asset,amount\na1,BTC,1\n',
  control: 'asset,amount\nBTC,1.5\nUSD,984.75\n',
  ledger: `account,asset,amount,kind,at,reference,balance_after
a1,BTC,0.75,deposit,2026-01-30T10:00:00Z,r1,1.75
a1,BTC,-0.25,trade,2026-01-30T12:00:00.000000001+01:00,r2,1.5
b1,USD,1000,deposit,2026-01-31T00:00:00Z,r3,
b1,USD,7,deposit,2026-01-31T00:00:00.000000001Z,r4,
`,
  orders: 'account,order_id,asset,reserved\nb1,o1,USD,10\n',
  instruments: `instrument,kind,underlying,settlement_asset,contract_size,style,strike,expiry,right,netted
BTC-PERP,perpetual,BTC,USD,1,linear,,,,true
BTC-C,option,BTC,BTC,0.1,premium-paid,100000,2026-02-27T08:00:00Z,call,false
`,
  positions: `account,position_id,instrument,quantity,entry_price,margin_mode,margin,margin_outside_cash,at
a1,p1,BTC-PERP,2,99000,isolated,50,true,2026-01-30T00:00:00Z
b1,p2,BTC-PERP,-2,99000,cross,,,2026-01-30T00:00:00Z
b1,p3,BTC-PERP,-2,99000,cross,,,2026-01-31T08:00:00Z
`,
  settlements: `account,asset,kind,amount,in_cash,reference,position_id
a1,USD,funding,-0.5,false,s1,p1
b1,USD,withdrawal,3,true,s2,
`,
  collateral: 'account,asset,amount,direction,in_cash,reference\nb1,BTC,0.5,posted,false,c1\n',
  loans: `account,loan_id,asset,principal,interest,secured_by,position_id
a1,l1,USD,100,0.125,margin,p1
`,
  prices: PRICES,
  marks: `instrument,kind,price,price_asset,at,source
BTC-PERP,mark,100001,USD,2026-01-30T23:59:59Z,engine
BTC-C,volatility,0.6,,2026-01-30T23:59:59Z,engine
`,
};

/** The directory of our statements, from that of the room. */
const QUERIES = '../../../test/snapshot/books/sources/queries';

/** A database that is closed after the test. */
export async function openScratch(): Promise<Scratch> {
  const scratch = await Scratch.open(join(await makeDirectory(), 'scratch'));
  onTestFinished(() => {
    scratch.close();
  });
  return scratch;
}

/** The lines of a configuration but for its sources. */
export const HEADING = `format: solvent/books/v1
platform: Example Options
quote: USD
cash: balances-total
maxMarkAge: 10m
assets:
  - {symbol: BTC, decimals: 8, collateralRatio: 0.95, maxPriceAge: 10m}
  - {symbol: USD, decimals: 2, collateralRatio: 1, maxPriceAge: 1d}
`;

/** A configuration whose sources are files of one format. */
export function describeFiles(roles: readonly string[], format: string, more = ''): string {
  const lines = roles.map(
    (role) => `  ${role}: {files: ['${role}.${format}'], format: ${format}, completeTo: ${COMPLETE}${more}}`,
  );
  return `${HEADING}sources:\n${lines.join('\n')}\n`;
}

/** The header of balances.csv. */
export const BALANCES = 'account,asset,amount\n';

/** A configuration with balances of one format, and prices. */
export function describeBalances(format: string, more = ''): string {
  return `${HEADING}sources:
  balances: {files: ['balances*.${format}'], format: ${format}, completeTo: 2026-01-31T00:05:00Z${more}}
  prices: {files: [prices.csv], format: csv, completeTo: 2026-01-31T00:05:00Z}
`;
}

/** Writes files and a configuration into a new directory, and gives the path of the configuration. */
export async function writeVenue(
  files: Readonly<Record<string, string | Uint8Array>>,
  config: string,
): Promise<string> {
  const directory = await makeDirectory();
  for (const [name, content] of Object.entries(files)) await writeFile(join(directory, name), content);
  const path = join(directory, 'snapshot.yaml');
  await writeFile(path, config);
  return path;
}

/** Writes sources as CSV files with their configuration. */
export async function writeCsvVenue(sources: Sources): Promise<string> {
  const files = Object.entries(sources).map(([role, text]) => [`${role}.csv`, text]);
  return writeVenue(
    Object.fromEntries(files) as Record<string, string>,
    describeFiles(Object.keys(sources), 'csv'),
  );
}

export type Loaded = { readonly scratch: Scratch; readonly sources: readonly BookSource[] };

/** Loads the books of a configuration file. */
export async function load(configPath: string): Promise<Loaded> {
  const scratch = await openScratch();
  const config = await parseBooksConfig(configPath);
  const { sources } = await loadBooks(scratch, config, { atNs: parseInstantNs(AT) });
  return { scratch, sources };
}

/** The rows of a table, every value as text, in an order of their own. */
export async function readTable(scratch: Scratch, table: string): Promise<ResultRow[]> {
  return scratch.select(`${QUERIES}/select-table`, { table });
}

/** The tables that books are read into. */
export const TABLES = [
  'book_asset',
  'book_account',
  'instrument',
  'stated_balance',
  'opening_balance',
  'control_balance',
  'open_order',
  'open_position',
  'settlement',
  'collateral',
  'loan',
  'asset_price',
  'mark',
  'ledger',
  'ledger_sum',
];

/** The rows of all tables, or some. */
export async function readBooks(
  { scratch }: Pick<Loaded, 'scratch'>,
  tables: readonly string[] = TABLES,
): Promise<Record<string, ResultRow[]>> {
  const books: Record<string, ResultRow[]> = {};
  for (const table of tables) books[table] = await readTable(scratch, table);
  return books;
}

/** Writes the rows of a query into a Parquet file. */
export async function writeParquet(path: string, query: string): Promise<void> {
  const scratch = await openScratch();
  await scratch.run(`${QUERIES}/write-parquet`, { query, path: quoteText(path) });
}

/** The error with which the books of a configuration file are refused. */
export async function refusalOf(configPath: string): Promise<unknown> {
  return load(configPath).then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** The problems of a venue in short, `file:line column code`, with one or more of the sound sources replaced. */
export async function problemsOf(sources: Sources): Promise<string[]> {
  const error = await refusalOf(await writeCsvVenue({ ...SOUND, ...sources }));
  expect(error).toBeInstanceOf(SourceError);
  return (error as SourceError).problems.map(shorten);
}

/** A problem in short: `file:line column code`. */
export function shorten({ file, line, column, code }: SourceProblem): string {
  return `${file}:${line} ${column ?? '-'} ${code}`;
}
