import { SolventError } from '../../protocol/index.js';
import { type ReservesFailureCode, refuseReserves } from './codes.js';

/** What a line holds, and where it stands: `entries.ndjson line 7`. */
export type ReservesLine<T> = { readonly line: T; readonly position: string };

/** How the lines of one file are read and refused. */
export type LineFormat<T> = {
  readonly name: string;
  readonly maxLineBytes: number;
  readonly parse: (bytes: Uint8Array) => T;
  readonly keyOf: (line: T) => string;
  readonly malformed: ReservesFailureCode;
  readonly unsorted: ReservesFailureCode;
  /** The code of a line of which one field alone is wrong, by the field. */
  readonly codesByField: Readonly<Record<string, ReservesFailureCode>>;
};

const LINE_FEED = 0x0a;

/** A line of a file, by its number: its position in words is made where it is asked for, since lines are many. */
class NumberedLine<T> implements ReservesLine<T> {
  readonly line: T;
  readonly #name: string;
  readonly #number: number;

  constructor(line: T, name: string, number: number) {
    this.line = line;
    this.#name = name;
    this.#number = number;
  }

  get position(): string {
    return `${this.#name} line ${this.#number}`;
  }
}

/**
 * Reads every line of a file, each of its form and in their one order.
 * @throws SolventError `line-too-long`, `line-unterminated`, and the codes of the format.
 */
export function readPlacedLines<T>(bytes: Uint8Array, format: LineFormat<T>): ReservesLine<T>[] {
  const { name, maxLineBytes, keyOf } = format;
  const lines: ReservesLine<T>[] = [];
  let last: string | undefined;
  for (let start = 0; start < bytes.length;) {
    const position = `${name} line ${lines.length + 1}`;
    const end = bytes.indexOf(LINE_FEED, start);
    if (end < 0)
      throw refuseReserves('line-unterminated', `expected a line feed after ${position}, got none`);
    if (end - start > maxLineBytes) {
      throw refuseReserves(
        'line-too-long',
        `expected at most ${maxLineBytes} bytes at ${position}, got more`,
      );
    }
    const line = readLine(bytes.subarray(start, end), position, format);
    const key = keyOf(line);
    if (last !== undefined && key <= last) {
      const [code, found] =
        key === last
          ? (['counted-twice', 'the same twice'] as const)
          : ([format.unsorted, 'another'] as const);
      throw refuseReserves(code, `expected each line once and in order at ${position}, got ${found}`);
    }
    lines.push(new NumberedLine(line, name, lines.length + 1));
    last = key;
    start = end + 1;
  }
  return lines;
}

function readLine<T>(bytes: Uint8Array, position: string, format: LineFormat<T>): T {
  try {
    return format.parse(bytes);
  } catch (error) {
    if (!(error instanceof SolventError)) throw error;
    const { code, message, details } = error as SolventError;
    const paths = Array.isArray(details.paths) ? (details.paths as readonly string[]) : [];
    const field = paths.length === 1 ? paths[0]!.split('.').at(-1)! : '';
    const own = Object.hasOwn(format.codesByField, field) ? format.codesByField[field]! : format.malformed;
    throw refuseReserves(own, `${position}: ${message} (${code})`);
  }
}
