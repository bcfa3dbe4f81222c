import {
  deriveContext,
  formatManifestHash,
  hashPrices,
  type Account,
  type Manifest,
  type Profile,
  type UnitPrice,
} from '../protocol/index.js';
import { planAggregates, topOf, type AggregateLayers } from './aggregate/layers.js';
import { proveAggregates } from './aggregate/prove-aggregates.js';
import { proveBatches } from './batch/prove-batches.js';
import { loadBundleManifest, writeBundle } from './bundle/bundle.js';
import { readAggregateProofs, readBatchProofs } from './bundle/finished-proofs.js';
import { assertStatement, buildManifest, priceSnapshot } from './bundle/manifest.js';
import type { SigningKey } from './bundle/signature.js';
import { matchCircuits, type CircuitSet } from './circuits.js';
import type { EngineName } from './engine/index.js';
import { loadFastPoseidon } from './fast-poseidon.js';
import { LoadedCircuits } from './pool/loaded-circuits.js';
import { assertWorkers, ProofPool } from './pool/proof-pool.js';
import { proveAll, type PendingProof } from './pool/schedule.js';
import type { ProgressListener } from './progress.js';
import { buildPin } from './run/pin.js';
import { openRun, type Run } from './run/run.js';
import { listBatches, loadPlan, type PlannedBatch } from './shard/plan.js';
import { shardAccounts } from './shard/shard.js';
import type { ProvingCircuit, SealedSnapshot } from './snapshot.js';

/** What is proven, with what, and where. */
export type ProveOptions = {
  readonly snapshot: SealedSnapshot;
  /** The accounts of the snapshot, each user once, in any order; read once, and not at all where a run goes on. */
  readonly accounts: () => AsyncIterable<Account>;
  readonly profile: Profile;
  /** The circuits of the profile with their keys, in any order. */
  readonly circuits: readonly ProvingCircuit[];
  readonly signingKey: SigningKey;
  /** Made where it is not there; goes on where a run of the same inputs stopped. */
  readonly runDirectory: string;
  /** Worker threads; each makes one proof at a time. */
  readonly workers: number;
  readonly engine: EngineName;
  /**
   * Whether the last proofs of a stage, where they are fewer than workers, are each spread over several of them: the
   * run ends sooner, and takes some more memory at its end. True unless it is said.
   */
  readonly latency?: boolean;
  /** Where the engine may keep converted keys. */
  readonly cacheDirectory?: string;
  readonly onProgress?: ProgressListener;
};

/** What a run came to. */
export type ProveResult = {
  readonly bundleDirectory: string;
  /** 64 hexadecimal digits, for people to compare. */
  readonly manifestHash: string;
  readonly proofCount: number;
  /** Whether the bundle was there already, and nothing was done. */
  readonly wasComplete: boolean;
};

/**
 * Proves a snapshot and writes its bundle. A run that was stopped, at whatever moment, goes on from the proofs that
 * it finished when it is called again with the same inputs, and comes to the same digests.
 * @throws SolventError with a code of the prover, its engine, or the platform's files; `directory-in-use` while another
 * process works in the run's directory.
 */
export async function prove(options: ProveOptions): Promise<ProveResult> {
  const { snapshot, profile, runDirectory } = options;
  assertWorkers(options.workers);
  const circuits = matchCircuits(profile, options.circuits);
  const prices = priceSnapshot(snapshot, circuits);
  assertStatement(snapshot, profile.name, circuits);
  const run = await openRun(runDirectory, buildPin(snapshot, profile.name, circuits.proving));
  try {
    const finished = await loadBundleManifest(run.paths.bundle);
    if (finished !== undefined) return describeResult(run, finished, true);
    const batches = await cutBatches(run, { options, circuits, prices });
    const manifest = await proveAndPublish(run, batches, { options, circuits, prices });
    return describeResult(run, manifest, false);
  } finally {
    await run.close();
  }
}

type Job = {
  readonly options: ProveOptions;
  readonly circuits: CircuitSet;
  readonly prices: readonly UnitPrice[];
};

async function cutBatches(run: Run, { options, circuits, prices }: Job): Promise<PlannedBatch[]> {
  const { paths, secret } = run;
  const planned = await loadPlan(paths.plan, circuits.batches);
  if (planned !== undefined) return listBatches(planned, circuits.batches);
  const { snapshot, accounts, onProgress } = options;
  const report = (done: number) =>
    onProgress?.({ stage: 'sharding', done, total: snapshot.accountCount, unit: 'accounts' });
  report(0);
  const plan = await shardAccounts(accounts(), {
    directory: paths.batches,
    circuits: circuits.batches,
    secret,
    snapshot,
    prices,
    onAccount: report,
  });
  return listBatches(plan, circuits.batches);
}

async function proveAndPublish(run: Run, batches: readonly PlannedBatch[], job: Job): Promise<Manifest> {
  const { options, circuits, prices } = job;
  const { snapshot, profile, signingKey, latency = true, onProgress = () => undefined } = options;
  const { paths, secret } = run;
  const hash = await loadFastPoseidon();
  const pool = new ProofPool(options.workers);
  const loaded = new LoadedCircuits(options.engine, circuits.proving, {
    ...(options.cacheDirectory === undefined ? {} : { cacheDirectory: options.cacheDirectory }),
  });
  const prover = {
    proveAll: (proofs: readonly PendingProof[]) => proveAll(proofs, { pool, circuits: loaded, latency }),
    onProgress,
  };
  try {
    const nodes = await proveBatches(batches, {
      run,
      hash,
      prices,
      platform: snapshot.platform,
      ...prover,
    });
    const layers = planAggregates(hash, nodes, { circuit: circuits.aggregate, secret });
    const manifest = buildManifest(snapshot, profile.name, {
      circuits,
      proofCounts: countProofs(batches, layers, circuits),
      top: topOf(layers),
    });
    const context = deriveContext(manifest);
    await proveAggregates(layers, { circuit: circuits.aggregate, paths, context, ...prover });
    await writeBundle(
      paths.bundle,
      {
        manifest,
        batches: readBatchProofs(paths, batches, { nodes, pricesHash: hashPrices(hash, prices) }),
        aggregates: readAggregateProofs(paths, layers, context),
      },
      signingKey,
    );
    return manifest;
  } finally {
    await pool.close();
  }
}

function countProofs(
  batches: readonly PlannedBatch[],
  layers: AggregateLayers,
  { aggregate }: CircuitSet,
): ReadonlyMap<string, number> {
  const counts = new Map([[aggregate.name, layers.flat().length]]);
  for (const { circuit } of batches) counts.set(circuit.name, (counts.get(circuit.name) ?? 0) + 1);
  return counts;
}

function describeResult({ paths }: Run, manifest: Manifest, wasComplete: boolean): ProveResult {
  return {
    bundleDirectory: paths.bundle,
    manifestHash: formatManifestHash(manifest),
    proofCount: manifest.circuits.reduce((sum, { proofCount }) => sum + proofCount, 0),
    wasComplete,
  };
}
