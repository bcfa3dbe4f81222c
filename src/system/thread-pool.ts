import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Worker } from 'node:worker_threads';

import type * as piscina from 'piscina';

import { restoreError, SolventError, type ErrorFields } from '../protocol/index.js';
import { projectRoot } from './paths.js';
import { refuseSystem } from './errors.js';

/**
 * The compiled module that a thread is started from. Node 20 loads no TypeScript. Where the module that asks runs from
 * source, as under vitest, the worker is the one that `npm run build` put into `dist`. Else it stands beside the
 * module.
 * @param moduleUrl `import.meta.url` of the module that asks. @param name of the file beside it, as in `./worker.js`.
 * @throws SolventError `worker-missing` (usage) where this project runs from source and was not built.
 */
export function resolveCompiledModule(moduleUrl: string, name: string): string {
  const beside = fileURLToPath(new URL(name, moduleUrl));
  const source = relative(projectRoot(), beside);
  const path = source.startsWith(`src${sep}`) ? join(projectRoot(), 'dist', source) : beside;
  if (existsSync(path)) return path;
  throw refuseSystem('worker-missing', {
    expected: `the compiled worker ${path}`,
    found: 'no such file',
    details: { path },
  });
}

/** What a thread answers to a task: its result, or the parts of a `SolventError`, whose class is lost between threads. */
export type Answer<Result> = { readonly result: Result } | { readonly refusal: ErrorFields };

/** Why a task got no answer: its thread ended, or the pool was closed. */
export class ThreadEnded extends Error {
  override readonly name = 'ThreadEnded';
}

const KEEP_ALIVE_MS = 60_000;

/** Loaded with the first pool: threads and most commands load this room, and start none. */
const loadPiscina = () => createRequire(import.meta.url)('piscina') as typeof piscina;

/** Runs a task in a thread of a `ThreadPool`. @throws what is no SolventError: it ends the task without an answer. */
export async function answerTask<Result>(work: () => Result | Promise<Result>): Promise<Answer<Result>> {
  try {
    return { result: await work() };
  } catch (error) {
    if (!(error instanceof SolventError)) throw error;
    const { errorClass, code, message, details } = error as SolventError;
    return { refusal: { errorClass, code, message, details } };
  }
}

/**
 * Threads that run tasks in the order in which they are given, one each at a time, until `close`. A thread that dies
 * fails its task alone, and another one takes its place.
 */
export class ThreadPool<Task, Result> {
  readonly #pool: piscina.Piscina<Task, Answer<Result>>;
  readonly #waiting = new Set<AbortController>();
  readonly #keepAlive: NodeJS.Timeout;
  #lastError: unknown;
  #closing: Promise<void> | undefined;

  /** @param entry a compiled module whose default export answers a task with `answerTask`. */
  constructor(entry: string, threads: number) {
    // Idle threads do not hold the process, and a new one is idle: without this a run could end in silence.
    this.#keepAlive = setInterval(() => undefined, KEEP_ALIVE_MS);
    const { Piscina } = loadPiscina();
    this.#pool = new Piscina<Task, Answer<Result>>({
      filename: entry,
      minThreads: threads,
      maxThreads: threads,
      recordTiming: false,
      // The flags of this process are for its own entry: a thread may fail on them.
      execArgv: [],
    });
    this.#pool.on('error', this.#onError);
    this.#pool.on('workerDestroy', this.#onThreadEnd);
  }

  /** The threads at work now. */
  get threads(): readonly Worker[] {
    return this.#pool.threads;
  }

  get isClosed(): boolean {
    return this.#closing !== undefined;
  }

  /** @throws ThreadEnded; the SolventError of the task. */
  async run(task: Task): Promise<Result> {
    const answer = await this.#ask(task);
    if ('result' in answer) return answer.result;
    throw restoreError(answer.refusal);
  }

  /** Ends all threads, at work or not. Only then do those who wait learn of it: a thread may write to their files. */
  close(): Promise<void> {
    clearInterval(this.#keepAlive);
    return (this.#closing ??= this.#pool.destroy());
  }

  async #ask(task: Task): Promise<Answer<Result>> {
    if (this.isClosed) throw new ThreadEnded('expected an open pool, got a closed one');
    const controller = new AbortController();
    this.#waiting.add(controller);
    try {
      return await this.#pool.run(task, { signal: controller.signal });
    } catch (cause) {
      await this.#closing;
      throw new ThreadEnded('expected a thread to finish its task, got an early end', {
        cause: this.#lastError ?? cause,
      });
    } finally {
      this.#waiting.delete(controller);
    }
  }

  readonly #onError = (error: unknown): void => {
    this.#lastError = error;
  };

  /** Piscina does not replace a thread that dies while it starts, and leaves the tasks that wait for one waiting. */
  readonly #onThreadEnd = (): void => {
    setImmediate(() => {
      if (this.#pool.threads.length > 0) return;
      for (const controller of this.#waiting) controller.abort();
    });
  };
}
