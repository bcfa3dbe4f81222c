import { UBIGINT, VARCHAR, type DuckDBValue } from '@duckdb/node-api';
import { basename } from 'node:path';

import { SolventError, type BreakKind } from '../../../protocol/index.js';
import { readCsvRecords } from '../../reading/csv-records.js';
import { parseHeader, type Header } from '../../reading/column-names.js';
import type { Scratch } from '../../database/scratch.js';
import { ProblemList } from '../../reading/source-problems.js';
import { refuseBreaks, type ReconciliationCode } from './refuse-breaks.js';
import { refuseSnapshot } from '../../errors.js';

/** What names a break; the rest of its row says more about it. */
const NAMING_COLUMNS = ['kind', 'account', 'asset', 'instrument', 'expected', 'found'] as const;
const COLUMNS = {
  required: NAMING_COLUMNS,
  optional: ['difference', 'first_differing'],
  ignored: [],
  advice: 'give the list as it was written',
};
const TYPES = [UBIGINT, ...NAMING_COLUMNS.map(() => VARCHAR)];

/** Lines that a refusal names. */
const MAX_LINES_SHOWN = 20;

/**
 * Accepts the breaks of the table `book_break` by a list of them, a breaks.csv as `writeBreaks` writes it: just these
 * breaks, each with the kind, account, asset, instrument, expected and found amounts of its row.
 * @throws SolventError of class `reconciliation`: `breaks-not-accepted` for breaks that the list does not have,
 * `accepted-break-absent` for rows of the list that no break is behind; SourceError for a file that is no such list;
 * SolventError `file-unreadable`.
 */
export async function acceptBreaks(scratch: Scratch, path: string): Promise<void> {
  await scratch.run('books/reconciliation/create-accepted-break');
  await scratch.run('books/reconciliation/create-written-break');
  await loadAcceptedBreaks(scratch, path);
  const unaccepted = await scratch.select('books/reconciliation/select-unaccepted-breaks');
  if (unaccepted.length > 0) {
    const counts = unaccepted.map((row) => ({ kind: row.kind as BreakKind, count: Number(row.break_count) }));
    throw refuseBreaks(
      'breaks-not-accepted',
      counts,
      (total) =>
        `expected ${basename(path)} to list every break as it was written, got ${total} beside it: look at each, and accept the list that was written of these books`,
    );
  }
  const absent = await scratch.select('books/reconciliation/select-absent-breaks');
  if (absent.length > 0)
    throw refuseAbsent(
      basename(path),
      absent.map(({ line }) => Number(line)),
    );
}

async function loadAcceptedBreaks(scratch: Scratch, path: string): Promise<void> {
  const problems = new ProblemList(basename(path));
  let header: Header | undefined;
  async function* rows(): AsyncGenerator<DuckDBValue[][]> {
    for await (const records of readCsvRecords(path)) {
      const batch: DuckDBValue[][] = [];
      for (const record of records) {
        if (header === undefined) header = parseHeader(record, COLUMNS, problems);
        else if ('fault' in record) problems.add(record.line, null, record.fault);
        else {
          const indexes = NAMING_COLUMNS.map((name) => header!.indexes.get(name)!);
          batch.push([BigInt(record.line), ...indexes.map((index) => record.fields[index]!)]);
        }
      }
      yield batch;
    }
    if (header === undefined) parseHeader(undefined, COLUMNS, problems);
  }
  await scratch.append('accepted_break', TYPES, rows());
  problems.throwIfAny();
}

function refuseAbsent(file: string, lines: readonly number[]): SolventError<ReconciliationCode> {
  const shown = lines.slice(0, MAX_LINES_SHOWN).join(', ');
  const more = lines.length > MAX_LINES_SHOWN ? ` and ${lines.length - MAX_LINES_SHOWN} more` : '';
  return refuseSnapshot('accepted-break-absent', {
    expected: `${file} to list breaks of these books alone`,
    found: `others in ${lines.length === 1 ? 'line' : 'lines'} ${shown}${more}`,
    details: { file, lineCount: lines.length },
  });
}
