import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { SourceError } from '../../../../src/snapshot/reading/source-problems.js';
import { parseBooksConfig } from '../../../../src/snapshot/books/config/parse-config.js';
import { parseInstantNs } from '../../../../src/snapshot/books/instant-ns.js';
import { loadBooks } from '../../../../src/snapshot/books/sources/load-books.js';
import { startPostgres, type PostgresServer } from '../../../../scripts/postgres-server.js';
import { refusalOf as refusalOfBalances, takeSnapshot } from '../../venue.js';
import { encodeParquet, textColumn, type ParquetColumn, type ParquetLayout } from './parquet-bytes.js';
import {
  AMOUNTS,
  INSTANTS,
  PYARROW_AMOUNTS,
  PYARROW_INSTANTS,
  TYPED_AMOUNTS,
  TYPED_INSTANTS,
  type Spelling,
  type TypedSpelling,
} from './spellings.js';
import { HEADING, openScratch, PRICES, readTable, writeVenue } from './venue.js';

const VARIABLE = 'SOLVENT_TEST_URL';

/** What is read: an amount of the ledger, the instant of one of its rows, or a price. */
type Kind = 'amount' | 'at' | 'price';

/** The columns of the ledger. */
const HEAD = ['account', 'asset', 'amount', 'kind', 'at', 'reference'] as const;
/** The columns of prices. */
const PRICE_HEAD = ['asset', 'price', 'at', 'source'] as const;

/** A source that is read, with its columns and what is in the place of the other. */
type Role = 'ledger' | 'prices';
const HEADS: Readonly<Record<Role, readonly string[]>> = { ledger: HEAD, prices: PRICE_HEAD };
const OTHER = {
  ledger: `prices: {files: [prices.csv], format: csv, `,
  prices: `ledger: {files: [ledger.csv], format: csv, `,
} as const;

/** A row but for what is read, and what tells it from others. */
function makePrice(text: string, index: number): string[] {
  return ['USD', text, '2026-01-30T23:59:00Z', `feed ${index}`];
}

function makeRow(kind: Kind, text: string, index: number): string[] {
  const row = { amount: '1', at: '2026-01-30T23:59:00Z', [kind]: text };
  return [`r${index}`, 'USD', row.amount, 'deposit', row.at, String(index)];
}

const COMPLETE = 'completeTo: 2261-12-31T00:00:00Z';
/** The instant is later than every one that is read. */
const AT_NS = parseInstantNs('2261-12-30T00:00:00Z');

function openVenue(
  origin: string,
  files: Record<string, string | Uint8Array> = {},
  role: Role = 'ledger',
): Promise<string> {
  const config = `${HEADING.replace('balances-total', 'ledger')}connections: {main: ${VARIABLE}}
sources:
  ${OTHER[role]}${COMPLETE}}
  ${role}: {${origin}, ${COMPLETE}}
`;
  return writeVenue({ 'prices.csv': PRICES, 'ledger.csv': `${HEAD.join(',')}\n`, ...files }, config);
}

/** What a ledger says: the value of each row, or all codes of its refusals, by its line or number below `firstLine`. */
async function judge(
  kind: Kind,
  configPath: string,
  { url = '', firstLine = 1 }: { url?: string; firstLine?: number } = {},
): Promise<{ readonly values?: readonly string[]; readonly codes?: ReadonlyMap<number, string> }> {
  const scratch = await openScratch();
  try {
    await loadBooks(scratch, await parseBooksConfig(configPath), {
      atNs: AT_NS,
      environment: { [VARIABLE]: url },
    });
  } catch (error) {
    expect(error).toBeInstanceOf(SourceError);
    const { problems } = error as SourceError;
    for (const { code, column } of problems) expect(column).toBe(code === 'file-malformed' ? null : kind);
    return { codes: new Map(problems.map(({ line, code }) => [line - firstLine, code])) };
  }
  const rows = [...(await readTable(scratch, 'ledger'))];
  rows.sort((left, right) => Number(left.reference) - Number(right.reference));
  return { values: rows.map((row) => row[kind === 'at' ? 'at_ns' : 'amount'] as string) };
}

