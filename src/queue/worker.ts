import { setTimeout as wait } from 'node:timers/promises';

import { SolventError } from '../protocol/index.js';
import { ProofPool, type ProvingCircuit } from '../prover/index.js';
import { QueueDatabase } from './database.js';
import { refuseQueue, type QueueCode } from './errors.js';
import { GroupedCalls } from './grouped-calls.js';
import { RunSeal } from './sealing.js';
import type { QueuedCircuit } from './tables.js';
import { TaskAnswers, type AnswerOptions, type TakenTask, type TaskEvent } from './task-answers.js';
import { HEARTBEAT_MS, WorkerQueue, type HeldTask, type OpenRun } from './workers.js';

const POLL_INTERVAL_MS = 300;

/** What a worker tells: names of runs and circuits, counts and codes. */
export type WorkerEvent =
  | { readonly event: 'waiting' | 'joined'; readonly worker: string }
  | { readonly event: 'run-accepted'; readonly run: string }
  | {
      readonly event: 'run-refused';
      readonly run: string;
      readonly code: QueueCode;
      readonly message: string;
    }
  | TaskEvent
  /** Somebody else was at the task meanwhile, and was faster. */
  | { readonly event: 'answer-unwanted'; readonly run: string; readonly batch: number }
  | { readonly event: 'database-lost' | 'database-back' };

/** A worker of a queue. It works at the runs of its own circuits, and at no others. */
export type WorkerOptions = AnswerOptions & {
  readonly url: string;
  /** 32 bytes that the coordinator has too. */
  readonly key: Uint8Array;
  /** Its name among the workers of the queue. */
  readonly name: string;
  /** Whether it is asked again where its answers were wrong before. */
  readonly liftsBan?: boolean;
  /** Threads; each answers one task at a time. */
  readonly workers: number;
  readonly patienceMs?: number;
  readonly onEvent?: (event: WorkerEvent) => void;
  /** Ends the worker when the proofs that it is at are made. */
  readonly signal: AbortSignal;
};

/**
 * Takes tasks from a queue and answers them until it is told to end.
 * @returns how many answers it gave that were wanted.
 * @throws SolventError `worker-banned`, `worker-replaced`, `worker-name-unfit`; as `QueueDatabase`.
 */
export async function runQueueWorker(options: WorkerOptions): Promise<number> {
  const pool = new ProofPool(options.workers);
  let database: QueueDatabase | undefined;
  try {
    database = await QueueDatabase.open(options.url, {
      patienceMs: options.patienceMs,
      connections: options.workers + 2,
      onConnection: (state) => options.onEvent?.({ event: `database-${state}` }),
    });
    return await new QueueWorkerLoop(database, pool, options).run();
  } finally {
    await pool.close();
    await database?.close();
  }
}

/** A run whose tasks this worker takes. */
type AcceptedRun = { readonly run: OpenRun; readonly seal: RunSeal };
/** A task with its answer. */
type AnsweredTask = { readonly held: HeldTask; readonly answer: Buffer };

