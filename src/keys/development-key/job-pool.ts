import { resolveCompiledModule, ThreadEnded, ThreadPool } from '../../system/index.js';
import type { Job } from './jobs.js';
import { refuseKeys } from '../errors.js';

/** Worker threads that run jobs in the order in which they are given, until `close`. A job that fails fails alone. */
export class JobPool {
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
