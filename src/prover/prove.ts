import {
  assertDebtsPriced,
  derivePriceTable,
  encodeJsonLine,
  formatManifestHash,
  type Manifest,
  type UnitPrice,
} from '../protocol/index.js';
import { writeBundle } from './bundle/bundle.js';
import { checkSums } from './bundle/check-sums.js';
import { loadOwnBundle } from './bundle/own-bundle.js';
import { assertCircuits } from './circuits.js';
import { composeContent, type SnapshotClaim } from './commit/compose-manifest.js';
import { proveBatches } from './pool/prove-batches.js';
import { assertWorkers } from './pool/proof-pool.js';
import type { FinishedProof } from './pool/task.js';
import { readRunFile } from './run/own-files.js';
import { runPaths } from './run/paths.js';
import { describeInputs, findPin } from './run/pin.js';
import { openRun, type Run } from './run/run.js';
import type { ProveOptions } from './options.js';
import { sealRun, type SealedRun } from './seal.js';
import { refuseProver } from './errors.js';

type ProvenRun = SealedRun & { readonly proofs: readonly FinishedProof[] };

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
 * Proves a snapshot: cuts accounts into rows, commits to them, seals the manifest, draws the challenges from it, makes
 * every proof, checks all of it and writes the signed bundle. After a kill at any moment, the same call goes on where
 * it was. It makes everything before the proofs again, and refuses to go on where the bytes are other than those
 * stored.
 * @throws SolventError with a code of the prover, its planner, its engine, or the platform's files; `directory-in-use`
 * while another process works in the run's directory.
 */
export async function prove(options: ProveOptions): Promise<ProveResult> {
  const { snapshot, profile, circuits, runDirectory, signingKey } = options;
  assertWorkers(options.workers);
  assertCircuits(circuits, snapshot.assets.length);
  const prices = priceSnapshot(snapshot);
  // What no manifest can state is refused before anything is done.
  composeContent(snapshot, { profile, circuits, batchCounts: circuits.map(() => 1) });
  const pinned = await findPin(runPaths(runDirectory).pin);
  await options.ledger?.assertFree(snapshot, pinned?.secretHash ?? null);
  const run = await openRun(runDirectory, describeInputs(snapshot, { profile, circuits }));
  try {
    const { paths, pin } = run;
    const finished = await loadOwnBundle({ paths, pin, publicKey: signingKey.publicKey });
    if (finished !== undefined) return describeResult(run, finished, true);
    const sealed = await sealRun(run, prices, options);
    const proofs = await makeProofs(run, sealed, options);
    await publish(run, { ...sealed, proofs }, options);
    options.onStep?.({ step: 'bundle-written' });
    return describeResult(run, sealed.manifest, false);
  } finally {
    await run.close();
  }
}

/** The prices that the snapshot's assets determine. @throws SolventError `snapshot-mismatch`; as `derivePriceTable`. */
function priceSnapshot({ assets, totals, scale }: SnapshotClaim): readonly UnitPrice[] {
  const table = derivePriceTable(assets);
  assertDebtsPriced(assets, totals);
  if (table.scale === scale) return table.prices;
  throw refuseProver('snapshot-mismatch', {
    expected: 'the scale of the assets of the snapshot',
    found: 'another',
  });
}

/** Makes the proofs that are missing, under what is on disk and nothing else, and verifies all. */
async function makeProofs(
  { paths }: Run,
  sealed: SealedRun,
  options: ProveOptions,
): Promise<readonly FinishedProof[]> {
  const { workers, engine, cacheDirectory, onCacheFault, onProgress, onStep } = options;
  const stored = await readRunFile(paths.manifest);
  if (!stored.equals(encodeJsonLine(sealed.manifest))) {
    throw refuseProver('run-file-malformed', {
      expected: 'the sealed manifest on disk',
      found: 'another',
      advice: 'start a new run directory',
      details: { path: paths.manifest },
    });
  }
  const proofs = sealed.committed.map(({ circuit, digest }, index) => ({
    index,
    digest,
    circuit: options.circuits[circuit]!,
  }));
  let done = 0;
  const report = () => onProgress?.({ stage: 'proving', done, total: proofs.length, unit: 'proofs' });
  report();
  const make = options.proveBatches ?? proveBatches;
  return make(proofs, {
    paths,
    manifestHash: sealed.manifestHash,
    challenges: sealed.challenges,
    workers,
    engine,
    ...(cacheDirectory === undefined ? {} : { cacheDirectory }),
    ...(onCacheFault === undefined ? {} : { onCacheFault }),
    onProven: (batch) => {
      done += 1;
      report();
      onStep?.({ step: 'proof-kept', batch });
    },
  });
}

/** Checks everything as a reader does, and writes the signed bundle. */
async function publish(
  { paths, pin }: Run,
  { manifest, challenges, commitments, weights, committed, proofs }: ProvenRun,
  { circuits, signingKey, ledger, onProgress }: ProveOptions,
): Promise<void> {
  const layouts = committed.map(({ circuit }) => circuits[circuit]!.parameters);
  const batches = proofs.map((proof, index) => ({
    layout: layouts[index]!,
    get values() {
      return proof.values;
    },
  }));
  const shared = { manifest, ...(weights && { weights }) };
  const total = proofs.length;
  const report = (done: number) => onProgress?.({ stage: 'checking proofs', done, total, unit: 'proofs' });
  report(0);
  await checkSums({ ...shared, challenges, batches }, paths, (batch) => {
    report(batch + 1);
  });
  const { platform, takenAt } = manifest;
  const entry = { platform, takenAt, manifestHash: formatManifestHash(manifest), run: pin.secretHash };
  await writeBundle(
    paths.bundle,
    { ...shared, commitments, proofs },
    // Only when it is on disk that the key signs this manifest is it signed.
    { signingKey, beforeSigning: async () => ledger?.record(entry) },
  );
}

function describeResult({ paths }: Run, manifest: Manifest, wasComplete: boolean): ProveResult {
  return {
    bundleDirectory: paths.bundle,
    manifestHash: formatManifestHash(manifest),
    proofCount: manifest.circuits.reduce((sum, { proofCount }) => sum + proofCount, 0),
    wasComplete,
  };
}
