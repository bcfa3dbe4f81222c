import { cp } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { parseStatement, type Account } from '../../../../src/protocol/index.js';
import { buildStatements } from '../../../../src/snapshot/books/statements/build-statements.js';
import type { Snapshot } from '../../../../src/snapshot/index.js';
import { writeAccounts } from '../../../../src/snapshot/sealed/sealed-files.js';
import { collectAccounts, takeSnapshot, balances } from '../../venue.js';
import { makeDirectory } from '../../../directory.js';
import { makeComponent, openBooks } from './books.js';

const USERS = ['ann', 'bob*', 'zoe'];

/** The snapshot of three users, of whom each has one line of so many units; zoe has none. */
async function seal(units: bigint, users: readonly string[] = USERS): Promise<Snapshot> {
  const directory = await makeDirectory();
  const scratch = await openBooks(directory, {
    accounts: users.map((userId) => ({ account: `of ${userId}`, userId })),
    components: users
      .filter((userId) => userId !== 'zoe')
      .map((userId) => makeComponent({ account: `of ${userId}`, assetIndex: 0, valueUnits: units })),
  });
  try {
    await buildStatements(scratch, { outPath: join(directory, 'statements.parquet') });
    await scratch.run('../../../test/snapshot/books/statements/queries/insert-holdings');
    const accountsFile = await writeAccounts(scratch, directory);
    const sealed = { name: 'statements.parquet', sha256: '', sizeBytes: 0 } as const;
    const totals = ['2', '0', '0'].map((equity, asset) => ({
      asset: String(asset),
      equity,
      debt: asset === 2 ? '5' : '0',
    }));
    return {
      directory,
      files: [accountsFile, sealed],
      assets: [{}, {}, {}],
      accountCount: 3,
      holdingCount: 3,
      totals,
    } as unknown as Snapshot;
  } finally {
    scratch.close();
  }
}

const linesOf = ({ statement }: Account) =>
  parseStatement(statement!).lines.map(({ account, value }) => `${account} ${value}`);

describe('the accounts of a snapshot of books', () => {
  it('come each with the statement whose hash they have, also those that hold nothing', async () => {
    const accounts = await collectAccounts(await seal(1n));
    expect(accounts.map(({ userId, holdings }) => [userId, holdings.length])).toEqual([
      ['ann', 2],
      ['bob*', 1],
      ['zoe', 0],
    ]);
    expect(accounts.map(linesOf)).toEqual([
      ['of ann 0.000000000000000001'],
      ['of bob* 0.000000000000000001'],
      [],
    ]);
  });

  it.each<[string, bigint, readonly string[]]>([
    ['other lines', 2n, USERS],
    ['a user less', 1n, ['ann', 'bob*']],
    ['a user more', 1n, [...USERS, 'zz']],
    ['another user', 1n, ['ann', 'bob', 'zoe']],
  ])('are refused beside statements of %s', async (_, units, users) => {
    const snapshot = await seal(1n);
    const other = await seal(units, users);
    await cp(join(other.directory, 'statements.parquet'), join(snapshot.directory, 'statements.parquet'));
    await expect(collectAccounts(snapshot)).rejects.toMatchObject({
      errorClass: 'artefact',
      code: 'snapshot-accounts-mismatch',
    });
  });
});

describe('the accounts of a balance file', () => {
  it('have no statement', async () => {
    const snapshot = await takeSnapshot({ balances: balances('ann,AAA,1,0', 'bob,BBB,3,0') });
    expect((await collectAccounts(snapshot)).map(({ statement }) => statement)).toEqual([
      undefined,
      undefined,
    ]);
  });
});
