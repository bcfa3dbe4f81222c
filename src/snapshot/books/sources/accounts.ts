import { VARCHAR, type DuckDBValue } from '@duckdb/node-api';

import { parseName, SolventError } from '../../../protocol/index.js';
import type { Scratch } from '../../database/scratch.js';
import { throwRefusedUsers } from './find-problems.js';
import type { LoadedSource } from './load-source.js';
import { SOURCE_SHAPES } from './shapes.js';
import { refuseSnapshot } from '../../errors.js';

const SQL = 'books/sources';

/**
 * Brings the user ids of the table `book_account` into the form that is proven. Where no source lists accounts, it
 * first makes every account that the books name a user of its own.
 * @throws SourceError with every row whose user id the protocol refuses, or which differs from another one's only by
 * Unicode normalisation (`name-ambiguous`).
 */
export async function settleAccounts(scratch: Scratch, loaded: readonly LoadedSource[]): Promise<void> {
  const listed = loaded.find(({ source }) => source.role === 'accounts');
  if (listed === undefined) await scratch.run(`${SQL}/derive-accounts`);
  await scratch.run('sealed/create-unusual-user');
  let refused = 0;
  const normalized = async function* () {
    for await (const rows of scratch.stream(`${SQL}/select-unusual-users`)) {
      const batch = rows.map(([stated]) => normalizeUser(stated as string));
      refused += batch.filter(([, userId]) => userId === null).length;
      yield batch;
    }
  };
  await scratch.append('unusual_user', [VARCHAR, VARCHAR, VARCHAR], normalized());
  refused += await scratch.run('sealed/refuse-ambiguous-users', { users: 'book_account' });
  if (refused > 0) await throwRefused(scratch, loaded, listed);
  await scratch.run(`${SQL}/normalize-unusual-users`);
}

function normalizeUser(stated: string): DuckDBValue[] {
  try {
    return [stated, parseName(stated.normalize('NFC')), null];
  } catch (error) {
    if (error instanceof SolventError) return [stated, null, error.code as string];
    throw error;
  }
}

async function throwRefused(
  scratch: Scratch,
  loaded: readonly LoadedSource[],
  listed: LoadedSource | undefined,
): Promise<never> {
  const column = listed?.relation.columns.has('user_id') === true ? 'user_id' : 'account';
  const naming = loaded.filter(({ source }) => SOURCE_SHAPES[source.role].columns[column] !== undefined);
  for (const suspect of listed === undefined ? naming : [listed]) {
    await throwRefusedUsers(scratch, suspect, column);
  }
  throw refuseSnapshot('rows-miscounted', {
    expected: 'to find the row of a refused user id',
    found: 'none',
    advice: 'the two passes disagree',
  });
}
