import type { Worker } from 'node:worker_threads';

import { nameOfLayout } from '../../protocol/index.js';
import { resolveCompiledModule, ThreadEnded, ThreadPool } from '../../system/index.js';
import { MAX_PROOF_ATTEMPTS, MAX_WORKERS } from '../limits.js';
import type { CommitTask, CommittedTask, PointsAnswer, PointsTask } from '../commit/batch-maker.js';
import type { FinishedProof, ProofTask } from './task.js';
import { refuseProver } from '../errors.js';

type PoolTask = ProofTask | CommitTask | PointsTask;

/** Worker threads that make one proof each at a time, or commit to one batch. */
export class ProofPool {
  readonly #pool: ThreadPool<PoolTask, FinishedProof | CommittedTask | PointsAnswer>;
  readonly workers: number;

  /** @throws SolventError `workers-out-of-range` unless 1 <= workers <= 256; `worker-missing`. */
  constructor(workers: number) {
    assertWorkers(workers);
    this.workers = workers;
    this.#pool = new ThreadPool(resolveCompiledModule(import.meta.url, './worker.js'), workers);
  }

  /** The threads at work now. */
  get threads(): readonly Worker[] {
    return this.#pool.threads;
  }

  /**
   * Makes a proof; the death of its worker costs this proof and is tried again.
   * @throws SolventError `proof-failed` after the allowed number of attempts; what the worker refused.
   */
  prove(task: ProofTask): Promise<FinishedProof> {
    return this.#try(task, task.loaded.name) as Promise<FinishedProof>;
  }

  /** Commits to a batch and keeps it. @throws SolventError as `prove`; `point-at-infinity`. */
  commit(task: CommitTask): Promise<CommittedTask> {
    return this.#try(task, nameOfLayout(task.layout)) as Promise<CommittedTask>;
  }

  /** Points and digest of a batch, for another machine. @throws SolventError as `prove`. */
  answer(task: PointsTask): Promise<PointsAnswer> {
    return this.#try(task, nameOfLayout(task.layout)) as Promise<PointsAnswer>;
  }

  /** Ends all threads, at work or not. */
  async close(): Promise<void> {
    await this.#pool.close();
  }

  async #try(task: PoolTask, circuit: string): Promise<FinishedProof | CommittedTask | PointsAnswer> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#pool.run(task);
      } catch (error) {
        if (!(error instanceof ThreadEnded)) throw error;
        if (attempt < MAX_PROOF_ATTEMPTS && !this.#pool.isClosed) continue;
        throw refuseProver('proof-failed', {
          expected: `a ${'loaded' in task ? 'proof' : 'batch'} of ${circuit}`,
          found: `a worker that stopped ${attempt} times`,
          details: { circuit, attempts: attempt },
          cause: error.cause,
        });
      }
    }
  }
}

/** @throws SolventError `workers-out-of-range` unless it is an integer from 1 to 256. */
export function assertWorkers(workers: number): void {
  if (Number.isInteger(workers) && workers >= 1 && workers <= MAX_WORKERS) return;
  throw refuseProver('workers-out-of-range', { expected: `1 to ${MAX_WORKERS} workers`, found: workers });
}
