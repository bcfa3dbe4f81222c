import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';

import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { listColumns } from '../../src/analysis/export/columns.js';
import { assertFits, encodeCellText } from '../../src/analysis/export/export-snapshot.js';

import { exportSnapshot, type ExportFormat } from '../../src/analysis/index.js';
import { createSnapshotFromBooks } from '../../src/snapshot/index.js';
import { balances, takeSnapshot } from '../snapshot/venue.js';
import { INSTANTS, writeRandomBooks } from './random-books.js';

let directory: string;
let snapshot: string;
const root = (name: string) => join(directory, name);

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'solvent-export-'));
  const { configPaths } = await writeRandomBooks(root('books'), { seed: 5, accountCount: 12 });
  snapshot = root('snapshot');
  await createSnapshotFromBooks({
    configPath: configPaths[0]!,
    takenAt: INSTANTS[0],
    outDirectory: snapshot,
  });
  for (const format of ['csv', 'parquet', 'xlsx'] as const)
    await exportSnapshot(snapshot, { format, outDirectory: root(format) });
});

afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

/** The texts of the files in a ZIP archive, by name. */
function readZip(bytes: Buffer): Map<string, string> {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  const files = new Map<string, string>();
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    const [packed, nameLength] = [bytes.readUInt32LE(at + 20), bytes.readUInt16LE(at + 28)];
    const from = bytes.readUInt32LE(at + 42);
    const start = from + 30 + bytes.readUInt16LE(from + 26) + bytes.readUInt16LE(from + 28);
    const content = bytes.subarray(start, start + packed);
    const text = bytes.readUInt16LE(at + 10) === 0 ? content : inflateRawSync(content);
    files.set(bytes.toString('utf8', at + 46, at + 46 + nameLength), text.toString('utf8'));
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return files;
}

/** The rows of a sheet as texts. */
function readSheet(files: ReadonlyMap<string, string>, number: number): string[][] {
  const shared = [...files.get('xl/sharedStrings.xml')!.matchAll(/<si><t[^>]*>([^]*?)<\/t><\/si>/g)].map(
    ([, text]) => text!,
  );
  const rows = [...files.get(`xl/worksheets/sheet${number}.xml`)!.matchAll(/<row [^>]*>([^]*?)<\/row>/g)];
  return rows.map(([, cells]) =>
    [...cells!.matchAll(/t="s"[^>]*><v>(\d+)<\/v>/g)].map(([, at]) => shared[Number(at)]!),
  );
}

async function query(sql: string) {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  return (await connection.run(sql)).getRowObjectsJson();
}

describe('an export', () => {
  it('has the same amounts in every format, and every column described', async () => {
    const workbook = readZip(await readFile(root('xlsx/snapshot.xlsx')));
    for (const [sheet, table] of (['accounts', 'statements', 'totals'] as const).entries()) {
      const text = await readFile(root(`csv/${table}.csv`), 'utf8');
      const [header, ...lines] = text.trimEnd().split('\n');
      expect(header!.replaceAll('"', '').split(',')).toEqual(
        listColumns('csv')[table].map(({ name }) => name),
      );
      const cells = lines.map((line) =>
        line
          .split(',')
          .map((cell) => cell.replace(/^"|"$/g, ''))
          .filter((cell) => cell !== ''),
      );
      const [titles, ...rows] = readSheet(workbook, sheet + 1);
      expect(titles).toEqual(header!.replaceAll('"', '').split(','));
      expect(rows).toEqual(cells);
      expect(rows.length).toBeGreaterThan(3);
      const described = await query(
        `DESCRIBE SELECT * FROM read_parquet('${root(`parquet/${table}.parquet`)}')`,
      );
      expect(described.map(({ column_name: name }) => name)).toEqual(
        listColumns('parquet')[table].map(({ name }) => name),
      );
    }
    const sums = await query(`
      SELECT (SELECT list(equity_units ORDER BY asset)::VARCHAR FROM read_parquet('${root('parquet/totals.parquet')}')) AS totals,
        (SELECT list(units ORDER BY asset)::VARCHAR FROM (SELECT asset, sum(equity_units)::DECIMAL(38, 0) AS units FROM read_parquet('${root('parquet/accounts.parquet')}') WHERE asset IS NOT NULL GROUP BY asset)) AS summed`);
    expect(sums[0]!.summed).toBe(sums[0]!.totals);
  });

  it.each(['csv', 'parquet', 'xlsx'])('is for its owner alone to read: %s', async (format) => {
    expect((await stat(root(format))).mode & 0o777).toBe(0o700);
    for (const name of await readdir(root(format)))
      expect((await stat(root(`${format}/${name}`))).mode & 0o777).toBe(0o600);
  });

  it.each(['csv', 'xlsx'] as const)(
    'neutralises ids that a spreadsheet takes for formulas: %s',
    async (format: ExportFormat) => {
      const names = ['=1+1', '+49', '-5', '@sum', '＝1', 'a;=1', 'a=b', 'plain'];
      const source = balances(...names.map((name, index) => `${name},AAA,${index + 1}.5,0`));
      const { directory: plain } = await takeSnapshot({ balances: source });
      const outDirectory = root(`names-${format}`);
      const { rows } = await exportSnapshot(plain, { format, outDirectory });
      // Balance files have no statements.
      expect(rows).toEqual({ accounts: 8, totals: 2 });
      const shown =
        format === 'csv'
          ? (await readFile(join(outDirectory, 'accounts.csv'), 'utf8'))
              .split('\n')
              .slice(1, -1)
              .map((line) => /^"([^"]*)","/.exec(line)![1]!)
          : readSheet(readZip(await readFile(join(outDirectory, 'snapshot.xlsx'))), 1)
              .slice(1)
              .map(([id]) => id!);
      expect(shown.sort()).toEqual(["'+49", "'-5", "'=1+1", "'@sum", "'＝1", 'a;=1', 'a=b', 'plain'].sort());
    },
  );

  it('is refused where a sheet has not as many rows', () => {
    expect(() => {
      assertFits('statements', 1_048_575);
    }).not.toThrow();
    expect(() => {
      assertFits('all tables', 1_048_576);
    }).toThrow(expect.objectContaining({ code: 'rows-too-many' }) as Error);
    expect(() => {
      assertFits('statements', 1_048_576);
    }).toThrow(expect.objectContaining({ code: 'rows-too-many' }) as Error);
  });

  it('goes nowhere where something is already', async () => {
    await expect(
      exportSnapshot(snapshot, { format: 'csv', outDirectory: root('parquet') }),
    ).rejects.toMatchObject({
      code: 'directory-exists',
    });
  });
});

describe('the text of a cell', () => {
  it.each([
    ['a_x0041_b', 'a_x005F_x0041_b'],
    ['_x00_', '_x00_'],
    ['ann\ufffd', 'ann_xFFFD_'],
    ['😀 née', '😀 née'],
  ])('is shown as it is, which escapes of the format would change: %s', (text, encoded) => {
    expect(encodeCellText(text)).toBe(encoded);
  });
});
