import {
  encodeJsonLine,
  formatManifestHash,
  groupCount,
  keyAuthenticator,
  type Manifest,
  type MarginBatch,
  type UnitPrice,
} from '../protocol/index.js';
import { derivePlanKey } from '../plan/index.js';
import { commitBatches, type AwaitedBatch, type SealedBatch } from './commit/commit-batches.js';
import { completeManifest, composeContent, encodeCommitments } from './commit/compose-manifest.js';
import { cutRows, type CutRun } from './commit/cut-rows.js';
import {
  deriveRunSeeds,
  hashContents,
  weighRun,
  type RunSeeds,
  type WeighedRun,
} from './commit/run-seeds.js';

import { saveAccounts } from './inclusion/account-list.js';
import { loadCheckedSponge } from './poseidon/checked-sponge.js';
import { PrivateFileWriter } from './private-file.js';
import type { ProveOptions } from './options.js';
import { holdToContent } from './run/pin.js';
import { loadOrDrawSalt, type Run } from './run/run.js';
import { storeOrMatch } from './run/own-files.js';
import type { RunPaths } from './run/paths.js';

/** Under the seed of a run: what names it while it is committed to, and shows nothing of it. */
const RUN_NAME_LABEL = 'solvent/commitments-name/v1';

/** A run whose manifest is on disk, and what every proof is made under, which follows from it. */
export type SealedRun = WeighedRun & {
  readonly manifest: Manifest;
  /** The bytes of `commitments.ndjson`. */
  readonly commitments: Uint8Array;
  /** In the order of commitments. */
  readonly committed: readonly SealedBatch[];
};

/** What is read, where it goes, and who is told of it. */
type SealOptions = Pick<
  ProveOptions,
  | 'snapshot'
  | 'accountCount'
  | 'accounts'
  | 'profile'
  | 'circuits'
  | 'workers'
  | 'commitBatches'
  | 'onProgress'
  | 'onStep'
>;

/**
 * Everything before the first proof: rows, points, lists, digests, manifest, challenges and weighted totals. Each file is
 * written and synced, or held to what is stored.
 * @throws SolventError `run-inputs-changed`, `run-file-malformed`; as `cutRows` and `composeContent`.
 */
export async function sealRun(
  run: Run,
  prices: readonly UnitPrice[],
  options: SealOptions,
): Promise<SealedRun> {
  const { paths, secret } = run;
  const { snapshot, profile, circuits, onStep } = options;
  const cut = await cutAccounts(run, prices, options);
  onStep?.({ step: 'rows-cut', batches: cut.batches.length });
  const content = composeContent(snapshot, { profile, circuits, batchCounts: cut.batchCounts });
  const contents = hashContents(cut.batches);
  await holdToContent(paths.content, content, contents);
  const seeds = deriveRunSeeds(contents, content, { secret, salt: await loadOrDrawSalt(paths) });
  await saveAccounts(paths, cut.accounts);
  const committed = await commitToAll(cut, seeds, paths, options);
  const commitments = encodeCommitments(circuits, committed);
  await storeOrMatch(paths.commitments, commitments, 'commitments');
  onStep?.({ step: 'commitments-stored' });
  const manifest = completeManifest(content, commitments);
  await storeOrMatch(paths.manifest, encodeJsonLine(manifest), 'manifest');
  onStep?.({ step: 'manifest-sealed', manifestHash: formatManifestHash(manifest) });
  const weighed = await weighRun(manifest, listMarginBatches(cut, committed), seeds.runSeed);
  if (weighed.weights !== undefined) await storeOrMatch(paths.weights, weighed.weights, 'weighted totals');
  onStep?.({ step: 'totals-weighed' });
  return { ...weighed, manifest, commitments, committed };
}

/** Rows and plan; statements go to a file of their own on the way. */
async function cutAccounts(
  { paths, secret }: Run,
  prices: readonly UnitPrice[],
  { snapshot, accountCount, accounts, circuits, onProgress }: SealOptions,
): Promise<CutRun> {
  const statements = new PrivateFileWriter(paths.statements);
  const report = (done: number) =>
    onProgress?.({ stage: 'cutting rows', done, total: accountCount, unit: 'users' });
  report(0);
  try {
    const cut = await cutRows(accounts(), {
      layouts: circuits.map(({ parameters }) => parameters),
      prices,
      secret,
      orderKey: derivePlanKey(snapshot),
      snapshot,
      keepStatement: (statement) => {
        const start = statements.sizeBytes;
        statements.add(statement);
        return { start, sizeBytes: statement.length };
      },
      onAccount: report,
    });
    statements.finish();
    return cut;
  } catch (error) {
    statements.abandon();
    throw error;
  }
}

/** Points, lists and digests of all batches, each kept. */
async function commitToAll(
  cut: CutRun,
  seeds: RunSeeds,
  paths: RunPaths,
  options: SealOptions,
): Promise<SealedBatch[]> {
  const { isFast } = await loadCheckedSponge();
  if (!isFast) options.onStep?.({ step: 'kernel-refused' });
  const commit = options.commitBatches ?? commitBatches;
  const committed = await commit(listBatches(cut, seeds, options.circuits), {
    paths,
    runName: keyAuthenticator(seeds.runSeed)(RUN_NAME_LABEL),
    workers: options.workers,
    isKernelSound: isFast,
    onCommitted: reportCommitments(cut, options),
  });
  return committed.map(({ digest, list, coverMask }, index) => ({
    ...{ digest, list, coverMask },
    circuit: cut.batches[index]!.circuit,
  }));
}

/** The batches of a run with what their commitments are made with. */
export function listBatches(
  { batches, batchCounts }: CutRun,
  seeds: RunSeeds,
  circuits: readonly AwaitedBatch['circuit'][],
): AwaitedBatch[] {
  return batches.map((batch, index) => ({
    index,
    circuit: circuits[batch.circuit]!,
    seed: seeds.batches[index]!,
    combinations: batchCounts[batch.circuit]! * (batch.layout.rows + groupCount(batch.layout)),
    get rows() {
      return batch.rows;
    },
  }));
}

/** Tells of rows of batches that are committed to. */
function reportCommitments(
  { batches }: CutRun,
  { onProgress, onStep }: SealOptions,
): (batch: number) => void {
  const total = batches.reduce((sum, { layout }) => sum + layout.rows, 0);
  let done = 0;
  const report = () => onProgress?.({ stage: 'committing', done, total, unit: 'rows' });
  report();
  return (batch) => {
    done += batches[batch]!.layout.rows;
    report();
    onStep?.({ step: 'batch-committed', batch });
  };
}

function listMarginBatches({ batches }: CutRun, committed: readonly SealedBatch[]): MarginBatch[] {
  return batches.flatMap((batch, index) => {
    if (batch.layout.kind !== 'margin') return [];
    const margin: MarginBatch = {
      layout: batch.layout,
      coverMask: committed[index]!.coverMask,
      get rows() {
        return batch.rows;
      },
    };
    return [margin];
  });
}
