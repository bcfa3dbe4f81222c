import type { DuckDBBlobValue } from '@duckdb/node-api';
import { join } from 'node:path';

import type { Snapshot } from '../../sealed/load-snapshot.js';
import { escapePattern, Scratch } from '../../database/scratch.js';
import { STATEMENTS_FILE } from '../../sealed/snapshot-file.js';

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
