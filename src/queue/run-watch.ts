import { DEFAULT_PATIENCE_MS, QueueDatabase } from './database.js';
import { refuseQueue } from './errors.js';
import type { RunQueue, RunWorkers } from './run-queue.js';
import type { QueueStage } from './tables.js';

/** Bytes of the sealed task of a batch, at most. */
export const MAX_TASK_BYTES = 64 * 1024;
/** Of these, what sealing may add. */
const SEALING_BYTES = 64;
const RENEW_INTERVAL_MS = 2_000;
/** The same while no worker is there. */
const LOOK_INTERVAL_MS = 500;

/** What the coordinator tells while a run is on the queue: names of workers and codes, nothing of what is proven. */
export type QueueNote =
  | {
      readonly note: 'worker-wrong';
      readonly worker: string;
      readonly code: string;
      readonly banned: boolean;
    }
  | { readonly note: 'worker-refuses'; readonly worker: string; readonly code: string }
  | { readonly note: 'tasks-released'; readonly count: number }
  | { readonly note: 'no-worker'; readonly stage: QueueStage }
  /** Once all batches are committed to: how many of them workers made the points of. */
  | { readonly note: 'committed'; readonly batches: number; readonly byWorkers: number }
  /** What the coordinator spent its time with, once all proofs are kept. */
  | ({ readonly note: 'ended' } & Readonly<Record<keyof Spent, number>>)
  | { readonly note: 'database-lost' | 'database-back' };

/**
 * Milliseconds that one coordinator waited for: reading and sealing batches, verifying and keeping proofs, and the database. Proofs
 * are verified and kept while others are put in and read, so that they add up to more than there was.
 */
export type Spent = { sealingMs: number; verifyingMs: number; keepingMs: number; databaseMs: number };

/** Where the queue is, and how it is waited for. */
export type QueueOptions = {
  readonly url: string;
  /** 32 bytes that the workers have too. */
  readonly key: Uint8Array;
  /** How long the database may be away, and how long there may be no worker where nobody else can do its work. */
  readonly patienceMs?: number | undefined;
  readonly onNote?: ((note: QueueNote) => void) | undefined;
};

/** Runs a coordinator's work with the database of a queue. @throws as `QueueDatabase`. */
export async function withQueue<T>(
  { url, patienceMs, onNote }: QueueOptions,
  work: (database: QueueDatabase) => Promise<T>,
): Promise<T> {
  const database = await QueueDatabase.open(url, {
    patienceMs,
    onConnection: (state) => onNote?.({ note: `database-${state}` }),
  });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** Looks after the leases of a run and tells of its workers, now and then. */
export class RunWatch {
  readonly #queue: RunQueue;
  readonly #stage: QueueStage;
  readonly #options: QueueOptions;
  readonly #told = new Set<string>();
  #threads = 0;
  #renewedAtMs = -Infinity;
  #workerSeenAtMs = performance.now();

  constructor(queue: RunQueue, stage: QueueStage, options: QueueOptions) {
    this.#queue = queue;
    this.#stage = stage;
    this.#options = options;
  }

  /** Threads of workers that were at work when it was looked last. */
  get threads(): number {
    return this.#threads;
  }

  /** @throws SolventError `workers-missing` where proofs wait for them, `task-lost`. */
  async renew(): Promise<void> {
    const nowMs = performance.now();
    const intervalMs = this.#threads > 0 ? RENEW_INTERVAL_MS : LOOK_INTERVAL_MS;
    if (nowMs - this.#renewedAtMs < intervalMs) return;
    this.#renewedAtMs = nowMs;
    const { released, ...workers } = await this.#queue.renew();
    if (released > 0) this.#options.onNote?.({ note: 'tasks-released', count: released });
    this.#lookAtWorkers(workers, nowMs);
  }

  #lookAtWorkers({ threads, refusals }: RunWorkers, nowMs: number): void {
    const { onNote, patienceMs = DEFAULT_PATIENCE_MS } = this.#options;
    for (const { worker, code } of refusals) {
      if (this.#told.has(`${worker} ${code}`)) continue;
      this.#told.add(`${worker} ${code}`);
      onNote?.({ note: 'worker-refuses', worker, code });
    }
    if (threads > 0) this.#workerSeenAtMs = nowMs;
    else if (this.#threads > 0 || !this.#told.has('')) onNote?.({ note: 'no-worker', stage: this.#stage });
    this.#told.add('');
    this.#threads = threads;
    if (this.#stage === 'committing' || nowMs - this.#workerSeenAtMs <= patienceMs) return;
    throw refuseQueue('workers-missing', {
      expected: 'workers that take the tasks of this run',
      found: `none for ${Math.round(patienceMs / 1000)} seconds`,
      details: { refused: refusals.map(({ worker }) => worker) },
    });
  }
}

/** @throws SolventError `task-too-large`. */
export function assertTaskSize(circuit: string, sizeBytes: number): void {
  if (sizeBytes <= MAX_TASK_BYTES - SEALING_BYTES) return;
  throw refuseQueue('task-too-large', {
    expected: `batches of at most ${MAX_TASK_BYTES} bytes`,
    found: `${sizeBytes} in ${circuit}`,
    details: { circuit, sizeBytes },
  });
}
