import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { createSnapshotFromBooks } from '../../../src/snapshot/books/create-snapshot-from-books.js';
import type { Snapshot } from '../../../src/snapshot/index.js';
import { makeDirectory } from '../../directory.js';

const CONFIG = `format: solvent/books/v1
platform: Example Options
quote: USD
cash: balances-total
underwater: fail
isolatedLoss: limited
maxMarkAge: 10m
assets:
  - { symbol: BTC, decimals: 8, collateralRatio: 0.9, maxPriceAge: 2d }
  - { symbol: USDT, decimals: 6, collateralRatio: 1, maxPriceAge: 10m }
sources:
  ledger: { files: [ledger.csv], format: csv, completeTo: 2026-01-31T00:00:00Z }
  balances: { files: [balances.csv], format: csv, completeTo: 2026-01-31T00:00:00Z }
  control: { files: [control.csv], format: csv, completeTo: 2026-01-31T00:00:00Z }
  accounts: { files: [accounts.csv], format: csv }
  prices: { files: [prices.csv], format: csv, completeTo: 2026-01-31T00:00:00Z }
  loans: { files: [loans.csv], format: csv, completeTo: 2026-01-31T00:00:00Z }
`;

/** Two users and the house; one break in the ledger, and one in the control account, of one bitcoin and of one dollar. */
const FILES: Readonly<Record<string, string>> = {
  'snapshot.yaml': CONFIG,
  'ledger.csv': `account,asset,amount,kind,at,reference
a1,BTC,0.5,deposit,2026-01-30T10:00:00Z,d1
a2,USDT,2000,deposit,2026-01-30T11:00:00Z,d2
b1,USDT,12.5,deposit,2026-01-30T12:00:00Z,d3
house,BTC,1,deposit,2026-01-30T13:00:00Z,d4
`,
  'balances.csv': 'account,asset,amount\na1,BTC,0.5\na2,USDT,2000\nb1,USDT,12.5\nhouse,BTC,2\n',
  'control.csv': 'asset,amount\nBTC,2.5\nUSDT,2013.5\n',
  'accounts.csv':
    'account,user_id,class\na1,ann@example.net,user\na2,ann@example.net,user\nb1,bob@example.net,user\nhouse,,house\n',
  'prices.csv':
    'asset,price,at,source\nBTC,64000,2026-01-29T23:55:00Z,index of three venues\nUSDT,0.999,2026-01-30T23:59:57.5Z,mid\n',
  'loans.csv':
    'account,loan_id,asset,principal,interest,at\na2,loan-7,BTC,0.01,0.0001,2026-01-30T12:00:00Z\n',
};

/** The snapshot of these books, their breaks accepted. */
export async function takeBooksSnapshot(): Promise<Snapshot> {
  const directory = await makeDirectory();
  const books = join(directory, 'books');
  await mkdir(books);
  for (const [name, text] of Object.entries(FILES)) await writeFile(join(books, name), text);
  const options = {
    configPath: join(books, 'snapshot.yaml'),
    takenAt: '2026-01-31T00:00:00Z',
    outDirectory: join(directory, 'snapshot'),
    findingsDirectory: join(directory, 'findings'),
  };
  // The first run lists the breaks, the second accepts them.
  const isRefused = await createSnapshotFromBooks(options).then(
    () => false,
    (error: unknown) => (error as { code?: string }).code === 'books-do-not-reconcile',
  );
  if (!isRefused) throw new Error('expected books that do not reconcile');
  await rename(join(directory, 'findings', 'breaks.csv'), join(directory, 'accepted.csv'));
  return createSnapshotFromBooks({ ...options, acceptedBreaksPath: join(directory, 'accepted.csv') });
}
