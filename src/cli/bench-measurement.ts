import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { cacheDirectory } from '../system/index.js';
import {
  circuitName,
  derivePriceTable,
  type Account,
  type BatchParameters,
  type Profile,
} from '../protocol/index.js';
import { prove, type EngineName, type SealedSnapshot, type SigningKey } from '../prover/index.js';
import type { KeySet } from '../keys/index.js';

/** What one circuit takes on this machine, with all workers busy. */
export type CircuitMeasurement = {
  readonly name: string;
  /** Users that one proof holds; children, for an aggregate. */
  readonly size: number;
  /** Seconds that one worker takes for one proof, witness and commitment included. */
  readonly secondsPerProof: number;
  /** The largest resident set of the process while it was measured, keys and all workers included. */
  readonly peakMegabytes: number;
};

/** The batch circuits of a profile in its order, and its aggregate. */
export type BenchMeasurement = {
  readonly batches: readonly CircuitMeasurement[];
  readonly aggregate: CircuitMeasurement;
};

/** What is measured, and how often. */
export type BenchOptions = {
  readonly profile: Profile;
  readonly keys: KeySet;
  readonly engine: EngineName;
  readonly workers: number;
  /** Proofs that each worker makes on the clock, after a first one that is not. */
  readonly rounds: number;
  readonly onProgress: (circuit: string, done: number, total: number) => void;
};

const SAMPLE_INTERVAL_MS = 200;

/**
 * Proves made-up accounts that fill batches of each circuit, by the same call as a real run, and takes the time of what
 * each worker proved after its first proof. An aggregate is made once a circuit, by one worker; the fastest counts.
 * @throws SolventError as `prove` does.
 */
export async function measureProfile(options: BenchOptions): Promise<BenchMeasurement> {
  const { aggregate } = options.profile;
  const directory = await mkdtemp(join(tmpdir(), 'solvent-bench-'));
  const batches: CircuitMeasurement[] = [];
  const aggregates: CircuitMeasurement[] = [];
  try {
    await warmUp(join(directory, 'warm-up'), options);
    for (const parameters of options.profile.batches) {
      const timing = await timeRun(parameters, join(directory, circuitName(parameters)), options);
      const { peakMegabytes } = timing;
      batches.push({
        name: circuitName(parameters),
        size: parameters.users,
        secondsPerProof: timing.batchSeconds,
        peakMegabytes,
      });
      aggregates.push({
        name: circuitName(aggregate),
        size: aggregate.children,
        secondsPerProof: timing.aggregateSeconds,
        peakMegabytes,
      });
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
  const fastest = aggregates.reduce((a, b) => (b.secondsPerProof < a.secondsPerProof ? b : a));
  return { batches, aggregate: fastest };
}

/** The first proofs of a process wait for the compilers of its threads: they are not for measuring. */
async function warmUp(runDirectory: string, options: BenchOptions): Promise<void> {
  const onProgress: BenchOptions['onProgress'] = (_, done, total) => {
    options.onProgress('nothing yet, to warm up', done, total);
  };
  await timeRun(options.profile.batches[0]!, runDirectory, { ...options, rounds: 1, onProgress });
}

type RunTiming = {
  readonly batchSeconds: number;
  readonly aggregateSeconds: number;
  readonly peakMegabytes: number;
};

async function timeRun(
  parameters: BatchParameters,
  runDirectory: string,
  { profile, keys, engine, workers, rounds, onProgress }: BenchOptions,
): Promise<RunTiming> {
  const total = workers * (1 + rounds);
  const accounts = makeFullAccounts(parameters, total * parameters.users);
  /** Milliseconds of the clock when so many proofs of a stage were done. */
  const batchesAtMs: number[] = [];
  const aggregatesAtMs: number[] = [];
  let peakBytes = 0;
  const sampling = setInterval(() => {
    peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
  }, SAMPLE_INTERVAL_MS);
  try {
    await prove({
      snapshot: sealAccounts(accounts, profile.aggregate.assets),
      accounts: () => stream(accounts),
      profile,
      circuits: keys.circuits,
      signingKey: drawSigningKey(),
      runDirectory,
      workers,
      engine,
      latency: false,
      cacheDirectory: cacheDirectory(),
      onProgress: ({ stage, done }) => {
        if (stage === 'proving aggregates') aggregatesAtMs[done] = performance.now();
        if (stage !== 'proving batches') return;
        batchesAtMs[done] = performance.now();
        onProgress(circuitName(parameters), done, total);
      },
    });
  } finally {
    clearInterval(sampling);
  }
  const batchMs = batchesAtMs[total]! - batchesAtMs[workers]!;
  const aggregateCount = aggregatesAtMs.length - 1;
  const atATime = Math.min(workers, aggregateCount);
  return {
    batchSeconds: (batchMs * workers) / (total - workers) / 1000,
    aggregateSeconds:
      ((aggregatesAtMs[aggregateCount]! - aggregatesAtMs[0]!) * atATime) / aggregateCount / 1000,
    peakMegabytes: peakBytes / 1e6,
  };
}

/** Accounts that use every slot of a circuit, so that no smaller one takes them; in a margin circuit each owes. */
function makeFullAccounts({ assets, slots, kind }: BatchParameters, count: number): Account[] {
  const used = Math.min(assets, slots);
  return Array.from({ length: count }, (_, user) => ({
    userId: `user-${user}@example.com`,
    holdings: Array.from({ length: used }, (_unused, place) => ({
      assetIndex: place + (user % (assets - used + 1)),
      equityUnits: 1_000_000_007n * BigInt(1 + user * used + place),
      debtUnits: kind === 'margin' && place === 0 ? 1n : 0n,
    })),
  }));
}

/** A snapshot of made-up assets that all have one price. */
function sealAccounts(accounts: readonly Account[], assetCount: number): SealedSnapshot {
  const assets = Array.from({ length: assetCount }, (_, index) => ({
    symbol: `A${index}`,
    decimals: 8,
    price: '1',
    collateralRatio: '0.9',
  }));
  const totals = assets.map(({ symbol }) => ({ asset: symbol, equity: 0n, debt: 0n }));
  for (const { assetIndex, equityUnits, debtUnits } of accounts.flatMap(({ holdings }) => holdings)) {
    totals[assetIndex]!.equity += equityUnits;
    totals[assetIndex]!.debt += debtUnits;
  }
  return {
    platform: 'Benchmark',
    takenAt: '2026-01-01T00:00:00Z',
    quote: 'USD',
    scope: { included: 'made-up accounts', excluded: [] },
    snapshotHash: '0'.repeat(64),
    previousManifestHash: null,
    scale: derivePriceTable(assets).scale,
    assets,
    accountCount: accounts.length,
    totals: totals.map(({ asset, equity, debt }) => ({
      asset,
      equity: equity.toString(),
      debt: debt.toString(),
    })),
    rounding: assets.map(({ symbol }) => ({ asset: symbol, equity: '0', debt: '0' })),
    writeOffs: { accounts: 0, debts: [] },
  };
}

async function* stream(accounts: readonly Account[]): AsyncGenerator<Account> {
  for (const account of accounts) yield await Promise.resolve(account);
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
