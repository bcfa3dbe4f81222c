import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { SourceRole } from '../../../../src/snapshot/books/config.js';
import { parseBooksConfig } from '../../../../src/snapshot/books/config/parse-config.js';
import { parseInstantNs } from '../../../../src/snapshot/books/instant-ns.js';
import { loadBooks } from '../../../../src/snapshot/books/sources/load-books.js';
import { SOURCE_SHAPES } from '../../../../src/snapshot/books/sources/shapes.js';
import { quoteName, quoteText } from '../../../../src/snapshot/database/scratch.js';
import { SourceError } from '../../../../src/snapshot/reading/source-problems.js';
import {
  AT,
  BALANCES,
  describeBalances,
  describeFiles,
  load,
  openScratch,
  PRICES,
  readBooks,
  refusalOf,
  shorten,
  SOUND,
  writeCsvVenue,
  writeParquet,
  writeVenue,
} from './venue.js';
import { makeDirectory } from '../../../directory.js';

const ROLES = Object.keys(SOUND) as SourceRole[];

/** Problems of a venue of balances in files of one format. */
async function balanceProblems(
  files: Readonly<Record<string, string | Uint8Array>>,
  format: string,
  more?: string,
): Promise<string[]> {
  const error = await refusalOf(
    await writeVenue({ ...files, 'prices.csv': PRICES }, describeBalances(format, more)),
  );
  expect(error).toBeInstanceOf(SourceError);
  return (error as SourceError).problems.map(shorten);
}

/** The columns of a role as a Parquet file has them, read from the CSV file. */
function typedColumns(role: SourceRole, header: readonly string[]): string {
  return header
    .map((name) => {
      const { kind } = SOURCE_SHAPES[role].columns[name]!;
      const column = quoteName(name);
      if (kind.startsWith('amount')) return `${column}::DECIMAL(38, 18) AS ${column}`;
      if (kind === 'instant') return `${column}::TIMESTAMP_NS AS ${column}`;
      return kind === 'boolean' ? `${column}::BOOLEAN AS ${column}` : column;
    })
    .join(', ');
}

