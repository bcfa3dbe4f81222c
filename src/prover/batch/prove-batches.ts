import {
  deriveBatchBlind,
  hashPrices,
  listPublicSignals,
  type FieldElement,
  type Poseidon,
  type UnitPrice,
  type VerificationKey,
} from '../../protocol/index.js';
import type { OpenedNode } from '../aggregate/layers.js';
import type { PendingProof } from '../pool/task.js';
import type { ProveListener } from '../progress.js';
import { loadProof, loadValidProof } from '../proof-file.js';
import type { Run } from '../run/run.js';
import type { PlannedBatch } from '../shard/plan.js';
import { loadBatchTree } from './tree-file.js';

/** What batches are proven with, besides their rows. */
export type BatchesContext = {
  readonly run: Run;
  readonly hash: Poseidon;
  readonly platform: string;
  readonly prices: readonly UnitPrice[];
  /** The key of a circuit whose key is there. */
  readonly findKey: (circuit: string) => VerificationKey | undefined;
  /** Makes the proofs that are missing; tells `onResume` when it goes on after a wait. */
  readonly proveAll: (proofs: readonly PendingProof[], onResume: () => void) => Promise<void>;
  readonly onProgress: ProveListener;
};

/**
 * Proves every batch that has no finished proof yet. A kept proof whose key is there is verified before it counts.
 * @returns all batches, opened, in the order of the plan.
 */
export async function proveBatches(
  batches: readonly PlannedBatch[],
  context: BatchesContext,
): Promise<OpenedNode[]> {
  const { run, hash, prices } = context;
  const pricesHash = hashPrices(hash, prices);
  const nodes = new Array<OpenedNode | undefined>(batches.length);
  for (const [place, batch] of batches.entries()) {
    nodes[place] = await loadFinishedBatch(batch, {
      run,
      pricesHash,
      key: context.findKey(batch.circuit.name),
    });
  }
  let done = nodes.filter((node) => node !== undefined).length;
  const report = () => {
    context.onProgress({ stage: 'proving batches', done, total: batches.length, unit: 'proofs' });
  };
  report();
  const pending = batches.flatMap((batch, place): PendingProof[] =>
    nodes[place] !== undefined
      ? []
      : [
          describeProof(batch, context, (node) => {
            nodes[place] = node;
            done += 1;
            report();
          }),
        ],
  );
  await context.proveAll(pending, report);
  return nodes as OpenedNode[];
}

function describeProof(
  { circuit, index }: PlannedBatch,
  { run, platform, prices }: BatchesContext,
  onProven: PendingProof['onProven'],
): PendingProof {
  const { paths, secret } = run;
  const { name } = circuit;
  return {
    circuitName: name,
    buildTask: (loaded) => ({
      kind: 'batch',
      loaded,
      circuit,
      index,
      platform,
      secret,
      prices,
      batchPath: paths.batch(name, index),
      treePath: paths.tree(name, index),
      proofPath: paths.batchProof(name, index),
    }),
    onProven,
  };
}

/** A batch whose tree and proof are both on disk and belong together. */
async function loadFinishedBatch(
  { circuit, index }: PlannedBatch,
  {
    run,
    pricesHash,
    key,
  }: {
    readonly run: Run;
    readonly pricesHash: FieldElement;
    readonly key: VerificationKey | undefined;
  },
): Promise<OpenedNode | undefined> {
  const { paths, secret } = run;
  const tree = await loadBatchTree(paths.tree(circuit.name, index), circuit);
  if (tree === undefined) return undefined;
  const publicSignals = listPublicSignals(circuit.parameters.kind, { digest: tree.digest, pricesHash });
  const path = paths.batchProof(circuit.name, index);
  // Where its key is still awaited it is verified before the bundle is signed, as all are.
  const proof = await (key === undefined
    ? loadProof(path, publicSignals)
    : loadValidProof(path, publicSignals, key));
  if (proof === undefined) return undefined;
  const { root, totals, totalsHash, digest } = tree;
  const { tag } = circuit;
  return { tag, root, totals, totalsHash, digest, blind: deriveBatchBlind(secret, tag, index) };
}
