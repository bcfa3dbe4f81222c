import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
  derivePriceTable,
  encodeJsonLine,
  hexToBytes,
  SolventError,
  type Poseidon,
} from '../../protocol/index.js';
import {
  formatManifestHash,
  BUNDLE_FILES,
  type MarginBatch,
  type Manifest,
} from '../../protocol/rows/index.js';
import {
  readIfExists,
  syncDirectory,
  writeDirectoryAtomically,
  writeFileAtomically,
} from '../../system/index.js';
import { signRowManifest, type ManifestSigner } from '../bundle/signature.js';
import {
  completeManifest,
  composeContent,
  encodeCommitments,
  type SnapshotClaim,
} from '../commit/compose-manifest.js';
import { cutRows, type CutRun } from '../commit/cut-rows.js';
import type { Account } from '../commit/identify-parts.js';
import { deriveRunSeeds, hashContents } from '../commit/run-seeds.js';
import { weighRun, type WeighedRun } from '../commit/weigh-run.js';
import type { EngineName } from '../engine/index.js';
import type { ProverCode } from '../errors.js';
import { loadFastPoseidon } from '../fast-poseidon.js';
import { saveAccounts } from './account-index.js';
import { checkFinishedRun } from './check-bundle.js';
import { commitBatches, type CommittedBatch } from './commit-batches.js';
import { loadOrDrawSalt, openRowRun, type RowRunDirectory } from './directory.js';
import { assertRowCircuits, type RowProvingCircuit } from './match-circuits.js';
import type { RowRunPaths } from './paths.js';
import { holdToContent } from './pin.js';
import { encodeProofs, loadFinishedProof } from './proof-lines.js';
import { proveBatches, type AwaitedProof } from './prove-batches.js';
import { storeOrMatch } from './stored-bytes.js';

/** How far a run is. A step is told of when everything of it is on disk. */
export type RowProgress =
  | { readonly step: 'rows-cut'; readonly batches: number }
  | { readonly step: 'batch-committed'; readonly batch: number }
  | { readonly step: 'commitments-stored' }
  | { readonly step: 'manifest-sealed'; readonly manifestHash: string }
  | { readonly step: 'totals-weighed' }
  | { readonly step: 'proof-kept'; readonly batch: number }
  | { readonly step: 'bundle-written' };

export type ProveRowsOptions = {
  /** Where the run is; made where it is not there. */
  readonly directory: string;
  /** What the manifest states of the snapshot. */
  readonly snapshot: SnapshotClaim;
  readonly accounts: AsyncIterable<Account> | Iterable<Account>;
  readonly profile: string;
  /** All circuits of the profile, in its order. */
  readonly circuits: readonly RowProvingCircuit[];
  readonly signer: ManifestSigner;
  readonly workers: number;
  readonly engine: EngineName;
  readonly cacheDirectory: string;
  readonly onProgress?: (progress: RowProgress) => void;
};

/** A run that is sealed: the manifest is on disk, and what every proof is made under follows from it. */
type SealedRun = WeighedRun & {
  readonly manifest: Manifest;
  readonly commitments: Uint8Array;
  readonly committed: readonly CommittedBatch[];
};

/**
 * Proves a snapshot: cuts accounts into rows, commits to them, seals the manifest, draws the challenges from it, makes
 * every proof, checks all of it and writes the signed bundle. Killed at any moment, the same call goes on where it was: it
 * makes everything before the proofs again and refuses to go on where it comes to other bytes than are stored.
 * @returns the manifest hash, 64 hexadecimal digits.
 * @throws SolventError `circuit-mismatch`, `too-many-assets`, `run-inputs-changed`, `run-file-malformed`,
 * `directory-in-use`, `bundle-refused`; as `cutRows`,
 * `composeContent`, `proveBatches` and `signRowManifest`.
 */
export async function proveRows(options: ProveRowsOptions): Promise<string> {
  assertRowCircuits(options.circuits, options.snapshot.assets.length);
  const run = await openRowRun(options.directory);
  try {
    const cut = await cutAccounts(run, options);
    const sealed = await sealRun(run, cut, options);
    await makeProofs(run.paths, sealed, options);
    await writeBundle(run.paths, sealed, options);
    options.onProgress?.({ step: 'bundle-written' });
    return formatManifestHash(sealed.manifest);
  } finally {
    await run.close();
  }
}

/** Rows, plan, and every field of the manifest but the hash of commitments. */
async function cutAccounts({ secret }: RowRunDirectory, options: ProveRowsOptions): Promise<CutRun> {
  const { snapshot, circuits, accounts, onProgress } = options;
  const { prices, scale } = derivePriceTable(snapshot.assets);
  if (scale !== snapshot.scale) {
    throw new SolventError<ProverCode>(
      'invariant',
      'snapshot-mismatch',
      'expected the scale of the assets of the snapshot, got another: make the snapshot again',
    );
  }
  const cut = await cutRows(accounts, {
    layouts: circuits.map(({ parameters }) => parameters),
    prices,
    secret,
    orderKey: hexToBytes(snapshot.snapshotHash),
    snapshot,
  });
  onProgress?.({ step: 'rows-cut', batches: cut.batches.length });
  return cut;
}

