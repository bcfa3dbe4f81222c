import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

/** What DuckDB would otherwise find out by itself, from the bytes of a file or the directories that it lies in. */
const STATED: Readonly<Record<string, readonly string[]>> = {
  read_csv: [
    'auto_detect = false',
    'columns = ',
    'delim = ',
    'quote = ',
    'escape = ',
    'comment = ',
    'header = true',
    'compression = ',
    'hive_partitioning = false',
    'union_by_name = false',
    'filename = false',
    'ignore_errors = false',
    'null_padding = false',
    'normalize_names = false',
  ],
  read_parquet: [
    'hive_partitioning = false',
    'union_by_name = false',
    'filename = false',
    'binary_as_string = false',
  ],
  read_json: [
    'auto_detect = false',
    'hive_partitioning = false',
    'union_by_name = false',
    'filename = false',
  ],
};
/** Other names of DuckDB's for the same functions, and those that find out more by themselves. */
const REFUSED =
  /\b(?:parquet_scan|read_csv_auto|sniff_csv|read_json_auto|read_json_objects|read_ndjson\w*)\b/;
/** A file as a table of its own: `FROM 'a.parquet'`. */
const FILE_AS_TABLE = /\b(?:FROM|JOIN)\s+'/i;

/** The texts that queries are made of: the stages, and all source text that could assemble one. */
function listSources(): { path: string; text: string }[] {
  return ['src', 'scripts/generate'].flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(?:sql|ts|mjs)$/.test(path))
      .map((path) => ({ path: join(room, path), text: readFileSync(join(room, path), 'utf8') })),
  );
}

/** The arguments of every call of a function, up to the parenthesis that closes it. */
function listCalls(text: string, name: string): string[] {
  return [...text.matchAll(new RegExp(`\\b${name}\\(`, 'g'))].map(({ index }) => {
    const from = index + name.length + 1;
    let depth = 1;
    let at = from;
    for (; depth > 0 && at < text.length; at++) depth += text[at] === '(' ? 1 : Number(text[at] === ')') * -1;
    return text.slice(from, at - 1).replace(/\s+/g, ' ');
  });
}

it('every query that reads a file says what DuckDB would guess', () => {
  const missing = listSources().flatMap(({ path, text }) =>
    Object.entries(STATED).flatMap(([name, options]) =>
      listCalls(text, name).flatMap((call) =>
        options.filter((option) => !call.includes(option)).map((option) => `${path}: ${name}: ${option}`),
      ),
    ),
  );
  expect(missing).toEqual([]);
});

it('no query reads a file in another way', () => {
  const queries = listSources().filter(({ path }) => path.endsWith('.sql'));
  expect(queries.length).toBeGreaterThan(5);
  expect(queries.filter(({ text }) => REFUSED.test(text) || FILE_AS_TABLE.test(text))).toEqual([]);
});

it('a query that leaves something to be guessed is found', () => {
  const text = "SELECT * FROM read_parquet(getvariable('paths'), hive_partitioning = false)";
  expect(listCalls(text, 'read_parquet')).toEqual(["getvariable('paths'), hive_partitioning = false"]);
});
