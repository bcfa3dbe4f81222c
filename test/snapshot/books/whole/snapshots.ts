import { join } from 'node:path';

import { expect } from 'vitest';

import { SolventError, type Account, type Holding } from '../../../../src/protocol/index.js';
import {
  createSnapshotFromBooks,
  readAccounts,
  type BooksSnapshotOptions,
  type Snapshot,
} from '../../../../src/snapshot/index.js';
import { makeDirectory } from '../../../directory.js';

/** A snapshot with all its accounts. */
export type TakenSnapshot = { readonly snapshot: Snapshot; readonly accounts: readonly Account[] };

/** Takes a snapshot of books at the instant of the made-up and the golden venue, in a directory of its own. */
export async function takeSnapshot(
  configPath: string,
  options: Partial<BooksSnapshotOptions> = {},
): Promise<TakenSnapshot> {
  const outDirectory = options.outDirectory ?? join(await makeDirectory(), 'snapshot');
  const snapshot = await createSnapshotFromBooks({
    ...{ configPath, outDirectory, takenAt: '2026-01-31T00:00:00Z' },
    ...options,
  });
  const accounts: Account[] = [];
  for await (const account of readAccounts(snapshot)) accounts.push(account);
  return { snapshot, accounts };
}

/** Why books are refused. */
export async function refusalOf(
  configPath: string,
  options: Partial<BooksSnapshotOptions> = {},
): Promise<SolventError> {
  const error: unknown = await takeSnapshot(configPath, options).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SolventError);
  return error as SolventError;
}

/** What each user holds and owes: `equity` or `equity - debt` in proof units, by user name and asset. */
export function listHoldings(
  accounts: readonly Account[],
  symbols: readonly string[],
): Record<string, Record<string, string>> {
  const format = ({ equityUnits, debtUnits }: Holding) =>
    debtUnits === 0n ? `${equityUnits}` : `${equityUnits} - ${debtUnits}`;
  return Object.fromEntries(
    accounts.map(({ userId, holdings }) => [
      userId.split('@')[0]!,
      Object.fromEntries(holdings.map((holding) => [symbols[holding.assetIndex]!, format(holding)])),
    ]),
  );
}
