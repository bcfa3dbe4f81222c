import { isUtf8 } from 'node:buffer';

import { MAX_ROW_LENGTH } from '../../reading/csv-records.js';
import type { Scratch } from '../../database/scratch.js';
import { readSourceText } from '../../reading/source-text.js';
import { ProblemList, type SourceCode } from '../../reading/source-problems.js';
import type { SourceConfig } from '../config.js';
import { SOURCE_SHAPES } from './shapes.js';
import { TextTable, type Relation, type TextRow } from './relation.js';
import { assertDistinct, type SourceFile } from './source-files.js';

const LINE_FEED = 0x0a;

const FAULTS = {
  'text-not-utf8': 'expected text in UTF-8, got other bytes',
  'row-too-long': `expected a row of at most ${MAX_ROW_LENGTH} bytes, got a longer one`,
  'row-blank': 'expected a row, got a blank line: remove it',
  'json-malformed': 'expected one JSON object, got something else',
  'json-value-nested': 'expected a text, number, true, false or null, got an object or array',
  'json-number-inexact':
    'expected a number that a double holds exactly, got another: write numbers as text, in quotes',
} as const satisfies Partial<Record<SourceCode, string>>;

type Fault = keyof typeof FAULTS;

/**
 * Opens NDJSON files as the rows of a source: an object a line. Columns that no row has are absent; a column that some
 * rows lack has no value there.
 * @throws SourceError `file-doubled`; faults of single lines are kept with their parts.
 */
export async function openNdjson(
  scratch: Scratch,
  source: SourceConfig,
  files: readonly SourceFile[],
): Promise<Relation> {
  const columns = Object.keys(SOURCE_SHAPES[source.role].columns).filter(
    (name) => !source.constants.has(name),
  );
  const theirs = columns.map((column) => source.columns.get(column) ?? column);
  const lists = files.map(({ file }) => new ProblemList(file));
  const rowCounts = files.map(() => 0);
  const seen = new Set<string>();
  async function* rows(): AsyncGenerator<TextRow[]> {
    for (const [part, { path }] of files.entries()) {
      for await (const lines of readLines(path)) {
        const batch: TextRow[] = [];
        for (const { number, bytes } of lines) {
          const row = readObject(bytes, theirs, (column, fault) => {
            const name = column === null ? null : columns[column]!;
            lists[part]!.add(number, name, { code: fault, message: FAULTS[fault] });
          });
          if (row === undefined) continue;
          row.forEach((value, index) => value !== null && seen.add(columns[index]!));
          batch.push([part, BigInt(number), ...row]);
        }
        rowCounts[part]! += batch.length;
        yield batch;
      }
    }
  }
  const table = new TextTable(scratch, source.role, columns);
  await table.fill(rows(), source.constants);
  assertDistinct(files, rowCounts);
  return {
    role: source.role,
    columns: describeColumns(source, { columns, seen }),
    parts: files.map(({ file }, index) => ({ name: file, problems: lists[index]! })),
    hasLines: true,
    rowCount: rowCounts.reduce((sum, count) => sum + count, 0),
    openLines: (part) => table.openLines(part, source.constants),
  };
}

/** Our columns; one that may be absent is, where no row has a value in it and the configuration does not name it. */
function describeColumns(
  source: SourceConfig,
  { columns, seen }: { columns: readonly string[]; seen: ReadonlySet<string> },
): Map<string, string> {
  const shape = SOURCE_SHAPES[source.role].columns;
  const isThere = (name: string) =>
    seen.has(name) || source.columns.has(name) || shape[name]!.absent === undefined;
  return new Map([...columns.filter(isThere), ...source.constants.keys()].map((name) => [name, 'VARCHAR']));
}

type Line = { readonly number: number; readonly bytes: Buffer };

/** The lines of a file; one that is too long comes without its end. */
async function* readLines(path: string): AsyncGenerator<Line[]> {
  let number = 0;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of readSourceText(path)) {
    const block = Buffer.concat([rest, chunk]);
    const lines: Line[] = [];
    let from = 0;
    for (let end = block.indexOf(LINE_FEED); end >= 0; end = block.indexOf(LINE_FEED, from)) {
      lines.push({ number: ++number, bytes: block.subarray(from, end) });
      from = end + 1;
    }
    rest = block.subarray(from);
    if (rest.length > 2 * MAX_ROW_LENGTH) rest = rest.subarray(0, 2 * MAX_ROW_LENGTH);
    yield lines;
  }
  if (rest.length > 0) yield [{ number: number + 1, bytes: rest }];
}

/** The values of one line in our order; undefined, and a fault each, where the line or any value is not in order. */
function readObject(
  bytes: Buffer,
  names: readonly string[],
  refuse: (column: number | null, fault: Fault) => void,
): (string | null)[] | undefined {
  const parsed = parseLine(bytes);
  if (typeof parsed === 'string') {
    refuse(null, parsed);
    return undefined;
  }
  const row: (string | null)[] = [];
  for (const [column, name] of names.entries()) {
    const value = Object.hasOwn(parsed, name) ? writeValue(parsed[name]) : { text: null };
    if ('text' in value) row.push(value.text);
    else refuse(column, value.fault);
  }
  return row.length === names.length ? row : undefined;
}

function parseLine(bytes: Buffer): Readonly<Record<string, unknown>> | Fault {
  if (bytes.length > MAX_ROW_LENGTH) return 'row-too-long';
  if (!isUtf8(bytes)) return 'text-not-utf8';
  const text = bytes.toString('utf8').trim();
  if (text === '') return 'row-blank';
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : 'json-malformed';
  } catch {
    return 'json-malformed';
  }
}

function writeValue(value: unknown): { readonly text: string | null } | { readonly fault: Fault } {
  if (value === null || value === undefined) return { text: null };
  if (typeof value === 'string') return { text: value };
  if (typeof value === 'boolean') return { text: String(value) };
  if (typeof value !== 'number') return { fault: 'json-value-nested' };
  // Other numbers have been rounded to a double already.
  return Number.isSafeInteger(value) ? { text: String(value) } : { fault: 'json-number-inexact' };
}
