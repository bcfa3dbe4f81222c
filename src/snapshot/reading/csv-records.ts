import { isUtf8 } from 'node:buffer';

import { readSourceText } from './source-text.js';
import type { CsvCode } from './source-problems.js';

/** The longest row, in bytes (the scan) or characters (the reader); a longer one is a quote that nobody closed, or not a row. */
export const MAX_ROW_LENGTH = 64 * 1024;

/** One row of a CSV file, or what is wrong with it. `line` is where it starts, from 1. */
export type CsvRecord =
  | { readonly line: number; readonly fields: readonly string[] }
  | { readonly line: number; readonly fault: { readonly code: CsvCode; readonly message: string } };

const LINE_FEED = 0x0a;
const BYTE_ORDER_MARK = '\ufeff';

const FAULTS = {
  'text-not-utf8': 'expected text in UTF-8, got other bytes: save the file as "CSV UTF-8"',
  'text-has-zero-byte': 'expected text, got a zero byte: save the file as "CSV UTF-8"',
  'line-ending-unknown':
    'expected lines that end in LF or CRLF, got a carriage return by itself: save the file with LF',
  'quote-misplaced':
    'expected quotes around a whole field and doubled inside it, got a quote elsewhere: quote the field',
  'quote-unclosed': `expected a closing quote within ${MAX_ROW_LENGTH} characters, got none: nothing below was read`,
  'row-too-long': `expected a row of at most ${MAX_ROW_LENGTH} characters, got a longer one`,
  'row-blank': 'expected a row, got a blank line: remove it',
} as const;

/**
 * Reads a CSV file exactly: RFC 4180 in UTF-8, with LF or CRLF, where a byte-order mark at the start and blank lines
 * at the end are let pass. Semicolons or tabs may stand for commas, as it is declared or else as the header has them,
 * and gzip or zstd may have compressed the file. The first record is the header; one with another number of fields is `row-ragged`.
 * Faults are given where they stand, and reading goes on behind each but `quote-unclosed`.
 * @throws SolventError `file-unreadable`; SourceError `file-malformed` where a compressed file is damaged.
 */
export async function* readCsvRecords(path: string, separator?: Separator): AsyncGenerator<CsvRecord[]> {
  let assembler: RecordAssembler | undefined;
  for await (const lines of readLines(path)) {
    assembler ??= new RecordAssembler(
      separator === undefined ? findSeparator(lines[0]!.text) : SEPARATORS[separator],
    );
    const current = assembler;
    yield lines.flatMap((line) => current.push(line));
    if (current.stopped) return;
  }
  if (assembler !== undefined) yield assembler.end();
}

/** What stands between the fields of a file: a comma, unless its header has none and a semicolon or tab instead. */
function findSeparator(header: string): string {
  return Object.values(SEPARATORS).find((separator) => header.includes(separator)) ?? SEPARATORS.comma;
}

type RecordFault = keyof typeof FAULTS;

/** What may stand between the fields of a CSV file, by the words that sources declare it with. */
export const SEPARATORS = { comma: ',', semicolon: ';', tab: '\t' } as const;

/** What stands between fields, as a source declares it; without it the header is looked at. */
export type Separator = keyof typeof SEPARATORS;

/** One physical line without its line feed, and what is wrong with its bytes; a line that is too long has no text. */
type Line = { readonly number: number; readonly text: string; readonly fault?: RecordFault };

async function* readLines(path: string): AsyncGenerator<Line[]> {
  let number = 0;
  let rest: Buffer = Buffer.alloc(0);
  let cutShort = false;
  const decodeLines = (block: Buffer): Line[] => {
    const lines = decodeBlock(block).map((line) => ({ ...line, number: ++number }));
    if (cutShort) lines[0] = { number: lines[0]!.number, text: '', fault: 'row-too-long' };
    cutShort = false;
    return lines;
  };
  for await (const chunk of readSourceText(path)) {
    const end = chunk.lastIndexOf(LINE_FEED);
    if (end >= 0) yield decodeLines(Buffer.concat([rest, chunk.subarray(0, end)]));
    rest = end >= 0 ? chunk.subarray(end + 1) : Buffer.concat([rest, chunk]);
    // What no line feed ends within a row's length is not kept.
    if (rest.length > MAX_ROW_LENGTH) {
      cutShort = true;
      rest = Buffer.alloc(0);
    }
  }
  if (rest.length > 0 || cutShort) yield decodeLines(rest);
}

