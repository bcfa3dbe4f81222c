import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { VenueDatabase } from './database.js';

/** The formats that books are written in. */
export const BOOK_FORMATS = ['csv', 'parquet', 'ndjson'] as const;

export type BookFormat = (typeof BOOK_FORMATS)[number];

/** A source of the venue's books. */
export type MadeSource = {
  readonly role: string;
  /** Columns that make the order of its rows; the first few are its primary key. */
  readonly order: readonly string[];
  /** Our column -> the column in the venue's files, where they differ. */
  readonly columns: Readonly<Record<string, string>>;
  /** Columns that have the same value in all rows and so are in the configuration alone. */
  readonly constants: Readonly<Record<string, string>>;
  /** Whether the venue says up to which instant it is complete. */
  readonly isTimed: boolean;
};

const timed = (role: string, order: string[], more: Partial<MadeSource> = {}): MadeSource => ({
  ...{ role, order, columns: {}, constants: {}, isTimed: true },
  ...more,
});

/** The sources of the venue, with names of columns and constants as a platform has them. */
export const SOURCES: readonly MadeSource[] = [
  timed('ledger', ['at_ns', 'reference'], { columns: { account: 'account_id', asset: 'currency' } }),
  timed('opening', ['account', 'asset'], { isTimed: false }),
  timed('balances', ['account', 'asset'], { columns: { account: 'account_id', asset: 'currency' } }),
  timed('control', ['asset']),
  timed('accounts', ['account'], { isTimed: false }),
  timed('orders', ['order_id']),
  timed('instruments', ['instrument'], { isTimed: false }),
  timed('positions', ['position_id'], { columns: { quantity: 'contracts' } }),
  timed('settlements', ['reference']),
  timed('collateral', ['reference']),
  timed('loans', ['loan_id']),
  timed('prices', ['at_ns', 'asset'], { constants: { source: 'Example Index' } }),
  timed('marks', ['at_ns', 'instrument', 'kind'], { constants: { source: 'Example Options' } }),
];

/** The sources that say nothing of when their rows came to be, or whose rows change: those of a day before are files of their own. */
const EARLIER_ROLES = ['balances', 'control', 'positions'];

/** A source as the books of a day before have it. */
export function earlierOf(source: MadeSource): MadeSource {
  return EARLIER_ROLES.includes(source.role) ? { ...source, role: `${source.role}_earlier` } : source;
}

/** Rows of the ledger in one file, about. */
const LEDGER_FILE_ROWS = 5_000_000;
const EXTENSIONS: Readonly<Record<BookFormat, string>> = { csv: 'csv', parquet: 'parquet', ndjson: 'ndjson' };
const COPY_OPTIONS: Readonly<Record<BookFormat, string>> = {
  csv: 'FORMAT csv, HEADER',
  parquet: 'FORMAT parquet, COMPRESSION zstd',
  ndjson: 'FORMAT json, ARRAY false',
};

/** The pattern of the files of a source, relative to the configuration. */
export function patternOf({ role }: MadeSource, format: BookFormat): string {
  return role === 'ledger' ? `ledger/*.${EXTENSIONS[format]}` : `${role}.${EXTENSIONS[format]}`;
}

/**
 * Writes the files of a source, its rows in order: the ledger in several of about the same size, others in one.
 * @returns how many rows it has.
 */
export async function writeSource(
  database: VenueDatabase,
  source: MadeSource,
  { directory, format }: { directory: string; format: BookFormat },
): Promise<number> {
  const [counted] = await database.query(`SELECT count(*) AS rows FROM ${source.role}`);
  const rows = Number(counted!.rows);
  const columns = await selectColumns(database, source, format);
  const query = `SELECT ${columns} FROM ${source.role}`;
  const order = `ORDER BY ${source.order.join(', ')}`;
  const options = COPY_OPTIONS[format];
  if (source.role !== 'ledger') {
    const path = join(directory, patternOf(source, format));
    await database.query(`COPY (${query} ${order}) TO ${quote(path)} (${options})`);
    return rows;
  }
  await mkdir(join(directory, 'ledger'), { recursive: true });
  const files = Math.max(2, Math.ceil(rows / LEDGER_FILE_ROWS));
  for (let file = 0; file < files; file++) {
    const path = join(directory, 'ledger', `${String(file + 1).padStart(3, '0')}.${EXTENSIONS[format]}`);
    const part = `WHERE at_ns >= ${instantOfPart(file, files)} AND at_ns < ${instantOfPart(file + 1, files)}`;
    await database.query(`COPY (${query} ${part} ${order}) TO ${quote(path)} (${options})`);
  }
  return rows;
}

/** Where a part of the ledger's window begins; the last one ends behind everything. */
function instantOfPart(part: number, parts: number): string {
  const instant = "getvariable('instant_ns')";
  const window = "getvariable('window_ns')";
  return part === parts
    ? `${instant} + ${window}`
    : `${instant} - ${window} + ${window} // ${parts} * ${part}`;
}

/** The columns of a source under the venue's names: texts for CSV and NDJSON, which have no decimals and instants. */
async function selectColumns(
  database: VenueDatabase,
  { role, columns }: MadeSource,
  format: BookFormat,
): Promise<string> {
  const described = await database.query(`DESCRIBE ${role}`);
  return described
    .map(({ column_name: name, column_type: type }) => {
      const ours = String(name).replace(/_ns$/, '');
      return `${express(String(name), String(type), format)} AS "${columns[ours] ?? ours}"`;
    })
    .join(', ');
}

function express(name: string, type: string, format: BookFormat): string {
  if (name.endsWith('_ns')) {
    return format === 'parquet' ? `make_timestamp_ns(${name})` : `instant_text(${name})`;
  }
  return type.startsWith('DECIMAL') && format !== 'parquet' ? `decimal_text(${name})` : `"${name}"`;
}

function quote(path: string): string {
  return `'${path.replaceAll("'", "''")}'`;
}