/** Judges a source of one row. */
async function judgeOne(kind: Kind, configPath: string, url?: string): Promise<string> {
  const { values, codes } = await judge(kind, configPath, url === undefined ? {} : { url });
  const verdicts = values ?? [...codes!.values()];
  expect(verdicts).toHaveLength(1);
  return verdicts[0]!;
}

/** Puts rows of texts into a source, and reads it. */
type Reader = {
  readonly write: (rows: readonly (readonly string[])[], role?: Role) => Promise<string>;
  readonly firstLine: number;
};

const quoteCell = (text: string) => (/[",;]/.test(text) ? `"${text}"` : text);

/** Writes CSV, as it is or in a form that only the exact reader takes. */
function writeCsv(form: (text: string) => string | Uint8Array, separator = ','): Reader['write'] {
  return (rows, role = 'ledger') => {
    const lines = [HEADS[role], ...rows].map((row) => `${row.map(quoteCell).join(separator)}\n`);
    return openVenue('files: [x.csv], format: csv', { 'x.csv': form(lines.join('')) }, role);
  };
}

function writeNdjson(rows: readonly (readonly string[])[], role: Role = 'ledger'): Promise<string> {
  const objects = rows.map((row) => Object.fromEntries(HEADS[role].map((name, at) => [name, row[at]])));
  const text = objects.map((object) => `${JSON.stringify(object)}\n`).join('');
  return openVenue('files: [x.ndjson], format: ndjson', { 'x.ndjson': text }, role);
}

function writeParquetFile(
  columns: readonly ParquetColumn[],
  { layout, role }: { layout?: ParquetLayout; role?: Role } = {},
): Promise<string> {
  const files = { 'x.parquet': encodeParquet(columns, layout) };
  return openVenue('files: [x.parquet], format: parquet', files, role);
}

function writeParquetTexts(rows: readonly (readonly string[])[], role: Role = 'ledger'): Promise<string> {
  const columns = HEADS[role].map((name, at) => textColumn(name, ...rows.map((row) => row[at]!)));
  return writeParquetFile(columns, { role });
}

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
});

afterAll(async () => {
  await server.stop();
});

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function writeQuery(query: string, role?: Role): Promise<string> {
  return openVenue(`connection: main, query: ${JSON.stringify(query)}`, {}, role);
}

function writePostgresTexts(rows: readonly (readonly string[])[], role: Role = 'ledger'): Promise<string> {
  const values = rows.map((row) => `(${row.map(quote).join(', ')})`);
  return writeQuery(`SELECT * FROM (VALUES ${values.join(', ')}) AS t (${HEADS[role].join(', ')})`, role);
}

/** What PostgreSQL gives of an expression, in the place of the value. */
async function readExpression(kind: Kind, expression: string): Promise<string> {
  const columns = makeRow(kind, '', 0).map((text, at) => {
    const name = HEAD[at]!;
    return `${name === kind ? expression : `${quote(text)}::text`} AS ${name}`;
  });
  return judgeOne(kind, await writeQuery(`SELECT ${columns.join(', ')}`), server.urlOf('postgres'));
}

const READERS: readonly [string, Reader][] = [
  ['CSV', { write: writeCsv((text) => text), firstLine: 2 }],
  ['CSV that is not plain', { write: writeCsv((text) => `\ufeff${text}`), firstLine: 2 }],
  ['CSV with semicolons', { write: writeCsv((text) => text, ';'), firstLine: 2 }],
  ['CSV in gzip', { write: writeCsv(gzipSync), firstLine: 2 }],
  ['NDJSON', { write: writeNdjson, firstLine: 1 }],
  ['text in Parquet', { write: writeParquetTexts, firstLine: 1 }],
  ['text in PostgreSQL', { write: writePostgresTexts, firstLine: 1 }],
];

