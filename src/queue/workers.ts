import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';

import type PgBoss from 'pg-boss';

import { SolventError } from '../protocol/index.js';
import { QueueDatabase } from './database.js';
import { refuseQueue } from './errors.js';
import {
  hasTables,
  jobId,
  LEASE,
  MAX_WRONG_ANSWERS,
  openEngine,
  queueName,
  within,
  type QueuedCircuit,
  type QueueStage,
} from './tables.js';

/** How often a worker gives a sign of life. */
export const HEARTBEAT_MS = 4_000;
/** Workers that were not seen for so long are forgotten, unless they are banned. */
const FORGOTTEN = "interval '1 day'";

/** A row names another that is not there any more. */
const FOREIGN_KEY_VIOLATED = '23503';

/** A run that is open for workers. */
export type OpenRun = {
  readonly id: string;
  readonly stage: QueueStage;
  readonly circuits: readonly QueuedCircuit[];
  readonly keyCheck: Buffer;
};

/** A task that this worker holds, still sealed. */
export type HeldTask = { readonly run: string; readonly batch: number; readonly sealed: Buffer };

/** The sealed answer to a task. */
export type GivenAnswer = { readonly batch: number; readonly sealed: Buffer };

/** A worker as everyone sees it. */
export type QueueWorker = {
  readonly name: string;
  readonly host: string;
  readonly process: number;
  readonly threads: number;
  readonly since: string;
  /** Seconds since its last sign of life, by the clock of the database. */
  readonly seenSecondsAgo: number;
  readonly isAtWork: boolean;
  /** Tasks that it holds now. */
  readonly held: number;
  /** What they are for; null where it holds none. */
  readonly stage: QueueStage | null;
  /** Answers that it gave since it began, and those of them that were wrong. */
  readonly made: number;
  readonly wrong: number;
  readonly banned: boolean;
};

const sql = {
  forget: `DELETE FROM solvent_queue.worker WHERE seen_at < now() - ${FORGOTTEN} AND NOT banned`,
  join: `
    INSERT INTO solvent_queue.worker AS w (name, instance, host, process, threads) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (name) DO UPDATE SET instance = excluded.instance, host = excluded.host, process = excluded.process,
      threads = excluded.threads, since = now(), seen_at = now(), made = 0
    WHERE NOT w.banned RETURNING name`,
  beat: 'UPDATE solvent_queue.worker SET seen_at = now() WHERE name = $1 AND instance = $2 RETURNING banned',
  liftBan: 'UPDATE solvent_queue.worker SET wrong = 0, banned = false WHERE name = $1',
  leave: 'DELETE FROM solvent_queue.worker WHERE name = $1 AND instance = $2 AND wrong = 0',
  listRuns: `SELECT id, stage, circuits, key_check AS "keyCheck" FROM solvent_queue.run ORDER BY begun_at, id`,
  refuse: `
    INSERT INTO solvent_queue.refusal (run, worker, code) SELECT id, $2, $3 FROM solvent_queue.run WHERE id = $1
    ON CONFLICT (run, worker) DO UPDATE SET code = excluded.code`,
  accept: 'DELETE FROM solvent_queue.refusal WHERE run = $1 AND worker = $2',
  hold: `
    UPDATE solvent_queue.task SET holder = $3 WHERE run = $1 AND batch = ANY($2::int[]) RETURNING batch, sealed`,
  take: 'DELETE FROM solvent_queue.task WHERE run = $1 AND batch = ANY($2::int[]) RETURNING batch',
  answer: `
    INSERT INTO solvent_queue.answer (run, batch, worker, sealed)
    SELECT $1, batch, $4, sealed FROM unnest($2::int[], $3::bytea[]) AS given (batch, sealed)`,
  count: 'UPDATE solvent_queue.worker SET made = made + $3 WHERE name = $1 AND instance = $2',
  list: `
    SELECT name, host, process, threads, to_char(since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS since,
      extract(epoch FROM now() - seen_at)::float8 AS "seenSecondsAgo", seen_at >= now() - ${LEASE} AS "isAtWork",
      (SELECT count(*)::int FROM solvent_queue.task t WHERE t.holder = w.instance) AS held,
      (SELECT r.stage FROM solvent_queue.task t JOIN solvent_queue.run r ON r.id = t.run WHERE t.holder = w.instance
        ORDER BY r.begun_at LIMIT 1) AS stage,
      made::float8 AS made, wrong, banned
    FROM solvent_queue.worker w ORDER BY name`,
};

/** A worker's side of the queue. Everything in it may be done twice. */
export class WorkerQueue {
  readonly #database: QueueDatabase;
  readonly #engine: PgBoss;
  readonly #name: string;
  readonly #instance = randomUUID();

  /** @param name the worker's own. @throws SolventError `worker-name-unfit`. */
  constructor(database: QueueDatabase, name: string) {
    assertWorkerName(name);
    this.#database = database;
    this.#engine = openEngine(database);
    this.#name = name;
  }

