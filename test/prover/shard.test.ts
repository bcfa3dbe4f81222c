import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  deriveDummyShuffleKey,
  deriveShuffleKey,
  SolventError,
  type Account,
} from '../../src/protocol/index.js';
import { loadBatchRows, type BatchRow } from '../../src/prover/batch/batch-file.js';
import { listBatches, loadPlan } from '../../src/prover/shard/plan.js';
import { findRow } from '../../src/prover/shard/row-keys.js';
import { shardAccounts } from '../../src/prover/shard/shard.js';
import {
  accountsArbitrary,
  batchParameters,
  pricesOf,
  sealSnapshot,
  SECRET,
  stream,
  tagBatches,
  withStatement,
} from './exchange.js';
import { inTemporaryDirectory } from './temporary-directory.js';

const CIRCUITS = tagBatches({
  batches: [
    batchParameters('spot', 6, 1),
    batchParameters('spot', 4, 3),
    batchParameters('margin', 3, 2),
    batchParameters('margin', 2, 4),
  ],
});

type Sharded = { circuit: string; users: number; rows: BatchRow[] }[];

async function shard(
  accounts: readonly Account[],
  {
    directory,
    secret = SECRET,
    snapshot = sealSnapshot(accounts),
  }: { directory: string; secret?: Uint8Array; snapshot?: ReturnType<typeof sealSnapshot> },
): Promise<Sharded> {
  const batches = join(directory, 'batches');
  await shardAccounts(stream(accounts), {
    directory: batches,
    circuits: CIRCUITS,
    secret,
    snapshot,
    prices: pricesOf(snapshot),
    onAccount: () => undefined,
  });
  const plan = (await loadPlan(join(batches, 'plan.json'), CIRCUITS))!;
  return Promise.all(
    listBatches(plan, CIRCUITS).map(async ({ circuit: { name, parameters }, index }) => ({
      circuit: name,
      users: parameters.users,
      rows: await loadBatchRows(join(batches, `${name}.${index}`), parameters.users),
    })),
  );
}

async function shardInTemporaryDirectory(
  accounts: readonly Account[],
  secret?: Uint8Array,
): Promise<Sharded> {
  return inTemporaryDirectory((directory) => shard(accounts, { directory, ...(secret && { secret }) }));
}

/** The smallest circuit that holds an account, by the rule as people say it. */
function expectedCircuit({ holdings }: Account): string {
  const owes = holdings.some(({ debtUnits }) => debtUnits > 0n);
  if (!owes && holdings.length <= 1) return 'spot-1';
  if (!owes && holdings.length <= 3) return 'spot-3';
  return holdings.length <= 2 ? 'margin-2' : 'margin-4';
}

const keyOf = (circuit: string, row: BatchRow) =>
  Buffer.from(
    'account' in row
      ? deriveShuffleKey(SECRET, row.account.userId)
      : deriveDummyShuffleKey(SECRET, CIRCUITS.find(({ name }) => name === circuit)!.tag, row.dummy),
  );

