import { setTimeout as wait } from 'node:timers/promises';

import { bytesToHex, type FieldElement } from '../protocol/index.js';
import {
  loadBatch,
  loadStoredProof,
  packProof,
  saveProof,
  type AwaitedProof,
  type BatchProver,
  type FinishedProof,
  type ProvingOptions,
} from '../prover/index.js';
import type { PairingBackend } from '../verifier/index.js';
import { createPairingPool } from '../verifier/node/index.js';
import type { QueueDatabase } from './database.js';
import { decodeAnswer, encodeTask, readKeptValues, taskBytes } from './encoding.js';
import { refuseQueue } from './errors.js';
import { RunQueue, type SealedAnswer, type SealedTask } from './run-queue.js';
import { assertTaskSize, RunWatch, withQueue, type QueueOptions, type Spent } from './run-watch.js';
import { RunSeal } from './sealing.js';

/** Hexadecimal digits of the manifest's hash that name a run. */
const RUN_DIGITS = 32;
/** Tasks on the queue at once, beside some for each thread: so many take little room, and keep everyone at work. */
const LEAST_OPEN_TASKS = 64;
const OPEN_TASKS_PER_THREAD = 4;
/** Tasks that are put in, answers that are read, and proofs that are verified and kept in one go. */
const MAX_AT_ONCE = 128;
/** Batches that are read and sealed at a time, and proofs that are flushed to the disk. */
const MAX_FILES_AT_ONCE = 16;
/** Proofs that are worth a thread to verify them; fewer do not hold the coordinator up. */
const CLAIMS_PER_THREAD = 24;
/** Rarely enough that looking for answers costs nothing beside a proof; workers have others to go on with. */
const POLL_INTERVAL_MS = 250;
/** A task that came back without a proof so often, from several workers, ends the run. */
const MAX_REFUSALS = 3;

/**
 * What makes the proofs of a run by workers over a queue. Every proof is verified here before it is kept.
 * @param openPairing what verifies them; measurements alone give another.
 */
export function createQueueProver(
  options: QueueOptions,
  openPairing: () => Promise<PairingBackend> = () =>
    createPairingPool({ claimsPerThread: CLAIMS_PER_THREAD }),
): BatchProver {
  return (proofs, proving) =>
    withQueue(options, async (database) => {
      const pairing = await openPairing();
      const coordinator = await Coordinator.begin(database, proofs, { ...proving, ...options, pairing });
      return coordinator.run();
    });
}

/** A proof that is to be verified; one that was kept by an earlier command has no answer. */
type Candidate = FinishedProof & {
  readonly order: number;
  readonly publicSignals: readonly FieldElement[];
  readonly answer?: SealedAnswer;
};

type CoordinatorOptions = ProvingOptions & QueueOptions & { readonly pairing: PairingBackend };

class Coordinator {
  readonly #proofs: readonly AwaitedProof[];
  readonly #options: CoordinatorOptions;
  readonly #queue: RunQueue;
  readonly #seal: RunSeal;
  /** Distinct circuits, in the order of their first proofs: tasks name them by their index. */
  readonly #circuits: readonly AwaitedProof['circuit'][];
  readonly #orders: ReadonlyMap<number, number>;
  readonly #finished: FinishedProof[] = [];
  readonly #refusals = new Map<number, string[]>();
  readonly #watch: RunWatch;
  readonly #spent: Spent = { sealingMs: 0, verifyingMs: 0, keepingMs: 0, databaseMs: 0 };
  #finishedCount = 0;
  /** Batches whose answers were read, and are still in the database. */
  #inHand: readonly number[] = [];
  /** Proofs that were looked at: they are kept, or on the queue. */
  #begunCount = 0;

  private constructor(
    given: {
      readonly proofs: readonly AwaitedProof[];
      readonly circuits: readonly AwaitedProof['circuit'][];
      readonly queue: RunQueue;
      readonly seal: RunSeal;
    },
    options: CoordinatorOptions,
  ) {
    this.#proofs = given.proofs;
    this.#circuits = given.circuits;
    this.#queue = given.queue;
    this.#seal = given.seal;
    this.#options = options;
    this.#watch = new RunWatch(given.queue, 'proving', options);
    this.#orders = new Map(given.proofs.map(({ index }, order) => [index, order]));
  }