/** The lines of some bytes: decoded at once where all is in order, else each by itself. */
function decodeBlock(block: Buffer): Omit<Line, 'number'>[] {
  if (isUtf8(block) && !block.includes(0)) {
    return block
      .toString('utf8')
      .split('\n')
      .map((text) => ({ text }));
  }
  // Latin-1 has one character for each byte: it finds the line feeds, and gives the bytes back.
  return block
    .toString('latin1')
    .split('\n')
    .map((line) => {
      const bytes = Buffer.from(line, 'latin1');
      const text = bytes.toString('utf8');
      if (!isUtf8(bytes)) return { text, fault: 'text-not-utf8' };
      return bytes.includes(0) ? { text, fault: 'text-has-zero-byte' } : { text };
    });
}

/** Makes records of lines: most are one line, those with a line feed in quotes are more. */
class RecordAssembler {
  stopped = false;
  #open: RecordReader | undefined;
  #width: number | undefined;
  #blankLines: number[] = [];
  readonly #separator: string;

  constructor(separator: string) {
    this.#separator = separator;
  }

  push(line: Line): CsvRecord[] {
    if (this.stopped) return [];
    if (this.#open === undefined && line.number > 1 && isBlank(line)) {
      // Blank lines are a fault only when a row comes after them.
      this.#blankLines.push(line.number);
      return [];
    }
    const records = this.#blankLines.splice(0).map((number) => faulty(number, 'row-blank'));
    const record = this.#open ?? new RecordReader(line.number, this.#separator);
    const state = record.push(line);
    this.#open = state === 'open' ? record : undefined;
    this.stopped = state === 'quote-unclosed';
    if (state === 'done') records.push(this.#finish(record));
    else if (state !== 'open') records.push(faulty(record.line, state));
    return records;
  }

  /** What is left when the file ends. */
  end(): CsvRecord[] {
    return this.#open === undefined ? [] : [faulty(this.#open.line, 'quote-unclosed')];
  }

  #finish({ line, fields }: RecordReader): CsvRecord {
    this.#width ??= fields.length;
    if (fields.length === this.#width) return { line, fields };
    const message = `expected ${this.#width} fields as in the header, got ${fields.length}: add or remove commas, or quote a field with one in it`;
    return { line, fault: { code: 'row-ragged', message } };
  }
}

type RecordState = 'open' | 'done' | RecordFault;

/** Reads the fields of one record, line by line. */
class RecordReader {
  readonly line: number;
  fields: string[] = [];
  #field = '';
  #state: 'start' | 'bare' | 'quoted' | 'behind' = 'start';
  #length = 0;
  /** What is wrong with the text of the record, which is read to its end all the same. */
  #textFault: RecordFault | undefined;

  readonly #separator: string;

  constructor(line: number, separator: string) {
    this.line = line;
    this.#separator = separator;
  }

  push({ number, text, fault }: Line): RecordState {
    this.#length += text.length + 1;
    if (fault === 'row-too-long' || this.#length > MAX_ROW_LENGTH) {
      return this.#state === 'quoted' ? 'quote-unclosed' : 'row-too-long';
    }
    this.#textFault ??= fault;
    const body = number === 1 && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
    const state = this.#state === 'start' && !body.includes('"') ? this.#split(body) : this.#scan(body);
    return state === 'done' ? (this.#textFault ?? 'done') : state;
  }

  /** Takes a record of one line without a quote. */
  #split(text: string): RecordState {
    const row = text.endsWith('\r') ? text.slice(0, -1) : text;
    if (row.includes('\r')) return 'line-ending-unknown';
    this.fields = row.split(this.#separator);
    return 'done';
  }

  /** Takes any line, character by character. */
  #scan(text: string): RecordState {
    for (let at = 0; at < text.length; at++) {
      const character = text[at]!;
      if (this.#state === 'quoted' && character === '"' && text[at + 1] === '"') {
        this.#field += '"';
        at += 1;
      } else if (this.#state !== 'quoted' && character === '\r') {
        // The last one belongs to the line ending.
        if (at < text.length - 1) return 'line-ending-unknown';
      } else if (!this.#step(character)) return 'quote-misplaced';
    }
    if (this.#state === 'quoted') {
      this.#field += '\n';
      return 'open';
    }
    this.#endField();
    return 'done';
  }

  /** Takes one character; false where a quote, or what follows one, stands where it may not. */
  #step(character: string): boolean {
    if (this.#state === 'quoted') {
      if (character === '"') this.#state = 'behind';
      else this.#field += character;
    } else if (character === this.#separator) this.#endField();
    else if (character === '"' && this.#state === 'start') this.#state = 'quoted';
    else if (character === '"' || this.#state === 'behind') return false;
    else {
      this.#field += character;
      this.#state = 'bare';
    }
    return true;
  }

  #endField(): void {
    this.fields.push(this.#field);
    this.#field = '';
    this.#state = 'start';
  }
}

function faulty(line: number, code: RecordFault): CsvRecord {
  return { line, fault: { code, message: FAULTS[code] } };
}

function isBlank({ text, fault }: Line): boolean {
  return fault === undefined && (text === '' || text === '\r');
}
