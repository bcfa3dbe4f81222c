import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';

import { readSourceText } from '../../../src/snapshot/reading/source-text.js';
import { SourceError } from '../../../src/snapshot/reading/source-problems.js';
import {
  BALANCES,
  describeBalances,
  load,
  PRICES,
  readBooks,
  refusalOf as bookRefusalOf,
  writeVenue,
} from '../books/sources/venue.js';
import { balances, collectAccounts, refusalOf, shorten, takeSnapshot } from '../venue.js';
import { makeDirectory } from '../../directory.js';

const ROWS = ['ann,AAA,1.5,', 'bob,BBB,7,', 'ann,BBB,2,'];
const PLAIN = balances(...ROWS);

/** A table as DuckDB writes it with zstd. */
async function writeZstd(query: string): Promise<Buffer> {
  const path = join(await makeDirectory(), 'rows.zst');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`COPY (${query}) TO '${path}' (FORMAT csv, HEADER true, COMPRESSION zstd)`);
  connection.closeSync();
  instance.closeSync();
  return readFile(path);
}

const ZSTD = `SELECT * FROM (VALUES ('ann', 'AAA', '1.5', ''), ('bob', 'BBB', '7', ''), ('ann', 'BBB', '2', '')) AS balance (user_id, asset, equity, debt)`;