/** A verdict as the table has it: that an amount is none may be said in more than one way. */
function summarize(code: string): string {
  return code.startsWith('amount-malformed') ? 'malformed' : code;
}

/** The verdict, but for the value of what is read. */
const readOr = ({ verdict }: Spelling) => (/^-?[0-9]/.test(verdict) ? 'read' : verdict);

/** The verdicts of a reader: all rows together show those that are refused, and the others by themselves their values. */
async function readAll(
  kind: Kind,
  spellings: readonly Spelling[],
  { write, firstLine }: Reader,
): Promise<[string, string][]> {
  const url = server.urlOf('postgres');
  const rowsOf = (some: readonly Spelling[]) => some.map(({ text }, index) => makeRow(kind, text, index));
  const { codes } = await judge(kind, await write(rowsOf(spellings)), { url, firstLine });
  const sound = spellings.filter((_, index) => !codes!.has(index));
  const { values } = await judge(kind, await write(rowsOf(sound)), { url, firstLine });
  return spellings.map((spelling, index) => {
    const code = codes!.get(index);
    return [spelling.text, code === undefined ? values![sound.indexOf(spelling)]! : summarize(code)];
  });
}

const expectedOf = (spellings: readonly Spelling[]) => spellings.map(({ text, verdict }) => [text, verdict]);

describe.each(READERS)('%s', (_, reader) => {
  it('has one verdict with all others on each spelling of an amount', async () => {
    expect(await readAll('amount', AMOUNTS, reader)).toEqual(expectedOf(AMOUNTS));
  });

  it('has one verdict with all others on each spelling of an instant', async () => {
    expect(await readAll('at', INSTANTS, reader)).toEqual(expectedOf(INSTANTS));
  });
});

/** Whether a spelling is a number below 0, of however many digits. */
const isNegative = ({ text }: Spelling) => /^-[0-9]+(?:[.][0-9]+)?$/.test(text) && /[1-9]/.test(text);

describe.each(READERS)('prices in %s', (_, { write, firstLine }) => {
  it('have the verdict of amounts on each spelling, but that none is below 0', async () => {
    const url = server.urlOf('postgres');
    const rows = AMOUNTS.map(({ text }, index) => makePrice(text, index));
    const { codes } = await judge('price', await write(rows, 'prices'), { url, firstLine });
    expect(AMOUNTS.map(({ text }, index) => [text, summarize(codes!.get(index) ?? 'read')])).toEqual(
      AMOUNTS.map((spelling) => [spelling.text, isNegative(spelling) ? 'amount-negative' : readOr(spelling)]),
    );
  });
});

describe('the files of the short way', () => {
  /**
   * Their amounts have up to 30 digits behind the point, since none is summed before it is rounded in the account's
   * favour; an amount of 20 digits is too large for any proof unit; an empty amount is 0, and an empty price is none.
   */
  const OTHERWISE: Readonly<Record<string, string>> = {
    '99999999999999999999.999999999999999999': 'amount-too-large',
    '0.0000000000000000001': 'read',
    '': 'read',
  };
  /** What one of our files says under a name of its own. */
  const SAME: Readonly<Record<string, string>> = {
    'decimal-malformed': 'malformed',
    'price-negative': 'amount-negative',
    'price-too-large': 'amount-too-large',
    'price-too-small': 'read',
  };
  const expected = AMOUNTS.map((spelling) => [
    spelling.text,
    isNegative(spelling) ? 'amount-negative' : (OTHERWISE[spelling.text] ?? readOr(spelling)),
  ]);
  const verdictsOf = (error: SourceError) => {
    const codes = new Map(error.problems.map(({ line, code }) => [line - 2, SAME[code] ?? summarize(code)]));
    return AMOUNTS.map(({ text }, index) => [text, codes.get(index) ?? 'read']);
  };

  it('have the verdict of the books on each spelling of an amount, but where they say that they have another', async () => {
    const write = (some: readonly Spelling[]) => {
      const rows = some.map(({ text }, index) => `user${index},AAA,${quoteCell(text)}\n`);
      return `user_id,asset,equity\n${rows.join('')}`;
    };
    const verdicts = verdictsOf(await refusalOfBalances({ balances: write(AMOUNTS) }));
    expect(verdicts).toEqual(expected);
    await takeSnapshot({ balances: write(AMOUNTS.filter((_, index) => verdicts[index]![1] === 'read')) });
  });

  it('have it on each spelling of a price', async () => {
    const rows = AMOUNTS.map(({ text }, index) => `A${index},auto,${quoteCell(text)},1\n`);
    const assets = `symbol,decimals,price,collateral_ratio\n${rows.join('')}`;
    const error = await refusalOfBalances({ balances: 'user_id,asset,equity\nann,A1,1\n', assets });
    // A price of 20 digits is one, where its unit has decimals.
    expect(verdictsOf(error)).toEqual(
      expected.map(([text, verdict]) => [text, text!.startsWith('99999999999999999999.') ? 'read' : verdict]),
    );
  });
});

