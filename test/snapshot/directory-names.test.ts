import { cp, mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { expect, it } from 'vitest';

import { createSnapshot, createSnapshotFromBooks, loadSnapshot } from '../../src/snapshot/index.js';
import { readStatements } from '../../src/snapshot/books/statements/build-statements.js';
import { writeGoldenBooks } from './books/whole/golden-books.js';
import { balances, collectAccounts, makeVenue } from './venue.js';
import { makeDirectory } from '../directory.js';

/** A directory below a directory whose names look like the columns of partitioned data. */
async function makePartition(directory: string): Promise<string> {
  const partition = join(
    directory,
    'asset=BBB',
    'user_id=zoe',
    'dt=2026-01-31',
    'statement=1',
    'account=zoe',
  );
  await mkdir(partition, { recursive: true });
  return partition;
}

it('balances are what their file says, whatever the directories above it are called', async () => {
  const { directory, options } = await makeVenue({ balances: balances('ann,AAA,1.5,0', 'bob,AAA,0.25,0') });
  const partition = await makePartition(directory);
  await rename(options.balancesPath, join(partition, 'balances.csv'));
  const snapshot = await createSnapshot({
    ...{ ...options, balancesPath: join(partition, 'balances.csv') },
    outDirectory: join(partition, 'snapshot'),
  });
  expect(snapshot.totals).toEqual([
    { asset: 'AAA', equity: '175', debt: '0' },
    { asset: 'BBB', equity: '0', debt: '0' },
  ]);
  expect((await collectAccounts(snapshot)).map(({ userId }) => userId)).toEqual(['ann', 'bob']);
});

it('books and their statements are the same below any directory, and are read back as they were sealed', async () => {
  const directory = await makeDirectory();
  const takenAt = '2026-01-31T00:00:00Z';
  const configPath = await writeGoldenBooks(join(directory, 'books'));
  const plain = await createSnapshotFromBooks({
    ...{ configPath, takenAt, outDirectory: join(directory, 'plain') },
  });
  const partition = await makePartition(directory);
  await cp(dirname(configPath), join(partition, 'books'), { recursive: true });
  const sealed = await createSnapshotFromBooks({
    ...{ configPath: join(partition, 'books', 'snapshot.yaml'), takenAt },
    outDirectory: join(partition, 'snapshot'),
  });
  expect(sealed.hash).toBe(plain.hash);
  const read = await loadSnapshot(join(partition, 'snapshot'));
  expect(await collectAccounts(read)).toEqual(await collectAccounts(plain));
  const statements = [];
  for await (const { userId } of readStatements(read)) statements.push(userId);
  expect(statements).toHaveLength(14);
  expect(statements).not.toContain('zoe');
});
