import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { generateExchange, type GeneratedExchange } from '../../../scripts/generate/exchange.js';
import { SeededRandom } from '../../../scripts/generate/random.js';
import type { Account } from '../../../src/protocol/index.js';
import { createSnapshot, readAccounts, type Snapshot } from '../../../src/snapshot/index.js';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'solvent-generate-'));
});

afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

const root = (name: string) => join(directory, name);

/** Takes the snapshot of a made-up exchange; an account under water would refuse it. */
async function takeSnapshot(name: string, exchange: GeneratedExchange): Promise<[Snapshot, Account[]]> {
  const snapshot = await createSnapshot({
    platform: 'Made-up Exchange',
    takenAt: '2026-01-31T00:00:00Z',
    quote: exchange.quote,
    balancesPath: exchange.balancesPath,
    assetsPath: exchange.assetsPath,
    outDirectory: root(`${name}-snapshot`),
    underwater: 'fail',
  });
  const accounts: Account[] = [];
  for await (const account of readAccounts(snapshot)) accounts.push(account);
  return [snapshot, accounts];
}

describe('the made-up exchange', () => {
  it('is the same for the same seed, and another for another', async () => {
    const make = async (name: string, seed: number) => {
      const { balancesPath } = await generateExchange({ users: 50, seed, directory: root(name) });
      return readFile(balancesPath, 'utf8');
    };
    const first = await make('first', 7);
    expect(await make('again', 7)).toBe(first);
    expect(await make('other', 8)).not.toBe(first);
  });

  it('holds its users to the shares that it states, with none of them under water', async () => {
    const exchange = await generateExchange({
      users: 20_000,
      seed: 1,
      assets: 64,
      directory: root('large'),
    });
    const [snapshot, accounts] = await takeSnapshot('large', exchange);
    expect(accounts).toHaveLength(20_000);
    expect(snapshot.assets).toHaveLength(64);
    const rows = (await readFile(exchange.balancesPath, 'utf8')).trim().split('\n').slice(1);
    expect(rows).toHaveLength(exchange.rowCount);
    const rowsOf = new Map<string, number>();
    for (const row of rows) {
      const user = row.slice(0, row.indexOf(','));
      rowsOf.set(user, (rowsOf.get(user) ?? 0) + 1);
    }
    const share = (least: number, most: number) =>
      [...rowsOf.values()].filter((count) => count >= least && count <= most).length / 20_000;
    expect(share(1, 2)).toBeCloseTo(0.6, 1);
    expect(share(3, 4)).toBeCloseTo(0.25, 1);
    expect(share(5, 16)).toBeGreaterThan(0.1);
    expect(share(17, 64)).toBeGreaterThan(0.02);
    const debtors = accounts.filter(({ holdings }) => holdings.some(({ debtUnits }) => debtUnits > 0n));
    expect(debtors).toHaveLength(exchange.debtorCount);
    expect(debtors.length / 20_000).toBeCloseTo(0.1, 1);
    expect(accounts.some(({ holdings }) => holdings.length === 0)).toBe(true);
  });

  it('has a heavy tail: one user in a hundred holds most of an asset', async () => {
    const exchange = await generateExchange({ users: 10_000, seed: 2, directory: root('tail') });
    const [snapshot, accounts] = await takeSnapshot('tail', exchange);
    expect(snapshot.assets).toHaveLength(16);
    const bitcoin = accounts
      .map(({ holdings }) => holdings.find(({ assetIndex }) => assetIndex === 0)?.equityUnits ?? 0n)
      .sort((a, b) => Number(b - a));
    const top = bitcoin.slice(0, 100).reduce((sum, units) => sum + units, 0n);
    expect(2n * top).toBeGreaterThan(BigInt(snapshot.totals[0]!.equity));
  });

  it('works with one user and one asset', async () => {
    const exchange = await generateExchange({ users: 1, seed: 3, assets: 1, directory: root('least') });
    const [snapshot] = await takeSnapshot('least', exchange);
    expect(snapshot.accountCount).toBe(1);
  });

  it.each([
    { users: 0, seed: 1 },
    { users: 1.5, seed: 1 },
    { users: 1, seed: -1 },
    { users: 1, seed: 1, assets: 1025 },
  ])('refuses %o', async (options) => {
    await expect(generateExchange({ ...options, directory: root('refused') })).rejects.toThrow(RangeError);
  });
});

describe('SeededRandom', () => {
  it('draws every value about as often as the next', () => {
    const random = new SeededRandom(1);
    const counts = Array.from({ length: 10 }, () => 0);
    for (let draw = 0; draw < 10_000; draw++) counts[random.below(10)]! += 1;
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  it('draws weights in proportion, and never one of zero', () => {
    const random = new SeededRandom(1);
    const counts = [0, 0, 0];
    for (let draw = 0; draw < 4000; draw++) counts[random.weighted([1, 0, 3])]! += 1;
    expect(counts[1]).toBe(0);
    expect(counts[2]! / counts[0]!).toBeCloseTo(3, 0);
  });
});
