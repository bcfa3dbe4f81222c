import type { FieldElement, RowLayout } from '../../protocol/index.js';
import { isThere } from '../../system/index.js';
import { ProofPool } from '../pool/proof-pool.js';
import type { RunPaths } from '../run/paths.js';
import { encodeRows } from './batch-file.js';
import type { BatchSeal } from './commit-batch.js';
import { BatchMaker, type CommitTask, type CommittedTask, type PointsAnswer } from './batch-maker.js';
import type { CutBatch } from './cut-rows.js';
import type { BatchSeed } from './run-seeds.js';

/** What is known of a batch that is committed to and kept: what the manifest pins of it, and maskK. */
export type PinnedBatch = BatchSeal & { readonly coverMask: FieldElement };

/** The same with its circuit's index. */
export type SealedBatch = PinnedBatch & Pick<CutBatch, 'circuit'>;

/** One batch that is to be committed to. */
export type AwaitedBatch = {
  /** b. */
  readonly index: number;
  readonly circuit: { readonly name: string; readonly fingerprint: string; readonly parameters: RowLayout };
  /** Made anew each time. */
  readonly rows: CutBatch['rows'];
  readonly seed: BatchSeed;
  /** Points of its circuit in the whole run: the more, the larger the tables that pay. */
  readonly combinations: number;
};

/** What batches are committed to with. */
export type CommittingOptions = {
  readonly paths: RunPaths;
  /** 32 bytes that all seeds of the run follow from, and that show nothing of it. */
  readonly runName: Uint8Array;
  /** Threads of this machine. */
  readonly workers: number;
  /** Whether the kernel hashes as poseidon-lite does, which was tried. */
  readonly isKernelSound: boolean;
  /** Told when a batch is kept. */
  readonly onCommitted: (index: number) => void;
};

/**
 * Makes points, lists and digests of all batches, and keeps each in a private file: by the threads of this machine, or by others
 * too. What it returns is in the order of `batches`.
 */
export type BatchCommitter = (
  batches: readonly AwaitedBatch[],
  options: CommittingOptions,
) => Promise<readonly PinnedBatch[]>;

/** Rows that take a thread several times as long as its start does. */
const ROWS_PER_THREAD = 30_000;

/** What commits to batches on this machine: threads where there are rows enough for them, else this one. */
export class BatchCommitting {
  readonly #options: CommittingOptions;
  readonly #pool: ProofPool | undefined;
  readonly #maker: BatchMaker | undefined;
  /** Batches that it works at, at a time. */
  readonly threads: number;

  private constructor(options: CommittingOptions, by: { pool?: ProofPool; maker?: BatchMaker }) {
    this.#options = options;
    this.#pool = by.pool;
    this.#maker = by.maker;
    this.threads = by.pool?.workers ?? 1;
  }

  static async open(batches: readonly AwaitedBatch[], options: CommittingOptions): Promise<BatchCommitting> {
    const rows = batches.reduce((sum, { circuit }) => sum + circuit.parameters.rows, 0);
    const threads = Math.min(options.workers, Math.floor(rows / ROWS_PER_THREAD));
    if (threads > 0) return new BatchCommitting(options, { pool: new ProofPool(threads) });
    return new BatchCommitting(options, { maker: await BatchMaker.open(options.isKernelSound) });
  }

  /**
   * Commits to a batch. @param answer what a worker made of it: only its checked points are taken.
   * @throws SolventError `point-at-infinity`; `proof-failed` where threads die.
   */
  async commit(batch: AwaitedBatch, answer?: PointsAnswer): Promise<CommittedTask> {
    const { index, circuit, rows, seed, combinations } = batch;
    const layout = circuit.parameters;
    const task: CommitTask = {
      ...{ layout, seed, combinations, records: encodeRows(layout, rows) },
      isKernelSound: this.#options.isKernelSound,
      batchPath: this.#options.paths.batch(index),
      ...(answer && { answer }),
    };
    const made = await (this.#pool?.commit(task) ?? this.#maker!.commit(task));
    this.#options.onCommitted(index);
    return made;
  }

  /** Whether an earlier command left a file of a batch; `commit` takes its points where it is of the same rows and seed. */
  isKept({ index }: AwaitedBatch): Promise<boolean> {
    return isThere(this.#options.paths.batch(index));
  }

  async close(): Promise<void> {
    await this.#pool?.close();
  }
}

/** Commits to all batches on this machine. After the first failure no further one is begun. @throws as `BatchCommitting`. */
export async function commitBatches(
  batches: readonly AwaitedBatch[],
  options: CommittingOptions,
): Promise<PinnedBatch[]> {
  const committing = await BatchCommitting.open(batches, options);
  const committed: PinnedBatch[] = [];
  const waiting = [...batches.entries()];
  let failure: { readonly error: unknown } | undefined;
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined && failure === undefined; next = waiting.shift()) {
      const [order, batch] = next;
      try {
        committed[order] = await committing.commit(batch);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  try {
    // One more than threads: each has its next batch at hand.
    await Promise.all(Array.from({ length: committing.threads + 1 }, work));
  } finally {
    await committing.close();
  }
  if (failure !== undefined) throw failure.error;
  return committed;
}
