import type { DuckDBBlobValue } from '@duckdb/node-api';
import { join } from 'node:path';

import { parseStatement, type AccountStatement } from '../../../protocol/index.js';
import type { Snapshot } from '../../load-snapshot.js';
import { escapePattern, Scratch } from '../../scratch.js';
import { STATEMENTS_FILE } from '../../snapshot-file.js';

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
  const reader = await openStatements(snapshot);
  try {
    for await (const rows of reader.stream('books/statements/read-statements')) {
      for (const [userId, statement, hash] of rows) {
        yield { userId: userId as string, json: bytesOf(statement), hash: bytesOf(hash) };
      }
    }
  } finally {
    reader.close();
  }
}

/**
 * The itemised statement of one user, or undefined where the snapshot has none of that id.
 * @param userId in the form of `parseName`.
 * @throws SolventError of class `format` where what is stored is no statement.
 */
export async function loadStatement(
  snapshot: Snapshot,
  userId: string,
): Promise<AccountStatement | undefined> {
  const isThere = snapshot.files.some(({ name }) => name === STATEMENTS_FILE);
  if (!isThere) return undefined;
  const reader = await openStatements(snapshot);
  try {
    await reader.set('user_id', userId);
    for await (const rows of reader.stream('books/statements/find-statement')) {
      const [statement] = rows[0] ?? [];
      if (statement !== undefined) return parseStatement(bytesOf(statement));
    }
    return undefined;
  } finally {
    reader.close();
  }
}

async function openStatements(snapshot: Pick<Snapshot, 'directory'>): Promise<Scratch> {
  const reader = await Scratch.openReader();
  try {
    await reader.set('statements_pattern', escapePattern(join(snapshot.directory, STATEMENTS_FILE)));
    return reader;
  } catch (error) {
    reader.close();
    throw error;
  }
}

/** The bytes of a BLOB in a row. */
export function bytesOf(value: unknown): Uint8Array {
  return (value as DuckDBBlobValue).bytes;
}
