import { dirname, join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { parseBooksConfig } from '../../../../src/snapshot/books/config/parse-config.js';
import { HEADING, writeVenue } from './venue.js';

const SOURCES = `sources:
  ledger: {files: ['ledger/*.parquet', /srv/more.parquet], format: parquet, completeTo: 2026-01-31T01:05:00+01:00, columns: {account: acct}}
  balances: {connection: main, query: SELECT 1, completeTo: 2026-01-31T00:05:00Z, constants: {asset: BTC}, ignore: [note], timeZone: Europe/Berlin}
  prices: {files: [prices.csv], format: csv, completeTo: 2026-01-31T00:05:00Z}
`;
const SOUND = `${HEADING}modelPrices: {rate: "0.050", dayCount: act/365}
connections: {main: BOOKS_URL}
${SOURCES}`;

async function parse(text: string | Uint8Array) {
  return parseBooksConfig(await writeVenue({}, text as string));
}

/** The error with which a configuration is refused. */
async function refusalOf(text: string | Uint8Array): Promise<unknown> {
  return parse(text).then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('the configuration of books', () => {
  it('is read with every value in its own form', async () => {
    const path = await writeVenue({}, SOUND);
    const config = await parseBooksConfig(path);
    expect(config).toEqual({
      platform: 'Example Options',
      quote: 'USD',
      cash: 'balances-total',
      underwater: 'fail',
      isolatedLoss: 'limited',
      maxMarkAgeNs: 600_000_000_000n,
      assets: [
        { symbol: 'BTC', decimals: 8, collateralRatio: '0.95', maxPriceAgeNs: 600_000_000_000n },
        { symbol: 'USD', decimals: 2, collateralRatio: '1', maxPriceAgeNs: 86_400_000_000_000n },
      ],
      modelPrices: { allowed: true, rate: { coefficient: 5n, fractionDigits: 2 }, dayCount: 'act/365' },
      connections: new Map([['main', 'BOOKS_URL']]),
      sources: [
        {
          role: 'ledger',
          origin: {
            from: 'files',
            format: 'parquet',
            patterns: [join(dirname(path), 'ledger/*.parquet'), '/srv/more.parquet'],
          },
          completeTo: '2026-01-31T00:05:00Z',
          columns: new Map([['account', 'acct']]),
          constants: new Map(),
          ignored: [],
          timeZone: null,
        },
        {
          role: 'balances',
          origin: { from: 'postgres', connection: 'main', query: 'SELECT 1' },
          completeTo: '2026-01-31T00:05:00Z',
          columns: new Map(),
          constants: new Map([['asset', 'BTC']]),
          ignored: ['note'],
          timeZone: 'Europe/Berlin',
        },
        {
          role: 'prices',
          origin: { from: 'files', format: 'csv', patterns: [join(dirname(path), 'prices.csv')] },
          completeTo: '2026-01-31T00:05:00Z',
          columns: new Map(),
          constants: new Map(),
          ignored: [],
          timeZone: null,
        },
      ],
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
  });

  it('allows no model prices where it does not mention them', async () => {
    const { modelPrices } = await parse(SOUND.replace(/modelPrices.*\n/, ''));
    expect(modelPrices).toEqual({ allowed: false });
  });

  it.each<[string, [from: string, to: string], string]>([
    [
      'an unknown key',
      ['quote: USD', 'quote: USD\ncolour: red'],
      'colour: expected no such key: there are format, platform',
    ],
    [
      'an unknown key of a source',
      ['query: SELECT 1', 'query: SELECT 1, limit: 5'],
      'sources.balances.limit: expected no such key: there are files',
    ],
    [
      'an unknown source',
      ['  ledger:', '  ledgers:'],
      'sources.ledgers: expected no such key: did you mean ledger?',
    ],
    ['an unknown kind of cash', ['balances-total', 'all'], 'cash: '],
    ['a missing quote', ['quote: USD\n', ''], 'quote: expected a value, got none'],
    ['a platform with a space at its end', ['Example Options', '"Example Options "'], 'platform: '],
    ['a duration without a unit', ['maxMarkAge: 10m', 'maxMarkAge: 10'], 'maxMarkAge: expected a duration'],
    ['a ratio above 1', ['collateralRatio: 0.95', 'collateralRatio: 1.01'], 'assets.0.collateralRatio: '],
    ['25 decimals', ['decimals: 8', 'decimals: 25'], 'assets.0.decimals: '],
    ['a unit of 25', ['decimals: 8', 'decimals: 8, unit: 25'], 'assets.0.unit: '],
    ['an asset twice', ['symbol: USD', 'symbol: BTC'], 'assets.1.symbol: expected each asset once'],
    ['a malformed instant', ['01:05:00+01:00', '01:05:00'], 'sources.ledger'],
    [
      'no instant',
      [', completeTo: 2026-01-31T00:05:00Z, constants', ', constants'],
      'sources.balances.completeTo: ',
    ],
    [
      'a column that we do not have',
      ['account: acct', 'user: acct'],
      'sources.ledger.columns.user: expected one of account',
    ],
    [
      'a column and a constant at once',
      ['columns: {account: acct}', 'columns: {account: x}, constants: {account: y}'],
      'sources.ledger.constants.account: ',
    ],
    [
      'a connection that is not there',
      ['connection: main', 'connection: other'],
      'sources.balances.connection: ',
    ],
    ['no prices', [/ {2}prices.*\n/.exec(SOURCES)![0], ''], 'sources.prices: '],
    [
      'cash from balances that are not there',
      [/ {2}balances.*\n/.exec(SOURCES)![0], ''],
      'sources.balances: ',
    ],
    ['available balances without orders', ['balances-total', 'balances-available'], 'sources.orders: '],
    ['an empty list of files', ['[prices.csv]', '[]'], 'sources.prices.files: '],
    ['an unknown format', ['format: csv', 'format: xlsx'], 'sources.prices.format: expected csv, parquet or'],
    [
      'a key in another case',
      ['query: SELECT 1', 'query: SELECT 1, CompleteTo: x'],
      'sources.balances.CompleteTo: expected no such key: did you mean completeTo?',
    ],
    [
      'a key of an asset',
      ['symbol: USD', 'symbl: USD'],
      'assets.1.symbl: expected no such key: did you mean symbol?',
    ],
  ])('is refused for %s', async (_, [from, to], fault) => {
    expect(SOUND).toContain(from);
    const error = await refusalOf(SOUND.replace(from, to));
    expect(error).toMatchObject({ errorClass: 'usage', code: 'config-invalid' });
    const { faults } = (error as { details: { faults: string[] } }).details;
    expect(faults[0]).toContain(fault);
  });

  it('is refused for a URL in the place of its variable, which is not shown', async () => {
    const error = await refusalOf(SOUND.replace('BOOKS_URL', '"postgresql://u:secret@h/d"'));
    expect(error).toMatchObject({ errorClass: 'usage', code: 'config-invalid' });
    const { message, details, cause } = error as { message: string; details: unknown; cause?: unknown };
    expect(JSON.stringify([message, details])).toContain('connections.main');
    expect(JSON.stringify([message, details, cause])).not.toContain('secret');
  });

  it.each<[string, string | Uint8Array, string]>([
    ['YAML with a fault', 'format: [', 'config-malformed'],
    ['a key twice', `${SOUND}quote: EUR\n`, 'config-malformed'],
    [
      'an alias',
      SOUND.replace('[prices.csv]', '&a [prices.csv]').replace('columns: {account: acct}', 'columns: *a'),
      'config-malformed',
    ],
    ['bytes that are not UTF-8', Buffer.from('format: \xe9', 'latin1'), 'config-malformed'],
    ['an empty file', '', 'config-format-unknown'],
    ['another version', SOUND.replace('solvent/books/v1', 'solvent/books/v9'), 'config-format-unknown'],
  ])('is refused for %s', async (_, text, code) => {
    expect(await refusalOf(text)).toMatchObject({ errorClass: 'usage', code });
  });

  it('has one fault for one wrong value', async () => {
    for (const [from, to] of [
      ['collateralRatio: 0.95', 'collateralRatio: many'],
      ['01:05:00+01:00', '01:05:00'],
      ['format: csv', 'format: xlsx'],
      ['decimals: 8', 'decimals: eight'],
    ] as const) {
      const error = await refusalOf(SOUND.replace(from, to));
      expect((error as { details: { faults: string[] } }).details.faults).toHaveLength(1);
    }
  });

  it('is refused with the sentence of the parser, line and column', async () => {
    expect(await refusalOf('format: solvent/books/v1\nquote: USD\nquote: EUR\n')).toMatchObject({
      message: 'expected YAML, got a fault on line 3, column 1: Map keys must be unique',
    });
  });

  it('names the line of a fault', async () => {
    expect(await refusalOf('format: solvent/books/v1\nquote: "USD\n')).toMatchObject({
      message: expect.stringMatching(/line [23]/) as string,
    });
  });

  it('is refused where there is no file', async () => {
    await expect(parseBooksConfig('/nowhere/snapshot.yaml')).rejects.toMatchObject({
      code: 'file-unreadable',
    });
  });
});
