import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { attributeSnapshots, PARTS, type AttributionSummary } from '../../src/analysis/index.js';
import { createSnapshotFromBooks, loadSnapshot, readAccounts } from '../../src/snapshot/index.js';
import { DECIMALS, INSTANTS, writeRandomBooks, type RandomBooks } from './random-books.js';

type Row = Readonly<Record<string, string | number | null>>;

let directory: string;
let books: RandomBooks;
let connection: DuckDBConnection;
const summaries = new Map<string, AttributionSummary>();
const root = (name: string) => join(directory, name);

async function query(sql: string): Promise<Row[]> {
  return (await (await connection.run(sql)).getRowObjectsJson()) as Row[];
}

const partsOf = (name: string) => `read_parquet('${root(name)}/attribution.parquet')`;
const componentsOf = (at: number) => `read_parquet('${root(`snapshot-${at}`)}/components.parquet')`;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'solvent-attribution-'));
  books = await writeRandomBooks(directory, { seed: 7, accountCount: 60 });
  for (const [at, configPath] of books.configPaths.entries()) {
    const outDirectory = root(`snapshot-${at}`);
    await createSnapshotFromBooks({ configPath, takenAt: INSTANTS[at]!, outDirectory });
  }
  for (const [from, to] of [
    [0, 1],
    [1, 2],
    [0, 2],
  ] as const) {
    const summary = await attributeSnapshots({
      before: root(`snapshot-${from}`),
      after: root(`snapshot-${to}`),
      configPath: books.configPaths[to]!,
      outDirectory: root(`from-${from}-to-${to}`),
    });
    summaries.set(`from-${from}-to-${to}`, summary);
  }
  connection = await (await DuckDBInstance.create(':memory:')).connect();
});

afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

const ALL = ['from-0-to-1', 'from-1-to-2', 'from-0-to-2'];

