import { Worker } from 'node:worker_threads';

import { resolveCompiledModule } from '../../../../system/index.js';
import type { PartResult, ProofPart, ThreadOrder } from './task.js';

/** Who is told what a thread did. */
export type ThreadListener = {
  readonly onResult: (thread: PartThread, result: PartResult) => void;
  /** Told once where the thread ended, for whatever reason; it makes no further part. */
  readonly onEnd: (cause: Error) => void;
};

/** Threads that no pool uses, holding no key. They wait for the next pool, which so need not start its own. */
const resting: PartThread[] = [];

/** A thread that makes parts of proofs, one at a time; it holds the process only while it is at work. */
export class PartThread {
  static #started = 0;
  readonly #worker: Worker;
  #listener: ThreadListener | undefined;
  #hasEnded = false;

  private constructor() {
    this.#worker = new Worker(resolveCompiledModule(import.meta.url, './thread.js'));
    PartThread.#started += 1;
    this.#worker.unref();
    this.#worker.on('message', (result: PartResult) => {
      this.#worker.unref();
      this.#listener?.onResult(this, result);
    });
    this.#worker.on('error', (cause) => {
      this.#end(cause);
    });
    this.#worker.on('exit', () => {
      this.#end(new Error('a thread ended'));
    });
  }

  /** Threads that this one ever started. */
  static get threadsStarted(): number {
    return PartThread.#started;
  }

  /** A thread without a key: one that rested, or a new one. */
  static start(listener: ThreadListener): PartThread {
    const thread = resting.pop() ?? new PartThread();
    thread.#listener = listener;
    return thread;
  }

  /** Gives the thread an order that it does not answer. */
  send(order: ThreadOrder): void {
    this.#worker.postMessage(order);
  }

  /** Has the thread make a part, which it answers. It must not be at work. */
  work(part: ProofPart): void {
    this.#worker.ref();
    this.#worker.postMessage(part);
  }

  /** Lets go of the key, and waits for another pool. It must not be at work. */
  rest(): void {
    this.#listener = undefined;
    if (this.#hasEnded) return;
    this.send({ kind: 'rest' });
    resting.push(this);
  }

  #end(cause: Error): void {
    this.#hasEnded = true;
    const listener = this.#listener;
    this.#listener = undefined;
    const place = resting.indexOf(this);
    if (place >= 0) resting.splice(place, 1);
    listener?.onEnd(cause);
  }
}
