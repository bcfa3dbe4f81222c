import { hashPrices, listPublicSignals, SolventError } from '../../protocol/index.js';
import { answerTask, type Answer } from '../../system/index.js';
import { buildAggregateInput } from '../aggregate/circuit-input.js';
import type { OpenedNode } from '../aggregate/layers.js';
import { loadBatchRows } from '../batch/batch-file.js';
import { buildBatchInput } from '../batch/circuit-input.js';
import { commitBatch } from '../batch/commitment.js';
import { saveBatchTree } from '../batch/tree-file.js';
import { loadFastPoseidon } from '../fast-poseidon.js';
import { loadValidProof, saveProof } from '../proof-file.js';
import type { AggregateTask, BatchTask, ProofTask } from './task.js';
import { Workbench } from './workbench.js';

let workbench: Workbench | undefined;

/**
 * Makes one proof in this thread, and leaves it on disk. Answers with the opened batch; with nothing for an aggregate,
 * which is known.
 */
export default function makeProof(task: ProofTask): Promise<Answer<OpenedNode | undefined>> {
  return answerTask(() => prove(task));
}

async function prove(task: ProofTask): Promise<OpenedNode | undefined> {
  try {
    if (task.kind === 'batch') return await proveBatch(task);
    await proveAggregate(task);
    return undefined;
  } catch (error) {
    // Whatever state an error left the bench in, no later proof meets it.
    await closeWorkbench();
    // A thread that shared the proof died: it costs this proof once more, in this thread alone.
    const isShared = (task.threads ?? 1) > 1;
    if (isShared && error instanceof SolventError && error.code === 'proving-failed') {
      return prove({ ...task, threads: 1 });
    }
    throw error;
  }
}

async function proveBatch(task: BatchTask & ProofTask): Promise<OpenedNode> {
  const { circuit, prices, proofPath } = task;
  const hash = await loadFastPoseidon();
  const rows = await loadBatchRows(task.batchPath, circuit.parameters.users);
  const batch = commitBatch(hash, rows, task);
  await saveBatchTree(task.treePath, batch);
  const publicSignals = listPublicSignals(circuit.parameters.kind, {
    digest: batch.digest,
    pricesHash: hashPrices(hash, prices),
  });
  if ((await loadValidProof(proofPath, publicSignals, task.loaded.verificationKey)) === undefined) {
    const bench = await openWorkbench(task);
    const input = buildBatchInput(hash, circuit, { batch, prices });
    await saveProof(proofPath, { publicSignals, proof: await bench.prove(input, publicSignals) });
  }
  const { root, totals, blind, totalsHash, digest } = batch;
  return { tag: circuit.tag, root, totals, blind, totalsHash, digest };
}

async function proveAggregate(task: AggregateTask & ProofTask): Promise<void> {
  const { circuit, opening, digest, context } = task;
  const publicSignals = listPublicSignals('aggregate', { digest, context });
  const bench = await openWorkbench(task);
  const input = buildAggregateInput(circuit, opening, context);
  await saveProof(task.proofPath, { publicSignals, proof: await bench.prove(input, publicSignals) });
}

/** Tasks come circuit by circuit: the bench of the one before is given up, and its memory with it. */
async function openWorkbench({ loaded, threads = 1 }: ProofTask): Promise<Workbench> {
  const kind = { circuit: loaded, threads };
  if (workbench?.isOf(kind) === true) return workbench;
  await closeWorkbench();
  return (workbench = await Workbench.open(kind));
}

async function closeWorkbench(): Promise<void> {
  const bench = workbench;
  workbench = undefined;
  await bench?.close().catch(() => undefined);
}