  static async begin(
    database: QueueDatabase,
    proofs: readonly AwaitedProof[],
    options: CoordinatorOptions,
  ): Promise<Coordinator> {
    const circuits = [...new Map(proofs.map(({ circuit }) => [circuit.name, circuit])).values()];
    for (const { name, parameters } of circuits) assertTaskSize(name, taskBytes(parameters));
    const run = bytesToHex(options.manifestHash).slice(0, RUN_DIGITS);
    const seal = new RunSeal(options.key, run);
    const named = circuits.map(({ name, fingerprint }) => ({ name, fingerprint }));
    const queue = await RunQueue.begin(database, run, { stage: 'proving', circuits: named, seal });
    return new Coordinator({ proofs, circuits, queue, seal }, options);
  }

  async run(): Promise<FinishedProof[]> {
    let taking = Promise.resolve();
    try {
      while (this.#finishedCount < this.#proofs.length) {
        await this.#watch.renew();
        const kept = await this.#fill();
        const answers = await this.#spend('databaseMs', () =>
          this.#queue.readAnswers(MAX_AT_ONCE, this.#inHand),
        );
        await taking;
        const isIdle = kept.length + answers.length + this.#inHand.length === 0;
        this.#inHand = answers.map(({ batch }) => batch);
        // On its way while the next are put in and read.
        taking = this.#judgeAndTake(kept, answers);
        taking.catch(() => undefined);
        if (isIdle) await wait(POLL_INTERVAL_MS);
      }
    } finally {
      // Whatever failed, no file is written after this.
      await taking.catch(() => undefined);
    }
    await taking;
    await this.#queue.end();
    this.#options.onNote?.({ note: 'ended', ...this.#spent });
    return this.#finished;
  }

  async #judgeAndTake(kept: readonly Candidate[], answers: readonly SealedAnswer[]): Promise<void> {
    await this.#take([...kept, ...(await this.#judge(answers))]);
  }

  async #spend<T>(on: keyof Spent, work: () => Promise<T>): Promise<T> {
    const begunAtMs = performance.now();
    try {
      return await work();
    } finally {
      this.#spent[on] += performance.now() - begunAtMs;
    }
  }

  /** Keeps enough tasks on the queue. @returns the proofs that are kept already, yet to be verified. */
  async #fill(): Promise<Candidate[]> {
    const open = Math.max(LEAST_OPEN_TASKS, OPEN_TASKS_PER_THREAD * this.#watch.threads);
    const room = Math.min(
      MAX_AT_ONCE,
      this.#proofs.length - this.#begunCount,
      open - (this.#begunCount - this.#finishedCount),
    );
    const orders = Array.from({ length: Math.max(0, room) }, (_, index) => this.#begunCount + index);
    this.#begunCount += orders.length;
    const kept: Candidate[] = [];
    const tasks: SealedTask[] = [];
    await this.#spend('sealingMs', () =>
      forEachOf(orders, async (order) => {
        const found = await this.#findKept(order);
        if (found !== undefined) kept.push(found);
        else tasks.push(await this.#sealTask(order));
      }),
    );
    await this.#spend('databaseMs', () => this.#queue.add(tasks));
    return kept;
  }

  async #findKept(order: number): Promise<Candidate | undefined> {
    const { index, circuit, digest } = this.#proofs[order]!;
    const { paths, challenges } = this.#options;
    const stored = await loadStoredProof(paths.proof(index));
    const values = stored && readKeptValues(circuit.parameters, { digest, challenges }, stored.publicSignals);
    return values && { order, values, ...stored };
  }

  async #sealTask(order: number): Promise<SealedTask> {
    const { index, circuit, digest } = this.#proofs[order]!;
    const { paths, challenges } = this.#options;
    const { rows, seed } = await loadBatch(paths.batch(index), circuit.parameters);
    const number = this.#circuits.findIndex(({ name }) => name === circuit.name);
    const task = encodeTask(circuit.parameters, { circuit: number, digest, challenges, rows, seed });
    const sealed = this.#seal.seal('task', index, task);
    task.fill(0);
    return { batch: index, sealed };
  }

  /** Opens answers; what is no answer to its task goes back at once. */
  async #judge(answers: readonly SealedAnswer[]): Promise<Candidate[]> {
    const candidates: Candidate[] = [];
    for (const answer of answers) {
      const order = this.#orders.get(answer.batch);
      if (order === undefined || this.#finished[order] !== undefined) {
        await this.#queue.drop([answer.batch]);
        continue;
      }
      const { circuit, digest } = this.#proofs[order]!;
      const opened = this.#seal.open('answer', answer.batch, answer.sealed);
      const task = { digest, challenges: this.#options.challenges };
      const found = opened && decodeAnswer(circuit.parameters, task, opened);
      if (found === undefined) await this.#reject(order, answer, 'answer-malformed');
      else if ('code' in found) await this.#reject(order, answer, found.code);
      else candidates.push({ ...found, order, answer });
    }
    return candidates;
  }

  /** Verifies proofs, keeps those that hold, and puts the tasks of the others on the queue. */
  async #take(candidates: readonly Candidate[]): Promise<void> {
    const wrong = await this.#spend('verifyingMs', () => this.#findWrong(candidates));
    for (const candidate of wrong) {
      if (candidate.answer !== undefined)
        await this.#reject(candidate.order, candidate.answer, 'proof-invalid');
      else await this.#queue.add([await this.#sealTask(candidate.order)]);
    }
    const right = candidates.filter((candidate) => !wrong.has(candidate));
    await this.#spend('keepingMs', () => forEachOf(right, (candidate) => this.#keep(candidate)));
    const done = right.map(({ order }) => this.#proofs[order]!.index);
    await this.#spend('databaseMs', () => this.#queue.drop(done));
  }

  async #keep({ order, answer, proof, publicSignals }: Candidate): Promise<void> {
    const { index, circuit } = this.#proofs[order]!;
    if (answer !== undefined) await saveProof(this.#options.paths.proof(index), { publicSignals, proof });
    // It may have been kept before, and its answer still be there.
    if (this.#finished[order] !== undefined) return;
    this.#finished[order] = packProof(circuit.parameters, { publicSignals, proof });
    this.#finishedCount += 1;
    this.#options.onProven(index);
  }

  async #findWrong(candidates: readonly Candidate[]): Promise<ReadonlySet<Candidate>> {
    const wrong = new Set<Candidate>();
    const keys = this.#circuits.map(({ verificationKey }) => verificationKey);
    for (;;) {
      const open = candidates.filter((candidate) => !wrong.has(candidate));
      const claims = open.map(({ order, publicSignals, proof }) => ({
        keyIndex: this.#circuits.findIndex(({ name }) => name === this.#proofs[order]!.circuit.name),
        publicSignals,
        proof,
      }));
      // A verifier names the first faults of many.
      const faults = claims.length === 0 ? [] : await this.#options.pairing.verifyProofs(keys, claims);
      if (faults.length === 0) return wrong;
      for (const { claimIndex } of faults) wrong.add(open[claimIndex]!);
    }
  }

  async #reject(order: number, answer: SealedAnswer, code: string): Promise<void> {
    const { worker } = answer;
    const { banned } = await this.#queue.reject(answer, await this.#sealTask(order));
    this.#options.onNote?.({ note: 'worker-wrong', worker, code, banned });
    const by = [...(this.#refusals.get(order) ?? []), worker];
    this.#refusals.set(order, by);
    if (by.length < MAX_REFUSALS || new Set(by).size < 2) return;
    throw refuseQueue('task-refused', {
      expected: `a proof of ${this.#proofs[order]!.circuit.name}`,
      found: `none ${by.length} times, at last ${code}`,
      details: { circuit: this.#proofs[order]!.circuit.name, workers: [...new Set(by)], code },
    });
  }
}

/** Does something for each, some at a time. */
async function forEachOf<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const waiting = [...all];
  const next = async () => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: MAX_FILES_AT_ONCE }, next));
}
