import { chmod, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { DECIMAL, INTEGER, VARCHAR, DuckDBDecimalValue } from '@duckdb/node-api';
import writeExcelFile from 'write-excel-file/node';

import { requirePath } from '../../protocol/index.js';
import {
  ACCOUNTS_FILE,
  COMPONENTS_FILE,
  escapePattern,
  loadSnapshot,
  quoteText,
  Scratch,
  type Snapshot,
} from '../../snapshot/index.js';
import { writeDirectoryAtomically, writeFileAtomically } from '../../system/index.js';
import { refuseAnalysis } from '../errors.js';
import { CELL_RULE, listColumns, TABLES, type ExportFormat, type TableName } from './columns.js';
import '../instruments.js';

/** Rows that a sheet of the format holds, its heading included. */
const MAX_SHEET_ROWS = 1_048_576;

/** A sheet: its name, the titles of its columns, and its rows; every cell is a text. */
type Sheet = {
  readonly name: string;
  readonly titles: readonly string[];
  readonly rows: readonly (readonly string[])[];
};

/** What a spreadsheet reads as the character of that number (ECMA-376, 22.9.2.19: `_xHHHH_`). */
const ESCAPE = /_(?=x[0-9A-Fa-f]{4}_)/g;
/** Characters that XML discourages, which the writer would drop without a word: two ids might become one. */
const DISCOURAGED = /[\u0080-\u009f\ufdd0-\ufdef\ufffd]/g;

/** A text that a spreadsheet shows just as it is. */
export function encodeCellText(text: string): string {
  return text
    .replace(ESCAPE, '_x005F_')
    .replace(DISCOURAGED, (sign) => `_x${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`);
}

/** A workbook of sheets, the titles bold and kept in sight. */
async function encodeWorkbook(sheets: readonly Sheet[]): Promise<Uint8Array> {
  const cell = (value: string) => ({ value: encodeCellText(value), type: String });
  return writeExcelFile(
    sheets.map(({ name, titles, rows }) => ({
      sheet: name,
      stickyRowsCount: 1,
      columns: titles.map((title) => ({ width: Math.max(14, title.length + 2) })),
      data: [
        titles.map((title) => ({ ...cell(title), fontWeight: 'bold' as const })),
        ...rows.map((row) => row.map((text) => (text === '' ? null : cell(text)))),
      ],
    })),
  ).toBuffer();
}

/** What users hold is for its owner alone to read. */
const PRIVATE_MODE = 0o600;

/** What was exported: rows of each table; one that the snapshot has not is absent. */
export type ExportedTables = {
  readonly files: readonly string[];
  readonly rows: Readonly<Partial<Record<TableName, number>>>;
};

/**
 * Writes accounts, statements and totals of a snapshot as tables, with a description of their columns beside them. A
 * snapshot of balance files has no statements.
 * @param outDirectory a directory that is not there, or empty; it appears whole or not at all.
 * @throws SolventError `rows-too-many` before anything is written; `directory-exists`; as `loadSnapshot`.
 */
export async function exportSnapshot(
  directory: string,
  { format, outDirectory }: { readonly format: ExportFormat; readonly outDirectory: string },
): Promise<ExportedTables> {
  const out = resolve(requirePath(outDirectory, 'the export'));
  const snapshot = await loadSnapshot(directory);
  let exported: ExportedTables | undefined;
  await writeDirectoryAtomically(
    out,
    async (temporary) => {
      exported = await fillDirectory(temporary, snapshot, format);
    },
    { mode: 0o700 },
  );
  return exported!;
}

async function fillDirectory(
  directory: string,
  snapshot: Snapshot,
  format: ExportFormat,
): Promise<ExportedTables> {
  const scratchDirectory = join(directory, 'scratch');
  const scratch = await Scratch.open(scratchDirectory);
  try {
    const tables = TABLES.filter((table) => table !== 'statements' || snapshot.configurationSha256 !== null);
    const prefix = format === 'parquet' ? 'units' : 'text';
    await openTables(scratch, snapshot, { tables, prefix });
    const rows = await countRows(scratch, { tables, prefix, format });
    const files =
      format === 'xlsx'
        ? [await writeWorkbook(scratch, directory, tables)]
        : await writeTables(scratch, directory, { tables, format, prefix });
    return { files, rows };
  } finally {
    scratch.close();
    await rm(scratchDirectory, { recursive: true, force: true });
  }
}

type Opened = { readonly tables: readonly TableName[]; readonly prefix: 'units' | 'text' };

async function openTables(scratch: Scratch, snapshot: Snapshot, { tables, prefix }: Opened): Promise<void> {
  await scratch.run('analysis/cells/create-cell-text');
  await scratch.run('analysis/cells/create-units-text');
  await scratch.runSection('analysis/export', 'schema');
  const assets = snapshot.assets.map(({ symbol, decimals, price, collateralRatio }, index) => {
    const { equity, debt } = snapshot.totals[index]!;
    const total = (units: string) => new DuckDBDecimalValue(BigInt(units), 38, 0);
    return [index, symbol, decimals, price, collateralRatio, total(equity), total(debt)];
  });
  const types = [INTEGER, VARCHAR, INTEGER, VARCHAR, VARCHAR, DECIMAL(38, 0), DECIMAL(38, 0)];
  await scratch.append('export_asset', types, [assets]);
  const pattern = (file: string) => quoteText(escapePattern(join(snapshot.directory, file)));
  for (const table of tables) {
    await scratch.run(`analysis/export/create-${prefix}-${table}`, {
      accounts_pattern: pattern(ACCOUNTS_FILE),
      components_pattern: pattern(COMPONENTS_FILE),
    });
  }
}

/** @throws SolventError `rows-too-many`. */
async function countRows(
  scratch: Scratch,
  { tables, prefix, format }: Opened & { readonly format: ExportFormat },
): Promise<ExportedTables['rows']> {
  const rows: Partial<Record<TableName, number>> = {};
  for (const table of tables) {
    const [counted] = await scratch.select('analysis/export/count-rows', { view: `${prefix}_${table}` });
    const count = Number(counted!.row_count);
    if (format === 'xlsx') assertFits(table, count);
    rows[table] = count;
  }
  // A workbook is made in memory, three kilobytes for each row: no more than one full sheet of them altogether.
  const total = Object.values(rows).reduce((sum, count) => sum + count, 0);
  if (format === 'xlsx') assertFits('all tables', total);
  return rows;
}

/**
 * Makes sure that a spreadsheet holds the rows of a table below its heading, and a workbook those of all tables.
 * @throws SolventError `rows-too-many`.
 */
export function assertFits(table: TableName | 'all tables', rows: number): void {
  if (rows < MAX_SHEET_ROWS) return;
  throw refuseAnalysis('rows-too-many', {
    expected: `at most ${MAX_SHEET_ROWS - 1} rows of ${table} for a spreadsheet`,
    found: rows,
    details: { table, rows },
  });
}

async function writeTables(
  scratch: Scratch,
  directory: string,
  { tables, format, prefix }: Opened & { readonly format: 'csv' | 'parquet' },
): Promise<string[]> {
  const files: string[] = [];
  for (const table of tables) {
    const name = `${table}.${format}`;
    const path = join(directory, name);
    await scratch.set('out_path', path);
    await scratch.run(`analysis/export/write-${format}`, { view: `${prefix}_${table}` });
    await chmod(path, PRIVATE_MODE);
    files.push(name);
  }
  const described = listColumns(format);
  const lines = tables.flatMap((table) => described[table].map((column) => formatColumn(table, column)));
  const rule = format === 'csv' ? [`*,*,"${CELL_RULE}"`] : [];
  const text = ['table,column,description', ...lines, ...rule, ''].join('\n');
  await writeFileAtomically(join(directory, 'columns.csv'), text, { mode: PRIVATE_MODE });
  return [...files, 'columns.csv'];
}

function formatColumn(
  table: TableName,
  { name, description }: { name: string; description: string },
): string {
  return `${table},${name},"${description}"`;
}

async function writeWorkbook(
  scratch: Scratch,
  directory: string,
  tables: readonly TableName[],
): Promise<string> {
  const described = listColumns('xlsx');
  const sheets: Sheet[] = [];
  for (const table of tables) {
    const rows: string[][] = [];
    for await (const batch of scratch.stream('analysis/export/select-rows', { view: `text_${table}` }))
      rows.push(...(batch as string[][]));
    sheets.push({ name: table, titles: described[table].map(({ name }) => name), rows });
  }
  const columns = tables.flatMap((table) =>
    described[table].map(({ name, description }) => [table, name, description]),
  );
  sheets.push({
    name: 'columns',
    titles: ['table', 'column', 'description'],
    rows: [...columns, ['all', 'all', CELL_RULE]],
  });
  const name = 'snapshot.xlsx';
  await writeFileAtomically(join(directory, name), await encodeWorkbook(sheets), { mode: PRIVATE_MODE });
  return name;
}
