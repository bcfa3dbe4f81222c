import { escapePattern, quoteText, type Scratch } from '../../database/scratch.js';
import { readCsvRecords, type CsvRecord, type Separator } from '../../reading/csv-records.js';
import { ProblemList, throwProblems } from '../../reading/source-problems.js';
import type { SourceConfig } from '../config.js';
import { quoteList, statedView, TextTable, type Relation, type TextRow } from './relation.js';
import { assertDistinct, refuseFile, type SourceFile } from './source-files.js';
import {
  planColumns,
  planTypes,
  selectPlanned,
  type ColumnPlan,
  type FoundColumn,
} from './stated-columns.js';

type CsvFile = SourceFile & { readonly scan: NonNullable<SourceFile['scan']> };

/** What a source declares to stand between fields. */
function separatorOf({ origin }: SourceConfig): Separator | undefined {
  return origin.from === 'files' ? origin.separator : undefined;
}

/**
 * Opens CSV files as the rows of a source. DuckDB reads them where all are plain, and the exact reader where any is not.
 * @throws SourceError for what is wrong with a header.
 */
export async function openCsv(
  scratch: Scratch,
  source: SourceConfig,
  files: readonly SourceFile[],
): Promise<Relation> {
  const csvFiles = files as readonly CsvFile[];
  const header = await readHeaders(csvFiles, separatorOf(source));
  const lists = csvFiles.map(({ file }) => new ProblemList(file));
  const found = header.map((name): FoundColumn => ({ name, type: 'VARCHAR' }));
  const { plan, faults } = planColumns(source, found);
  for (const { column, ...fault } of faults) lists[0]!.add(1, column, fault);
  throwProblems(lists);
  assertDistinct(
    csvFiles,
    csvFiles.map(({ scan }) => scan.lineCount),
  );
  const parts = csvFiles.map(({ file }, index) => ({ name: file, problems: lists[index]! }));
  const opened = {
    role: source.role,
    columns: planTypes(plan, found),
    ignored: plan.ignored,
    parts,
    hasLines: true,
  };
  return csvFiles.every(({ scan }) => scan.plain)
    ? { ...opened, ...(await openPlain(scratch, source, { files: csvFiles, plan, header })) }
    : { ...opened, ...(await openExact(scratch, source, { files: csvFiles, plan, lists })) };
}

/** The fields of the header, which is the same in all files. */
async function readHeaders(files: readonly CsvFile[], separator?: Separator): Promise<readonly string[]> {
  const headers: (readonly string[])[] = [];
  for (const { path, file } of files) {
    const record = await readFirstRecord(path, separator);
    if (record === undefined) {
      throw refuseFile(
        file,
        'file-empty',
        'expected a header with the names of the columns, got an empty file',
      );
    }
    if ('fault' in record) throw refuseFile(file, record.fault.code, record.fault.message);
    headers.push(record.fields);
    if (record.fields.join('\n') !== headers[0]!.join('\n')) {
      const message = `expected the same header as in ${files[0]!.file}, got another: give all files of a source the same columns in the same order`;
      throw refuseFile(file, 'columns-differ', message);
    }
  }
  return headers[0]!;
}

async function readFirstRecord(path: string, separator?: Separator): Promise<CsvRecord | undefined> {
  for await (const records of readCsvRecords(path, separator)) {
    if (records.length > 0) return records[0];
  }
  return undefined;
}

type Opened = Pick<Relation, 'rowCount' | 'openLines'>;

async function openPlain(
  scratch: Scratch,
  { role }: SourceConfig,
  { files, plan, header }: { files: readonly CsvFile[]; plan: ColumnPlan; header: readonly string[] },
): Promise<Opened> {
  // Columns that we do not read may have any name, the same one twice included.
  const numbered = header.map((_, index): FoundColumn => ({ name: `column_${index}`, type: 'VARCHAR' }));
  const parts = {
    columns: selectPlanned(plan, numbered),
    header: `{${numbered.map(({ name }) => `${quoteText(name)}: 'VARCHAR'`).join(', ')}}`,
  };
  const patterns = files.map(({ path }) => escapePattern(path));
  const rows = { ...parts, view: statedView(role), files: quoteList(patterns) };
  await scratch.run('books/sources/create-csv-rows', rows);
  return {
    rowCount: files.reduce((sum, { scan }) => sum + scan.lineCount, 0),
    openLines: async (part) => {
      await scratch.run('books/sources/create-csv-lines', { ...parts, files: quoteList([patterns[part]!]) });
    },
  };
}

async function openExact(
  scratch: Scratch,
  source: SourceConfig,
  { files, plan, lists }: { files: readonly CsvFile[]; plan: ColumnPlan; lists: readonly ProblemList[] },
): Promise<Opened> {
  const table = new TextTable(scratch, source.role, [...plan.indexes.keys()]);
  const indexes = [...plan.indexes.values()];
  let rowCount = 0;
  async function* rows(): AsyncGenerator<TextRow[]> {
    for (const [part, { path }] of files.entries()) {
      let isHeader = true;
      for await (const records of readCsvRecords(path, separatorOf(source))) {
        const batch: TextRow[] = [];
        for (const record of records) {
          if (isHeader) isHeader = false;
          else if ('fault' in record) lists[part]!.add(record.line, null, record.fault);
          else
            batch.push([part, BigInt(record.line), ...indexes.map((position) => record.fields[position]!)]);
        }
        rowCount += batch.length;
        yield batch;
      }
    }
  }
  await table.fill(rows(), plan.constants);
  return { rowCount, openLines: (part) => table.openLines(part, plan.constants) };
}
