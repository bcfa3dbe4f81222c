import { evaluateBatch, listPublicSignals } from '../../protocol/index.js';
import { answerTask, relieveMemory, type Answer } from '../../system/index.js';
import { loadBatch } from '../commit/batch-file.js';
import {
  BatchMaker,
  type CommitTask,
  type CommittedTask,
  type PointsAnswer,
  type PointsTask,
} from '../commit/batch-maker.js';
import { buildCircuitInput } from '../commit/commit-batch.js';
import { spreadMasks } from '../commit/run-seeds.js';
import { loadValidProof, saveProof } from '../proof-file.js';
import { CircuitProver } from './circuit-prover.js';
import type { FinishedProof, LoadedCircuit, ProofTask } from './task.js';

let prover: CircuitProver | undefined;
let maker: Promise<BatchMaker> | undefined;

/**
 * Works at one task in this thread: makes a proof, unless one is kept that verifies, and leaves it on disk; commits to a batch and
 * keeps it; or makes points and digest of one for another machine.
 */
export default function runTask(
  task: ProofTask | CommitTask | PointsTask,
): Promise<Answer<FinishedProof | CommittedTask | PointsAnswer>> {
  return answerTask(async () => {
    if ('records' in task) return (await openMaker(task)).commit(task);
    if ('seededRows' in task) return (await openMaker(task)).answer(task);
    try {
      return await prove(task);
    } catch (error) {
      // Whatever state an error left the prover in, no later proof meets it.
      await closeProver();
      throw error;
    }
  });
}

/** Of one process, to which the machine is the same all the time. */
function openMaker({ isKernelSound }: CommitTask | PointsTask): Promise<BatchMaker> {
  return (maker ??= BatchMaker.open(isKernelSound));
}

async function prove(task: ProofTask): Promise<FinishedProof> {
  const { loaded, layout, digest, challenges } = task;
  const { rows, seed } = 'rows' in task ? task : await loadBatch(task.batchPath, layout);
  const batch = { layout, rows, masks: spreadMasks({ layout }, seed) };
  const values = evaluateBatch(layout, batch, challenges);
  const publicSignals = listPublicSignals(digest, values, challenges);
  const path = 'rows' in task ? undefined : task.proofPath;
  const kept = path && (await loadValidProof(path, publicSignals, loaded.verificationKey));
  if (kept) return { values, proof: kept };
  const own = await openProver(loaded);
  const proof = await own.prove(buildCircuitInput(batch, challenges), publicSignals);
  if (path !== undefined) await saveProof(path, { publicSignals, proof });
  return { values, proof };
}

/** Tasks come circuit by circuit: the prover of the one before is given up, and its memory with it. */
async function openProver(circuit: LoadedCircuit): Promise<CircuitProver> {
  if (prover?.isOf(circuit) === true) return prover;
  await closeProver();
  await relieveMemory();
  return (prover = await CircuitProver.open(circuit));
}

async function closeProver(): Promise<void> {
  const closed = prover;
  prover = undefined;
  await closed?.close().catch(() => undefined);
}
