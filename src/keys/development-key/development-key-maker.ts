import { open } from 'node:fs/promises';

import { resolveCompiledModule, ThreadEnded, ThreadPool } from '../../system/index.js';
import { ELEMENT_BYTES, POINT_BYTES, readR1cs, type Group } from '../../iden3/index.js';
import { refuseKeys } from '../errors.js';
import type { Job } from './jobs.js';
import { layOutKey, type PointRun } from './key-layout.js';
import { windowShapeFor, type WindowShape } from './window-table.js';

/** Worker threads that run jobs in the order in which they are given, until `close`. A job that fails fails alone. */
class JobPool {
  readonly #pool: ThreadPool<Job, undefined>;

  /** @throws SolventError `worker-missing`. */
  constructor(workerCount: number) {
    this.#pool = new ThreadPool(resolveCompiledModule(import.meta.url, './worker.js'), workerCount);
  }

  /** @throws the SolventError of the job; SolventError `key-worker-failed` where its thread ends early. */
  async run(job: Job): Promise<void> {
    try {
      await this.#pool.run(job);
    } catch (error) {
      if (!(error instanceof ThreadEnded)) throw error;
      throw refuseKeys('key-worker-failed', {
        expected: 'every key worker to finish its jobs',
        found: `an early end (${error.message})`,
        cause: error,
      });
    }
  }

  /** Ends all threads; what still waits fails, and only when no thread runs any more. */
  async close(): Promise<void> {
    await this.#pool.close();
  }
}

/** Points of one job: some tenths of a second. */
const POINTS_PER_JOB: Readonly<Record<Group, number>> = { G1: 16_384, G2: 4096 };

/** Points of one key that are written, of all that it has. */
export type KeyProgress = { readonly donePoints: number; readonly totalPoints: number };

type Table = {
  readonly shape: WindowShape;
  readonly table: SharedArrayBuffer;
  readonly ready: Promise<void>;
};

/**
 * Makes proving keys of Groth16 whose trapdoor existed for a moment on this machine: fast, and good for development
 * only, since whoever had kept the trapdoor could prove anything. They are `.zkey` files that snarkjs reads.
 *
 * snarkjs makes keys from powers of tau with a group operation for each coefficient. With tau at hand the sums are
 * made in the field, and what is left is one multiplication of a generator for each point.
 */
export class DevelopmentKeyMaker {
  readonly #pool: JobPool;
  readonly #tables = new Map<Group, Table>();

  /** @throws SolventError `worker-missing`. */
  constructor({ workers }: { workers: number }) {
    this.#pool = new JobPool(workers);
  }

  /**
   * Writes the key of a compiled circuit into a new file. Not whole or nothing: give it a temporary path. Keys may be
   * made at the same time.
   * @throws SolventError `file-unreadable`, `r1cs-malformed`, `key-worker-failed`; a system error where `zkeyPath`
   * exists or cannot be written.
   */
  async make(
    r1csPath: string,
    zkeyPath: string,
    { onProgress }: { onProgress?: (progress: KeyProgress) => void } = {},
  ): Promise<void> {
    const r1cs = readR1cs(r1csPath);
    const { runs, scalars: at } = layOutKey(r1cs);
    const scalars = new SharedArrayBuffer(at.count * ELEMENT_BYTES);
    const handle = await open(zkeyPath, 'wx');
    try {
      const tables = { G1: this.#tableFor('G1', runs), G2: this.#tableFor('G2', runs) };
      await this.#settle([
        this.#pool.run({ kind: 'scalars', r1cs, scalars, file: handle.fd }),
        tables.G1.ready,
        tables.G2.ready,
      ]);
      const jobs = runs.flatMap(cutRun);
      const totalPoints = jobs.reduce((sum, { count }) => sum + count, 0);
      let donePoints = 0;
      await this.#settle(
        jobs.map(async (run) => {
          const { shape, table } = tables[run.group];
          await this.#pool.run({ kind: 'points', shape, table, scalars, run, file: handle.fd });
          donePoints += run.count;
          onProgress?.({ donePoints, totalPoints });
        }),
      );
      await handle.sync();
    } finally {
      new Uint8Array(scalars).fill(0);
      await handle.close();
    }
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await this.#pool.close();
  }

  /** Waits for all, then throws what the first threw: no thread may still write when the file is closed. */
  async #settle(work: readonly Promise<void>[]): Promise<void> {
    await Promise.allSettled(work);
    await Promise.all(work);
  }

  /** A table that serves these runs: the one at hand, unless making a wider one costs less than doing without. */
  #tableFor(group: Group, runs: readonly PointRun[]): Table {
    const count = runs.filter((run) => run.group === group).reduce((sum, run) => sum + run.count, 0);
    const wanted = windowShapeFor(group, count);
    const held = this.#tables.get(group);
    if (held !== undefined) {
      const costOfHeld = held.shape.windowCount * count;
      const costOfWanted = wanted.windowCount * (count + wanted.pointsPerWindow);
      if (costOfHeld <= costOfWanted) return held;
    }
    const table = new SharedArrayBuffer(wanted.sizeBytes);
    const windows = Array.from({ length: wanted.windowCount }, (_, window) =>
      this.#pool.run({ kind: 'window', shape: wanted, window, table }),
    );
    const made: Table = { shape: wanted, table, ready: this.#settle(windows) };
    this.#tables.set(group, made);
    return made;
  }
}

function cutRun(run: PointRun): PointRun[] {
  const perJob = POINTS_PER_JOB[run.group];
  const pieces: PointRun[] = [];
  for (let start = 0; start < run.count; start += perJob) {
    pieces.push({
      group: run.group,
      firstScalar: run.firstScalar + start,
      count: Math.min(perJob, run.count - start),
      offset: run.offset + start * POINT_BYTES[run.group],
    });
  }
  return pieces;
}
