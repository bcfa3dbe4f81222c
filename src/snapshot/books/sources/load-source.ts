import { SolventError } from '../../../protocol/index.js';
import type { Scratch } from '../../database/scratch.js';
import { assertUnchanged } from '../../reading/source-text.js';
import type { SourceCode } from '../../reading/source-problems.js';
import type { BooksConfig, SourceConfig, SourceRole } from '../config.js';
import { buildRowReader } from './columns.js';
import { openCsv } from './csv-relation.js';
import { throwDoubledRows, throwFaultyRows, type Suspect } from './find-problems.js';
import { openNdjson } from './ndjson-relation.js';
import { openParquet } from './parquet-relation.js';
import { statedView, typedView, type Relation } from './relation.js';
import { SOURCE_SHAPES } from './shapes.js';
import type { FiledSource, SourceFile } from './source-files.js';
import { refuseSnapshot } from '../../errors.js';

/** A source whose rows are in their table. */
export type LoadedSource = Suspect & {
  readonly source: SourceConfig;
  readonly files: readonly SourceFile[];
  /** Rows up to the instant. */
  readonly countedRows: number;
  /** The first and last instant of these, nanoseconds since 1970 UTC; null where rows have none. */
  readonly firstAtNs: bigint | null;
  readonly lastAtNs: bigint | null;
};

type Summary = Pick<LoadedSource, 'countedRows' | 'firstAtNs' | 'lastAtNs'> & {
  readonly rowCount: number;
  readonly faultyRows: number;
};

const SQL = 'books/sources';

/** Opens the files of a source as its rows. */
export async function openFiles(
  scratch: Scratch,
  source: FiledSource,
  files: readonly SourceFile[],
): Promise<Relation> {
  const open = { csv: openCsv, parquet: openParquet, ndjson: openNdjson }[source.origin.format];
  return open(scratch, source, files);
}

/**
 * Reads the rows of a source into its table, or the ledger into `ledger_sum`.
 * @throws SourceError with every row at fault, or every row that doubles another; `source-changed`.
 */
export async function loadSource(
  scratch: Scratch,
  {
    config,
    source,
    relation,
    files,
    atNs,
  }: Pick<LoadedSource, 'source' | 'relation' | 'files' | 'atNs'> & {
    readonly config: BooksConfig;
  },
): Promise<LoadedSource> {
  const shape = SOURCE_SHAPES[source.role];
  const reader = buildRowReader(shape, relation.columns, { assets: config.assets, zone: source.timeZone });
  const suspect: Suspect = { relation, reader, atNs };
  await scratch.run(`${SQL}/create-typed-rows`, {
    view: typedView(source.role),
    rows: statedView(source.role),
    values: reader.values,
    values_sound: reader.valuesSound,
    row_fault: reader.rowFault,
    instant: String(atNs),
  });
  const summary = await readRows(scratch, suspect);
  for (const { path, file, state } of files) await assertUnchanged({ path, file, state });
  const misread = relation.parts.some(({ problems }) => problems.count > 0);
  if (summary.faultyRows > 0 || misread) await throwFaultyRows(scratch, suspect);
  if (summary.rowCount !== relation.rowCount) throw refuseCount(relation, summary.rowCount);
  if (shape.key.length > 0 && (await hasDoubles(scratch, source.role)))
    await throwDoubledRows(scratch, suspect);
  const { countedRows, firstAtNs, lastAtNs } = summary;
  return { ...suspect, source, files, countedRows, firstAtNs, lastAtNs };
}

/** Fills the table; a source whose rows are damaged in a way that shows only now has its parts looked at one by one. */
async function readRows(scratch: Scratch, suspect: Suspect): Promise<Summary> {
  try {
    return await (suspect.relation.role === 'ledger'
      ? sumLedger(scratch)
      : fillTable(scratch, suspect.relation));
  } catch (error) {
    if (error instanceof SolventError && error.code === 'own-query-failed') {
      if (error.message.includes('Out of Range Error')) throw refuseSum(suspect.relation.role);
      if (!suspect.relation.hasLines) await throwFaultyRows(scratch, suspect);
    }
    throw error;
  }
}

/** Where all rows count and have no time, filling the table is the only scan. */
async function fillTable(scratch: Scratch, { role, rowCount, columns }: Relation): Promise<Summary> {
  const countedRows = await scratch.run(`${SQL}/load-${role}`);
  if (countedRows === rowCount && !columns.has('at')) {
    return { rowCount, countedRows, faultyRows: 0, firstAtNs: null, lastAtNs: null };
  }
  const [row] = await scratch.select(`${SQL}/select-row-summary`, { rows: typedView(role) });
  return parseSummary(row!);
}

async function sumLedger(scratch: Scratch): Promise<Summary> {
  await scratch.run(`${SQL}/create-ledger-group`);
  const [row] = await scratch.select(`${SQL}/select-ledger-summary`);
  await scratch.run(`${SQL}/load-ledger-sum`);
  await scratch.run(`${SQL}/drop-ledger-group`);
  await scratch.run(`${SQL}/create-ledger`);
  return parseSummary(row!);
}

function parseSummary(row: Readonly<Record<string, unknown>>): Summary {
  return {
    rowCount: Number(row.row_count),
    countedRows: Number(row.counted),
    faultyRows: Number(row.faulty),
    firstAtNs: row.first_at_ns as bigint | null,
    lastAtNs: row.last_at_ns as bigint | null,
  };
}

async function hasDoubles(scratch: Scratch, role: SourceRole): Promise<boolean> {
  const { table, key } = SOURCE_SHAPES[role];
  const stored: Readonly<Record<string, string>> = { asset: 'asset_index', at: 'at_ns' };
  const columns = key.map((column) => stored[column] ?? column).join(', ');
  const [row] = await scratch.select(`${SQL}/count-doubled-rows`, { table, key: columns });
  return row!.doubled !== 0n;
}

function refuseSum(role: SourceRole): SolventError<SourceCode> {
  return refuseSnapshot('total-too-large', {
    expected: `sums below 10^20 in the source ${role}`,
    found: 'a larger one',
  });
}

function refuseCount({ role, rowCount }: Relation, readCount: number): SolventError {
  return refuseSnapshot('rows-miscounted', {
    expected: `${rowCount} rows of the source ${role}`,
    found: readCount,
    advice: 'the two ways of counting disagree',
  });
}
