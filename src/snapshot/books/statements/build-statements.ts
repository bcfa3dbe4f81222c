import { chmod, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { type DuckDBBlobValue, INTEGER, listValue, VARCHAR } from '@duckdb/node-api';

import { COMPONENT_KINDS, MAX_STATEMENT_BYTES, MAX_STATEMENT_LINES } from '../../../protocol/index.js';
import type { Snapshot } from '../../sealed/load-snapshot.js';
import { escapePattern, Scratch } from '../../database/scratch.js';
import { STATEMENTS_FILE } from '../../sealed/snapshot-file.js';
import { refuseSnapshot } from '../../errors.js';

/** A statement as it is stored: canonical JSON, and the 31 bytes that stand for it in its user's account. */
export type StoredStatement = {
  readonly userId: string;
  readonly json: Uint8Array;
  readonly hash: Uint8Array;
};

/** The statements of a snapshot, in the order of the ids of their users (as UTF-8), some thousand at a time in memory. */
export async function* readStatements(
  snapshot: Pick<Snapshot, 'directory'>,
): AsyncGenerator<StoredStatement> {
  const reader = await Scratch.openReader();
  try {
    await reader.set('statements_pattern', escapePattern(join(snapshot.directory, STATEMENTS_FILE)));
    for await (const rows of reader.stream('books/statements/read-statements')) {
      for (const [userId, statement, hash] of rows) {
        yield { userId: userId as string, json: bytesOf(statement), hash: bytesOf(hash) };
      }
    }
  } finally {
    reader.close();
  }
}

/** The bytes of a BLOB in a row. */
export function bytesOf(value: unknown): Uint8Array {
  return (value as DuckDBBlobValue).bytes;
}

type StatementLimitCode = 'statement-text-unsuitable' | 'statement-too-long';

type BuildStatementsOptions = {
  /** Where statements.parquet goes; a directory beside it is made and removed. */
  readonly outPath: string;
  /** Told how many of how many parts are written. */
  readonly onProgress?: (done: number, total: number) => void;
};

/**
 * Makes the itemised statement of each user of the table `book_account` from the table `component`, in which write-offs
 * are lines already, and `book_asset`. Writes them to a file, for its owner alone to read, and their hashes to the table
 * `statement`. A user without components has a statement without lines.
 * @returns the number of statements.
 * @throws SolventError of class `source`: `statement-text-unsuitable`, `statement-too-long`.
 */
export async function buildStatements(
  scratch: Scratch,
  { outPath, onProgress = () => undefined }: BuildStatementsOptions,
): Promise<number> {
  const partsDirectory = `${outPath}.parts`;
  await mkdir(partsDirectory, { mode: 0o700 });
  try {
    const userCount = await sortLines(scratch);
    const parts = await writeParts(scratch, { partsDirectory, userCount, onProgress });
    await scratch.set('part_paths', listValue(parts.map(escapePattern)));
    await scratch.set('max_statement_bytes', MAX_STATEMENT_BYTES);
    await assertNone(scratch, 'count-long-statements', {
      code: 'statement-too-long',
      expected: `statements of at most ${MAX_STATEMENT_BYTES} bytes`,
    });
    await scratch.run('sealed/create-statement');
    await run(scratch, 'insert-statements');
    await scratch.set('statements_path', outPath);
    await run(scratch, 'write-statements');
    await chmod(outPath, 0o600);
    return userCount;
  } finally {
    await rm(partsDirectory, { recursive: true, force: true });
  }
}

/** Makes the lines of all statements, in their order, and refuses what no statement holds; the number of users. */
async function sortLines(scratch: Scratch): Promise<number> {
  await scratch.runSection('books/statements', 'schema');
  const kinds = COMPONENT_KINDS.map((kind, index) => [kind, index]);
  await scratch.append('component_kind', [VARCHAR, INTEGER], [kinds]);
  await run(scratch, 'create-statement-user');
  await run(scratch, 'create-statement-line');
  await scratch.set('max_statement_lines', MAX_STATEMENT_LINES);
  await assertNone(scratch, 'count-unfit-lines', {
    code: 'statement-text-unsuitable',
    expected: 'names, references and price sources of 1 to 256 bytes without control characters',
  });
  await assertNone(scratch, 'count-users-of-many-lines', {
    code: 'statement-too-long',
    expected: `statements of at most ${MAX_STATEMENT_LINES} lines`,
  });
  const [row] = await scratch.select(path('count-statement-users'));
  return Number(row!.row_count);
}

/** Writes the statements a few thousand users at a time, since DuckDB keeps all texts that it joins in memory. */
async function writeParts(
  scratch: Scratch,
  {
    partsDirectory,
    userCount,
    onProgress,
  }: Required<Pick<BuildStatementsOptions, 'onProgress'>> & {
    readonly partsDirectory: string;
    readonly userCount: number;
  },
): Promise<string[]> {
  const ends = (await scratch.select(path('select-part-ends'))).map((row) => row.user_index as number);
  const bounds = [0, ...ends.filter((end) => end < userCount), userCount];
  const total = bounds.length - 1;
  const parts: string[] = [];
  for (let part = 0; part < total; part++) {
    onProgress(part, total);
    parts.push(join(partsDirectory, `${part}.parquet`));
    await scratch.set('first_user', bounds[part]!);
    await scratch.set('last_user', bounds[part + 1]!);
    await scratch.set('part_path', parts[part]!);
    await run(scratch, 'write-statement-part');
  }
  await run(scratch, 'drop-statement-line');
  onProgress(total, total);
  return parts;
}

/** @throws SolventError where a statement that counts what is at fault counts any. */
async function assertNone(
  scratch: Scratch,
  name: string,
  { code, expected }: { readonly code: StatementLimitCode; readonly expected: string },
): Promise<void> {
  const [row] = await scratch.select(path(name));
  const count = Number(row!.row_count);
  if (count === 0) return;
  throw refuseSnapshot(code, { expected, found: `${count} others`, details: { count } });
}

function run(scratch: Scratch, name: string): Promise<number> {
  return scratch.run(path(name));
}

/** The path of a query of this stage. */
function path(name: string): string {
  return `books/statements/${name}`;
}