describe('the instants that the configuration and the command line state', () => {
  it('are those of the books in RFC 3339, and may be of any year', () => {
    const judgeText = (text: string) => {
      try {
        return String(parseInstantNs(text));
      } catch (error) {
        return (error as SourceError).code;
      }
    };
    for (const { text, verdict } of INSTANTS) {
      const isOfAnyYear = /^(?:1677|2262|9999)-/.test(text);
      const isRfc = /^\d{4}-\d\d-\d\dT/.test(text) && /^-?\d/.test(verdict);
      const expected = isRfc || isOfAnyYear ? /^-?\d+$/ : /^instant-malformed$/;
      expect([text, judgeText(text)]).toEqual([text, expect.stringMatching(expected)]);
      if (isRfc) expect(judgeText(text)).toBe(verdict);
    }
  });
});

/** The layouts of pages that writers have, and the titles of the types that they write; all where there are none. */
const LAYOUTS: readonly { name: string; layout: ParquetLayout; titles?: RegExp }[] = [
  { name: 'as DuckDB writes short columns', layout: { encoding: 'plain', codec: 'none' } },
  {
    name: 'as pyarrow writes',
    layout: { encoding: 'dictionary', codec: 'snappy' },
    titles:
      /^(?:nanoseconds in UTC|microseconds in UTC|local nano|the lowest of NANOS|DECIMAL\((?:38|76), 18\) in|INT64)/,
  },
  {
    name: 'as Spark writes',
    layout: { encoding: 'plain', codec: 'snappy' },
    titles: /^(?:INT96|microseconds|DECIMAL\(9|DECIMAL\(18|DECIMAL\(20|DECIMAL\(38, 18)/,
  },
];

describe.each(LAYOUTS)('Parquet laid out $name', ({ layout, titles = /./ }) => {
  const judgeAll = async (kind: Kind, all: readonly TypedSpelling[]) => {
    const spellings = all.filter(({ title }) => titles.test(title));
    const verdicts: [string, string][] = [];
    for (const { title, column } of spellings) {
      const columns = makeRow(kind, '', 0).map((text, at): ParquetColumn => {
        const name = HEAD[at]!;
        return name === kind ? { ...column, name } : textColumn(name, text);
      });
      verdicts.push([title, await judgeOne(kind, await writeParquetFile(columns, { layout }))]);
    }
    expect(verdicts.length).toBeGreaterThan(2);
    expect(verdicts).toEqual(spellings.map(({ title, verdict }) => [title, verdict]));
  };

  it('has instants of every type read to the nanosecond, or refused', () => judgeAll('at', TYPED_INSTANTS));
  it('has amounts of every type read exactly, or refused', () => judgeAll('amount', TYPED_AMOUNTS));
});

describe('Parquet that pyarrow wrote', () => {
  const judgeColumn = async (
    kind: Kind,
    name: string,
    { file, ignored }: { file: string; ignored: string[] },
  ) => {
    const bytes = readFileSync(new URL(`files/${file}`, import.meta.url));
    const rest = [...ignored.filter((other) => other !== name), kind].join(', ');
    const origin = `files: [x.parquet], format: parquet, columns: {${kind}: ${name}}, ignore: [${rest}]`;
    return judgeOne(kind, await openVenue(origin, { 'x.parquet': bytes }));
  };

  it.each([
    ['at', PYARROW_INSTANTS],
    ['amount', PYARROW_AMOUNTS],
  ] as const)('has one verdict on each type of %s', async (kind, table) => {
    const ignored = Object.keys({ ...PYARROW_INSTANTS, ...PYARROW_AMOUNTS });
    const verdicts: [string, string][] = [];
    for (const name of Object.keys(table)) {
      verdicts.push([name, await judgeColumn(kind, name, { file: 'pyarrow.parquet', ignored })]);
    }
    expect(Object.fromEntries(verdicts)).toEqual(table);
  });

  it('is refused where its instants are INT96', async () => {
    const ignored = Object.keys(PYARROW_INSTANTS).filter((name) =>
      /^(?:ms|us|ns)_(?:utc|off|loc)/.test(name),
    );
    for (const name of ['ns_utc', 'ms_local']) {
      const verdict = await judgeColumn('at', name, { file: 'pyarrow-int96.parquet', ignored });
      expect([name, verdict]).toEqual([name, 'column-type-unfit']);
    }
  });
});

describe('types of PostgreSQL', () => {
  it.each([
    ["'1.5'::numeric", '1.500000000000000000'],
    ["'1.5'::numeric(38, 20)", '1.500000000000000000'],
    ["'99999999999999999999.999999999999999999'::numeric", '99999999999999999999.999999999999999999'],
    ["'0.0000000000000000001'::numeric", 'amount-too-precise'],
    ["'100000000000000000000'::numeric", 'amount-too-large'],
    ["'NaN'::numeric", 'amount-not-finite'],
    ["'-Infinity'::numeric", 'amount-not-finite'],
    ['7::smallint', '7.000000000000000000'],
    ['-7::integer', '-7.000000000000000000'],
    ['9223372036854775807::bigint', '9223372036854775807.000000000000000000'],
    ['1.5::real', 'column-type-unfit'],
    ['1.5::double precision', 'column-type-unfit'],
    ["'1.5'::money", 'column-type-unfit'],
    ['true', 'column-type-unfit'],
    ['NULL::numeric', 'value-missing'],
    ["'x'::bytea", 'column-type-unfit'],
    ['now()', 'column-type-unfit'],
    ["'{1}'::integer[]", 'amount-malformed'],
    ["'1'::jsonb", '1.000000000000000000'],
  ])('have one verdict on the amount %s', async (expression, verdict) => {
    expect(await readExpression('amount', expression)).toBe(verdict);
  });

  it.each([
    ["timestamptz '2026-01-30 23:59:00.123456+00'", '1769817540123456000'],
    ["timestamptz '2026-01-31 00:59:00+01'", '1769817540000000000'],
    ["timestamptz 'infinity'", 'instant-malformed'],
    ["timestamptz '-infinity'", 'instant-malformed'],
    ["timestamptz '0044-03-15 00:00:00+00 BC'", 'instant-malformed'],
    ["timestamptz '2262-01-01 00:00:00+00'", 'instant-malformed'],
    ["timestamp '2026-01-30 23:59:00'", 'column-type-unfit'],
    ["date '2026-01-30'", 'column-type-unfit'],
    ["time '23:59:00'", 'instant-malformed'],
    ['1769817540::bigint', 'column-type-unfit'],
    ['NULL::timestamptz', 'value-missing'],
  ])('have one verdict on the instant %s', async (expression, verdict) => {
    expect(await readExpression('at', expression)).toBe(verdict);
  });
});
