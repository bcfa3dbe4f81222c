import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

import { projectRoot } from '../../../../platform/index.js';
import { SolventError } from '../../../../protocol/index.js';
import type { SharedProvingKey } from '../../engine.js';
import type { EngineCode } from '../../errors.js';
import type { PartResult, ProofPart } from './task.js';

type Waiting = {
  readonly part: ProofPart;
  readonly resolve: (result: PartResult) => void;
  readonly reject: (error: Error) => void;
};

/** Threads that make parts of one proof at a time each; a thread that dies fails all parts. */
export class ThreadPool {
  readonly #threads: readonly Worker[];
  readonly #idle: Worker[];
  readonly #atWork = new Map<Worker, Waiting>();
  readonly #queue: Waiting[] = [];
  #failure: Error | undefined;

  constructor(key: SharedProvingKey, threadCount: number) {
    this.#threads = Array.from(
      { length: threadCount },
      () => new Worker(resolveThreadFile(), { workerData: key }),
    );
    this.#idle = [...this.#threads];
    for (const thread of this.#threads) {
      thread.unref();
      thread.on('message', (result: PartResult) => {
        this.#finish(thread, result);
      });
      thread.on('error', (cause) => {
        this.#fail(cause);
      });
      thread.on('exit', () => {
        this.#fail(new Error('a thread ended'));
      });
    }
  }

  get threadCount(): number {
    return this.#threads.length;
  }

  /** Makes a part when a thread is free; an urgent one before all that wait. @throws SolventError `proving-failed`. */
  make(part: ProofPart, { isUrgent = false }: { isUrgent?: boolean } = {}): Promise<PartResult> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) {
        reject(this.#failure);
        return;
      }
      const waiting = { part, resolve, reject };
      if (isUrgent) this.#queue.unshift(waiting);
      else this.#queue.push(waiting);
      this.#assign();
    });
  }

  async close(): Promise<void> {
    this.#fail(new Error('the pool was closed'));
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }

  #assign(): void {
    while (this.#idle.length > 0 && this.#queue.length > 0) {
      const thread = this.#idle.pop()!;
      const waiting = this.#queue.shift()!;
      this.#atWork.set(thread, waiting);
      // A thread at work keeps the process alive; an idle one does not.
      thread.ref();
      thread.postMessage(waiting.part);
    }
  }

  #finish(thread: Worker, result: PartResult): void {
    const waiting = this.#atWork.get(thread)!;
    this.#atWork.delete(thread);
    this.#idle.push(thread);
    thread.unref();
    waiting.resolve(result);
    this.#assign();
  }

  #fail(cause: Error): void {
    this.#failure ??= new SolventError<EngineCode>(
      'proving',
      'proving-failed',
      `expected ${this.#threads.length} threads to share a proof, got one that stopped: give them more memory, or make fewer`,
      { cause },
    );
    for (const { reject } of [...this.#atWork.values(), ...this.#queue]) reject(this.#failure);
    this.#atWork.clear();
    this.#queue.length = 0;
  }
}

/** The compiled module: no thread can be started from a source in TypeScript. */
function resolveThreadFile(): string {
  return import.meta.url.endsWith('.js')
    ? fileURLToPath(new URL('./thread.js', import.meta.url))
    : join(projectRoot(), 'dist', 'src', 'prover', 'engine', 'wasm', 'latency', 'thread.js');
}
