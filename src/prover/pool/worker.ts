import { hashPrices, listPublicSignals, SolventError } from '../../protocol/index.js';
import { evaluateBatch } from '../../protocol/rows/index.js';
import { answerTask, writeFileAtomically, type Answer } from '../../system/index.js';
import { buildAggregateInput } from '../aggregate/circuit-input.js';
import type { OpenedNode } from '../aggregate/layers.js';
import { loadBatchRows } from '../batch/batch-file.js';
import { buildBatchInput } from '../batch/circuit-input.js';
import { commitBatch } from '../batch/commitment.js';
import { saveBatchTree } from '../batch/tree-file.js';
import { isProofValid } from '../check-proof.js';
import { encodeGroupRecords, recordGroups } from '../commit/group-records.js';
import { loadRowBatch } from '../commit/row-batch-file.js';
import { listPublicSignals, rowCircuitInput } from '../commit/row-circuit-input.js';
import { spreadSeed } from '../commit/run-seeds.js';
import { loadFastPoseidon } from '../fast-poseidon.js';
import { loadProof, loadValidProof, saveProof } from '../proof-file.js';
import { PRIVATE_FILE_MODE } from '../run/paths.js';
import type { AggregateTask, BatchTask, ProofTask, RowsTask } from './task.js';
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
    await (task.kind === 'rows' ? proveRows(task) : proveAggregate(task));
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

/** The groups' records are on disk before the proof: what has a proof can be shown to users. */
async function proveRows(task: RowsTask & ProofTask): Promise<void> {
  const { circuit, index, challenges, proofPath } = task;
  const { layout } = circuit;
  const { rows, seed, points } = await loadRowBatch(task.batchPath, layout);
  const secrets = spreadSeed({ layout }, seed);
  const records = recordGroups(layout, { index, points, secrets }, challenges.rho);
  await writeFileAtomically(task.groupsPath, encodeGroupRecords(records), { mode: PRIVATE_FILE_MODE });
  const batch = { layout, rows, masks: secrets.masks };
  const publicSignals = listPublicSignals(task.digest, evaluateBatch(layout, batch, challenges), challenges);
  const kept = await loadProof(proofPath, publicSignals);
  // One wrong proof voids the whole bundle, so that what a full disk damaged must not get into it.
  if (kept !== undefined && isProofValid(task.loaded.verificationKey, kept, publicSignals)) return;
  const bench = await openWorkbench(task);
  const proof = await bench.prove(rowCircuitInput(batch, challenges), publicSignals);
  await saveProof(proofPath, { publicSignals, proof });
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