/** Everything before the first proof: each file is written and synced, or held to what is stored. */
async function sealRun(
  run: RowRunDirectory,
  cut: CutRun,
  { snapshot, profile, circuits, onProgress }: ProveRowsOptions,
): Promise<SealedRun> {
  const { paths, secret } = run;
  const content = composeContent(snapshot, { profile, circuits, batchCounts: cut.batchCounts });
  const contents = hashContents(cut.batches);
  await holdToContent(paths.pin, content, contents);
  const seeds = deriveRunSeeds(contents, content, { secret, salt: await loadOrDrawSalt(paths) });
  await saveAccounts(paths.accounts, cut.accounts);
  const hash: Poseidon = await loadFastPoseidon();
  const onCommitted = (batch: number) => onProgress?.({ step: 'batch-committed', batch });
  const committed = await commitBatches(cut, seeds, { paths, hash, onCommitted });
  const commitments = encodeCommitments(circuits, committed);
  await storeOrMatch(paths.commitments, commitments, 'commitments');
  onProgress?.({ step: 'commitments-stored' });
  const manifest = completeManifest(content, commitments);
  await storeOrMatch(paths.manifest, encodeJsonLine(manifest), 'manifest');
  onProgress?.({ step: 'manifest-sealed', manifestHash: formatManifestHash(manifest) });
  const weighed = weighRun(manifest, listMarginBatches(cut, committed), seeds.runSeed);
  if (weighed.weights !== undefined) await storeOrMatch(paths.weights, weighed.weights, 'weighted totals');
  onProgress?.({ step: 'totals-weighed' });
  return { ...weighed, manifest, commitments, committed };
}

function listMarginBatches({ batches }: CutRun, committed: readonly CommittedBatch[]): MarginBatch[] {
  return batches.flatMap(({ layout, rows }, index) =>
    layout.kind === 'margin' ? [{ layout, rows, coverMask: committed[index]!.coverMask }] : [],
  );
}

async function makeProofs(paths: RowRunPaths, sealed: SealedRun, options: ProveRowsOptions): Promise<void> {
  const { workers, engine, cacheDirectory, onProgress } = options;
  // What is read back is what proofs are made under: nothing is proven that is not on disk.
  const stored = await readFile(paths.manifest);
  if (!stored.equals(encodeJsonLine(sealed.manifest))) {
    throw new SolventError<ProverCode>(
      'artefact',
      'run-file-malformed',
      'expected the sealed manifest on disk, got another: start a new run directory',
    );
  }
  await proveBatches(awaitProofs(sealed, options), {
    paths,
    challenges: sealed.challenges,
    workers,
    engine,
    cacheDirectory,
    onProven: (batch) => onProgress?.({ step: 'proof-kept', batch }),
  });
}

function awaitProofs({ committed }: SealedRun, { circuits }: ProveRowsOptions): AwaitedProof[] {
  return committed.map(({ circuit, digest }, index) => ({ index, circuit: circuits[circuit]!, digest }));
}

/** Checks everything as a reader does and writes the signed bundle, whole or not at all. */
async function writeBundle(paths: RowRunPaths, sealed: SealedRun, options: ProveRowsOptions): Promise<void> {
  const { manifest, manifestHash, challenges, commitments, weights } = sealed;
  const awaited = awaitProofs(sealed, options);
  const proofs = await Promise.all(awaited.map((proof) => loadFinishedProof(proof, challenges, paths)));
  const batches = proofs.map((proof, index) => ({ ...proof, layout: awaited[index]!.circuit.parameters }));
  await checkFinishedRun({ manifest, challenges, batches, ...(weights && { weights }) }, paths);
  const files: [string, Uint8Array][] = [
    [BUNDLE_FILES.manifest, encodeJsonLine(manifest)],
    [BUNDLE_FILES.signature, encodeJsonLine(signRowManifest(manifestHash, options.signer))],
    [BUNDLE_FILES.commitments, commitments],
    [BUNDLE_FILES.proofs, encodeProofs(proofs)],
  ];
  if (weights !== undefined) files.push([BUNDLE_FILES.weights, weights]);
  await publishBundle(paths.bundle, files);
}

/** A bundle that is there already is the same, or is not touched. */
async function publishBundle(folder: string, files: readonly [string, Uint8Array][]): Promise<void> {
  const present = await Promise.all(files.map(([name]) => readIfExists(join(folder, name))));
  if (present.every((bytes, index) => bytes && Buffer.from(bytes).equals(files[index]![1]))) return;
  await writeDirectoryAtomically(folder, async (temporary) => {
    for (const [name, bytes] of files) await writeFileAtomically(join(temporary, name), bytes);
    await syncDirectory(temporary);
  });
}
