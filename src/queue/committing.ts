import { setTimeout as wait } from 'node:timers/promises';

import { bytesToHex } from '../protocol/index.js';
import {
  BatchCommitting,
  type AwaitedBatch,
  type PinnedBatch,
  type BatchCommitter,
  type BatchProver,
  type CommittingOptions,
  type PointsAnswer,
} from '../prover/index.js';
import { createQueueProver } from './coordinator.js';
import type { QueueDatabase } from './database.js';
import { decodePointsAnswer, encodeRowsTask, rowsTaskBytes } from './encoding.js';
import { RunQueue, type SealedAnswer, type SealedTask } from './run-queue.js';
import { assertTaskSize, RunWatch, withQueue, type QueueOptions } from './run-watch.js';
import { RunSeal } from './sealing.js';

/** Hexadecimal digits that name a run. */
const RUN_DIGITS = 32;
/** Tasks on the queue at once for each thread of workers: a task takes some hundredths of a second. */
const OPEN_TASKS_PER_THREAD = 4;
/** Tasks that are put in, and answers that are read, in one go: an answer takes up to 190 kB. */
const MAX_AT_ONCE = 32;
const POLL_INTERVAL_MS = 50;

/** What commits to the batches of a run by workers over a queue and by this machine at once. */
export function createQueueCommitter(
  options: QueueOptions,
  /** Whether this machine makes points of its own accord too; not so in tests of workers. */
  { isHelping = true }: { readonly isHelping?: boolean } = {},
): BatchCommitter {
  return (batches, committing) =>
    withQueue(options, async (database) => {
      const here = await BatchCommitting.open(batches, committing);
      try {
        const shared = { ...committing, ...options, here, isHelping };
        return await (await CommittingCoordinator.begin(database, batches, shared)).run();
      } finally {
        await here.close();
      }
    });
}

/** Both stages of a run that workers take part in. */
export function spreadOver(options: QueueOptions): {
  readonly commitBatches: BatchCommitter;
  readonly proveBatches: BatchProver;
} {
  return { commitBatches: createQueueCommitter(options), proveBatches: createQueueProver(options) };
}

/** An answer that was opened; nothing of it is believed. */
type OpenedAnswer = { readonly order: number; readonly sealed: SealedAnswer } & (
  { readonly points: PointsAnswer } | { readonly code: string }
);

type Options = CommittingOptions &
  QueueOptions & { readonly here: BatchCommitting; readonly isHelping: boolean };

/**
 * Workers take batches from the front of the list. The threads of this machine look through what came back, and where there is
 * nothing to look through they commit to batches from the back, until both meet. So nobody is waited for.
 */
class CommittingCoordinator {
  readonly #batches: readonly AwaitedBatch[];
  readonly #options: Options;
  readonly #queue: RunQueue;
  readonly #seal: RunSeal;
  readonly #watch: RunWatch;
  readonly #circuits: readonly AwaitedBatch['circuit'][];
  readonly #committed: PinnedBatch[] = [];
  /** Batches that are done or under way here. */
  readonly #begun = new Set<number>();
  /** Batches on the queue that are not. */
  readonly #open = new Set<number>();
  /** The batches whose answers are looked through now. */
  readonly #underWay = new Set<number>();
  readonly #answers: OpenedAnswer[] = [];
  /** Batches that an earlier command kept: nobody else makes them again. */
  readonly #kept: number[] = [];
  /** Done, and yet to be taken from the queue. */
  #done: number[] = [];
  /** Where tasks go on from the front, and where this machine goes on from the back. */
  #front = 0;
  #back: number;
  #doneCount = 0;
  #byWorkers = 0;
  #failure: { readonly error: unknown } | undefined;

  private constructor(
    given: {
      readonly batches: readonly AwaitedBatch[];
      readonly circuits: readonly AwaitedBatch['circuit'][];
      readonly queue: RunQueue;
      readonly seal: RunSeal;
    },
    options: Options,
  ) {
    this.#batches = given.batches;
    this.#circuits = given.circuits;
    this.#queue = given.queue;
    this.#seal = given.seal;
    this.#options = options;
    this.#watch = new RunWatch(given.queue, 'committing', options);
    this.#back = given.batches.length - 1;
  }