  /** Whether there is a queue yet: the first run makes it. */
  isThere(): Promise<boolean> {
    return hasTables(this.#database);
  }

  /** Shows that this worker is at work; whoever had the name before has it no longer. @throws SolventError `worker-banned`. */
  async join(threads: number): Promise<void> {
    await this.#database.query(sql.forget);
    const values = [this.#name, this.#instance, hostname(), process.pid, threads];
    const joined = await this.#database.query(sql.join, values);
    if (joined.length === 0) throw this.#refuseBanned();
  }

  /** Forgets that answers under this name were wrong. */
  async liftBan(): Promise<void> {
    await this.#database.query(sql.liftBan, [this.#name]);
  }

  /** Gives a sign of life. @throws SolventError `worker-banned`, `worker-replaced`. */
  async beat(): Promise<void> {
    const [found] = await this.#database.query<{ banned: boolean }>(sql.beat, [this.#name, this.#instance]);
    if (found === undefined) {
      throw refuseQueue('worker-replaced', {
        expected: `to be the one worker of the name ${this.#name}`,
        found: 'another that began later',
        details: { worker: this.#name },
      });
    }
    if (found.banned) throw this.#refuseBanned();
  }

  async leave(): Promise<void> {
    await this.#database.query(sql.leave, [this.#name, this.#instance]);
  }

  listRuns(): Promise<OpenRun[]> {
    return this.#database.query<OpenRun>(sql.listRuns);
  }

  /** Tells the run's coordinator that this worker does not take its tasks, and why; or that it does. Nobody, where the run is over. */
  async answerRun(run: string, code: string | undefined): Promise<void> {
    if (code === undefined) {
      await this.#database.query(sql.accept, [run, this.#name]);
      return;
    }
    try {
      await this.#database.query(sql.refuse, [run, this.#name, code]);
    } catch (error) {
      // The run was ended by a transaction that this query could not see yet.
      const isOver = error instanceof SolventError && error.details.state === FOREIGN_KEY_VIOLATED;
      if (!isOver) throw error;
    }
  }

  /** The next tasks of a run, at most `count`, held by this worker for as long as it gives signs of life. */
  async take(run: string, count: number): Promise<HeldTask[]> {
    return this.#database.transact(
      async (transaction) => {
        // The engine answers nothing where its query failed. Then the transaction is void, and the next query says so.
        const jobs = await this.#engine.fetch(queueName(run), { batchSize: count, ...within(transaction) });
        const batches = jobs.map(({ id }) => Number.parseInt(id.replaceAll('-', '').slice(16), 16));
        const held = await transaction.query<GivenAnswer>(sql.hold, [run, batches, this.#instance]);
        return held.map(({ batch, sealed }) => ({ run, batch, sealed })).sort((a, b) => a.batch - b.batch);
      },
      // Tasks that nobody knows to be held are given to another too, and the first answer counts.
      { isLossBearable: true },
    );
  }

  /**
   * Leaves answers and ends their jobs, in one transaction, whoever holds the tasks by now.
   * @returns the batches whose answers were still wanted.
   */
  async finish(run: string, answers: readonly GivenAnswer[]): Promise<ReadonlySet<number>> {
    return this.#database.transact(async (transaction) => {
      const batches = answers.map(({ batch }) => batch);
      const taken = await transaction.query<{ batch: number }>(sql.take, [run, batches]);
      const wanted = new Set(taken.map(({ batch }) => batch));
      if (wanted.size === 0) return wanted;
      // A worker that was given a task twice may bring two answers at once.
      const given = [...new Map(answers.map((answer) => [answer.batch, answer])).values()].filter(
        ({ batch }) => wanted.has(batch),
      );
      const sealed = given.map((answer) => answer.sealed);
      await transaction.query(sql.answer, [run, given.map(({ batch }) => batch), sealed, this.#name]);
      const jobs = given.map(({ batch }) => jobId(run, batch));
      await this.#engine.deleteJob(queueName(run), jobs, within(transaction));
      await transaction.query(sql.count, [this.#name, this.#instance, given.length]);
      return wanted;
    });
  }

  #refuseBanned() {
    return refuseQueue('worker-banned', {
      expected: 'right answers',
      found: `${MAX_WRONG_ANSWERS} wrong ones from the worker ${this.#name}`,
      details: { worker: this.#name },
    });
  }
}

/** Holds a worker's name to its form. @throws SolventError `worker-name-unfit`. */
export function assertWorkerName(name: string): void {
  if (/^[\w.-]{1,64}$/.test(name)) return;
  throw refuseQueue('worker-name-unfit', { expected: 'a name for a worker', found: 'another text' });
}

/** All workers of a queue, by name; none where no run has made the queue yet. @throws SolventError with a `QueueCode`. */
export async function listQueueWorkers(url: string): Promise<QueueWorker[]> {
  const database = await QueueDatabase.open(url, { connections: 1, patienceMs: 0 });
  try {
    return (await hasTables(database)) ? await database.query<QueueWorker>(sql.list) : [];
  } finally {
    await database.close();
  }
}
