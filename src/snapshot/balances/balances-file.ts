import { listValue, structValue, UBIGINT, VARCHAR, type DuckDBValue } from '@duckdb/node-api';

import { parseName, SolventError } from '../../protocol/index.js';
import { readCsvRecords, type CsvRecord } from '../reading/csv-records.js';
import type { CsvScan } from '../reading/csv-scan.js';
import { parseHeader, type Header } from '../reading/header.js';
import { listSection } from '../database/queries.js';
import { IGNORE_ADVICE } from './assets-file.js';
import { escapePattern, type Scratch } from '../database/scratch.js';
import { ProblemList, type ValueCode } from '../reading/source-problems.js';

const COLUMNS = { required: ['user_id', 'asset', 'equity'], optional: ['debt'] };

/** The stage of `sql/` that reads a balance file. */
const STAGE = 'balances';

const MESSAGES: Partial<Record<ValueCode, string>> = {
  'name-empty': 'expected a user id, got none',
  'name-too-long': 'expected a user id of at most 256 bytes in UTF-8, got a longer one',
  'name-has-control-character': 'expected a user id of printable characters, got a control character',
  'name-not-normal': 'expected a user id without white space at its ends, got some: remove it',
  'asset-unknown': 'expected an asset that assets.csv lists, got another: list it or correct the symbol',
  'amount-malformed':
    'expected a decimal like 12.5 with at most 30 digits before and after the point, got another text',
  'amount-negative':
    'expected an amount that is not negative, got a minus: what the user owes belongs in the debt column',
  'amount-too-large':
    'expected less than 2^64 proof units, got more: correct the amount, or give the asset fewer decimals',
  'holding-doubled': 'expected one row for each user and asset, got a second: add the two up',
};

/** A balances.csv that has been scanned. */
export type BalancesSource = { readonly path: string; readonly file: string; readonly scan: CsvScan };

/** What was read of a balance file. */
export type LoadedBalances = {
  /** Rows below the header. */
  readonly rows: number;
  /** The columns that were passed over. */
  readonly ignoredColumns: readonly string[];
};

export type LoadBalancesOptions = {
  /** Columns that are passed over, besides those that are read. */
  readonly ignored?: readonly string[];
  readonly onStep?: StepProgress;
};

/** Called after each of `total` steps. */
export type StepProgress = (done: number, total: number) => void;

/**
 * Reads balances.csv (`user_id,asset,equity[,debt]`) into the table `holding`, in proof units, by the table `asset`.
 * @throws SourceError with every problem of the file.
 */
export async function loadBalances(
  scratch: Scratch,
  source: BalancesSource,
  { ignored = [], onStep }: LoadBalancesOptions = {},
): Promise<LoadedBalances> {
  const problems = new ProblemList(source.file);
  const known = { ...COLUMNS, ignored, advice: IGNORE_ADVICE };
  const header = parseHeader(await readHeader(source.path), known, problems);
  await scratch.run('sealed/create-unusual-user');
  await scratch.runSection(STAGE, 'schema');
  const rules = listSection(STAGE, 'rules');
  const steps = rules.length + 3;
  const rowCount = source.scan.plain
    ? await loadPlainRows(scratch, source, header)
    : await loadExactRows(scratch, source, header, problems);
  onStep?.(1, steps);
  if (rowCount === 0 && problems.count === 0) {
    const message = 'expected at least one balance, got no rows below the header';
    problems.add(1, null, { code: 'rows-missing', message });
  }
  await scratch.append('unusual_user', [VARCHAR, VARCHAR, VARCHAR], normalizeUsers(scratch));
  onStep?.(2, steps);
  for (const [index, rule] of rules.entries()) {
    await scratch.run(rule);
    onStep?.(3 + index, steps);
  }
  await collectProblems(scratch, problems);
  problems.throwIfAny();
  await scratch.run('sealed/create-holding');
  onStep?.(steps, steps);
  return { rows: rowCount, ignoredColumns: header.ignored };
}

async function readHeader(path: string): Promise<CsvRecord | undefined> {
  for await (const records of readCsvRecords(path)) {
    if (records.length > 0) return records[0];
  }
  return undefined;
}

/** The fast way: DuckDB reads the file itself, which is plain, so that the scan has counted its rows. */
async function loadPlainRows(
  scratch: Scratch,
  { path, scan }: BalancesSource,
  header: Header,
): Promise<number> {
  await scratch.set('source_pattern', escapePattern(path));
  const names = [...header.places].sort(([, a], [, b]) => a - b).map(([name]) => name);
  await scratch.set('column_names', listValue(names));
  // Columns that are passed over may have any name, the same one twice included.
  const stated = Array.from({ length: header.width }, (_, place) => `column ${place}`);
  for (const [name, place] of header.places) stated[place] = name;
  const types = Object.fromEntries(stated.map((name) => [name, 'VARCHAR']));
  await scratch.set('column_types', structValue(types));
  const rowCount = await scratch.run('balances/load-balance-rows');
  if (rowCount !== scan.lineCount) {
    throw new SolventError(
      'invariant',
      'rows-miscounted',
      `expected ${scan.lineCount} rows as scanned, got ${rowCount}: the reader and the scan disagree`,
    );
  }
  return rowCount;
}

/** The exact way, for every other file: reads record by record, and leaves those with a fault out. */
async function loadExactRows(
  scratch: Scratch,
  { path }: BalancesSource,
  header: Header,
  problems: ProblemList,
): Promise<number> {
  const places = ['user_id', 'asset', 'equity', 'debt'].map((name) => header.places.get(name) ?? -1);
  let rowCount = 0;
  let isHeader = true;
  async function* rows(): AsyncGenerator<DuckDBValue[][]> {
    for await (const records of readCsvRecords(path)) {
      const batch: DuckDBValue[][] = [];
      for (const record of records) {
        if (isHeader) isHeader = false;
        else if ('fault' in record) problems.add(record.line, null, record.fault);
        else {
          batch.push([BigInt(record.line), ...places.map((place) => record.fields[place] ?? '')]);
        }
      }
      rowCount += batch.length;
      yield batch;
    }
  }
  await scratch.append('balance_row', [UBIGINT, VARCHAR, VARCHAR, VARCHAR, VARCHAR], rows());
  return rowCount;
}

/** Asks the protocol about each user id that is not plain. */
async function* normalizeUsers(scratch: Scratch): AsyncGenerator<DuckDBValue[][]> {
  for await (const rows of scratch.stream('balances/select-unusual-users')) {
    yield rows.map(([stated]): DuckDBValue[] => {
      try {
        return [stated!, parseName((stated as string).normalize('NFC')), null];
      } catch (error) {
        if (error instanceof SolventError) return [stated!, null, error.code as string];
        throw error;
      }
    });
  }
}

async function collectProblems(scratch: Scratch, problems: ProblemList): Promise<void> {
  const listed = await scratch.select('balances/select-problems');
  for (const row of listed) {
    const code = row.code as ValueCode;
    const first = row.first_line as bigint | null;
    const message = MESSAGES[code] ?? 'expected another value';
    problems.add(Number(row.line), row.column_name as string, {
      code,
      message: first === null ? message : `${message} (the first is on line ${first})`,
    });
  }
  const [total] = await scratch.select('balances/count-problems');
  problems.addUnlisted(Number(total!.problem_count) - listed.length);
}
