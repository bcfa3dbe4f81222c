import { chmod, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from 'vitest';

import type { Account } from '../../src/protocol/index.js';
import {
  createSnapshot,
  readAccounts,
  SourceError,
  type Snapshot,
  type SnapshotOptions,
  type SourceProblem,
} from '../../src/snapshot/index.js';
import { makeDirectory } from '../directory.js';

/** One unit of each asset is easy to count with: 2 decimals at 10, 0 decimals at 3, haircuts of a half and none. */
export const PLAIN_ASSETS = 'symbol,decimals,price,collateral_ratio\nAAA,2,10,0.5\nBBB,0,3,1\n';

export type Venue = {
  readonly directory: string;
  readonly options: SnapshotOptions;
};

/** Writes the two source files of a venue, and says how to take its snapshot. */
export async function makeVenue(sources: {
  balances: string | Uint8Array;
  assets?: string | Uint8Array;
}): Promise<Venue> {
  const directory = await makeDirectory();
  const balancesPath = join(directory, 'balances.csv');
  const assetsPath = join(directory, 'assets.csv');
  await writeFile(balancesPath, sources.balances);
  await writeFile(assetsPath, sources.assets ?? PLAIN_ASSETS);
  const options: SnapshotOptions = {
    platform: 'Example Exchange',
    takenAt: '2026-01-31T00:00:00Z',
    quote: 'USD',
    balancesPath,
    assetsPath,
    outDirectory: join(directory, 'snapshot'),
    underwater: 'fail',
  };
  return { directory, options };
}

export async function takeSnapshot(
  sources: { balances: string | Uint8Array; assets?: string | Uint8Array },
  options: Partial<SnapshotOptions> = {},
): Promise<Snapshot> {
  const venue = await makeVenue(sources);
  return createSnapshot({ ...venue.options, ...options });
}

export async function collectAccounts(snapshot: Snapshot): Promise<Account[]> {
  const accounts: Account[] = [];
  for await (const account of readAccounts(snapshot)) accounts.push(account);
  return accounts;
}

/** The error of a snapshot that must be refused for its sources, with nothing of it left behind. */
export async function refusalOf(
  sources: { balances: string | Uint8Array; assets?: string | Uint8Array },
  options: Partial<SnapshotOptions> = {},
): Promise<SourceError> {
  const venue = await makeVenue(sources);
  const error: unknown = await createSnapshot({ ...venue.options, ...options }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SourceError);
  expect(await readdir(venue.directory)).toEqual(['assets.csv', 'balances.csv']);
  return error as SourceError;
}

/** Problems in short: `line column code`. */
export function shorten(problems: readonly SourceProblem[]): string[] {
  return problems.map(({ line, column, code }) => `${line} ${column ?? '-'} ${code}`);
}

/** The rows of a balances.csv under its full header. */
export function balances(...rows: string[]): string {
  return `user_id,asset,equity,debt\n${rows.map((row) => `${row}\n`).join('')}`;
}

/** Lets the files of a snapshot be written to, as somebody does who means to change them. */
export async function breakSeal(directory: string): Promise<void> {
  for (const name of await readdir(directory)) await chmod(join(directory, name), 0o600);
}
