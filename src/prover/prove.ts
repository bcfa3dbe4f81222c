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
import { writeBundle } from './bundle/bundle.js';
import { readAggregateProofs, readBatchProofs } from './bundle/finished-proofs.js';
import { assertStatement, buildManifest, describeSnapshot, priceSnapshot } from './bundle/manifest.js';
import { loadOwnBundle } from './bundle/own-bundle.js';
import type { ManifestSigner, SigningLedger } from './bundle/signature.js';
import { CircuitSupply, type AwaitedCircuits } from './circuit-supply.js';
import { describeCircuits, matchCircuit, matchKeys, type CircuitSet } from './circuits.js';
import type { EngineName } from './engine/index.js';
import { loadFastPoseidon } from './fast-poseidon.js';
import { LoadedCircuits } from './pool/loaded-circuits.js';
import { assertWorkers, ProofPool } from './pool/proof-pool.js';
import { proveAll } from './pool/schedule.js';
import type { PendingProof } from './pool/task.js';
import type { ProveListener } from './progress.js';
import { runPaths } from './run/paths.js';
import { describeInputs, findPin, type RunInputs } from './run/pin.js';
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
  /** What keeps account of what the key signed; without it nothing is kept. */
  readonly ledger?: SigningLedger;
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
  /** Told once, and why, where it cannot: each run then converts them for itself. */
  readonly onCacheFault?: (reason: string) => void;
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
  const pinned = await findPin(runPaths(runDirectory).pin);
  await options.ledger?.assertFree(snapshot, pinned?.secretHash ?? null);
  const run = await openRun(runDirectory, inputsOf(options, circuits, present));
  try {
    const { paths, secret } = run;
    const { publicKey } = options.signingKey;
    const finished = await loadOwnBundle({ paths, secret, pin: run.pin(), publicKey });
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

function inputsOf(
  { snapshot, profile }: ProveOptions,
  circuits: CircuitSet,
  present: readonly ProvingCircuit[],
): RunInputs {
  const names = circuits.all.map(({ name }) => name);
  return describeInputs(describeSnapshot(snapshot), profile.name, { names, present });
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
    options,
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
      const circuit = matchCircuit(options.profile.name, byName.get(name)!, given);
      await run.hold(inputsOf(options, circuits, [circuit]));
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
    ...(options.onCacheFault === undefined ? {} : { onCacheFault: options.onCacheFault }),
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
      findKey: (name) => supply.find(name)?.verificationKey,
      ...prover,
    });
    const layers = planAggregates(hash, nodes, { circuit: circuits.aggregate, secret });
    // The manifest names every key, and what is proven from here on is bound to it.
    const keys = await supply.all(onWait);
    const keyOf = (name: string) => keys.find((circuit) => circuit.name === name)!.verificationKey;
    const manifest = buildManifest(snapshot, profile.name, {
      circuits: keys,
      proofCounts: countProofs(batches, layers, circuits),
      top: topOf(layers),
    });
    const context = deriveContext(manifest);
    const aggregate = circuits.aggregate;
    await proveAggregates(layers, {
      circuit: aggregate,
      key: keyOf(aggregate.name),
      paths,
      context,
      ...prover,
    });
    const reading = { paths, keyOf, onProof: countChecks(countAll(manifest), onProgress) };
    await writeBundle(
      paths.bundle,
      {
        manifest,
        batches: readBatchProofs(reading, batches, { nodes, pricesHash: hashPrices(hash, prices) }),
        aggregates: readAggregateProofs(reading, layers, { circuit: aggregate.name, context }),
      },
      { signingKey, beforeSigning: () => recordSigning(manifest, run, options) },
    );
    return manifest;
  } finally {
    await pool.close();
  }
}

/** Only when it is on disk that the key signs this manifest is it signed. */
async function recordSigning(manifest: Manifest, run: Run, { ledger }: ProveOptions): Promise<void> {
  const { platform, takenAt } = manifest;
  const manifestHash = formatManifestHash(manifest);
  await ledger?.record({ platform, takenAt, manifestHash, run: run.pin().secretHash });
}

function countChecks(total: number, onProgress: ProveListener): () => void {
  let done = 0;
  const report = () => {
    onProgress({ stage: 'checking proofs', done, total, unit: 'proofs' });
  };
  report();
  return () => {
    done += 1;
    report();
  };
}

function countAll({ circuits }: Manifest): number {
  return circuits.reduce((sum, { proofCount }) => sum + proofCount, 0);
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
    proofCount: countAll(manifest),
    wasComplete,
  };
}