describe('sharding', () => {
  it('puts every account, once and unchanged, into the smallest circuit that holds it', async () => {
    await fc.assert(
      fc.asyncProperty(accountsArbitrary(4), async (accounts) => {
        const found = (await shardInTemporaryDirectory(accounts)).flatMap(({ circuit, rows }) =>
          rows.flatMap((row) => ('account' in row ? [{ circuit, account: row.account }] : [])),
        );
        found.sort((a, b) => Number(a.account.userId.slice(5)) - Number(b.account.userId.slice(5)));
        expect(found).toEqual(accounts.map((account) => ({ circuit: expectedCircuit(account), account })));
      }),
      { seed: 1, numRuns: 30 },
    );
  });

  it('fills the batches of each circuit, and no more, with dummies counted from 0', async () => {
    await fc.assert(
      fc.asyncProperty(accountsArbitrary(4), async (accounts) => {
        const batches = await shardInTemporaryDirectory(accounts);
        for (const { name, parameters } of CIRCUITS) {
          const own = batches.filter(({ circuit }) => circuit === name);
          const needed = accounts.filter((account) => expectedCircuit(account) === name).length;
          expect(own.length).toBe(Math.ceil(needed / parameters.users));
          const dummies = own.flatMap(({ rows }) =>
            rows.flatMap((row) => ('dummy' in row ? [row.dummy] : [])),
          );
          expect(dummies.sort((a, b) => a - b)).toEqual(
            Array.from({ length: own.length * parameters.users - needed }, (_, dummy) => dummy),
          );
        }
      }),
      { seed: 2, numRuns: 30 },
    );
  });

  it('orders rows, dummies among them, by keys that only the secret gives', async () => {
    const accounts = fc.sample(accountsArbitrary(1, { minLength: 39, maxLength: 39 }), {
      seed: 3,
      numRuns: 1,
    })[0]!;
    const spot = (await shardInTemporaryDirectory(accounts)).filter(({ circuit }) => circuit === 'spot-1');
    const keys = spot.flatMap(({ circuit, rows }) => rows.map((row) => keyOf(circuit, row)));
    expect(keys).toEqual([...keys].sort((a, b) => Buffer.compare(a, b)));

    const order = (batches: Sharded) => batches.flatMap(({ rows }) => rows);
    expect(order(await shardInTemporaryDirectory([...accounts].reverse()))).toEqual(
      order(await shardInTemporaryDirectory(accounts)),
    );
    const other = await shardInTemporaryDirectory(accounts, new Uint8Array(32).fill(8));
    expect(order(other)).not.toEqual(order(await shardInTemporaryDirectory(accounts)));
  });

  it('keeps keys by which each row is found, and no row of another user', async () => {
    const accounts = fc.sample(accountsArbitrary(4, { minLength: 30, maxLength: 30 }), {
      seed: 4,
      numRuns: 1,
    })[0]!;
    await inTemporaryDirectory(async (directory) => {
      const batches = await shard(accounts, { directory });
      for (const { name } of CIRCUITS) {
        const path = join(directory, 'batches', `${name}.keys`);
        const rows = batches.filter(({ circuit }) => circuit === name).flatMap((batch) => batch.rows);
        for (const [place, row] of rows.entries()) {
          expect(await findRow(path, keyOf(name, row))).toBe(place);
        }
        expect(await findRow(path, deriveShuffleKey(SECRET, 'nobody'))).toBeUndefined();
      }
    });
  });

  it('leaves files that only their owner reads, and no spool', async () => {
    const accounts = fc.sample(accountsArbitrary(4, { minLength: 9 }), { seed: 5, numRuns: 1 })[0]!;
    await inTemporaryDirectory(async (directory) => {
      await shard(accounts, { directory });
      const folder = join(directory, 'batches');
      expect((await stat(folder)).mode & 0o777).toBe(0o700);
      const names = await readdir(folder);
      expect(names).toContain('spot-1.0');
      expect(names).not.toContain('spool');
      for (const name of names) {
        expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
        expect(
          `${name}${name === 'plan.json' ? await readFile(join(folder, name), 'utf8') : ''}`,
        ).not.toMatch(/user-/);
      }
    });
  });
});

