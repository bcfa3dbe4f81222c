import {
  BOOLEAN,
  INTEGER,
  listValue,
  structValue,
  UBIGINT,
  VARCHAR,
  type DuckDBValue,
} from '@duckdb/node-api';

import { parseName, SolventError, type Decimal } from '../../protocol/index.js';
import { readCsvRecords, type CsvRecord, type Separator } from '../reading/csv-records.js';
import type { CsvScan } from '../reading/csv-scan.js';
import { adviseDecimals, findPriceRange, mostDecimalsOf } from '../units/choose-decimals.js';
import {
  findOpenDecimals,
  IGNORE_ADVICE,
  readUnit,
  type DecidedAsset,
  type StatedAsset,
} from './assets-file.js';
import { parseHeader, type Header } from '../reading/column-names.js';
import { listSection } from '../database/queries.js';
import { escapePattern, type Scratch } from '../database/scratch.js';
import { NAME_AMBIGUOUS, ProblemList, type SourceCode } from '../reading/source-problems.js';
import { describeSpelling, formatSpelling, type SpellingKind } from '../reading/spelling.js';
import { refuseSnapshot } from '../errors.js';

const COLUMNS = { required: ['user_id', 'asset', 'equity'], optional: ['debt'] };

/** Our column of balances.csv -> the column of the file. */
export type ColumnNames = ReadonlyMap<string, string>;

/** The columns that balances.csv may have. */
export const BALANCE_COLUMNS: readonly string[] = [...COLUMNS.required, ...COLUMNS.optional];

/** Those that it must have. */
export const REQUIRED_BALANCE_COLUMNS: readonly string[] = COLUMNS.required;

/** The stage of `sql/` that reads a balance file. */
const STAGE = 'balances';

const MESSAGES: Partial<Record<SourceCode, string>> = {
  'name-empty': 'expected a user id, got none',
  'name-too-long': 'expected a user id of at most 256 bytes in UTF-8, got a longer one',
  'name-has-control-character': 'expected a user id of printable characters, got a control character',
  'name-has-invisible-character':
    'expected a user id whose characters can all be seen, got one that cannot, or an odd space: write it without',
  'name-not-normal': 'expected a user id without white space at its ends, got some: remove it',
  'name-ambiguous': NAME_AMBIGUOUS,
  'amount-negative':
    'expected an amount that is not negative, got a minus: what the user owes belongs in the debt column',
  'amount-too-precise':
    'expected at most 30 digits behind the point, and none of an amount in base units (unit), got more: correct it',
  'amount-not-finite': 'expected a decimal, got NaN or infinity: find out what it was and write that',
  'price-missing':
    'expected a price of an asset that somebody holds, or 0 where it is worth nothing, got none: add it to assets.csv',
  'debt-without-price':
    'expected no debt in an asset of price 0, got one: take it out, or give the asset a price',
  'holding-doubled': 'expected one row for each user and asset, got a second: add the two up',
};

/** What is told by the kind of fault of the text itself. */
const SPELLED: Partial<Record<SourceCode, { readonly kind: SpellingKind; readonly expected: string }>> = {
  'asset-unknown': { kind: 'asset', expected: 'an asset that assets.csv lists' },
  'amount-malformed': {
    kind: 'amount',
    expected: 'a decimal like 12.5',
  },
};

/** A balances.csv that has been scanned. */
export type BalancesSource = {
  readonly path: string;
  readonly file: string;
  readonly separator: Separator | undefined;
  readonly scan: CsvScan;
};

/** Called after each of `total` steps. */
export type StepProgress = (done: number, total: number) => void;

/** The rows of a balances.csv as they are stated, and what is wrong with its shape. */
export type BalanceRows = {
  readonly count: number;
  readonly problems: ProblemList;
  /** The columns that were passed over. */
  readonly ignoredColumns: readonly string[];
};

/**
 * Reads balances.csv (`user_id,asset,equity[,debt]`) into the table `balance_row`, by the assets that are stated.
 * @throws SourceError for what is wrong with the header.
 */
export async function readBalances(
  scratch: Scratch,
  source: BalancesSource,
  {
    assets,
    renamed,
    ignored,
  }: {
    readonly assets: readonly StatedAsset[];
    readonly renamed: ColumnNames;
    /** Columns that are passed over, besides those that are read. */
    readonly ignored: readonly string[];
  },
): Promise<BalanceRows> {
  const problems = new ProblemList(source.file);
  const known = { ...COLUMNS, renamed, ignored, advice: IGNORE_ADVICE };
  const header = parseHeader(await readHeader(source), known, problems);
  await scratch.run('sealed/create-unusual-user');
  await scratch.runSection(STAGE, 'schema');
  const stated = assets.map(({ symbol, unit, hasPrice }) => [symbol, unit, hasPrice]);
  await scratch.append('stated_asset', [VARCHAR, INTEGER, BOOLEAN], [stated]);
  const count = source.scan.plain
    ? await loadPlainRows(scratch, source, header)
    : await loadExactRows(scratch, source, header, problems);
  if (assets.some(({ unit }) => unit > 0)) await scratch.run('balances/whole-amounts');
  if (count === 0 && problems.count === 0) {
    const message = 'expected at least one balance, got no rows below the header';
    problems.add(1, null, { code: 'rows-missing', message });
  }
  return { count, problems, ignoredColumns: header.ignored };
}

/** Of each asset that has a balance, a whole number of whole units that no balance reaches. */
export async function readLargestAmounts(scratch: Scratch): Promise<ReadonlyMap<string, Decimal>> {
  const rows = await scratch.select('balances/select-largest-amounts');
  const amounts = rows.map(({ asset, largest }): [string, Decimal] => [
    asset as string,
    { coefficient: (largest as bigint | null) ?? 10n ** 38n, fractionDigits: 0 },
  ]);
  return new Map(amounts);
}

