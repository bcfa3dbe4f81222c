import { dirname, join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { SourceError } from '../../../../src/snapshot/reading/source-problems.js';
import { int, encodeParquet, textColumn } from './parquet-bytes.js';
import { describeFiles, load, PRICES, readBooks, refusalOf, shorten, SOUND, writeVenue } from './venue.js';
import { writeFile } from 'node:fs/promises';

/** Loans whose instants are in one format, of a source that states its time zone or none. */
async function writeLoans(
  format: 'csv' | 'ndjson' | 'parquet',
  zone: string | null,
  instants: readonly string[],
): Promise<string> {
  const rows = instants.map((at, index) => ['b1', `l${index}`, 'USD', '500.25', '0', at]);
  const names = ['account', 'loan_id', 'asset', 'principal', 'interest', 'at'];
  const config = describeFiles(['balances', 'prices', 'loans'], 'csv').replace(
    /loans\.csv'\], format: csv/,
    `loans.${format}'], format: ${format}${zone === null ? '' : `, timeZone: ${zone}`}`,
  );
  const path = await writeVenue({ 'balances.csv': SOUND.balances!, 'prices.csv': PRICES }, config);
  const file = join(dirname(path), `loans.${format}`);
  if (format === 'csv') await writeFile(file, [names, ...rows].map((row) => `${row.join(',')}\n`).join(''));
  if (format === 'ndjson') {
    const objects = rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at]])));
    await writeFile(file, objects.map((object) => `${JSON.stringify(object)}\n`).join(''));
  }
  if (format === 'parquet') {
    const texts = names.slice(0, 5).map((name, at) => textColumn(name, ...rows.map((row) => row[at]!)));
    const values = instants.map((at) => int(BigInt(Date.parse(`${at}Z`)) * 1_000_000n));
    const column = {
      name: 'at',
      physical: 'INT64',
      timestamp: { unit: 'NANOS', utc: false },
      values,
    } as const;
    await writeFile(file, encodeParquet([...texts, column]));
  }
  return path;
}

async function instantsOf(path: string): Promise<(string | null)[]> {
  const { sources, ...loaded } = await load(path);
  const loans = sources.find(({ role }) => role === 'loans')!;
  const { loan } = await readBooks(loaded, ['loan']);
  return [String(loan!.length), loans.firstAt, loans.lastAt];
}

describe.each(['csv', 'ndjson', 'parquet'] as const)('instants without a zone in %s', (format) => {
  it('are refused where the source states no time zone', async () => {
    const error = (await refusalOf(await writeLoans(format, null, ['2026-01-31T00:30:00']))) as SourceError;
    const line = format === 'csv' ? 2 : 1;
    expect(error.problems.map(shorten)).toEqual([`loans.${format}:${line} at column-type-unfit`]);
    expect(error.problems[0]!.message).toContain('timeZone');
  });

  it('are read in the zone that the source states', async () => {
    // Half past midnight in Berlin is the day before in UTC: the loan counts.
    expect(await instantsOf(await writeLoans(format, 'Europe/Berlin', ['2026-01-31T00:30:00']))).toEqual([
      ...['1', '2026-01-30T23:30:00Z', '2026-01-30T23:30:00Z'],
    ]);
    expect(await instantsOf(await writeLoans(format, 'UTC', ['2026-01-31T00:30:00']))).toEqual([
      ...['0', null, null],
    ]);
    const halves = ['2025-07-01T00:00:00', '2026-01-01T00:00:00'];
    expect(await instantsOf(await writeLoans(format, 'America/New_York', halves))).toEqual([
      ...['2', '2025-07-01T04:00:00Z', '2026-01-01T05:00:00Z'],
    ]);
  });

  it('are refused where the clocks show them twice or never', async () => {
    const instants = [
      '2025-10-26T01:59:59', // once
      '2025-10-26T02:00:00', // twice
      '2025-10-26T02:59:59', // twice
      '2025-10-26T03:00:00', // once
      '2025-03-30T01:59:59', // once
      '2025-03-30T02:00:00', // never
      '2025-03-30T02:59:59', // never
      '2025-03-30T03:00:00', // once
    ];
    const error = (await refusalOf(await writeLoans(format, 'Europe/Berlin', instants))) as SourceError;
    const first = format === 'csv' ? 2 : 1;
    expect(error.problems.map(({ line, code }) => [line - first, code])).toEqual(
      [1, 2, 5, 6].map((index) => [index, 'instant-ambiguous']),
    );
    const sole = instants.filter((_, index) => ![1, 2, 5, 6].includes(index));
    expect(await instantsOf(await writeLoans(format, 'Europe/Berlin', sole))).toEqual([
      ...['4', '2025-03-30T00:59:59Z', '2025-10-26T02:00:00Z'],
    ]);
  });

  it('are refused on a day that a zone left out, and read around it', async () => {
    const around = ['2011-12-29T23:59:59', '2011-12-31T00:00:00'];
    expect(await instantsOf(await writeLoans(format, 'Pacific/Apia', around))).toEqual([
      ...['2', '2011-12-30T09:59:59Z', '2011-12-30T10:00:00Z'],
    ]);
    expect(await refusalOf(await writeLoans(format, 'Pacific/Apia', ['2011-12-30T12:00:00']))).toMatchObject({
      code: 'instant-ambiguous',
    });
  });
});

describe('the time zone of a source', () => {
  it('gives way to the one that an instant states', async () => {
    const instants = ['2026-01-30T23:30:00Z', '2026-01-31T00:30:00'];
    expect(await instantsOf(await writeLoans('csv', 'Europe/Berlin', instants))).toEqual([
      ...['2', '2026-01-30T23:30:00Z', '2026-01-30T23:30:00Z'],
    ]);
  });

  it.each(['Berlin', 'europe/berlin', 'CET+1', '+01:00', 'Europe/Nowhere'])(
    'is none named %s',
    async (zone) => {
      expect(await refusalOf(await writeLoans('csv', `'${zone}'`, ['2026-01-31T00:30:00']))).toMatchObject({
        code: 'config-invalid',
      });
    },
  );
});