describe('an attribution of random books', () => {
  it.each(ALL)(
    'adds up in every account, asset and bucket, in units and in the quote currency: %s',
    async (name) => {
      const unequal = await query(`
      SELECT account, asset, bucket
      FROM ${partsOf(name)}
      GROUP BY ALL
      HAVING sum(if(part = 'closing', -amount, amount)) <> 0
        OR sum(if(part = 'closing', -quote_amount, quote_amount)) <> 0
        OR count(*) FILTER (part = 'opening') <> 1 OR count(*) FILTER (part = 'closing') <> 1`);
      expect(unequal).toEqual([]);
      const [counted] = await query(
        `SELECT count(DISTINCT part) AS parts, count(*) > 300 AS many FROM ${partsOf(name)}`,
      );
      expect(counted).toEqual({ parts: String(PARTS.length), many: true });
    },
  );

  it.each([
    ['from-0-to-1', 'opening', 0],
    ['from-0-to-1', 'closing', 1],
    ['from-0-to-2', 'closing', 2],
  ] as const)('begins and ends with what the snapshots hold: %s, %s', async (name, part, at) => {
    const held = new Map<string, bigint>();
    const snapshot = await loadSnapshot(root(`snapshot-${at}`));
    for await (const { userId, holdings } of readAccounts(snapshot)) {
      for (const { assetIndex, equityUnits, debtUnits } of holdings)
        held.set(`${userId} ${snapshot.assets[assetIndex]!.symbol}`, equityUnits - debtUnits);
    }
    const attributed = await query(`
      SELECT account, asset, sum(amount)::VARCHAR AS units
      FROM ${partsOf(name)} WHERE part = '${part}' GROUP BY ALL HAVING sum(amount) <> 0`);
    expect(
      new Map(attributed.map((row) => [`${row.account}@example.com ${row.asset}`, BigInt(row.units!)])),
    ).toEqual(new Map([...held].filter(([, units]) => units !== 0n)));
  });

  it.each([
    ['from-0-to-1', 0, 1],
    ['from-1-to-2', 1, 2],
  ] as const)(
    'has what the ledger says, by its kinds, beside what components changed: %s',
    async (name, from, to) => {
      const kinds: Readonly<Record<string, readonly string[]>> = {
        deposit: ['deposit'],
        withdrawal: ['withdrawal'],
        fee: ['fee'],
        funding: ['funding'],
      };
      const [after, upTo] = [Date.parse(INSTANTS[from]), Date.parse(INSTANTS[to])];
      for (const [part, of] of Object.entries(kinds)) {
        const expected = new Map<string, bigint>();
        for (const { account, asset, amount, kind, at } of books.ledger) {
          const atMs = Date.parse(at);
          if (!of.includes(kind) || atMs <= after || atMs > upTo) continue;
          const [whole, fraction = ''] = amount.replace('-', '').split('.');
          const units = BigInt(`${whole}${fraction.padEnd(18, '0')}`) * (amount.startsWith('-') ? -1n : 1n);
          expected.set(`${account} ${asset}`, (expected.get(`${account} ${asset}`) ?? 0n) + units);
        }
        const found = new Map(
          (
            await query(`
            SELECT account, asset, sum(amount)::VARCHAR AS units FROM ${partsOf(name)}
            WHERE part = '${part}' AND bucket = 'cross' GROUP BY ALL`)
          ).map((row) => [`${row.account} ${row.asset}`, BigInt(row.units!)]),
        );
        expect(expected.size).toBeGreaterThan(3);
        for (const [key, fine] of expected) {
          const unit = 10n ** BigInt(18 - DECIMALS[key.split(' ')[1]!]!);
          const nearest = (((fine < 0n ? -fine : fine) + unit / 2n) / unit) * (fine < 0n ? -1n : 1n);
          expect([key, found.get(key) ?? 0n]).toEqual([key, nearest]);
        }
        expect([...found.keys()].filter((key) => !expected.has(key))).toEqual([]);
      }
    },
  );

  it('explains all of a linear future that was held throughout by delta', async () => {
    const held = await query(`
      WITH held AS (
        SELECT account, bucket, asset_index, b.value_units - a.value_units AS won
        FROM ${componentsOf(1)} AS a JOIN ${componentsOf(2)} AS b USING (account, bucket, asset_index, reference, quantity, entry_price)
        WHERE a.instrument = 'LINEAR'
      ), alone AS (
        SELECT account, bucket FROM ${componentsOf(1)} WHERE instrument IS NOT NULL GROUP BY ALL HAVING count(*) = 1
      )
      SELECT won::VARCHAR AS won, amount::VARCHAR AS delta
      FROM held SEMI JOIN alone USING (account, bucket)
      JOIN ${partsOf('from-1-to-2')} AS parts ON parts.account = held.account AND parts.bucket = held.bucket AND part = 'delta' AND asset = 'USDT'`);
    expect(held.length).toBeGreaterThan(0);
    for (const { won, delta } of held) expect(delta).toBe(won);
  });

  it('says which options have no Greeks, and leaves all of their change in the remainder', () => {
    expect(summaries.get('from-0-to-1')!.withoutGreeks).toEqual(['BELOW']);
    expect(summaries.get('from-0-to-1')!.impliedVolatility).toEqual(['MARKED']);
  });

  it.each(ALL)('says how much of what the market made of options Greeks explain: %s', (name) => {
    const { explained } = summaries.get(name)!;
    const long = explained.find(({ mostDays }) => mostDays === 10_000)!;
    expect(long.positions).toBeGreaterThan(10);
    expect(Number(long.unexplained) / Number(long.moved)).toBeLessThan(0.05);
  });

  it('leaves nothing but rounding in the remainder of what has no positions', async () => {
    const [rest] = await query(`
      WITH positioned AS (
        SELECT DISTINCT account FROM (FROM ${componentsOf(0)} UNION ALL FROM ${componentsOf(1)}) WHERE instrument IS NOT NULL
      )
      SELECT count(DISTINCT account)::INTEGER AS accounts, max(abs(amount)) FILTER (part = 'remainder')::INTEGER AS most
      FROM ${partsOf('from-0-to-1')} ANTI JOIN positioned USING (account)`);
    expect(rest!.accounts).toBeGreaterThan(0);
    // Half a unit for each of nine kinds of rows, and one at either end.
    expect(rest!.most).toBeLessThanOrEqual(6);
  });

  it('takes what has expired and was settled out of the positions as a settlement', async () => {
    const gone = await query(`
      WITH opened AS (
        SELECT account, bucket, sum(value_units) AS units FROM ${componentsOf(0)} WHERE instrument = 'SETTLED' GROUP BY ALL
      ), booked AS (
        SELECT account, sum(amount) AS units FROM ${partsOf('from-0-to-1')} WHERE part = 'settlement' AND asset = 'BTC' AND bucket = 'cross' GROUP BY ALL
      )
      SELECT opened.account, (-opened.units)::VARCHAR AS out, booked.units::VARCHAR AS booked FROM opened LEFT JOIN booked USING (account)`);
    const rows = new Set(
      books.ledger
        .filter(({ kind, asset }) => kind === 'settlement' && asset === 'BTC')
        .map(({ account }) => account),
    );
    const lifted = await query(`
      SELECT DISTINCT account FROM (FROM ${componentsOf(0)} UNION ALL FROM ${componentsOf(1)}) WHERE kind = 'write-off'`);
    const others = new Set([...rows, ...lifted.map(({ account }) => account)]);
    const plain = gone.filter(({ account }) => !others.has(account));
    expect(plain.length).toBeGreaterThan(0);
    for (const { out, booked } of plain) expect(booked).toBe(out);
  });

  it('over two periods has in the market’s parts what both together have, of positions held throughout', async () => {
    // Their parts differ, for Greeks are of another opening; what they add up to does not.
    const market = `part IN ('delta', 'gamma', 'vega', 'theta', 'remainder', 'trade', 'settlement')`;
    const [options] = await query(`
      WITH sums AS (
        SELECT account, asset, bucket,
          sum(amount) FILTER (name = 'whole' AND ${market}) - sum(amount) FILTER (name <> 'whole' AND ${market}) AS apart,
          sum(amount) FILTER (name = 'whole' AND part = 'gamma') - sum(amount) FILTER (name <> 'whole' AND part = 'gamma') AS gamma
        FROM (
          SELECT *, 'whole' AS name FROM ${partsOf('from-0-to-2')}
          UNION ALL SELECT *, 'first' AS name FROM ${partsOf('from-0-to-1')}
          UNION ALL SELECT *, 'second' AS name FROM ${partsOf('from-1-to-2')}
        )
        GROUP BY ALL
      )
      SELECT max(abs(apart))::INTEGER AS most, count_if(gamma <> 0)::INTEGER AS second_order FROM sums`);
    // A proof unit for the rounding of each of the ledger's kinds.
    expect(options!.most).toBeLessThanOrEqual(6);
    expect(options!.second_order).toBeGreaterThan(10);
  });

  it('over two periods is that of both together, but for options’ second order and what trades are measured at', async () => {
    const sums = (name: string) =>
      `(SELECT account, asset, bucket, part, sum(amount) AS amount FROM ${partsOf(name)} GROUP BY ALL)`;
    // Flows of the ledger, whatever they are measured at.
    const [flows] = await query(`
      SELECT max(abs(whole.amount - coalesce(first.amount, 0) - coalesce(second.amount, 0)))::INTEGER AS most, count(*)::INTEGER AS counted
      FROM ${sums('from-0-to-2')} AS whole
      LEFT JOIN ${sums('from-0-to-1')} AS first USING (account, asset, bucket, part)
      LEFT JOIN ${sums('from-1-to-2')} AS second USING (account, asset, bucket, part)
      WHERE part IN ('deposit', 'withdrawal', 'fee', 'funding')`);
    expect(flows!.counted).toBeGreaterThan(50);
    // Each of three parts is rounded by half a unit.
    expect(flows!.most).toBeLessThanOrEqual(1);
    // Everything together, exactly.
    const apart = await query(`
      SELECT account, asset, bucket FROM (
        SELECT account, asset, bucket, amount AS amount FROM ${partsOf('from-0-to-1')} WHERE part NOT IN ('opening', 'closing')
        UNION ALL SELECT account, asset, bucket, amount FROM ${partsOf('from-1-to-2')} WHERE part NOT IN ('opening', 'closing')
        UNION ALL SELECT account, asset, bucket, -amount FROM ${partsOf('from-0-to-2')} WHERE part NOT IN ('opening', 'closing')
      ) GROUP BY ALL HAVING sum(amount) <> 0`);
    expect(apart).toEqual([]);
  });

  it('is private, and the same, byte for byte, when it is made again', async () => {
    const again = root('again');
    await attributeSnapshots({
      ...{ before: root('snapshot-0'), after: root('snapshot-1'), configPath: books.configPaths[1]! },
      outDirectory: again,
    });
    for (const name of [
      'attribution.parquet',
      'attribution.csv',
      'performance.parquet',
      'attribution.json',
      'report.html',
    ]) {
      const bytes = await readFile(join(again, name));
      expect([name, bytes.equals(await readFile(join(root('from-0-to-1'), name)))]).toEqual([name, true]);
      expect((await stat(join(again, name))).mode & 0o777).toBe(0o600);
    }
  });
});
