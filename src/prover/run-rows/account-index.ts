import { readFile } from 'node:fs/promises';

import { z } from 'zod';

import { encodeJsonLine, parseJsonLine, parseSchema, SolventError } from '../../protocol/index.js';
import { MAX_STATEMENT_BYTES } from '../../protocol/rows/index.js';
import type { PlacedAccount } from '../commit/cut-rows.js';
import type { ProverCode } from '../errors.js';
import type { RowRunPaths } from './paths.js';
import { storeSynced } from './stored-bytes.js';

const MAX_LINE_BYTES = 2 * MAX_STATEMENT_BYTES;

const schema = z.strictObject({
  userId: z.string(),
  /** The canonical JSON of the statement, as it was hashed. */
  statement: z.string().nullable(),
  places: z.array(z.strictObject({ batch: z.int().min(0), row: z.int().min(0) })).min(1),
});

/** Keeps where the rows of every account are. */
export async function saveAccounts(path: string, accounts: readonly PlacedAccount[]): Promise<void> {
  const lines = accounts.map(({ userId, statement, places }) =>
    encodeJsonLine({
      userId,
      statement: statement === undefined ? null : Buffer.from(statement).toString('utf8'),
      places: places.map(({ batch, row }) => ({ batch, row })),
    }),
  );
  await storeSynced(path, Buffer.concat(lines));
}

/** Where a user's rows are. @throws SolventError `user-not-found`; of class `format` where the file is damaged. */
export async function findAccount(
  { accounts }: Pick<RowRunPaths, 'accounts'>,
  userId: string,
): Promise<PlacedAccount> {
  const prefix = `"userId":${JSON.stringify(userId)}}`;
  for (const line of (await readFile(accounts, 'utf8')).split('\n')) {
    if (!line.endsWith(prefix)) continue;
    const read = parseSchema(schema, 'an account', parseJsonLine(Buffer.from(`${line}\n`), MAX_LINE_BYTES));
    if (read.userId !== userId) continue;
    const { statement, places } = read;
    return {
      userId,
      places,
      ...(statement === null ? {} : { statement: Buffer.from(statement, 'utf8') }),
    };
  }
  throw new SolventError<ProverCode>(
    'usage',
    'user-not-found',
    'expected a user of the snapshot, got another id: use the id as the snapshot has it',
  );
}
