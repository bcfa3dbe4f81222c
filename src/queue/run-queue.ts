import type PgBoss from 'pg-boss';

import type { QueueDatabase, Queryable } from './database.js';
import { refuseQueue } from './errors.js';
import type { RunSeal } from './sealing.js';
import {
  ensureTables,
  jobId,
  LEASE,
  MAX_WRONG_ANSWERS,
  openEngine,
  queueName,
  within,
  type QueuedCircuit,
  type QueueStage,
} from './tables.js';

/** Runs that nobody went on with for so long are dropped by the next one. */
const ABANDONED = "interval '30 days'";
/** A task that so many workers died with is not given to another. */
const MAX_LOSSES = 25;
/** The engine gives a task out again as often as it is lost; how often is counted here. */
const RETRIES = 1_000_000;

/** A batch as it goes to a worker. */
export type SealedTask = { readonly batch: number; readonly sealed: Buffer };

/** What came back for a batch, still sealed, and from whom. */
export type SealedAnswer = { readonly batch: number; readonly worker: string; readonly sealed: Buffer };

/** Who is at work on a run. */
export type RunWorkers = {
  /** Threads of workers that may take its tasks. */
  readonly threads: number;
  /** Workers that refuse the run, and why. */
  readonly refusals: readonly { readonly worker: string; readonly code: string }[];
};

