import { refuseLine, refuseMaking } from './errors.js';

/** A row of a CSV file: its cells by column, and its line. */
export type CsvRow = { readonly cells: Readonly<Record<string, string>>; readonly line: number };

const MAX_CSV_BYTES = 256 * 1024 * 1024;

/**
 * Reads a CSV file (RFC 4180) whose header names its columns, in any case; cells in quotes may hold commas, quotes and line breaks.
 * @param required columns that must be there.
 * @throws SolventError `columns-missing`, `row-malformed`, with the line.
 */
export function parseCsv(bytes: Uint8Array, required: readonly string[]): CsvRow[] {
  if (bytes.length > MAX_CSV_BYTES) throw malformed(1, `at most ${MAX_CSV_BYTES} bytes`);
  const records = readRecords(decode(bytes));
  const header = (records[0]?.cells ?? []).map((name) => name.trim().toLowerCase());
  const missing = required.filter((name) => !header.includes(name));
  if (missing.length > 0 || new Set(header).size !== header.length) {
    throw refuseMaking('columns-missing', {
      expected: `a header with the columns ${required.join(', ')}, each once`,
      found: missing.length === 0 ? 'one that has a column twice' : `one without ${missing.join(', ')}`,
    });
  }
  return records.slice(1).map(({ cells, line }) => {
    if (cells.length !== header.length) throw malformed(line, `${header.length} cells`, String(cells.length));
    return { line, cells: Object.fromEntries(header.map((name, index) => [name, cells[index]!.trim()])) };
  });
}

/** What is said of a row that is not as it must be. */
export function malformed(line: number, expected: string, found?: string) {
  return refuseLine('row-malformed', line, { expected, ...(found === undefined ? {} : { found }) });
}

function readRecords(text: string): { cells: string[]; line: number }[] {
  const records: { cells: string[]; line: number }[] = [];
  // A cell in quotes, or one without; then what ends it.
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  let [line, cells, start]: [number, string[], number] = [1, [], 1];
  while (cell.lastIndex < text.length) {
    const match = cell.exec(text);
    if (match === null) throw malformed(line, 'cells between commas, those with quotes in quotes');
    const value = match[1]?.replaceAll('""', '"') ?? match[2]!;
    cells.push(value);
    line += match[0].split('\n').length - 1;
    if (match[3] !== ',') {
      if (cells.length > 1 || value !== '') records.push({ cells, line: start });
      [cells, start] = [[], line];
    } else if (cell.lastIndex === text.length) {
      records.push({ cells: [...cells, ''], line: start });
    }
  }
  return records;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw malformed(1, 'text in UTF-8');
  }
}
