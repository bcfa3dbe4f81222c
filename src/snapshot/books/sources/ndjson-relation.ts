import { isUtf8 } from 'node:buffer';

import { MAX_ROW_LENGTH } from '../../reading/csv-records.js';
import type { Scratch } from '../../database/scratch.js';
import { readSourceText } from '../../reading/source-text.js';
import { ProblemList, type SourceCode } from '../../reading/source-problems.js';
import type { SourceConfig } from '../config.js';
import { findNames } from '../../reading/column-names.js';
import { SOURCE_SHAPES } from './shapes.js';
import { findColumn, listKnown } from './stated-columns.js';
import { TextTable, type Relation, type TextRow } from './relation.js';
import { assertDistinct, type SourceFile } from './source-files.js';

const LINE_FEED = 0x0a;

const FAULTS = {
  'text-not-utf8': 'expected text in UTF-8, got other bytes or half of a pair of escapes',
  'row-too-long': `expected a row of at most ${MAX_ROW_LENGTH} bytes, got a longer one`,
  'row-blank': 'expected a row, got a blank line: remove it',
  'row-not-json': 'expected one JSON object, got something else',
  'json-key-doubled': 'expected each key once in an object, got one again: remove one of the two',
  'json-value-nested': 'expected a text, number, true, false or null, got an object or array',
  'json-number-inexact':
    'expected a whole number below 2^53 without a point or exponent, got another: write numbers as text, in quotes',
} as const satisfies Partial<Record<SourceCode, string>>;

type Fault = keyof typeof FAULTS;

const BLANK = { code: 'row-blank', message: FAULTS['row-blank'] } as const;
/** Space, tab and carriage return: the white space of JSON but for the line feed. */
const WHITE_SPACE: readonly number[] = [0x20, 0x09, 0x0d];

/**
 * Opens NDJSON files as the rows of a source: an object a line. Columns that no row has are absent; a column that some
 * rows lack has no value there.
 * @throws SourceError `file-doubled`; faults of single lines, and of keys that nothing reads, are kept with their parts.
 */