describe('the formats of source files', () => {
  it('give the same tables from CSV, Parquet and NDJSON', async () => {
    const csvPath = await writeCsvVenue(SOUND);
    const parquetPath = await writeVenue({}, describeFiles(ROLES, 'parquet', ', timeZone: UTC'));
    const jsonFiles: Record<string, string> = {};
    for (const role of ROLES) {
      const [header, ...rows] = SOUND[role]!.trim()
        .split('\n')
        .map((line) => line.split(','));
      const from = `read_csv(${quoteText(join(dirname(csvPath), `${role}.csv`))}, all_varchar = true, header = true)`;
      const query = `SELECT ${typedColumns(role, header!)} FROM ${from}`;
      await writeParquet(join(dirname(parquetPath), `${role}.parquet`), query);
      const objects = rows.map((row) => Object.fromEntries(header!.map((name, index) => [name, row[index]])));
      jsonFiles[`${role}.ndjson`] = objects.map((object) => `${JSON.stringify(object)}\n`).join('');
    }
    const expected = await readBooks(await load(csvPath));
    expect(await readBooks(await load(parquetPath))).toEqual(expected);
    expect(await readBooks(await load(await writeVenue(jsonFiles, describeFiles(ROLES, 'ndjson'))))).toEqual(
      expected,
    );
  });

  it('take the files of a pattern together, in the order of their names', async () => {
    const files = {
      'prices.csv': PRICES,
      'balances-2.csv': `${BALANCES}b,USD,2\n`,
      'balances-1.csv': `${BALANCES}a,USD,1\n`,
      'balances-3.csv': BALANCES,
      'balances-4.csv': BALANCES,
    };
    const { sources } = await load(await writeVenue(files, describeBalances('csv')));
    const balances = sources.find(({ role }) => role === 'balances')!;
    expect(balances.rows).toBe(2);
    expect(balances.files.map(({ fileName }) => fileName)).toEqual(
      [1, 2, 3, 4].map((n) => `balances-${n}.csv`),
    );
  });

  it('find columns by the names that the configuration gives, and pass over those that it says', async () => {
    const files = { 'prices.csv': PRICES, 'balances.csv': 'x,qty,x,acct\n?,1,?,a\n' };
    const config = describeBalances(
      'csv',
      ', columns: {account: acct, amount: qty}, constants: {asset: USD}, ignore: [x]',
    );
    const { scratch } = await load(await writeVenue(files, config));
    expect(await readBooks({ scratch }, ['stated_balance'])).toEqual({
      stated_balance: [{ account: 'a', asset_index: '1', amount: '1.000000000000000000' }],
    });
  });

  it('name the file and line of each fault in several files', async () => {
    const files = {
      'balances-1.csv': `${BALANCES}a,USD,1\nb,USD,x\n`,
      'balances-2.csv': `${BALANCES}c,USD,1\n\n"d",USD,1e1\nc,BTC,1,1\n`,
    };
    expect(await balanceProblems(files, 'csv')).toEqual([
      'balances-1.csv:3 amount amount-malformed',
      'balances-2.csv:3 - row-blank',
      'balances-2.csv:4 amount amount-malformed',
      'balances-2.csv:5 - row-ragged',
    ]);
  });

  it('name the first place of a row that is doubled over two files', async () => {
    const files = {
      'balances-1.csv': `${BALANCES}a,USD,1\n`,
      'balances-2.csv': `${BALANCES}b,USD,1\na,USD,2\n`,
    };
    const path = await writeVenue({ ...files, 'prices.csv': PRICES }, describeBalances('csv'));
    const error = (await refusalOf(path)) as SourceError;
    expect(error.problems.map(shorten)).toEqual(['balances-2.csv:3 asset row-doubled']);
    expect(error.problems[0]!.message).toContain('the first is line 2 of balances-1.csv');
  });

  it('read CSV that is not plain by the exact reader', async () => {
    const text = '\ufeffaccount,asset,amount\r\n"a""b",USD,"1"\r\n"c,d",USD,2\n';
    const files = { 'prices.csv': PRICES, 'balances.csv': text };
    const { scratch } = await load(await writeVenue(files, describeBalances('csv')));
    const { stated_balance: rows } = await readBooks({ scratch }, ['stated_balance']);
    expect(rows!.map(({ account, amount }) => [account, amount])).toEqual([
      ['a"b', '1.000000000000000000'],
      ['c,d', '2.000000000000000000'],
    ]);
  });
});

describe('CSV files', () => {
  it.each<[string, Record<string, string | Uint8Array>, string[]]>([
    ['an empty file', { 'balances.csv': '' }, ['balances.csv:1 - file-empty']],
    [
      'a missing column',
      { 'balances.csv': 'account,asset\na,USD\n' },
      ['balances.csv:1 amount column-missing'],
    ],
    [
      'a doubled column',
      { 'balances.csv': 'account,asset,amount,amount\na,USD,1,1\n' },
      ['balances.csv:1 amount column-doubled'],
    ],
    [
      'another header',
      { 'balances-1.csv': `${BALANCES}a,USD,1\n`, 'balances-2.csv': 'asset,account,amount\nUSD,b,1\n' },
      ['balances-2.csv:1 - columns-differ'],
    ],
    [
      'a copy of a file',
      { 'balances-1.csv': `${BALANCES}a,USD,1\n`, 'balances-2.csv': `${BALANCES}a,USD,1\n` },
      ['balances-2.csv:1 - file-doubled'],
    ],
    [
      'a quote that nobody closes',
      { 'balances.csv': `${BALANCES}"a,USD,1\n` },
      ['balances.csv:2 - quote-unclosed'],
    ],
    [
      'bytes that are not UTF-8',
      { 'balances.csv': Buffer.from(`${BALANCES}\xe9,USD,1\n`, 'latin1') },
      ['balances.csv:2 - text-not-utf8'],
    ],
    ['a row that is short', { 'balances.csv': `${BALANCES}a,USD\n` }, ['balances.csv:2 - row-ragged']],
  ])('are refused for %s', async (_, files, problems) => {
    expect(await balanceProblems(files, 'csv')).toEqual(problems);
  });
});

