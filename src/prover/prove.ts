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
import type { ManifestSigner } from './bundle/signature.js';
import { CircuitSupply, type AwaitedCircuits } from './circuit-supply.js';
import { describeCircuits, matchCircuit, matchKeys, type CircuitSet } from './circuits.js';
import type { EngineName } from './engine/index.js';
import { loadFastPoseidon } from './fast-poseidon.js';
import { LoadedCircuits } from './pool/loaded-circuits.js';
import { assertWorkers, ProofPool } from './pool/proof-pool.js';
import { proveAll } from './pool/schedule.js';
import type { PendingProof } from './pool/task.js';
import type { ProveListener } from './progress.js';
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
  /** The circuits of the profile with their keys, in any order; all of them, but for those that are awaited. */
  readonly circuits: readonly ProvingCircuit[];
  /**
   * Circuits whose keys are still being made, by name. Proofs begin with those that are there; each of these is held to
   * the profile and the run when it arrives, and one that rejects ends the run, to go on from there another time.
   */
  readonly awaited?: AwaitedCircuits;
  readonly signingKey: ManifestSigner;
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
  readonly onProgress?: ProveListener;
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

const NONE_AWAITED: AwaitedCircuits = new Map();

/**
 * Proves a snapshot and writes its bundle. A run that was stopped, at whatever moment, goes on from the proofs that
 * it finished when it is called again with the same inputs, and comes to the same digests.
 * @throws SolventError with a code of the prover, its engine, or the platform's files; `directory-in-use` while another
 * process works in the run's directory; what an awaited circuit rejected with.
 */
export async function prove(options: ProveOptions): Promise<ProveResult> {
  const { snapshot, profile, runDirectory, awaited = NONE_AWAITED } = options;
  // Whoever gives them may learn of a rejection from this call alone, and later than it happens.
  for (const arrival of awaited.values()) arrival.catch(() => undefined);
  assertWorkers(options.workers);
  const circuits = describeCircuits(profile);
  const present = matchKeys(profile, options.circuits, [...awaited.keys()]);
  const prices = priceSnapshot(snapshot, circuits);
  assertStatement(snapshot, profile.name, { circuits, present });
  const run = await openRun(runDirectory, buildPin(snapshot, profile, present));
  try {
    const finished = await loadBundleManifest(run.paths.bundle);
    if (finished !== undefined) return describeResult(run, finished, true);
    const supply = supplyCircuits(run, { options, circuits, present, awaited });
    try {
      const batches = await cutBatches(run, { options, circuits, prices });
      const manifest = await proveAndPublish(run, batches, { options, circuits, prices, supply });
      return describeResult(run, manifest, false);
    } finally {
      await supply.close();
    }
  } finally {
    await run.close();
  }
}

type Sharding = {
  readonly options: ProveOptions;
  readonly circuits: CircuitSet;
  readonly prices: readonly UnitPrice[];
};

type Job = Sharding & { readonly supply: CircuitSupply };

/** The circuits that are there, and the others as they arrive: each matched and pinned before it is proven with. */
function supplyCircuits(
  run: Run,
  {
    options: { snapshot, profile },
    circuits,
    present,
    awaited,
  }: {
    readonly options: ProveOptions;
    readonly circuits: CircuitSet;
    readonly present: readonly ProvingCircuit[];
    readonly awaited: AwaitedCircuits;
  },
): CircuitSupply {
  const byName = new Map(circuits.all.map((circuit) => [circuit.name, circuit]));
  return new CircuitSupply({
    names: [...byName.keys()],
    present,
    awaited,
    accept: async (name, given) => {
      const circuit = matchCircuit(profile.name, byName.get(name)!, given);
      await run.hold(buildPin(snapshot, profile, [circuit]));
    },
  });
}

async function cutBatches(run: Run, { options, circuits, prices }: Sharding): Promise<PlannedBatch[]> {
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
  const { options, circuits, prices, supply } = job;
  const { snapshot, profile, signingKey, latency = true, onProgress = () => undefined } = options;
  const { paths, secret } = run;
  const hash = await loadFastPoseidon();
  const pool = new ProofPool(options.workers);
  const loaded = new LoadedCircuits(options.engine, {
    ...(options.cacheDirectory === undefined ? {} : { cacheDirectory: options.cacheDirectory }),
  });
  const total = circuits.all.length;
  const onWait = (awaited: readonly string[]) => {
    const done = total - supply.awaited.length;
    onProgress({ stage: 'waiting for keys', done, total, unit: 'keys', circuits: awaited });
  };
  const workshop = { pool, supply, loaded, latency, onWait };
  const prover = {
    proveAll: (proofs: readonly PendingProof[], onResume: () => void) => proveAll(proofs, workshop, onResume),
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
    // The manifest names every key, and what is proven from here on is bound to it.
    const manifest = buildManifest(snapshot, profile.name, {
      circuits: await supply.all(onWait),
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
