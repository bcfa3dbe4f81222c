import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { formatNumber, renderTable } from '../../src/presentation/index.js';
import { cacheDirectory } from '../../src/system/index.js';
import { prove, type EngineName } from '../../src/prover/index.js';
import { loadSigningKey } from '../../src/identity/index.js';
import { type KeySet } from '../../src/keys/index.js';
import { createSnapshot, readAccounts, stateSnapshot } from '../../src/snapshot/index.js';
import { generateExchange } from '../generate/exchange.js';

/** What is proven again and again, with more and more users. */
export type GrowthOptions = {
  readonly keys: KeySet;
  readonly keysDirectory: string;
  readonly engine: EngineName;
  readonly workers: number;
  /** Numbers of users, each at least 1. */
  readonly users: readonly number[];
  /** Numbers of assets of the exchange: all users are proven with each. */
  readonly assets: readonly number[];
};

/** What a run from balance files to a signed bundle took. */
export type GrowthRow = {
  readonly users: number;
  readonly assets: number;
  readonly proofs: number;
  readonly snapshotSeconds: number;
  readonly proveSeconds: number;
  /** Of all threads, for both. */
  readonly processorSeconds: number;
  /** The largest resident set of the process so far. */
  readonly peakMegabytes: number;
};

const SEED = 1;

/** Makes an exchange of each size, its snapshot and its bundle, the way that an operator does, and takes the time. */
export async function measureGrowth(options: GrowthOptions): Promise<GrowthRow[]> {
  const rows: GrowthRow[] = [];
  const sizes = options.assets.flatMap((assets) => options.users.map((users) => ({ users, assets })));
  // A first, small run compiles the code and converts the keys, which no later one has to do.
  for (const [index, size] of [sizes[0]!, ...sizes].entries()) {
    const directory = await mkdtemp(join(tmpdir(), 'solvent-growth-'));
    try {
      const { users, assets } = size;
      console.log(
        index === 0
          ? 'Warming up …'
          : `Proving ${formatNumber(users)} users of ${formatNumber(assets)} assets …`,
      );
      const row = await measureRun(size, directory, options);
      if (index > 0) rows.push(row);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }
  return rows;
}

async function measureRun(
  { users, assets }: { readonly users: number; readonly assets: number },
  directory: string,
  { keys, keysDirectory, engine, workers }: GrowthOptions,
): Promise<GrowthRow> {
  const books = await generateExchange({
    users,
    seed: SEED,
    assets,
    directory: join(directory, 'books'),
  });
  const processorBefore = process.cpuUsage();
  const startedAtMs = performance.now();
  const snapshot = await createSnapshot({
    platform: 'Benchmark',
    takenAt: '2026-01-01T00:00:00Z',
    quote: books.quote,
    balancesPath: books.balancesPath,
    assetsPath: books.assetsPath,
    outDirectory: join(directory, 'snapshot'),
    underwater: 'fail',
  });
  const sealedAtMs = performance.now();
  const { proofCount } = await prove({
    snapshot: stateSnapshot(snapshot, {
      included: 'made-up accounts',
      excluded: [],
      previousManifestHash: null,
      leastDistanceMs: 60_000,
    }),
    accountCount: snapshot.accountCount,
    accounts: () => readAccounts(snapshot),
    profile: keys.profile,
    circuits: keys.circuits,
    signingKey: await loadSigningKey(keysDirectory),
    runDirectory: join(directory, 'run'),
    workers,
    engine,
    cacheDirectory: cacheDirectory(),
  });
  const { user, system } = process.cpuUsage(processorBefore);
  return {
    users,
    assets,
    processorSeconds: (user + system) / 1e6,
    proofs: proofCount,
    snapshotSeconds: (sealedAtMs - startedAtMs) / 1000,
    proveSeconds: (performance.now() - sealedAtMs) / 1000,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
  };
}

/**
 * The rows as a table. The exponent of a row is e where processor time grew as users^e since the row before of as many
 * assets. 1 is linear growth. Less than 1 says that the smaller run had more that does not depend on users. It is of
 * processor time, since the clock also counts what else the machine does.
 */
export function renderGrowth(rows: readonly GrowthRow[]): string {
  const seconds = ({ snapshotSeconds, proveSeconds }: GrowthRow) => snapshotSeconds + proveSeconds;
  return renderTable(
    [
      { title: 'users', align: 'right' },
      { title: 'assets', align: 'right' },
      { title: 'proofs', align: 'right' },
      { title: 'snapshot s', align: 'right' },
      { title: 'prove s', align: 'right' },
      { title: 'ms a user', align: 'right' },
      { title: 'exponent', align: 'right' },
      { title: 'processor ms a user', align: 'right' },
      { title: 'peak MB', align: 'right' },
    ],
    rows.map((row, index) => {
      const before = rows[index - 1];
      const exponent =
        before?.assets !== row.assets
          ? ''
          : (
              Math.log(row.processorSeconds / before.processorSeconds) / Math.log(row.users / before.users)
            ).toFixed(2);
      return [
        formatNumber(row.users),
        formatNumber(row.assets),
        formatNumber(row.proofs),
        row.snapshotSeconds.toFixed(1),
        row.proveSeconds.toFixed(1),
        ((1000 * seconds(row)) / row.users).toFixed(1),
        exponent,
        ((1000 * row.processorSeconds) / row.users).toFixed(1),
        row.peakMegabytes.toFixed(0),
      ];
    }),
  );
}
