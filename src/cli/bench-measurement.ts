import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { cacheDirectory } from '../system/index.js';
import { derivePriceTable, type Account, type Holding, type RowLayout } from '../protocol/index.js';
import { prove, type EngineName, type SigningKey, type SnapshotClaim } from '../prover/index.js';
import type { KeySet } from '../keys/index.js';

/** What one circuit takes on this machine, with all workers busy. */
export type CircuitMeasurement = {
  readonly name: string;
  /** Rows that one proof holds. */
  readonly rows: number;
  /** Seconds that one worker takes for one proof, witness included. */
  readonly secondsPerProof: number;
  /** The largest resident set of the process while it was measured, keys and all workers included. */
  readonly peakMegabytes: number;
};

/** What is measured, and how often. */
export type BenchOptions = {
  readonly keys: KeySet;
  readonly engine: EngineName;
  readonly workers: number;
  /** Proofs that each worker makes on the clock, after a first one that is not. */
  readonly rounds: number;
  readonly onProgress: (circuit: string, done: number, total: number) => void;
};

const SAMPLE_INTERVAL_MS = 200;
/** Assets of the made-up listing: as many as a wide account takes. */
const ASSET_COUNT = 6;

/**
 * Proves made-up accounts that fill batches of each circuit, by the same call as a real run, and takes the time of what
 * each worker proved after its first proof of the circuit.
 * @returns the circuits of the keys, in their order.
 * @throws SolventError as `prove` does.
 */
export async function measureCircuits(options: BenchOptions): Promise<CircuitMeasurement[]> {
  const directory = await mkdtemp(join(tmpdir(), 'solvent-bench-'));
  const measured: CircuitMeasurement[] = [];
  try {
    await warmUp(join(directory, 'warm-up'), options);
    for (const [index, { name }] of options.keys.circuits.entries()) {
      measured.push(await timeRun(index, join(directory, name), options));
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
  return measured;
}

/** The first proofs of a process wait for the compilers of its threads: they are not for measuring. */
async function warmUp(runDirectory: string, options: BenchOptions): Promise<void> {
  const onProgress: BenchOptions['onProgress'] = (_, done, total) => {
    options.onProgress('nothing yet, to warm up', done, total);
  };
  await timeRun(0, runDirectory, { ...options, rounds: 1, onProgress });
}

/** Every run has a proof of each circuit; those of the one that is measured follow each other. */
async function timeRun(
  circuit: number,
  runDirectory: string,
  { keys, engine, workers, rounds, onProgress }: BenchOptions,
): Promise<CircuitMeasurement> {
  const { name, parameters } = keys.circuits[circuit]!;
  const total = workers * (1 + rounds);
  const accounts = makeAccounts(parameters, total * parameters.rows);
  /** Milliseconds of the clock at which each proof of the circuit was done. */
  const doneAtMs: number[] = [];
  let peakBytes = 0;
  const sampling = setInterval(() => {
    peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
  }, SAMPLE_INTERVAL_MS);
  onProgress(name, 0, total);
  try {
    await prove({
      snapshot: claimOf(accounts),
      accountCount: accounts.length,
      accounts: () => accounts,
      profile: keys.profile,
      circuits: keys.circuits,
      signingKey: drawSigningKey(),
      runDirectory,
      workers,
      engine,
      cacheDirectory: cacheDirectory(),
      onStep: (step) => {
        // One batch of each circuit before it, then those that are measured.
        if (step.step !== 'proof-kept' || step.batch < circuit || step.batch >= circuit + total) return;
        doneAtMs.push(performance.now());
        onProgress(name, doneAtMs.length, total);
      },
    });
  } finally {
    clearInterval(sampling);
  }
  const measuredMs = doneAtMs[total - 1]! - doneAtMs[workers - 1]!;
  return {
    name,
    rows: parameters.rows,
    secondsPerProof: (measuredMs * workers) / (total - workers) / 1000,
    peakMegabytes: peakBytes / 1e6,
  };
}

/** Accounts that are one full row of a circuit each, and of no other. */
function makeAccounts(layout: RowLayout, count: number): Account[] {
  return Array.from({ length: count }, (_, user) => ({
    userId: `user-${user}@example.com`,
    holdings: fillRow(layout, BigInt(user)),
  }));
}

function fillRow({ kind, slots, rows }: RowLayout, user: bigint): Holding[] {
  const hold = (assetIndex: number, equityUnits: bigint) => ({ assetIndex, equityUnits, debtUnits: 0n });
  const owe = (debtUnits: bigint) => ({ assetIndex: 0, equityUnits: 0n, debtUnits });
  const many = (assetIndex: number) => hold(assetIndex, 1_000_000_007n * (user + BigInt(assetIndex + 1)));
  if (kind === 'spot') return Array.from({ length: slots }, (_, index) => many(index));
  // A unit of a coin counts for nine tenths of one: no row of three slots takes more than one unit of this debt.
  if (rows === 1) return [owe(4n), ...[1, 2, 3, 4, 5].map((index) => hold(index, 1n))];
  return [owe(1n), many(1), many(2)];
}

/** What a manifest states of made-up accounts in assets that all have one price. */
function claimOf(accounts: readonly Account[]): SnapshotClaim {
  const assets = Array.from({ length: ASSET_COUNT }, (_, index) => ({
    symbol: `A${index}`,
    decimals: 8,
    price: '1',
    collateralRatio: '0.9',
    priceSource: 'made up',
    pricedAt: null,
    maxPriceAgeMs: null,
  }));
  const totals = assets.map(({ symbol }) => ({ asset: symbol, equity: 0n, debt: 0n }));
  for (const { assetIndex, equityUnits, debtUnits } of accounts.flatMap(({ holdings }) => holdings)) {
    totals[assetIndex]!.equity += equityUnits;
    totals[assetIndex]!.debt += debtUnits;
  }
  return {
    platform: 'Benchmark',
    takenAt: '2026-01-01T00:00:00Z',
    leastDistanceMs: 60_000,
    quote: 'USD',
    scope: { included: 'made-up accounts', excluded: [] },
    snapshotHash: '0'.repeat(64),
    previousManifestHash: null,
    scale: derivePriceTable(assets).scale,
    assets,
    maxMarkAgeMs: null,
    totals: totals.map(({ asset, equity, debt }) => ({
      asset,
      equity: equity.toString(),
      debt: debt.toString(),
    })),
    rounding: [],
    writeOffs: { accountsBelow: 1, debts: [] },
    reconciliation: null,
  };
}

/** A key for one measurement: what it signs is thrown away. */
function drawSigningKey(): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const { x } = publicKey.export({ format: 'jwk' });
  return {
    publicKey: Buffer.from(x!, 'base64url').toString('hex'),
    sign: (message) => sign(null, message, privateKey),
  };
}
