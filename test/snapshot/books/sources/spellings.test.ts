import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { SourceError } from '../../../../src/snapshot/reading/source-problems.js';
import { parseBooksConfig } from '../../../../src/snapshot/books/config/parse-config.js';
import { parseInstantNs } from '../../../../src/snapshot/books/instant-ns.js';
import { loadBooks } from '../../../../src/snapshot/books/sources/load-books.js';
import { startPostgres, type PostgresServer } from '../postgres-server.js';
import { refusalOf as refusalOfBalances, takeSnapshot } from '../../venue.js';
import { encodeParquet, textColumn, type ParquetColumn, type ParquetLayout } from './parquet-bytes.js';
import {
  AMOUNTS,
  INSTANTS,
  TYPED_AMOUNTS,
  TYPED_INSTANTS,
  type Spelling,
  type TypedSpelling,
} from './spellings.js';
import { HEADING, openScratch, PRICES, readTable, writeVenue } from './venue.js';

const VARIABLE = 'SOLVENT_TEST_URL';

/** What is read: an amount of the ledger, or the instant of one of its rows. */
type Kind = 'amount' | 'at';

/** The names of the ledger's columns, and a row of it but for what is read, and what tells it from others. */
const HEAD = ['account', 'asset', 'amount', 'kind', 'at', 'reference'] as const;

function makeRow(kind: Kind, text: string, index: number): string[] {
  const row = { amount: '1', at: '2026-01-30T23:59:00Z', [kind]: text };
  return [`r${index}`, 'USD', row.amount, 'deposit', row.at, String(index)];
}

const COMPLETE = 'completeTo: 2261-12-31T00:00:00Z';
/** The instant is later than every one that is read. */
const AT_NS = parseInstantNs('2261-12-30T00:00:00Z');

function openVenue(origin: string, files: Record<string, string | Uint8Array> = {}): Promise<string> {
  const config = `${HEADING.replace('balances-total', 'ledger')}connections: {main: ${VARIABLE}}
sources:
  prices: {files: [prices.csv], format: csv, ${COMPLETE}}
  ledger: {${origin}, ${COMPLETE}}
`;
  return writeVenue({ 'prices.csv': PRICES, ...files }, config);
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
  readonly write: (rows: readonly (readonly string[])[]) => Promise<string>;
  readonly firstLine: number;
};

const quoteCell = (text: string) => (/[",]/.test(text) ? `"${text}"` : text);

function writeCsv(rows: readonly (readonly string[])[], mark = ''): Promise<string> {
  const lines = [HEAD, ...rows].map((row) => `${row.map(quoteCell).join(',')}\n`);
  return openVenue('files: [x.csv], format: csv', { 'x.csv': mark + lines.join('') });
}

function writeNdjson(rows: readonly (readonly string[])[]): Promise<string> {
  const objects = rows.map((row) => Object.fromEntries(HEAD.map((name, at) => [name, row[at]])));
  const text = objects.map((object) => `${JSON.stringify(object)}\n`).join('');
  return openVenue('files: [x.ndjson], format: ndjson', { 'x.ndjson': text });
}

function writeParquetFile(columns: readonly ParquetColumn[], layout?: ParquetLayout): Promise<string> {
  return openVenue('files: [x.parquet], format: parquet', { 'x.parquet': encodeParquet(columns, layout) });
}

function writeParquetTexts(rows: readonly (readonly string[])[]): Promise<string> {
  return writeParquetFile(HEAD.map((name, at) => textColumn(name, ...rows.map((row) => row[at]!))));
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

function writeQuery(query: string): Promise<string> {
  return openVenue(`connection: main, query: ${JSON.stringify(query)}`);
}

function writePostgresTexts(rows: readonly (readonly string[])[]): Promise<string> {
  const values = rows.map((row) => `(${row.map(quote).join(', ')})`);
  return writeQuery(`SELECT * FROM (VALUES ${values.join(', ')}) AS t (${HEAD.join(', ')})`);
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
  ['CSV', { write: (rows) => writeCsv(rows), firstLine: 2 }],
  ['CSV that is not plain', { write: (rows) => writeCsv(rows, '\ufeff'), firstLine: 2 }],
  ['NDJSON', { write: writeNdjson, firstLine: 1 }],
  ['text in Parquet', { write: writeParquetTexts, firstLine: 1 }],
  ['text in PostgreSQL', { write: writePostgresTexts, firstLine: 1 }],
];

/** A verdict as the table has it: that an amount is none may be said in more than one way. */
function summarize(code: string): string {
  return code.startsWith('amount-malformed') ? 'malformed' : code;
}

const isRead = ({ verdict }: Spelling) => /^-?[0-9]/.test(verdict);

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

describe('a balances file', () => {
  /** Its amounts are not negative, have up to 30 digits on either side, and are rounded in the account's favour; an empty one is 0. */
  const OTHERWISE: Readonly<Record<string, string>> = {
    '-1.5': 'amount-negative',
    '-99999999999999999999': 'amount-negative',
    '99999999999999999999.999999999999999999': 'amount-too-large',
    '100000000000000000000': 'amount-too-large',
    '0.0000000000000000001': 'read',
    '': 'read',
    NaN: 'malformed',
    '-Infinity': 'malformed',
  };

  it('has the verdict of the books on each spelling of an amount, but where it says that it has another', async () => {
    const write = (some: readonly Spelling[]) => {
      const rows = some.map(({ text }, index) => `user${index},AAA,${quoteCell(text)}\n`);
      return `user_id,asset,equity\n${rows.join('')}`;
    };
    const { problems } = await refusalOfBalances({ balances: write(AMOUNTS) });
    const codes = new Map(problems.map(({ line, code }) => [line - 2, summarize(code)]));
    await takeSnapshot({ balances: write(AMOUNTS.filter((_, index) => !codes.has(index))) });
    expect(AMOUNTS.map(({ text }, index) => [text, codes.get(index) ?? 'read'])).toEqual(
      AMOUNTS.map((spelling) => [
        spelling.text,
        OTHERWISE[spelling.text] ?? (isRead(spelling) ? 'read' : spelling.verdict),
      ]),
    );
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
      verdicts.push([title, await judgeOne(kind, await writeParquetFile(columns, layout))]);
    }
    expect(verdicts.length).toBeGreaterThan(2);
    expect(verdicts).toEqual(spellings.map(({ title, verdict }) => [title, verdict]));
  };

  it('has instants of every type read to the nanosecond, or refused', () => judgeAll('at', TYPED_INSTANTS));
  it('has amounts of every type read exactly, or refused', () => judgeAll('amount', TYPED_AMOUNTS));
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