describe('NDJSON files', () => {
  const ROW = '{"account":"a","asset":"USD","amount":"1"}\n';

  it.each<[string, string, string[]]>([
    ['a line that is no JSON', `${ROW}{"account":\n`, ['balances.ndjson:2 - row-not-json']],
    ['an array', '[1]\n', ['balances.ndjson:1 - row-not-json']],
    ['a blank line', `${ROW}\n${ROW.replace('a"', 'b"')}`, ['balances.ndjson:2 - row-blank']],
    [
      'an amount that a double rounded',
      '{"account":"a","asset":"USD","amount":0.1}\n',
      ['balances.ndjson:1 amount json-number-inexact'],
    ],
    [
      'an integer beyond 2^53',
      '{"account":"a","asset":"USD","amount":9007199254740993}\n',
      ['balances.ndjson:1 amount json-number-inexact'],
    ],
    ...['1.00000000000000001', '9007199254740991.4', '1.0', '1e3', '1e-400'].map(
      (number): [string, string, string[]] => [
        `a number with a point or exponent, whatever its double is: ${number}`,
        `{"account":"a","asset":"USD","amount":${number}}\n`,
        ['balances.ndjson:1 amount json-number-inexact'],
      ],
    ),
    [
      'half of a pair of escapes, which names no character',
      '{"account":"\\ud800","asset":"USD","amount":"1"}\n',
      ['balances.ndjson:1 account text-not-utf8'],
    ],
    [
      'an object as a value',
      '{"account":{},"asset":"USD","amount":"1"}\n',
      ['balances.ndjson:1 account json-value-nested'],
    ],
    ['a missing key', '{"account":"a","asset":"USD"}\n', ['balances.ndjson:1 amount value-missing']],
    ['null', '{"account":"a","asset":"USD","amount":null}\n', ['balances.ndjson:1 amount value-missing']],
  ])('are refused for %s', async (_, text, problems) => {
    expect(await balanceProblems({ 'balances.ndjson': text }, 'ndjson')).toEqual(problems);
  });

  it('may have whole numbers, keys that are passed over, and blank lines at the end', async () => {
    const text = '{"asset":"USD","amount":-12,"account":17,"more":[1,2.5,"\\"3"]}\n\r\n \n';
    const { scratch } = await load(
      await writeVenue(
        { 'balances.ndjson': text, 'prices.csv': PRICES },
        describeBalances('ndjson', ', ignore: [more]'),
      ),
    );
    expect((await readBooks({ scratch }, ['stated_balance'])).stated_balance).toEqual([
      { account: '17', asset_index: '1', amount: '-12.000000000000000000' },
    ]);
  });
});

describe('the files of a source', () => {
  it('must be there', async () => {
    const error = await refusalOf(await writeVenue({ 'prices.csv': PRICES }, describeBalances('csv')));
    expect(error).toMatchObject({ errorClass: 'source', code: 'files-missing' });
  });

  it('must be complete to the instant', async () => {
    const config = describeBalances('csv').replaceAll(
      '2026-01-31T00:05:00Z',
      '2026-01-30T23:59:59.999999999Z',
    );
    const files = { 'prices.csv': PRICES, 'balances.csv': `${BALANCES}a,USD,1\n` };
    const error = await refusalOf(await writeVenue(files, config));
    expect(error).toMatchObject({
      errorClass: 'source',
      code: 'source-incomplete',
      details: { source: 'balances' },
    });
  });

  it('may lie in a directory whose name has signs of patterns', async () => {
    const path = await writeVenue(
      { 'prices.csv': PRICES, 'balances.csv': `${BALANCES}a,USD,1\n` },
      describeBalances('csv'),
    );
    const directory = join(await makeDirectory(), "a[1]*'?");
    await rename(dirname(path), directory);
    const { sources } = await load(join(directory, 'snapshot.yaml'));
    await rm(directory, { recursive: true });
    expect(sources.map(({ rows }) => rows)).toEqual([1, 2]);
  });

  it('are known to have changed since they were read', async () => {
    const path = await writeCsvVenue(SOUND);
    const books = await loadBooks(await openScratch(), await parseBooksConfig(path), {
      atNs: parseInstantNs(AT),
    });
    await books.assertUnchanged();
    await writeFile(join(dirname(path), 'ledger.csv'), SOUND.ledger!.replace('0.75', '0.76'));
    await expect(books.assertUnchanged()).rejects.toMatchObject({ code: 'source-changed' });
  });
});