export async function openNdjson(
  scratch: Scratch,
  source: SourceConfig,
  files: readonly SourceFile[],
): Promise<Relation> {
  const keys = new KeyReader(source);
  const { columns } = keys;
  const lists = files.map(({ file }) => new ProblemList(file));
  const rowCounts = files.map(() => 0);
  const seen = new Set<string>();
  async function* rows(): AsyncGenerator<TextRow[]> {
    for (const [part, { path }] of files.entries()) {
      const blankLines: number[] = [];
      for await (const lines of readLines(path)) {
        const batch: TextRow[] = [];
        for (const { number, bytes } of lines) {
          if (isBlank(bytes)) {
            blankLines.push(number);
            continue;
          }
          // Blank lines are a fault only when a row comes after them, as in CSV.
          for (const line of blankLines.splice(0)) lists[part]!.add(line, null, BLANK);
          const row = readObject(bytes, keys, (column, fault) => {
            lists[part]!.add(number, column, fault);
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
    ignored: keys.ignored,
    parts: files.map(({ file }, index) => ({ name: file, problems: lists[index]! })),
    hasLines: true,
    rowCount: rowCounts.reduce((sum, count) => sum + count, 0),
    openLines: (part) => table.openLines(part, source.constants),
  };
}

type Refusal = (
  column: string | null,
  fault: { readonly code: SourceCode; readonly message: string },
) => void;

/** Finds our columns by the keys of objects, each of which is judged once. */
class KeyReader {
  /** Our columns, in the order of the values of a row. */
  readonly columns: readonly string[];
  readonly #known: ReturnType<typeof listKnown>;
  /** The places of a key's columns; none where it is passed over, or was refused. */
  readonly #indexes = new Map<string, readonly number[]>();
  readonly #ignored = new Set<string>();

  constructor(source: SourceConfig) {
    this.#known = listKnown(source);
    this.columns = [...this.#known.names.keys()];
  }

  /** The keys that were passed over, in the order in which they came. */
  get ignored(): readonly string[] {
    return [...this.#ignored];
  }

  /** The places of a key's columns in a row. */
  indexesOf(key: string, refuse: Refusal): readonly number[] {
    const known = this.#indexes.get(key);
    if (known !== undefined) return known;
    const { required, optional } = this.#known;
    const { indexes, ignored, faults } = findNames([key], {
      ...this.#known,
      required: [],
      optional: [...required, ...optional],
    });
    const [name] = indexes.keys();
    const found = [...this.columns.keys()].filter(
      (position) => this.#known.names.get(this.columns[position]!) === name,
    );
    this.#indexes.set(key, found);
    for (const one of ignored) this.#ignored.add(one);
    for (const fault of faults) {
      refuse(fault.name === null ? null : findColumn(this.#known.names, fault.name), fault);
    }
    return found;
  }
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

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => WHITE_SPACE.includes(byte));
}

/** The values of one line in our order; undefined, and a fault each, where the line or any value is not in order. */
function readObject(bytes: Buffer, keys: KeyReader, refuse: Refusal): (string | null)[] | undefined {
  const refuseAs = (column: string | null, fault: Fault) => {
    refuse(column, { code: fault, message: FAULTS[fault] });
  };
  const parsed = parseLine(bytes);
  if (typeof parsed === 'string') {
    refuseAs(null, parsed);
    return undefined;
  }
  const row = keys.columns.map((): string | null | undefined => undefined);
  let isSound = true;
  for (const [key, stated] of Object.entries(parsed)) {
    for (const position of keys.indexesOf(key, refuse)) {
      const value = row[position] === undefined ? writeValue(stated) : { fault: 'json-key-doubled' as const };
      if ('text' in value) row[position] = value.text;
      else {
        refuseAs(keys.columns[position]!, value.fault);
        isSound = false;
      }
    }
  }
  return isSound ? row.map((value) => value ?? null) : undefined;
}

function parseLine(bytes: Buffer): Readonly<Record<string, unknown>> | Fault {
  if (bytes.length > MAX_ROW_LENGTH) return 'row-too-long';
  if (!isUtf8(bytes)) return 'text-not-utf8';
  const text = bytes.toString('utf8').trim();
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return 'row-not-json';
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return 'row-not-json';
  if (countKeys(text) !== Object.keys(parsed).length) return 'json-key-doubled';
  const values = parsed as Record<string, unknown>;
  return Object.values(values).some((value) => typeof value === 'number')
    ? { ...values, ...writeNumbers(values, text) }
    : values;
}

/** A number as it is written: as a double it may be another. */
class WrittenNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** The numbers of an object as its line has them. @param text of the object, which is JSON. */
function writeNumbers(values: Readonly<Record<string, unknown>>, text: string) {
  const quoted = text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (token) =>
    token.startsWith('"') ? token : `"${token}"`,
  );
  return Object.fromEntries(
    Object.entries(JSON.parse(quoted) as Record<string, unknown>)
      .filter(([key]) => typeof values[key] === 'number')
      .map(([key, written]) => [key, new WrittenNumber(written as string)]),
  );
}

/** The keys of an object, those that are there twice counted twice: the parser keeps the last alone. */
function countKeys(text: string): number {
  let depth = 0;
  let count = 0;
  for (const [token, colon] of text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g)) {
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    else if (depth === 1 && colon !== undefined) count += 1;
  }
  return count;
}

function writeValue(value: unknown): { readonly text: string | null } | { readonly fault: Fault } {
  if (value === null || value === undefined) return { text: null };
  if (typeof value === 'string') {
    return /\p{Surrogate}/u.test(value) ? { fault: 'text-not-utf8' } : { text: value };
  }
  if (typeof value === 'boolean') return { text: String(value) };
  if (!(value instanceof WrittenNumber)) return { fault: 'json-value-nested' };
  // Others were doubles before they were written, or are none for whoever reads the file next.
  const isExact = /^-?\d+$/.test(value.text) && Number.isSafeInteger(Number(value.text));
  return isExact ? { text: value.text } : { fault: 'json-number-inexact' };
}