class QueueWorkerLoop {
  readonly #options: WorkerOptions;
  readonly #queue: WorkerQueue;
  readonly #pool: ProofPool;
  readonly #answers: TaskAnswers;
  /** Threads that want tasks, or have answers, while a transaction is under way share the next. */
  readonly #takes = new GroupedCalls<undefined, TakenTask | undefined>((wanted) =>
    this.#takeSome(wanted.length),
  );
  readonly #finishes = new GroupedCalls<AnsweredTask, boolean>((answered) => this.#finishSome(answered));
  /** What was said of each run: undefined where it is accepted, else why not. */
  readonly #answered = new Map<string, string | undefined>();
  #accepted: readonly AcceptedRun[] = [];
  #threadsAtWork = 0;
  /** Ends the pause between signs of life. */
  readonly #rest = new AbortController();
  #made = 0;
  #failure: { readonly error: unknown } | undefined;

  constructor(database: QueueDatabase, pool: ProofPool, options: WorkerOptions) {
    this.#options = options;
    this.#pool = pool;
    this.#queue = new WorkerQueue(database, options.name);
    this.#answers = new TaskAnswers(pool, options);
  }

  async run(): Promise<number> {
    if (!(await this.#waitForQueue())) return 0;
    if (this.#options.liftsBan === true) await this.#queue.liftBan();
    await this.#queue.join(this.#pool.workers);
    this.#tell({ event: 'joined', worker: this.#options.name });
    this.#threadsAtWork = this.#pool.workers;
    const threads = Array.from({ length: this.#pool.workers }, () =>
      this.#keep(() => this.#work()).finally(() => {
        this.#threadsAtWork -= 1;
        if (this.#threadsAtWork === 0) this.#rest.abort();
      }),
    );
    await Promise.all([this.#keep(() => this.#beat()), ...threads]);
    if (this.#failure !== undefined) throw this.#failure.error;
    await this.#queue.leave();
    return this.#made;
  }

  get #isEnding(): boolean {
    return this.#options.signal.aborted || this.#failure !== undefined;
  }

  #tell(event: WorkerEvent): void {
    this.#options.onEvent?.(event);
  }

  /** The first failure ends all loops. */
  async #keep(loop: () => Promise<void>): Promise<void> {
    try {
      await loop();
    } catch (error) {
      this.#failure ??= { error };
    }
  }

  async #pause(ms: number): Promise<void> {
    await wait(ms, undefined, { signal: this.#options.signal }).catch(() => undefined);
  }

  /** Waits for the first run, which makes the queue. */
  async #waitForQueue(): Promise<boolean> {
    for (let isTold = false; !(await this.#queue.isThere()); isTold = true) {
      if (!isTold) this.#tell({ event: 'waiting', worker: this.#options.name });
      await this.#pause(POLL_INTERVAL_MS);
      if (this.#isEnding) return false;
    }
    return true;
  }

  /** Gives signs of life for as long as a thread is at work: its last proof may take a while. */
  async #beat(): Promise<void> {
    while (this.#threadsAtWork > 0) {
      await this.#queue.beat();
      await this.#lookAtRuns();
      await wait(HEARTBEAT_MS, undefined, { signal: this.#rest.signal }).catch(() => undefined);
    }
  }

  /** Accepts the open runs of these keys, and refuses the others by name, once each. */
  async #lookAtRuns(): Promise<void> {
    const accepted: AcceptedRun[] = [];
    for (const run of await this.#queue.listRuns()) {
      const seal = new RunSeal(this.#options.key, run.id);
      const refusal = findRefusal(run, { seal, circuits: this.#options.circuits });
      if (refusal === undefined) accepted.push({ run, seal });
      if (!this.#answered.has(run.id) || this.#answered.get(run.id) !== refusal?.code) {
        await this.#queue.answerRun(run.id, refusal?.code);
        this.#answered.set(run.id, refusal?.code);
        if (refusal === undefined) this.#tell({ event: 'run-accepted', run: run.id });
        else this.#tell({ event: 'run-refused', run: run.id, ...pickFault(refusal) });
      }
    }
    this.#accepted = accepted;
  }

  /** What one thread does: takes a task, answers it, takes the next. */
  async #work(): Promise<void> {
    let finishing: Promise<void> = Promise.resolve();
    while (!this.#isEnding) {
      const taken = await this.#takes.ask(undefined);
      if (taken === undefined) {
        await this.#pause(POLL_INTERVAL_MS);
        continue;
      }
      const { sealed: answer, event } = await this.#answers.answer(taken);
      this.#tell(event);
      await finishing;
      // On its way while the next is taken: a thread waits for the database once a proof, not twice.
      finishing = this.#keep(() => this.#finish({ held: taken.held, answer }));
    }
    await finishing;
  }

  /** The next tasks of the runs that this worker accepts, the oldest first. */
  async #takeSome(count: number): Promise<TakenTask[]> {
    if (this.#accepted.length === 0) await this.#lookAtRuns();
    const taken: TakenTask[] = [];
    for (const accepted of this.#accepted) {
      if (taken.length === count) break;
      const held = await this.#queue.take(accepted.run.id, count - taken.length);
      taken.push(...held.map((task) => ({ ...accepted, held: task })));
    }
    // The run may have ended, and another begun.
    if (taken.length < count) await this.#lookAtRuns();
    return taken;
  }

  async #finish(answered: AnsweredTask): Promise<void> {
    const { run, batch } = answered.held;
    if ((await this.#finishes.ask(answered)) === true) this.#made += 1;
    else this.#tell({ event: 'answer-unwanted', run, batch });
  }

  /** Whether each of these answers was still wanted. */
  async #finishSome(answered: readonly AnsweredTask[]): Promise<boolean[]> {
    const wanted = new Map<string, ReadonlySet<number>>();
    for (const run of new Set(answered.map(({ held }) => held.run))) {
      const own = answered.filter(({ held }) => held.run === run);
      const answers = own.map(({ held: { batch }, answer }) => ({ batch, sealed: answer }));
      wanted.set(run, await this.#queue.finish(run, answers));
    }
    return answered.map(({ held: { run, batch } }) => wanted.get(run)!.has(batch));
  }
}

/** Why a worker does not take the tasks of a run. */
function findRefusal(
  run: OpenRun,
  { seal, circuits }: { readonly seal: RunSeal; readonly circuits: readonly ProvingCircuit[] },
): SolventError<QueueCode> | undefined {
  if (seal.open('check', 0, run.keyCheck) === undefined) {
    return refuseQueue('queue-key-differs', {
      expected: `tasks of the run ${run.id} sealed under the key in this worker's environment`,
      found: 'others',
    });
  }
  const isHeld = ({ name, fingerprint }: QueuedCircuit) =>
    circuits.some((own) => own.name === name && own.fingerprint === fingerprint);
  const other = run.circuits.find((circuit) => !isHeld(circuit));
  if (other === undefined) return undefined;
  return refuseQueue('run-of-other-keys', {
    expected: `the run ${run.id} to be of this worker's keys`,
    found: `the fingerprint ${other.fingerprint} for ${other.name}`,
  });
}

function pickFault({ code, message }: SolventError<QueueCode>) {
  return { code, message };
}
