import { existsSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

import { projectRoot } from '../../system/index.js';
import { SolventError } from '../../protocol/index.js';
import type { DevelopmentKeyCode } from './errors.js';
import type { JobAnswer, Job } from './jobs.js';

type Waiting = {
  readonly job: Job;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Worker threads that run jobs in the order in which they are given, until `close`. A job that is refused fails alone;
 * where a thread itself fails, so does all that waits.
 */
export class JobPool {
  readonly #queue: Waiting[] = [];
  readonly #idle: Worker[] = [];
  readonly #running = new Map<Worker, Waiting>();
  readonly #workers: readonly Worker[];
  #failure: SolventError | undefined;
  #ended: Promise<void> = Promise.resolve();

  /** @throws SolventError `key-worker-missing` where this project runs from source and was not built. */
  constructor(workerCount: number) {
    const entry = workerEntry();
    this.#workers = Array.from({ length: workerCount }, () => this.#start(entry));
  }

  /** @throws the SolventError of the job; SolventError `key-worker-failed` where a thread ends early. */
  run(job: Job): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) {
        reject(this.#failure);
        return;
      }
      this.#queue.push({ job, resolve, reject });
      this.#dispatch();
    });
  }

  /** Ends all threads; what still waits fails. */
  async close(): Promise<void> {
    this.#fail(ended('the pool was closed'));
    await this.#ended;
  }

  #start(entry: string): Worker {
    // The flags of this process are for its own entry: a thread may fail on them.
    const worker = new Worker(entry, { execArgv: [] });
    worker.on('message', (answer: JobAnswer) => {
      const waiting = this.#running.get(worker);
      this.#running.delete(worker);
      this.#idle.push(worker);
      this.#dispatch();
      if (answer.done) waiting?.resolve();
      else waiting?.reject(new SolventError(answer.errorClass, answer.code, answer.message, answer));
    });
    worker.on('error', (error) => {
      this.#fail(ended('a thread threw', error));
    });
    worker.on('exit', () => {
      this.#fail(ended('a thread exited'));
    });
    this.#idle.push(worker);
    return worker;
  }

  #dispatch(): void {
    while (this.#failure === undefined && this.#queue.length > 0 && this.#idle.length > 0) {
      const worker = this.#idle.pop()!;
      const waiting = this.#queue.shift()!;
      this.#running.set(worker, waiting);
      worker.postMessage(waiting.job);
    }
  }

  /** Only when no thread runs any more do those who wait learn of it: they may close the file that one writes to. */
  #fail(failure: SolventError): void {
    if (this.#failure !== undefined) return;
    this.#failure = failure;
    const waiting = [...this.#running.values(), ...this.#queue.splice(0)];
    this.#ended = Promise.all(this.#workers.map((worker) => worker.terminate())).then(() => {
      for (const { reject } of waiting) reject(failure);
    });
  }
}

/**
 * The compiled worker. Node 20 loads no TypeScript, so where this module itself runs from source, as under vitest, the
 * worker is the one that `npm run build` put into `dist`.
 */
function workerEntry(): string {
  const beside = fileURLToPath(new URL('./worker.js', import.meta.url));
  const source = relative(projectRoot(), beside);
  const entry = source.startsWith(`src${sep}`) ? join(projectRoot(), 'dist', source) : beside;
  if (!existsSync(entry)) {
    throw new SolventError<DevelopmentKeyCode>(
      'usage',
      'key-worker-missing',
      `expected the compiled worker ${entry}, got no such file: run npm run build`,
    );
  }
  return entry;
}

function ended(what: string, cause?: unknown): SolventError<DevelopmentKeyCode> {
  return new SolventError(
    'invariant',
    'key-worker-failed',
    `expected every key worker to finish its jobs, got an early end: ${what}`,
    { cause },
  );
}
