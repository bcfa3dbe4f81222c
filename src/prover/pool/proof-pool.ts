import type { Worker } from 'node:worker_threads';

import { Piscina } from 'piscina';

import { SolventError } from '../../protocol/index.js';
import type { OpenedNode } from '../aggregate/layers.js';
import type { ProverCode } from '../errors.js';
import { MAX_PROOF_ATTEMPTS, MAX_WORKERS } from '../limits.js';
import type { ProofTask, TaskOutcome } from './task.js';
import { resolveWorkerFile } from './worker-file.js';

const KEEP_ALIVE_MS = 60_000;

/** Worker threads that make one proof each at a time. */
export class ProofPool {
  readonly #pool: Piscina<ProofTask, TaskOutcome>;
  readonly #waiting = new Set<AbortController>();
  #lastError: unknown;
  #isClosed = false;
  readonly #keepAlive: NodeJS.Timeout;
  readonly workers: number;

  /** @throws SolventError `workers-out-of-range` unless 1 <= workers <= 256. */
  constructor(workers: number) {
    assertWorkers(workers);
    this.workers = workers;
    // Idle workers do not hold the process, and a new one is idle: without this a run could end in silence.
    this.#keepAlive = setInterval(() => undefined, KEEP_ALIVE_MS);
    this.#pool = new Piscina<ProofTask, TaskOutcome>({
      filename: resolveWorkerFile(),
      minThreads: workers,
      maxThreads: workers,
      recordTiming: false,
    });
    this.#pool.on('error', this.#onError);
    this.#pool.on('workerDestroy', this.#onThreadEnd);
  }

  /** The threads at work now. */
  get threads(): readonly Worker[] {
    return this.#pool.threads;
  }

  /**
   * Makes a proof; the death of its worker costs this proof and is tried again.
   * @returns the opened batch, nothing for an aggregate.
   * @throws SolventError `proof-failed` after the allowed number of attempts; what the worker refused.
   */
  async prove(task: ProofTask): Promise<OpenedNode | undefined> {
    for (let attempt = 1; ; attempt++) {
      let outcome: TaskOutcome;
      try {
        outcome = await this.#run(task);
      } catch (cause) {
        if (attempt < MAX_PROOF_ATTEMPTS && !this.#isClosed) continue;
        throw new SolventError<ProverCode>(
          'proving',
          'proof-failed',
          `expected a proof of ${task.circuit.name}, got a worker that stopped ${attempt} times: give it more memory or fewer workers, and run the command again`,
          { details: { circuit: task.circuit.name, attempts: attempt }, cause: this.#lastError ?? cause },
        );
      }
      if (!('refusal' in outcome)) return outcome.node;
      const { errorClass, code, message, details } = outcome.refusal;
      throw new SolventError(errorClass, code, message, { details });
    }
  }

  /** Ends all threads, at work or not. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#keepAlive);
    await this.#pool.destroy();
  }

  async #run(task: ProofTask): Promise<TaskOutcome> {
    const controller = new AbortController();
    this.#waiting.add(controller);
    try {
      return await this.#pool.run(task, { signal: controller.signal });
    } finally {
      this.#waiting.delete(controller);
    }
  }

  readonly #onError = (error: unknown): void => {
    this.#lastError = error;
  };

  /** The pool does not replace a thread that dies while it starts, and leaves the proofs that wait for one waiting. */
  readonly #onThreadEnd = (): void => {
    setImmediate(() => {
      if (this.#pool.threads.length === 0) this.#abandonWaiting();
    });
  };

  #abandonWaiting(): void {
    for (const controller of this.#waiting) controller.abort();
  }
}

/** @throws SolventError `workers-out-of-range` unless it is an integer from 1 to 256. */
export function assertWorkers(workers: number): void {
  if (Number.isInteger(workers) && workers >= 1 && workers <= MAX_WORKERS) return;
  throw new SolventError<ProverCode>(
    'usage',
    'workers-out-of-range',
    `expected 1 to ${MAX_WORKERS} workers, got ${workers}`,
  );
}