describe('a compressed file', () => {
  it.each([
    ['gzip', () => Promise.resolve(gzipSync(PLAIN))],
    [
      'gzip in two members',
      () => Promise.resolve(Buffer.concat([gzipSync(PLAIN.slice(0, 30)), gzipSync(PLAIN.slice(30))])),
    ],
    ['gzip with zeros behind it', () => Promise.resolve(Buffer.concat([gzipSync(PLAIN), Buffer.alloc(512)]))],
    ['zstd', () => writeZstd(ZSTD)],
    [
      'zstd behind a frame to be skipped, as pzstd writes it',
      async () =>
        Buffer.concat([Buffer.from([0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4]), await writeZstd(ZSTD)]),
    ],
  ])('is read as what it holds: %s', async (_, compress) => {
    const accounts = await collectAccounts(await takeSnapshot({ balances: await compress() }));
    expect(accounts).toEqual(await collectAccounts(await takeSnapshot({ balances: PLAIN })));
  });

  it('is read in books too, in CSV and NDJSON', async () => {
    const line = `${JSON.stringify({ account: 'a', asset: 'USD', amount: '1.5' })}\n`;
    for (const [format, text] of [
      ['csv', `${BALANCES}a,USD,1.5\n`],
      ['ndjson', line],
    ] as const) {
      const path = await writeVenue(
        { 'prices.csv': PRICES, [`balances.${format}`]: gzipSync(text) },
        describeBalances(format),
      );
      const { stated_balance: rows } = await readBooks(await load(path), ['stated_balance']);
      expect(rows).toEqual([{ account: 'a', asset_index: '1', amount: '1.500000000000000000' }]);
    }
  });

  it('is the same text for zstd of more than one block', async () => {
    const bytes = await writeZstd('SELECT range AS number, sha256(range::VARCHAR) AS text FROM range(20000)');
    const path = join(await makeDirectory(), 'many.zst');
    await writeFile(path, bytes);
    const chunks = [];
    for await (const chunk of readSourceText(path)) chunks.push(chunk);
    const lines = Buffer.concat(chunks).toString('utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(20_001);
    expect(lines[20_000]).toMatch(/^19999,[0-9a-f]{64}$/);
  });

  it.each([
    ['text', Buffer.from('bob,AAA,2,\n')],
    ['another member behind zeros', Buffer.concat([Buffer.alloc(5), gzipSync('bob,AAA,2,\n')])],
  ])('is refused where rows would be lost behind gzip: %s', async (_, rest) => {
    const error = await refusalOf({ balances: Buffer.concat([gzipSync(PLAIN), rest]) });
    expect(shorten(error.problems)).toEqual(['1 - file-malformed']);
  });

  it.each([
    ['gzip', () => Promise.resolve(gzipSync(PLAIN))],
    ['zstd', () => writeZstd(ZSTD)],
  ])('is refused where it is cut short: %s', async (_, compress) => {
    const bytes = await compress();
    const error = await refusalOf({ balances: bytes.subarray(0, bytes.length - 12) });
    expect(shorten(error.problems)).toEqual(['1 - file-malformed']);
  });
});

describe('the separator of a file', () => {
  it.each([
    ['semicolons', ';'],
    ['tabs', '\t'],
  ])('may be %s, as the header has them', async (_, separator) => {
    const text = PLAIN.replaceAll(',', separator).replace('ann', '"a,nn"');
    const accounts = await collectAccounts(await takeSnapshot({ balances: text }));
    expect(accounts.map(({ userId }) => userId).sort()).toEqual(['a,nn', 'ann', 'bob']);
  });

  it('may be declared where the header shows another', async () => {
    const text = '"id, of user";asset;equity\n"a,nn";AAA;1\n';
    const columns = new Map([['user_id', 'id, of user']]);
    const refused = await refusalOf({ balances: text }, { columns });
    expect(refused.code).toBe('quote-misplaced');
    const accounts = await collectAccounts(
      await takeSnapshot({ balances: text }, { columns, separator: 'semicolon' }),
    );
    expect(accounts.map(({ userId }) => userId)).toEqual(['a,nn']);
  });

  it('is held to what is declared', async () => {
    const error = await refusalOf({ balances: PLAIN }, { separator: 'tab' });
    expect(error.problems.map(({ code }) => code)).toContain('column-missing');
  });

  it('may be declared in books, by its name and for CSV alone', async () => {
    const files = { 'prices.csv': PRICES, 'balances.csv': 'account;asset;amount,in total\na;USD;1.5\n' };
    const described = describeBalances('csv', ', columns: {amount: "amount,in total"}');
    expect(await bookRefusalOf(await writeVenue(files, described))).toBeInstanceOf(SourceError);
    const declare = (text: string) =>
      writeVenue(files, described.replace('columns:', `separator: ${text}, columns:`));
    const { stated_balance: rows } = await readBooks(await load(await declare('semicolon')), [
      'stated_balance',
    ]);
    expect(rows!.map(({ amount }) => amount)).toEqual(['1.500000000000000000']);
    for (const text of ["';'", 'dash']) {
      expect(await bookRefusalOf(await declare(text))).toMatchObject({ code: 'config-invalid' });
    }
    const parquet = describeBalances('parquet', ', separator: tab');
    expect(await bookRefusalOf(await writeVenue(files, parquet))).toMatchObject({ code: 'config-invalid' });
  });

  it('leaves a decimal comma to be refused by name', async () => {
    const error = await refusalOf({ balances: 'user_id;asset;equity\nann;AAA;1,5\n' });
    expect(shorten(error.problems)).toEqual(['2 equity amount-malformed']);
    expect(error.problems[0]!.message).toContain('got a decimal comma: write a point');
  });
});

describe('the columns of the short way', () => {
  const FILE = 'id,email,coin,total\n1,ann@example.org,AAA,1.5\n2,bob@example.org,BBB,7\n';

  it('may have other names, which the caller gives', async () => {
    const text = FILE.replace(/^[^,]+,/gm, '');
    const columns = new Map([
      ['user_id', 'email'],
      ['asset', 'coin'],
      ['equity', 'total'],
    ]);
    const accounts = await collectAccounts(await takeSnapshot({ balances: text }, { columns }));
    expect(accounts.map(({ userId }) => userId)).toEqual(['ann@example.org', 'bob@example.org']);
  });

  it('are refused where one stands under our name and under another', async () => {
    const columns = new Map([['user_id', 'email']]);
    const text = 'user_id,email,asset,equity\n1,ann@example.org,AAA,1\n';
    const error = await refusalOf({ balances: text }, { columns });
    expect(shorten(error.problems)).toEqual(['1 - column-unknown']);
    expect((await refusalOf({ balances: PLAIN }, { columns })).code).toBe('column-unknown');
  });
});

describe('an instant as PostgreSQL copies it', () => {
  it('is the same instant', async () => {
    const header = 'account,asset,amount,kind,at,reference\n';
    const rows = [
      '2026-01-30 23:59:59+00',
      '2026-01-31 00:00:00.000001+00',
      '2026-01-31 05:30:00.123456+05:30',
      '2026-01-30 19:00:00-05',
    ].map((at, index) => `a,USD,1,deposit,${at},r${index}\n`);
    const config = describeBalances('csv', '')
      .replace('cash: balances-total', 'cash: ledger')
      .replaceAll('balances', 'ledger');
    const path = await writeVenue(
      { 'prices.csv': PRICES, 'ledger.csv': `${header}${rows.join('')}` },
      config,
    );
    const { ledger } = await readBooks(await load(path), ['ledger']);
    expect(ledger!.map(({ reference }) => reference)).toEqual(['r0', 'r3']);
  });
});
