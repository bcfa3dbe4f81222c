import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { SourceRole } from '../../../../src/snapshot/books/config.js';
import { parseBooksConfig } from '../../../../src/snapshot/books/config/parse-config.js';
import { parseInstantNs } from '../../../../src/snapshot/books/instant-ns.js';
import { loadBooks } from '../../../../src/snapshot/books/sources/load-books.js';
import { SOURCE_SHAPES } from '../../../../src/snapshot/books/sources/shapes.js';
import { SourceError } from '../../../../src/snapshot/reading/source-problems.js';
import { findPort, startPostgres, type PostgresServer } from '../../../../scripts/postgres-server.js';
import {
  AT,
  HEADING,
  load,
  openScratch,
  readBooks,
  shorten,
  SOUND,
  writeCsvVenue,
  writeVenue,
} from './venue.js';

const VARIABLE = 'SOLVENT_TEST_URL';
const COMPLETE = 'completeTo: 2026-01-31T00:05:00Z';
const ROLES = Object.keys(SOUND) as SourceRole[];

let server: PostgresServer;

const urlOf: PostgresServer['urlOf'] = (...who) => server.urlOf(...who);
const runSql: PostgresServer['runSql'] = (...statements) => server.runSql(...statements);

/** A table of a role, typed as databases are, with the rows of the sound venue. */
function createTable(role: SourceRole): string[] {
  const [header, ...rows] = SOUND[role]!.trim()
    .split('\n')
    .map((line) => line.split(','));
  const columns = header!.map((name) => {
    const { kind } = SOURCE_SHAPES[role].columns[name]!;
    const type = kind.startsWith('amount')
      ? 'numeric'
      : ({ instant: 'timestamptz', boolean: 'boolean' }[kind as string] ?? 'text');
    return `"${name}" ${type}`;
  });
  const values = rows.map(
    (row) => `(${row.map((value) => (value === '' ? 'NULL' : `'${value}'`)).join(', ')})`,
  );
  return [`CREATE TABLE ${role} (${columns.join(', ')})`, `INSERT INTO ${role} VALUES ${values.join(', ')}`];
}

beforeAll(async () => {
  server = await startPostgres();
  await runSql(
    ...ROLES.flatMap(createTable),
    `CREATE ROLE reader LOGIN PASSWORD '${server.password}'`,
    `GRANT SELECT ON ${ROLES.filter((role) => role !== 'balances').join(', ')} TO reader`,
  );
});

afterAll(async () => {
  await server.stop();
});

/** A configuration of queries; those of the sound venue's tables where no other is given. */
function describeQueries(queries: Partial<Record<SourceRole, string>>): string {
  const sources = Object.entries(queries).map(
    ([role, query]) => `  ${role}: {connection: main, ${COMPLETE}, query: ${JSON.stringify(query)}}`,
  );
  return `${HEADING}connections: {main: ${VARIABLE}}\nsources:\n${sources.join('\n')}\n`;
}

const SMALL = { prices: 'SELECT * FROM prices', balances: 'SELECT * FROM balances' };

async function loadQueries(queries: Partial<Record<SourceRole, string>>, url = urlOf('postgres')) {
  const config = await parseBooksConfig(await writeVenue({}, describeQueries(queries)));
  const scratch = await openScratch();
  const books = await loadBooks(scratch, config, {
    atNs: parseInstantNs(AT),
    environment: { [VARIABLE]: url },
  });
  return { scratch, sources: books.sources };
}

