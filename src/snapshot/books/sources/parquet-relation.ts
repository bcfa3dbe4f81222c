import { SolventError } from '../../../protocol/index.js';
import { escapePattern, type Scratch } from '../../database/scratch.js';
import { ProblemList, throwProblems } from '../../reading/source-problems.js';
import type { SourceConfig } from '../config.js';
import { quoteList, statedView, type Relation } from './relation.js';
import { assertDistinct, refuseFile, type SourceFile } from './source-files.js';
import { planColumns, planTypes, selectPlanned, type FoundColumn } from './stated-columns.js';

/** How a file that is no Parquet, or a damaged one, is refused. */
export const UNREADABLE_PARQUET =
  'expected a Parquet file, got something that cannot be read as one: write the file again';

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
  const found: FoundColumn[][] = [];
  const rowCounts: number[] = [];
  for (const file of files) {
    found.push(await readColumns(scratch, file));
    rowCounts.push(await readRowCount(scratch, file));
    assertSameColumns(files[0]!, found[0]!, { file, columns: found.at(-1)! });
  }
  const { plan, faults } = planColumns(source, found[0]!);
  for (const { column, ...fault } of faults) lists[0]!.add(1, column, fault);
  throwProblems(lists);
  assertDistinct(files, rowCounts);
  const patterns = files.map(({ path }) => escapePattern(path));
  const columns = selectPlanned(plan, found[0]!);
  const rows = { columns, view: statedView(source.role), files: quoteList(patterns) };
  await scratch.run('books/sources/create-parquet-rows', rows);
  return {
    role: source.role,
    columns: planTypes(plan, found[0]!),
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

async function readColumns(scratch: Scratch, file: SourceFile): Promise<FoundColumn[]> {
  const rows = await refuseUnreadable(file, () => select(scratch, 'select-parquet-columns', file));
  return rows.map((row) => ({ name: row.column_name as string, type: row.column_type as string }));
}

async function readRowCount(scratch: Scratch, file: SourceFile): Promise<number> {
  const [row] = await refuseUnreadable(file, () => select(scratch, 'select-parquet-row-count', file));
  return Number(row!.row_count);
}

function select(scratch: Scratch, query: string, { path }: SourceFile) {
  return scratch.select(`books/sources/${query}`, { files: quoteList([escapePattern(path)]) });
}

async function refuseUnreadable<T>({ file }: SourceFile, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof SolventError)) throw error;
    throw refuseFile(file, 'file-malformed', UNREADABLE_PARQUET);
  }
}

function assertSameColumns(
  first: SourceFile,
  expected: readonly FoundColumn[],
  { file, columns }: { file: SourceFile; columns: readonly FoundColumn[] },
): void {
  const write = (list: readonly FoundColumn[]) => JSON.stringify(list.map(({ name, type }) => [name, type]));
  if (write(expected) === write(columns)) return;
  const message = `expected the same columns and types as in ${first.file}, got others: write all files of a source alike`;
  throw refuseFile(file.file, 'columns-differ', message);
}