/**
 * Makes the table `holding` of the rows of balances.csv, in proof units, by the table `asset`.
 * @param assets those of the table, in its order.
 * @throws SourceError with every problem of the file.
 */
export async function checkBalances(
  scratch: Scratch,
  { problems }: BalanceRows,
  { assets, onStep }: { assets: readonly DecidedAsset[]; onStep?: StepProgress },
): Promise<void> {
  const rules = listSection(STAGE, 'rules');
  const steps = rules.length + 3;
  onStep?.(1, steps);
  await scratch.append('unusual_user', [VARCHAR, VARCHAR, VARCHAR], normalizeUsers(scratch));
  await scratch.run('sealed/refuse-ambiguous-users', { users: 'balance_row' });
  onStep?.(2, steps);
  for (const [index, rule] of rules.entries()) {
    await scratch.run(rule);
    onStep?.(3 + index, steps);
  }
  await collectProblems(scratch, problems, assets);
  problems.throwIfAny();
  await scratch.run('sealed/create-holding');
  onStep?.(steps, steps);
}

async function readHeader({ path, separator }: BalancesSource): Promise<CsvRecord | undefined> {
  for await (const records of readCsvRecords(path, separator)) {
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
  const names = [...header.indexes].sort(([, a], [, b]) => a - b).map(([name]) => name);
  await scratch.set('column_names', listValue(names));
  // Columns that are passed over may have any name, the same one twice included.
  const stated = Array.from({ length: header.width }, (_, position) => `column ${position}`);
  for (const [name, position] of header.indexes) stated[position] = name;
  const types = Object.fromEntries(stated.map((name) => [name, 'VARCHAR']));
  await scratch.set('column_types', structValue(types));
  const rowCount = await scratch.run('balances/load-balance-rows');
  if (rowCount !== scan.lineCount) {
    throw refuseSnapshot('rows-miscounted', {
      expected: `${scan.lineCount} rows as scanned`,
      found: rowCount,
      advice: 'the reader and the scan disagree',
    });
  }
  return rowCount;
}

/** The exact way, for every other file: reads record by record, and leaves those with a fault out. */
async function loadExactRows(
  scratch: Scratch,
  { path, separator }: BalancesSource,
  header: Header,
  problems: ProblemList,
): Promise<number> {
  const indexes = ['user_id', 'asset', 'equity', 'debt'].map((name) => header.indexes.get(name) ?? -1);
  let rowCount = 0;
  let isHeader = true;
  async function* rows(): AsyncGenerator<DuckDBValue[][]> {
    for await (const records of readCsvRecords(path, separator)) {
      const batch: DuckDBValue[][] = [];
      for (const record of records) {
        if (isHeader) isHeader = false;
        else if ('fault' in record) problems.add(record.line, null, record.fault);
        else {
          batch.push([BigInt(record.line), ...indexes.map((position) => record.fields[position] ?? '')]);
        }
      }
      rowCount += batch.length;
      yield batch;
    }
  }
  await scratch.append('balance_row', [UBIGINT, VARCHAR, VARCHAR, VARCHAR, VARCHAR], rows());
  await scratch.run('balances/plain-amounts');
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

async function collectProblems(
  scratch: Scratch,
  problems: ProblemList,
  assets: readonly DecidedAsset[],
): Promise<void> {
  const listed = await scratch.select('balances/select-problems');
  const describe = listed.length === 0 ? () => '' : await makeDescriber(scratch, assets);
  for (const row of listed) {
    const code = row.code as SourceCode;
    const first = row.first_line as bigint | null;
    const message = describe(code, row.stated as string | null);
    problems.add(Number(row.line), row.column_name as string, {
      code,
      message: first === null ? message : `${message} (the first is on line ${first})`,
    });
  }
  const [total] = await scratch.select('balances/count-problems');
  problems.addUnlisted(Number(total!.problem_count) - listed.length);
}

type Describer = (code: SourceCode, stated: string | null) => string;

/** What to say of one problem; the text at fault is not shown. */
async function makeDescriber(scratch: Scratch, assets: readonly DecidedAsset[]): Promise<Describer> {
  const symbols = assets.map(({ symbol }) => symbol);
  const largest = await readLargestAmounts(scratch);
  return (code, stated) => {
    if (code === 'amount-too-large') return describeTooLarge(stated!, assets, largest);
    if (code === 'price-missing' || code === 'debt-without-price') return `${MESSAGES[code]!} for ${stated!}`;
    const spelled = SPELLED[code];
    if (spelled === undefined) return MESSAGES[code] ?? 'expected another value';
    return formatSpelling(spelled.expected, describeSpelling(spelled.kind, stated ?? '?', symbols));
  };
}

/** That an amount is too large for the decimals of its asset, and with how many it is not. */
function describeTooLarge(
  symbol: string,
  assets: readonly DecidedAsset[],
  largest: ReadonlyMap<string, Decimal>,
): string {
  const asset = assets.find((other) => other.symbol === symbol)!;
  const others = assets.filter((other) => other !== asset);
  const range = findPriceRange(readUnit(asset).price, others.map(readUnit));
  const most = largest.get(symbol);
  const head = `expected less than 2^64 proof units, got more of ${symbol}`;
  if (most !== undefined && mostDecimalsOf(most) < 0)
    return `${head}, which no number of decimals holds: correct the amount`;
  const open = findOpenDecimals(asset, others);
  return `${head}: correct the amount, or ${adviseDecimals(range, { ...open, largest: most })}`;
}