describe('sharding refuses', () => {
  const one: Account = { userId: 'user-0', holdings: [{ assetIndex: 1, equityUnits: 5n, debtUnits: 0n }] };

  async function refusal(
    accounts: readonly Account[],
    snapshot = sealSnapshot(accounts),
  ): Promise<SolventError> {
    return inTemporaryDirectory(async (directory) => {
      const error: unknown = await shard(accounts, { directory, snapshot }).catch(
        (caught: unknown) => caught,
      );
      expect(await readdir(directory)).toEqual([]);
      expect(error).toBeInstanceOf(SolventError);
      expect(JSON.stringify(error) + (error as Error).message).not.toMatch(/user-/);
      return error as SolventError;
    });
  }

  it('a snapshot of nobody', async () => {
    expect((await refusal([])).code).toBe('no-accounts');
  });

  it('accounts with more holdings than any circuit has slots, and counts them', async () => {
    const narrow = tagBatches({ batches: [batchParameters('spot', 6, 1), batchParameters('margin', 6, 2)] });
    const wide = {
      userId: 'user-1',
      holdings: [0, 1, 2].map((assetIndex) => ({ assetIndex, equityUnits: 1n, debtUnits: 0n })),
    };
    const snapshot = sealSnapshot([one, wide]);
    await inTemporaryDirectory(async (directory) => {
      const sharding = shardAccounts(stream([one, wide]), {
        directory: join(directory, 'batches'),
        circuits: narrow,
        secret: SECRET,
        snapshot,
        prices: pricesOf(snapshot),
        onAccount: () => undefined,
      });
      await expect(sharding).rejects.toMatchObject({ code: 'account-too-wide', details: { accounts: 1 } });
    });
  });

  it.each([
    ['an asset that is not listed', [{ assetIndex: 4, equityUnits: 1n, debtUnits: 0n }]],
    ['an asset twice', [0, 0].map((assetIndex) => ({ assetIndex, equityUnits: 1n, debtUnits: 0n }))],
    ['assets out of order', [1, 0].map((assetIndex) => ({ assetIndex, equityUnits: 1n, debtUnits: 0n }))],
    ['a negative equity', [{ assetIndex: 0, equityUnits: -1n, debtUnits: 0n }]],
    ['an equity of 2^64', [{ assetIndex: 0, equityUnits: 1n << 64n, debtUnits: 0n }]],
    ['a debt of 2^64', [{ assetIndex: 0, equityUnits: 0n, debtUnits: 1n << 64n }]],
    ['a holding of nothing', [{ assetIndex: 0, equityUnits: 0n, debtUnits: 0n }]],
  ])('%s', async (_, holdings) => {
    expect((await refusal([one, { userId: 'user-1', holdings }])).code).toBe('account-malformed');
  });

  it.each(['', ' user-1', 'user-1\n', 'user-e\u0301', 'user-'.repeat(52)])('the id %j', async (userId) => {
    expect((await refusal([one, { userId, holdings: [] }])).code).toBe('account-malformed');
  });

  it('an account whose collateral does not cover its debt', async () => {
    const under = { userId: 'user-1', holdings: [{ assetIndex: 1, equityUnits: 9n, debtUnits: 9n }] };
    expect(await refusal([one, under])).toMatchObject({
      code: 'account-not-covered',
      details: { accounts: 1 },
    });
  });

  it('one user twice, in one circuit or in two', async () => {
    const wider = {
      userId: 'user-0',
      holdings: [0, 1].map((assetIndex) => ({ assetIndex, equityUnits: 1n, debtUnits: 0n })),
    };
    expect((await refusal([one, one])).code).toBe('account-doubled');
    expect((await refusal([one, wider])).code).toBe('account-doubled');
  });

  it.each<[string, (text: string) => string]>([
    ['less than its account', (text) => text.replace('"value":"0.005"', '"value":"0.004"')],
    ['nothing', (text) => text.replace(/\[.*\]/, '[]')],
    ['an asset that is not listed', (text) => text.replace('"BTC"', '"BTX"')],
    ['the same in another spelling', (text) => text.replace('{', '{ ')],
    ['the same in another version', (text) => text.replace('statement/v2', 'statement/v1')],
  ])('a statement of %s, though the account is right', async (_, change) => {
    const stated = withStatement(one);
    const changed = change(Buffer.from(stated.statement).toString());
    expect(changed).not.toBe(Buffer.from(stated.statement).toString());
    const other = { ...one, userId: 'user-1', statement: Buffer.from(changed) };
    expect(await refusal([stated, other])).toMatchObject({
      errorClass: 'invariant',
      code: 'statement-mismatch',
      details: { accounts: 1 },
    });
  });

  it('accounts that do not add up to the totals, or to the count, of their snapshot', async () => {
    const snapshot = sealSnapshot([one]);
    const totals = snapshot.totals.map((row, asset) => (asset === 1 ? { ...row, equity: '6' } : row));
    expect((await refusal([one], { ...snapshot, totals })).code).toBe('snapshot-mismatch');
    expect((await refusal([one], { ...snapshot, accountCount: 2 })).code).toBe('snapshot-mismatch');
  });
});
