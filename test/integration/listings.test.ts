import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Account, Holding } from '../../src/protocol/index.js';
import { makeInclusion, type ProvingCircuit } from '../../src/prover/index.js';
import { createPairing, verifyBundle, verifyInclusion, type Report } from '../../src/verifier/index.js';
import { claimOf, debt, equity, wideHoldings } from '../prover/exchange.js';
import { proveExchange, readBundle, sourceOf, trustOf } from '../prover/fixture.js';
import { makeCircuitKeys } from '../prover/tiny-keys.js';

/** A small generator of whole numbers, the same in every run. */
function makeRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

/** Users with positive and negative integers in each asset, a third of the assets held by one user alone, all covered. */
function makeSmallExchange(userCount: number, assetCount: number): Account[] {
  const random = makeRandom(11);
  const holdings: Holding[][] = Array.from({ length: userCount }, () => []);
  for (let asset = 0; asset < assetCount - 1; asset++) {
    const only = asset % 3 === 0 ? random(userCount) : undefined;
    for (const [user, held] of holdings.entries()) {
      const amount = BigInt(random(2_000_001)) - 1_000_000n;
      if ((only !== undefined && only !== user) || amount === 0n) continue;
      held.push(amount > 0n ? equity(asset, amount) : debt(asset, -amount));
    }
  }
  // The last asset of a listing covers nothing; the one before it pays for everybody's debt.
  return holdings.map((held, user) => ({
    userId: `user-${user}@example.org`,
    holdings: [
      ...held.filter(({ assetIndex }) => assetIndex !== assetCount - 2),
      equity(assetCount - 2, 10n ** 15n + BigInt(user)),
    ],
  }));
}

let directory: string;
let circuits: readonly ProvingCircuit[];
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'solvent-listings-'));
  circuits = await makeCircuitKeys();
});
afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

let runs = 0;

/** Proves an exchange, verifies its bundle, and the inclusion files of some of its users. */
async function goTheWholeWay(
  accounts: readonly Account[],
  {
    assetCount,
    users,
    used = circuits,
  }: { assetCount: number; users: readonly string[]; used?: typeof circuits },
): Promise<{ readonly bundle: Report; readonly files: readonly Report[] }> {
  const run = join(directory, String(runs++));
  await proveExchange({ directory: run, accounts, assetCount, circuits: used });
  const bytes = await readBundle(run);
  const trust = trustOf(used);
  const options = { pairing: await createPairing(), allowDevelopmentKeys: true };
  const bundle = await verifyBundle(sourceOf(bytes), trust, options);
  const files: Report[] = [];
  for (const userId of users) {
    const { bytes: file } = await makeInclusion(run, userId);
    files.push(await verifyInclusion(file, sourceOf(bytes), trust, { ...options, userId }));
  }
  return { bundle, files };
}

const expectValid = (reports: readonly Report[]) => {
  expect(reports.map(({ code }) => code)).toEqual(reports.map(() => 'valid'));
};

describe('one set of keys', () => {
  it.each([1, 4, 64, 1024])('serves a listing of %i assets', async (assetCount) => {
    const lone: Account = { userId: 'lone', holdings: [equity(assetCount - 1, 7n)] };
    const every: Account = {
      userId: 'every',
      holdings: Array.from({ length: assetCount }, (_, asset) => equity(asset, BigInt(1_000 + asset))),
    };
    const nobody: Account = { userId: 'nobody', holdings: [] };
    const { bundle, files } = await goTheWholeWay([lone, every, nobody], {
      assetCount,
      // Each file is checked with the whole bundle; with 2,049 weighted totals one of them will do.
      users: assetCount > 64 ? ['every'] : ['every', 'lone', 'nobody'],
    });
    expectValid([bundle, ...files]);
    const { totals } = claimOf([lone, every, nobody], assetCount);
    expect(
      bundle.totals.map(({ asset, equity: held, debt: owed }) => ({ asset, equity: held, debt: owed })),
    ).toEqual(totals);
    expect(files[0]!.holdings).toHaveLength(assetCount);
    if (assetCount <= 64) expect(files[2]!.holdings).toEqual([]);
  });

  it('serves a venue of one user, who owes', async () => {
    const user: Account = { userId: 'one', holdings: [equity(0, 5_000_000n), debt(1, 9n)] };
    const { bundle, files } = await goTheWholeWay([user], { assetCount: 3, users: ['one'] });
    expectValid([bundle, ...files]);
  });

  it('serves users who all owe, one of them in a wide row', async () => {
    const accounts = Array.from({ length: 21 }, (_, user): Account => ({
      userId: `debtor-${user}`,
      holdings: [equity(0, 900_000_000n + BigInt(user)), debt(1 + (user % 3), 5n)],
    }));
    const wide: Account = { userId: 'wide', holdings: wideHoldings(64) };
    const users = ['debtor-0', 'debtor-20', 'wide'];
    const { bundle, files } = await goTheWholeWay([...accounts, wide], { assetCount: 64, users });
    expectValid([bundle, ...files]);
  });

  it('serves a run without circuits for debt', async () => {
    const used = circuits.filter(({ parameters }) => parameters.kind === 'spot');
    const accounts = Array.from({ length: 9 }, (_, user): Account => ({
      userId: `holder-${user}`,
      holdings: [equity(0, 3n), equity(1, BigInt(user + 1))],
    }));
    const { bundle, files } = await goTheWholeWay(accounts, { assetCount: 2, users: ['holder-8'], used });
    expectValid([bundle, ...files]);
    await expect(
      goTheWholeWay([{ userId: 'a', holdings: [equity(0, 900_000_000n), debt(1, 1n)] }], {
        assetCount: 2,
        users: [],
        used,
      }),
    ).rejects.toMatchObject({ code: 'account-without-plan' });
  });
});

describe('an exchange of 8 users with 220 assets', () => {
  it('is proven, and every user finds what they hold and owe', async () => {
    const accounts = makeSmallExchange(8, 220);
    const users = accounts.map(({ userId }) => userId);
    const { bundle, files } = await goTheWholeWay(accounts, { assetCount: 220, users });
    expectValid([bundle, ...files]);
    const { totals } = claimOf(accounts, 220);
    expect(
      bundle.totals.map(({ asset, equity: held, debt: owed }) => ({ asset, equity: held, debt: owed })),
    ).toEqual(totals);
    files.forEach((file, user) => {
      expect(file.holdings).toHaveLength(accounts[user]!.holdings.length);
    });
  });
});