async function refusalOfQueries(
  queries: Partial<Record<SourceRole, string>>,
  url?: string,
): Promise<unknown> {
  return loadQueries(queries, url).then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('books in PostgreSQL', () => {
  it('give the same tables as files', async () => {
    const queries = Object.fromEntries(ROLES.map((role) => [role, `SELECT * FROM ${role}`]));
    // PostgreSQL has microseconds: a nanosecond after the instant is at the instant there.
    const ledger = SOUND.ledger!.replaceAll('.000000001', '.000001');
    const expected = await readBooks(await load(await writeCsvVenue({ ...SOUND, ledger })));
    await runSql("UPDATE ledger SET at = at + interval '1 microsecond' WHERE reference IN ('r2', 'r4')");
    const { scratch, sources } = await loadQueries(queries);
    expect(await readBooks({ scratch })).toEqual(expected);
    const transactions = new Set(sources.map(({ query }) => query!.transaction));
    expect(transactions.size).toBe(1);
    expect([...transactions][0]).toMatch(/^[0-9]+:[0-9]+:/);
    expect(sources.find(({ role }) => role === 'ledger')).toMatchObject({
      files: [],
      query: { text: 'SELECT * FROM ledger' },
      rows: 3,
      rowsAfterInstant: 1,
    });
  });

  it('are read a few thousand rows at a time', async () => {
    const balances =
      "SELECT 'a' || n AS account, 'USD' AS asset, n::numeric(38, 20) AS amount FROM generate_series(1, 10000) n";
    const { scratch, sources } = await loadQueries({ ...SMALL, balances });
    expect(sources.map(({ rows }) => rows)).toEqual([10000, 2]);
    const { stated_balance: rows } = await readBooks({ scratch }, ['stated_balance']);
    expect(rows!.find(({ account }) => account === 'a10000')!.amount).toBe('10000.000000000000000000');
  });

  it('see one instant of the database in all queries, and change nothing', async () => {
    await runSql('CREATE TABLE touched (n integer)');
    const error = await refusalOfQueries({
      ...SMALL,
      balances: 'INSERT INTO touched VALUES (1) RETURNING n',
    });
    expect(error).toMatchObject({ code: 'query-failed' });
    const prices = "SELECT asset, price, at, current_setting('transaction_isolation') AS source FROM prices";
    const { scratch } = await loadQueries({ ...SMALL, prices });
    const { asset_price: rows } = await readBooks({ scratch }, ['asset_price']);
    expect(rows!.map(({ source }) => source)).toEqual(['repeatable read', 'repeatable read']);
  });

  it.each([
    ["timestamptz '2026-01-31 08:59:00.000001+09'", '1769817540000001000'],
    ["'2026-01-31T08:59:00+09:00'", '1769817540000000000'],
  ])('give the instant %s in UTC, whatever the zone of the server', async (at, atNs) => {
    await runSql(
      "ALTER ROLE reader SET timezone = 'Asia/Tokyo'",
      "ALTER ROLE reader SET datestyle = 'German'",
    );
    const prices = `SELECT 'USD' AS asset, 1 AS price, ${at} AS at, 'x' AS source`;
    const balances = "SELECT 'a' AS account, 'USD' AS asset, 1 AS amount";
    const { scratch } = await loadQueries({ prices, balances }, urlOf('reader'));
    const { asset_price: rows } = await readBooks({ scratch }, ['asset_price']);
    expect(rows!.map(({ at_ns: found }) => found)).toEqual([atNs]);
  });

  it.each<[string, string, string[]]>([
    [
      'NaN',
      "SELECT 'a' AS account, 'USD' AS asset, 'NaN'::numeric AS amount",
      ['the query of balances:1 amount amount-not-finite'],
    ],
    [
      'infinity',
      "SELECT 'a' AS account, 'USD' AS asset, '-Infinity'::numeric AS amount",
      ['the query of balances:1 amount amount-not-finite'],
    ],
    [
      'double precision',
      "SELECT 'a' AS account, 'USD' AS asset, 1.5::float8 AS amount",
      ['the query of balances:1 amount column-type-unfit'],
    ],
    [
      'a fraction of 19 digits',
      "SELECT 'a' AS account, 'USD' AS asset, 0.0000000000000000001 AS amount",
      ['the query of balances:1 amount amount-too-precise'],
    ],
    [
      'null',
      "SELECT 'a' AS account, 'USD' AS asset, NULL::numeric AS amount",
      ['the query of balances:1 amount value-missing'],
    ],
    [
      'a column in other capitals',
      `SELECT 'a' AS account, 'USD' AS asset, 1 AS "Amount"`,
      ['the query of balances:1 amount column-unknown'],
    ],
    [
      'a column that nothing reads',
      "SELECT 'a' AS account, 'USD' AS asset, 1 AS amount, now() AS at",
      ['the query of balances:1 - column-unknown'],
    ],
    [
      'a missing column',
      "SELECT 'a' AS account, 'USD' AS asset",
      ['the query of balances:1 amount column-missing'],
    ],
  ])('are refused for %s', async (_, balances, problems) => {
    const error = (await refusalOfQueries({ ...SMALL, balances })) as SourceError;
    expect(error).toBeInstanceOf(SourceError);
    expect(error.problems.map(shorten)).toEqual(problems);
  });

  it('read timestamps without a zone in the one that the source states, and refuse them where it states none', async () => {
    const prices = "SELECT 'USD' AS asset, 1 AS price, timestamp '2026-01-31 00:30:00' AS at, 'x' AS source";
    expect(await refusalOfQueries({ ...SMALL, prices })).toMatchObject({ code: 'column-type-unfit' });
    const config = describeQueries({ ...SMALL, prices }).replace(
      'prices: {',
      'prices: {timeZone: Europe/Berlin, ',
    );
    const scratch = await openScratch();
    await loadBooks(scratch, await parseBooksConfig(await writeVenue({}, config)), {
      atNs: parseInstantNs(AT),
      environment: { [VARIABLE]: urlOf('postgres') },
    });
    const { asset_price: rows } = await readBooks({ scratch }, ['asset_price']);
    expect(rows!.map(({ at_ns: found }) => found)).toEqual(['1769815800000000000']);
  });

  it("name a row by its key where the key is nobody's account", async () => {
    const prices = "SELECT 'USD' AS asset, -1 AS price, now() - interval '10 years' AS at, 'x' AS source";
    const error = (await refusalOfQueries({ ...SMALL, prices })) as SourceError;
    expect(error.problems[0]!.message).toContain('(asset USD)');
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ['a variable that is not set', () => refusalOfQueries(SMALL, ''), 'connection-unset'],
    [
      'a text that is no URL',
      () => refusalOfQueries(SMALL, `postgresql://u:${server.password}@[/`),
      'connection-malformed',
    ],
    [
      'a port that nothing listens on',
      async () => refusalOfQueries(SMALL, urlOf('postgres', undefined, await findPort())),
      'connection-refused',
    ],
    [
      'a wrong password',
      () => refusalOfQueries(SMALL, urlOf('postgres', 'secret-wrong')),
      'connection-denied',
    ],
    ['an unknown user', () => refusalOfQueries(SMALL, urlOf('secret-user')), 'connection-denied'],
    [
      'a table that the user may not read',
      () => refusalOfQueries(SMALL, urlOf('reader')),
      'permission-denied',
    ],
    ['a query that is no SQL', () => refusalOfQueries({ ...SMALL, balances: 'SELEC 1' }), 'query-failed'],
    ['two statements', () => refusalOfQueries({ ...SMALL, balances: 'SELECT 1; SELECT 2' }), 'query-failed'],
    [
      'a query that fails on a value',
      () => refusalOfQueries({ ...SMALL, balances: "SELECT 'secret-value'::numeric" }),
      'query-failed',
    ],
    [
      'a connection that ends',
      () => refusalOfQueries({ ...SMALL, balances: 'SELECT pg_terminate_backend(pg_backend_pid())' }),
      'connection-lost',
    ],
  ])('are refused for %s, without a word of the URL', async (_, refuse, code) => {
    const error = await refuse();
    expect(error).toMatchObject({ errorClass: 'usage', code });
    const { message, details, cause, stack } = error as SourceError;
    expect(JSON.stringify([message, details, cause, stack])).not.toMatch(/secret|127\.0\.0\.1/);
  });
});