  static async begin(
    database: QueueDatabase,
    batches: readonly AwaitedBatch[],
    options: Options,
  ): Promise<CommittingCoordinator> {
    const circuits = [...new Map(batches.map(({ circuit }) => [circuit.name, circuit])).values()];
    for (const { name, parameters } of circuits) assertTaskSize(name, rowsTaskBytes(parameters));
    const run = bytesToHex(options.runName).slice(0, RUN_DIGITS);
    const seal = new RunSeal(options.key, run);
    const named = circuits.map(({ name, fingerprint }) => ({ name, fingerprint }));
    const queue = await RunQueue.begin(database, run, { stage: 'committing', circuits: named, seal });
    const coordinator = new CommittingCoordinator({ batches, circuits, queue, seal }, options);
    for (const [order, batch] of batches.entries())
      if (await options.here.isKept(batch)) coordinator.#kept.push(order);
    for (const order of coordinator.#kept) coordinator.#begin(order);
    return coordinator;
  }

  async run(): Promise<PinnedBatch[]> {
    const hands = Array.from({ length: this.#options.here.threads }, () => this.#keep(() => this.#work()));
    await Promise.all([this.#keep(() => this.#serve()), ...hands]);
    if (this.#failure !== undefined) throw this.#failure.error;
    await this.#queue.end();
    const { onNote } = this.#options;
    onNote?.({ note: 'committed', batches: this.#batches.length, byWorkers: this.#byWorkers });
    return this.#committed;
  }

  get #isEnding(): boolean {
    return this.#failure !== undefined || this.#doneCount === this.#batches.length;
  }

  /** The first failure ends all. */
  async #keep(loop: () => Promise<void>): Promise<void> {
    try {
      await loop();
    } catch (error) {
      this.#failure ??= { error };
    }
  }

  /** Puts tasks in, reads answers, and takes back what is done. */
  async #serve(): Promise<void> {
    while (!this.#isEnding) {
      await this.#watch.renew();
      await this.#queue.add(this.#sealNext());
      // What waits to be looked through is in the database still.
      const inHand = [...this.#answers.map(({ sealed }) => sealed.batch), ...this.#done];
      const room = MAX_AT_ONCE - this.#answers.length;
      const read = room <= 0 ? [] : await this.#queue.readAnswers(room, [...inHand, ...this.#underWay]);
      for (const sealed of read) this.#answers.push(this.#read(sealed));
      const done = this.#done;
      this.#done = [];
      await this.#queue.withdraw(done);
      if (read.length + done.length === 0) await wait(POLL_INTERVAL_MS);
    }
  }

  /** The next tasks from the front, where there are workers for them. */
  #sealNext(): SealedTask[] {
    const most = Math.min(MAX_AT_ONCE, OPEN_TASKS_PER_THREAD * this.#watch.threads - this.#open.size);
    const tasks: SealedTask[] = [];
    for (; this.#front <= this.#back && tasks.length < most; this.#front++) {
      if (this.#begun.has(this.#front)) continue;
      this.#open.add(this.#front);
      tasks.push(this.#sealTask(this.#front));
    }
    return tasks;
  }

  #sealTask(order: number): SealedTask {
    const { index, circuit, rows, seed } = this.#batches[order]!;
    const number = this.#circuits.findIndex(({ name }) => name === circuit.name);
    const task = encodeRowsTask(circuit.parameters, { circuit: number, rows, seed });
    const sealed = this.#seal.seal('rows', index, task);
    task.fill(0);
    return { batch: index, sealed };
  }

  #read(sealed: SealedAnswer): OpenedAnswer {
    // Batches are numbered in the order of the list.
    const order = sealed.batch;
    const batch = this.#batches[order];
    const opened = this.#seal.open('points', sealed.batch, sealed.sealed);
    const answer = opened && batch && decodePointsAnswer(batch.circuit.parameters, opened);
    if (answer === undefined) return { order, sealed, code: 'answer-malformed' };
    return 'code' in answer ? { order, sealed, code: answer.code } : { order, sealed, points: answer };
  }

  /** What one thread does: looks through an answer, or commits to a batch itself, until nothing is left to begin. */
  async #work(): Promise<void> {
    while (!this.#isEnding) {
      const answer = this.#answers.shift();
      const own = answer === undefined ? this.#takeOwn() : undefined;
      if (answer !== undefined) await this.#take(answer);
      else if (own !== undefined) await this.#commitOwn(own);
      else await wait(POLL_INTERVAL_MS);
    }
  }

  /** The next batch that this machine commits to of its own accord. */
  #takeOwn(): number | undefined {
    const kept = this.#kept.shift();
    if (kept !== undefined || !this.#options.isHelping) return kept;
    while (this.#begun.has(this.#back)) this.#back -= 1;
    if (this.#back < 0) return undefined;
    this.#begin(this.#back);
    return this.#back;
  }

  async #commitOwn(order: number): Promise<void> {
    await this.#commit(order);
    this.#done.push(this.#batches[order]!.index);
  }

  /** Where an answer is wrong, its batch is made here, so that nobody is asked again. */
  async #take(answer: OpenedAnswer): Promise<void> {
    const { order, sealed } = answer;
    if (this.#begun.has(order) || order >= this.#batches.length) return void this.#done.push(sealed.batch);
    this.#begin(order);
    this.#underWay.add(sealed.batch);
    const fault =
      'points' in answer
        ? await this.#commit(order, answer.points)
        : (await this.#commit(order), answer.code);
    if (fault === undefined) this.#byWorkers += 1;
    else await this.#reject(sealed, fault);
    this.#done.push(sealed.batch);
    this.#underWay.delete(sealed.batch);
  }

  #begin(order: number): void {
    this.#begun.add(order);
    this.#open.delete(order);
  }

  /** @returns what is wrong with an answer. */
  async #commit(order: number, answer?: PointsAnswer): Promise<string | undefined> {
    const { fault, ...commitment } = await this.#options.here.commit(this.#batches[order]!, answer);
    this.#committed[order] = commitment;
    this.#doneCount += 1;
    return fault;
  }

  async #reject(answer: SealedAnswer, code: string): Promise<void> {
    const { banned } = await this.#queue.reject(answer);
    this.#options.onNote?.({ note: 'worker-wrong', worker: answer.worker, code, banned });
  }
}
