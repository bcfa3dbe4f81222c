import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { SourceError } from '../../../../src/snapshot/reading/source-problems.js';
import {
  BALANCES,
  describeBalances,
  load,
  PRICES,
  readBooks,
  refusalOf,
  shorten,
  writeParquet,
  writeVenue,
} from './venue.js';

/** A venue whose balances are a Parquet file of a query. */
async function writeParquetBalances(...queries: string[]): Promise<string> {
  const path = await writeVenue({ 'prices.csv': PRICES }, describeBalances('parquet'));
  for (const [index, query] of queries.entries()) {
    await writeParquet(join(dirname(path), `balances-${index}.parquet`), query);
  }
  return path;
}

describe('Parquet files', () => {
  const SELECT = "SELECT 'a' AS account, 'USD' AS asset";

  it.each([
    ['DECIMAL(38, 18)', '1.500000000000000001'],
    ['DECIMAL(18, 8)', '-0.00000001'],
    ['DECIMAL(38, 30)', '1.5'],
    ['DECIMAL(38, 0)', '99999999999999999999'],
    ['BIGINT', '-9223372036854775808'],
    ['UBIGINT', '18446744073709551615'],
    ['INTEGER', '7'],
    ['VARCHAR', '12345678901234567890.123456789012345678'],
  ])('may have amounts as %s', async (type, text) => {
    const { scratch } = await load(await writeParquetBalances(`${SELECT}, '${text}'::${type} AS amount`));
    const [whole, fraction = ''] = text.split('.');
    expect((await readBooks({ scratch }, ['stated_balance'])).stated_balance).toEqual([
      { account: 'a', asset_index: '1', amount: `${whole!}.${fraction.padEnd(18, '0')}` },
    ]);
  });

  it.each<[string, string, string[]]>([
    [
      'amounts as DOUBLE',
      `${SELECT}, 1.5::DOUBLE AS amount`,
      ['balances-0.parquet:1 amount column-type-unfit'],
    ],
    [
      'amounts as FLOAT',
      `${SELECT}, 1.5::FLOAT AS amount`,
      ['balances-0.parquet:1 amount column-type-unfit'],
    ],
    [
      'accounts as DOUBLE',
      "SELECT 1::DOUBLE AS account, 'USD' AS asset, 1 AS amount",
      ['balances-0.parquet:1 account column-type-unfit'],
    ],
    ['a list', `${SELECT}, [1] AS amount`, ['balances-0.parquet:1 amount column-type-unfit']],
    ['a missing column', SELECT, ['balances-0.parquet:1 amount column-missing']],
    [
      'a fraction of 19 digits',
      `${SELECT}, 1.0000000000000000001::DECIMAL(38, 30) AS amount`,
      ['balances-0.parquet:1 amount amount-too-precise'],
    ],
    [
      '21 digits before the point',
      `${SELECT}, 100000000000000000000::DECIMAL(38, 0) AS amount`,
      ['balances-0.parquet:1 amount amount-too-large'],
    ],
    ['null', `${SELECT}, NULL::DECIMAL(38, 18) AS amount`, ['balances-0.parquet:1 amount value-missing']],
    [
      'a fault in a later row',
      `FROM (VALUES ('a', 'USD', '1'), ('b', 'USD', '2'), ('c', 'ETH', 'x')) AS t (account, asset, amount)`,
      ['balances-0.parquet:3 amount amount-malformed', 'balances-0.parquet:3 asset asset-unknown'],
    ],
    [
      'a doubled row',
      `FROM (VALUES ('a', 'USD', '1'), ('a', 'USD', '2')) AS t (account, asset, amount)`,
      ['balances-0.parquet:2 asset row-doubled'],
    ],
  ])('are refused for %s', async (_, query, problems) => {
    const error = await refusalOf(await writeParquetBalances(query));
    expect((error as SourceError).problems.map(shorten)).toEqual(problems);
  });

  it.each([
    ['1.5::DOUBLE', 'got DOUBLE, which rounds: write'],
    ["'1.5'::BLOB", 'got BLOB: write'],
    ['true', 'got BOOLEAN: write'],
  ])('are refused for amounts as %s with the reason', async (expression, words) => {
    const error = await refusalOf(await writeParquetBalances(`${SELECT}, ${expression} AS amount`));
    expect((error as SourceError).message).toContain(words);
  });

  it('are refused where their types differ', async () => {
    const path = await writeParquetBalances(
      `${SELECT}, 1::BIGINT AS amount`,
      `${SELECT}, 1::DOUBLE AS amount`,
    );
    expect(((await refusalOf(path)) as SourceError).problems.map(shorten)).toEqual([
      'balances-1.parquet:1 - columns-differ',
    ]);
  });

  it('are refused where they are damaged behind what says how they are made', async () => {
    const path = await writeParquetBalances(
      "SELECT 'account' || n AS account, 'USD' AS asset, n::VARCHAR AS amount FROM range(5000) AS numbers (n)",
    );
    const file = join(dirname(path), 'balances-0.parquet');
    const bytes = await readFile(file);
    await writeFile(file, bytes.fill(0xff, 100, 2000));
    expect(((await refusalOf(path)) as SourceError).problems.map(shorten)).toEqual([
      'balances-0.parquet:1 - file-malformed',
    ]);
  });

  it('are refused where they are none', async () => {
    const path = await writeVenue(
      { 'balances.parquet': 'PAR1 nothing', 'prices.csv': PRICES },
      describeBalances('parquet'),
    );
    expect(((await refusalOf(path)) as SourceError).problems.map(shorten)).toEqual([
      'balances.parquet:1 - file-malformed',
    ]);
  });

  it.each([
    ['TIMESTAMPTZ', '2026-01-30 23:59:00.123456+00', '1769817540123456000'],
    ['TIMESTAMPTZ', '2026-01-30 23:59:00+00', '1769817540000000000'],
    ['VARCHAR', '2026-01-31T01:59:00+02:00', '1769817540000000000'],
  ])('may have instants as %s', async (type, text, atNs) => {
    const config = describeBalances('csv').replace(
      'prices.csv], format: csv',
      'prices.parquet], format: parquet',
    );
    const path = await writeVenue({ 'balances.csv': `${BALANCES}a,USD,1\n` }, config);
    await writeParquet(
      join(dirname(path), 'prices.parquet'),
      `SELECT 'USD' AS asset, 1 AS price, '${text}'::${type} AS at, 'x' AS source`,
    );
    const { scratch } = await load(path);
    const { asset_price: prices } = await readBooks({ scratch }, ['asset_price']);
    expect(prices![0]!.at_ns).toBe(atNs);
  });

  it.each([
    ['DATE', '2026-01-30', 'column-type-unfit'],
    ['TIMESTAMP', '2026-01-30 23:59:00', 'column-type-unfit'],
    ['TIMESTAMP_NS', '2026-01-30 23:59:00', 'column-type-unfit'],
    ['TIMESTAMPTZ', 'infinity', 'instant-malformed'],
    ['TIMESTAMPTZ', '3000-01-01 00:00:00+00', 'instant-malformed'],
  ])('are refused for an instant as %s %s', async (type, text, code) => {
    const config = describeBalances('csv').replace(
      'prices.csv], format: csv',
      'prices.parquet], format: parquet',
    );
    const path = await writeVenue({ 'balances.csv': `${BALANCES}a,USD,1\n` }, config);
    await writeParquet(
      join(dirname(path), 'prices.parquet'),
      `SELECT 'USD' AS asset, 1 AS price, '${text}'::${type} AS at, 'x' AS source`,
    );
    expect(await refusalOf(path)).toMatchObject({ code });
  });
});