const sql = {
  findRun: 'SELECT key_check AS "keyCheck" FROM solvent_queue.run WHERE id = $1',
  findAbandoned: `SELECT id FROM solvent_queue.run WHERE seen_at < now() - ${ABANDONED}`,
  listTasks: 'SELECT batch FROM solvent_queue.task WHERE run = $1 FOR UPDATE',
  dropRun: 'DELETE FROM solvent_queue.run WHERE id = $1',
  addRun: `
    INSERT INTO solvent_queue.run (id, stage, circuits, key_check) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
  addTasks: `
    INSERT INTO solvent_queue.task (run, batch, sealed)
    SELECT $1, batch, substring($3::bytea FROM start FOR size)
    FROM unnest($2::int[], $4::int[], $5::int[]) AS given (batch, start, size)
    WHERE NOT EXISTS (SELECT FROM solvent_queue.answer a WHERE a.run = $1 AND a.batch = given.batch)
    ON CONFLICT DO NOTHING RETURNING batch`,
  readAnswers: `
    SELECT batch, worker, sealed FROM solvent_queue.answer WHERE run = $1 AND batch <> ALL($2::int[])
    ORDER BY batch LIMIT $3`,
  dropTasks: 'DELETE FROM solvent_queue.task WHERE run = $1 AND batch = ANY($2::int[]) RETURNING batch',
  dropAnswers: 'DELETE FROM solvent_queue.answer WHERE run = $1 AND batch = ANY($2::int[])',
  findLapsed: `
    SELECT batch, losses FROM solvent_queue.task t
    WHERE run = $1 AND holder IS NOT NULL AND NOT EXISTS (
      SELECT FROM solvent_queue.worker w
      WHERE w.instance = t.holder AND NOT w.banned AND w.seen_at >= now() - ${LEASE})
    ORDER BY batch FOR UPDATE SKIP LOCKED`,
  release: `
    UPDATE solvent_queue.task SET holder = NULL, losses = losses + 1 WHERE run = $1 AND batch = ANY($2::int[])`,
  seeRun: 'UPDATE solvent_queue.run SET seen_at = now() WHERE id = $1',
  countThreads: `
    SELECT coalesce(sum(threads), 0)::int AS threads FROM solvent_queue.worker w
    WHERE NOT banned AND seen_at >= now() - ${LEASE}
      AND NOT EXISTS (SELECT FROM solvent_queue.refusal r WHERE r.run = $1 AND r.worker = w.name)`,
  listRefusals: 'SELECT worker, code FROM solvent_queue.refusal WHERE run = $1 ORDER BY worker',
  countWrong: `
    UPDATE solvent_queue.worker SET wrong = wrong + 1, banned = wrong + 1 >= ${MAX_WRONG_ANSWERS} WHERE name = $1
    RETURNING wrong, banned`,
};

/** The coordinator's side of a run on the queue. Everything in it may be done twice. */
export class RunQueue {
  readonly #database: QueueDatabase;
  readonly #engine: PgBoss;
  readonly #run: string;

  private constructor(database: QueueDatabase, run: string) {
    this.#database = database;
    this.#engine = openEngine(database);
    this.#run = run;
  }

  /**
   * Begins a run, or goes on with it. What was sealed under another key is dropped.
   * @throws SolventError with a `QueueCode`.
   */
  static async begin(
    database: QueueDatabase,
    run: string,
    {
      stage,
      circuits,
      seal,
    }: {
      readonly stage: QueueStage;
      readonly circuits: readonly QueuedCircuit[];
      readonly seal: RunSeal;
    },
  ): Promise<RunQueue> {
    await ensureTables(database);
    const queue = new RunQueue(database, run);
    for (const { id } of await database.query<{ id: string }>(sql.findAbandoned)) await queue.#end(id);
    const [found] = await database.query<{ keyCheck: Buffer }>(sql.findRun, [run]);
    if (found !== undefined && seal.open('check', 0, found.keyCheck) === undefined) await queue.end();
    const check = seal.seal('check', 0, Buffer.alloc(0));
    // Jobs without a run would be given out; a run without a queue has none yet.
    await database.query(sql.addRun, [run, stage, JSON.stringify(circuits), check]);
    await queue.#engine.createQueue(queueName(run), {
      name: queueName(run),
      retryLimit: RETRIES,
    });
    return queue;
  }

  /** Puts sealed tasks on the queue, but for those that are there or answered. */
  async add(tasks: readonly SealedTask[]): Promise<void> {
    if (tasks.length === 0) return;
    await this.#database.transact((transaction) => this.#addTasks(transaction, tasks));
  }

  /** What came back but for some batches, in their order. */
  readAnswers(limit: number, except: readonly number[]): Promise<SealedAnswer[]> {
    return this.#database.query<SealedAnswer>(sql.readAnswers, [this.#run, except, limit]);
  }

  /** Drops answers whose proofs are on this disk: one that comes back is dropped again. */
  async drop(batches: readonly number[]): Promise<void> {
    if (batches.length === 0) return;
    await this.#database.transact((transaction) => transaction.query(sql.dropAnswers, [this.#run, batches]), {
      isLossBearable: true,
    });
  }

  /** Takes back tasks that are done elsewhere, whoever holds them, with their answers. */
  async withdraw(batches: readonly number[]): Promise<void> {
    if (batches.length === 0) return;
    await this.#database.transact(
      async (transaction) => {
        const taken = await transaction.query<{ batch: number }>(sql.dropTasks, [this.#run, batches]);
        const jobs = taken.map(({ batch }) => jobId(this.#run, batch));
        if (jobs.length > 0) await this.#engine.deleteJob(queueName(this.#run), jobs, within(transaction));
        await transaction.query(sql.dropAnswers, [this.#run, batches]);
      },
      { isLossBearable: true },
    );
  }

  /**
   * Drops a wrong answer, counts it against its worker, and puts the task on the queue once more, sealed anew, unless it is done
   * elsewhere.
   * @returns how often the worker was wrong, and whether it is asked again.
   */
  async reject(
    { batch, worker }: SealedAnswer,
    task?: SealedTask,
  ): Promise<{ readonly wrong: number; readonly banned: boolean }> {
    return this.#database.transact(async (transaction) => {
      await transaction.query(sql.dropAnswers, [this.#run, [batch]]);
      if (task !== undefined) await this.#addTasks(transaction, [task]);
      const [counted] = await transaction.query<{ wrong: number; banned: boolean }>(sql.countWrong, [worker]);
      return counted ?? { wrong: 1, banned: false };
    });
  }

  /**
   * Gives out again what is held by workers that gave no sign of life, and shows that this run is.
   * @throws SolventError `task-lost`.
   */
  async renew(): Promise<{ readonly released: number } & RunWorkers> {
    const released = await this.#database.transact(async (transaction) => {
      const lapsed = await transaction.query<{ batch: number; losses: number }>(sql.findLapsed, [this.#run]);
      if (lapsed.some(({ losses }) => losses >= MAX_LOSSES)) throw refuseLost();
      const batches = lapsed.map(({ batch }) => batch);
      if (batches.length === 0) return 0;
      // One by one: of several the engine takes the transaction for their output, whatever its types say.
      for (const batch of batches)
        await this.#engine.fail(queueName(this.#run), jobId(this.#run, batch), {}, within(transaction));
      await transaction.query(sql.release, [this.#run, batches]);
      return batches.length;
    });
    await this.#database.query(sql.seeRun, [this.#run]);
    const [counted] = await this.#database.query<{ threads: number }>(sql.countThreads, [this.#run]);
    const refusals = await this.#database.query<{ worker: string; code: string }>(sql.listRefusals, [
      this.#run,
    ]);
    return { released, threads: counted!.threads, refusals };
  }

  /** Leaves nothing of the run. */
  async end(): Promise<void> {
    await this.#end(this.#run);
  }

  async #end(run: string): Promise<void> {
    await this.#database.transact(async (transaction) => {
      const tasks = await transaction.query<{ batch: number }>(sql.listTasks, [run]);
      const jobs = tasks.map(({ batch }) => jobId(run, batch));
      // The engine deletes no queue that holds jobs, and purges none that somebody is at.
      if (jobs.length > 0) await this.#engine.deleteJob(queueName(run), jobs, within(transaction));
      await transaction.query(sql.dropRun, [run]);
    });
    await this.#engine.deleteQueue(queueName(run));
  }

  async #addTasks(transaction: Queryable, tasks: readonly SealedTask[]): Promise<void> {
    const sizes = tasks.map(({ sealed }) => sealed.length);
    let next = 1;
    const starts = sizes.map((size) => (next += size) - size);
    const added = await transaction.query<{ batch: number }>(sql.addTasks, [
      this.#run,
      tasks.map(({ batch }) => batch),
      // One value of bytes goes as it is; a list of them would be written as text of twice the length.
      Buffer.concat(tasks.map(({ sealed }) => sealed)),
      starts,
      sizes,
    ]);
    const name = queueName(this.#run);
    const jobs = added.map(({ batch }) => ({ name, id: jobId(this.#run, batch) }));
    if (jobs.length > 0) await this.#engine.insert(jobs, within(transaction));
  }
}

function refuseLost() {
  return refuseQueue('task-lost', {
    expected: `an answer to every task from fewer than ${MAX_LOSSES} workers`,
    found: 'a task that as many were lost with',
    details: { losses: MAX_LOSSES },
  });
}
