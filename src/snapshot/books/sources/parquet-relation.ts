import { SolventError } from '../../../protocol/index.js';
import { escapePattern, type Scratch } from '../../database/scratch.js';
import { ProblemList, throwProblems } from '../../reading/source-problems.js';
import type { SourceConfig } from '../config.js';
import { MAX_DECIMAL_DIGITS, UTC_NANOS } from './columns.js';
import { readFooter, type ParquetField, type ParquetFooter, copyPlain } from './parquet/footer.js';

import { quoteList, statedView, type Relation } from './relation.js';
import { assertDistinct, refuseFile, type SourceFile } from './source-files.js';
import {
  planColumns,
  planTypes,
  selectPlanned,
  type ColumnPlan,
  type FoundColumn,
} from './stated-columns.js';

/** How a file that is no Parquet, or a damaged one, is refused. */
export const UNREADABLE_PARQUET =
  'expected a Parquet file, got something that cannot be read as one: write the file again';

/** A Parquet file with its columns, under the types that are read. */
type ParquetFile = {
  readonly source: SourceFile;
  readonly footer: ParquetFooter;
  readonly columns: readonly FoundColumn[];
  readonly rowCount: number;
};

/**
 * Opens Parquet files as the rows of a source.
 * @throws SourceError: `file-malformed`, `columns-differ`, `file-doubled`, and what is wrong with the columns.
 */
export async function openParquet(
  scratch: Scratch,
  source: SourceConfig,
  files: readonly SourceFile[],
): Promise<Relation> {
  const lists = files.map(({ file }) => new ProblemList(file));
  const opened: ParquetFile[] = [];
  for (const file of files) {
    opened.push(await openFile(scratch, file));
    assertSameColumns(opened[0]!, opened.at(-1)!);
  }
  const found = opened[0]!.columns;
  const { plan, faults } = planColumns(source, found);
  for (const { column, ...fault } of faults) lists[0]!.add(1, column, fault);
  throwProblems(lists);
  const rowCounts = opened.map(({ rowCount }) => rowCount);
  assertDistinct(files, rowCounts);
  const patterns = (await listPaths(scratch, opened, { source, plan })).map(escapePattern);
  const columns = selectPlanned(plan, found);
  const rows = { columns, view: statedView(source.role), files: quoteList(patterns) };
  await scratch.run('books/sources/create-parquet-rows', rows);
  return {
    role: source.role,
    columns: planTypes(plan, found),
    ignored: plan.ignored,
    parts: files.map(({ file }, index) => ({ name: file, problems: lists[index]! })),
    hasLines: false,
    rowCount: rowCounts.reduce((sum, count) => sum + count, 0),
    openLines: async (part) => {
      await scratch.run('books/sources/create-parquet-lines', {
        columns,
        files: quoteList([patterns[part]!]),
      });
    },
  };
}

async function openFile(scratch: Scratch, source: SourceFile): Promise<ParquetFile> {
  const footer = await refuseUnreadable(source, () => readFooter(source.path));
  const described = await refuseUnreadable(source, () => select(scratch, 'select-parquet-columns', source));
  const [count] = await refuseUnreadable(source, () => select(scratch, 'select-parquet-row-count', source));
  if (described.length !== footer.fields.length)
    throw refuseFile(source.file, 'file-malformed', UNREADABLE_PARQUET);
  const columns = described.map((row, position): FoundColumn => {
    const field = footer.fields[position]!;
    const queryName = row.column_name as string;
    return { name: field.name, queryName, type: typeOf(field, row.column_type as string) };
  });
  return { source, footer, columns, rowCount: Number(count!.row_count) };
}

/** The type of a column: the file's own where DuckDB 1.5 reads values as others, by their type or by their digits. */
function typeOf({ isInt96, timestamp, decimal }: ParquetField, typeInDuckDb: string): string {
  if (isInt96) return 'INT96';
  if (timestamp?.utc === true) {
    return timestamp.unit === 'nanoseconds' ? UTC_NANOS : 'TIMESTAMP WITH TIME ZONE';
  }
  const isHeld = decimal === undefined || decimal.precision <= MAX_DECIMAL_DIGITS;
  return isHeld ? typeInDuckDb : `DECIMAL(${decimal.precision},${decimal.scale})`;
}

/** Where the rows are read: in the files themselves, or in copies whose nanoseconds DuckDB does not cut. */
async function listPaths(
  scratch: Scratch,
  files: readonly ParquetFile[],
  { source, plan }: { source: SourceConfig; plan: ColumnPlan },
): Promise<string[]> {
  const { columns } = files[0]!;
  const indexes = [...plan.indexes.values()].filter((position) => columns[position]!.type === UTC_NANOS);
  if (indexes.length === 0) return files.map(({ source: { path } }) => path);
  const paths: string[] = [];
  for (const [index, { source: file, footer }] of files.entries()) {
    const name = `${source.role}-${index}.parquet`;
    paths.push(await copyPlain(file.path, { directory: scratch.directory!, name, footer, indexes }));
  }
  return paths;
}

function select(scratch: Scratch, query: string, { path }: SourceFile) {
  return scratch.select(`books/sources/${query}`, { files: quoteList([escapePattern(path)]) });
}

async function refuseUnreadable<T>({ file }: SourceFile, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof SolventError || error instanceof RangeError)) throw error;
    throw refuseFile(file, 'file-malformed', UNREADABLE_PARQUET);
  }
}

function assertSameColumns(first: ParquetFile, { source, columns }: ParquetFile): void {
  const write = (list: readonly FoundColumn[]) => JSON.stringify(list.map(({ name, type }) => [name, type]));
  if (write(first.columns) === write(columns)) return;
  const message = `expected the same columns and types as in ${first.source.file}, got others: write all files of a source alike`;
  throw refuseFile(source.file, 'columns-differ', message);
}
