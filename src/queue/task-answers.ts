import { SolventError } from '../protocol/index.js';
import {
  loadCheckedSponge,
  LoadedCircuits,
  type EngineName,
  type ProofPool,
  type ProvingCircuit,
} from '../prover/index.js';
import {
  decodeRowsTask,
  decodeTask,
  encodeAnswer,
  encodePointsAnswer,
  readTaskCircuit,
  type QueueAnswer,
  type QueueTask,
} from './encoding.js';
import type { QueueCode } from './errors.js';
import type { RunSeal } from './sealing.js';
import type { HeldTask, OpenRun } from './workers.js';

/** Circuits whose keys are in memory at a time: that of now, and that before it, which another thread may be at. */
const MAX_LOADED = 2;

/** What became of a task. */
export type TaskEvent =
  | {
      readonly event: 'proof-made' | 'batch-committed';
      readonly run: string;
      readonly batch: number;
      readonly circuit: string;
    }
  | { readonly event: 'task-refused'; readonly run: string; readonly batch: number; readonly code: string };

/** A task that was taken, with what opens it. */
export type TakenTask = { readonly run: OpenRun; readonly seal: RunSeal; readonly held: HeldTask };

/** What tasks are answered with. */
export type AnswerOptions = {
  readonly circuits: readonly ProvingCircuit[];
  readonly engine: EngineName;
  readonly cacheDirectory?: string;
};

/** Answers tasks by the threads of a pool: a proof, or points and a digest, as the run's stage wants it. */
export class TaskAnswers {
  readonly #options: AnswerOptions;
  readonly #pool: ProofPool;
  readonly #keys: KeysInMemory;
  #isKernelSound: Promise<boolean> | undefined;

  constructor(pool: ProofPool, options: AnswerOptions) {
    this.#options = options;
    this.#pool = pool;
    this.#keys = new KeysInMemory(options);
  }

  /** The sealed answer to a task: what was made, or why there is nothing. */
  async answer(taken: TakenTask): Promise<{ readonly sealed: Buffer; readonly event: TaskEvent }> {
    const { run, seal, held } = taken;
    const { batch } = held;
    const [given, made] =
      run.stage === 'committing' ? (['rows', 'points'] as const) : (['task', 'answer'] as const);
    const bytes = seal.open(given, batch, held.sealed);
    const named = run.circuits[readTaskCircuit(bytes ?? Buffer.alloc(0))]?.name;
    const circuit = this.#options.circuits.find(({ name }) => name === named);
    const answer =
      run.stage === 'committing' ? this.#answerRows(circuit, bytes) : this.#answerBatch(circuit, bytes);
    const { code, encoded } = await answer;
    const event: TaskEvent =
      code === undefined
        ? {
            event: run.stage === 'committing' ? 'batch-committed' : 'proof-made',
            run: run.id,
            batch,
            circuit: circuit!.name,
          }
        : { event: 'task-refused', run: run.id, batch, code };
    return { sealed: seal.seal(made, batch, encoded), event };
  }

  async #answerBatch(circuit: ProvingCircuit | undefined, bytes: Buffer | undefined): Promise<Encoded> {
    const task = bytes && circuit && decodeTask(circuit.parameters, bytes);
    const answer = task === undefined ? MALFORMED : await orCode(() => this.#prove(task, circuit!));
    const encoded = encodeAnswer(task, answer);
    return 'code' in answer ? { encoded, code: answer.code } : { encoded };
  }

  async #answerRows(circuit: ProvingCircuit | undefined, bytes: Buffer | undefined): Promise<Encoded> {
    const task = bytes && circuit && decodeRowsTask(circuit.parameters, bytes);
    this.#isKernelSound ??= loadCheckedSponge().then(({ isFast }) => isFast);
    const isKernelSound = await this.#isKernelSound;
    const answer =
      task === undefined
        ? MALFORMED
        : await orCode(() =>
            this.#pool.answer({
              ...{ layout: circuit!.parameters, seededRows: task.rows, seed: task.seed },
              isKernelSound,
            }),
          );
    const encoded = encodePointsAnswer(answer);
    return 'code' in answer ? { encoded, code: answer.code } : { encoded };
  }

  async #prove({ digest, challenges, rows, seed }: QueueTask, circuit: ProvingCircuit): Promise<QueueAnswer> {
    const loaded = await this.#keys.get(circuit);
    return this.#pool.prove({ loaded, layout: circuit.parameters, digest, challenges, rows, seed });
  }
}

type Encoded = { readonly encoded: Buffer; readonly code?: string };

const MALFORMED = { code: 'task-malformed' satisfies QueueCode };

/** The coordinator learns of a failure by its code, and decides whose fault it is. */
async function orCode<T>(work: () => Promise<T>): Promise<T | { readonly code: string }> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SolventError) return { code: (error as SolventError).code };
    throw error;
  }
}

/** The keys of the circuits that are at work: threads come to the same ones one after the other. */
class KeysInMemory {
  readonly #circuits: LoadedCircuits;
  #recent: readonly string[] = [];

  constructor({ engine, cacheDirectory }: AnswerOptions) {
    this.#circuits = new LoadedCircuits(engine, cacheDirectory === undefined ? {} : { cacheDirectory });
  }

  async get(circuit: ProvingCircuit) {
    const recent = [circuit.name, ...this.#recent.filter((name) => name !== circuit.name)];
    this.#recent = recent.slice(0, MAX_LOADED);
    for (const name of recent.slice(MAX_LOADED)) await this.#circuits.release(name);
    return this.#circuits.get(circuit);
  }
}
