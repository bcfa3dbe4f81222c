import { SolventError } from '../../../../protocol/index.js';
import type { SharedProvingKey } from '../../engine.js';
import type { EngineCode } from '../../errors.js';
import type { PartResult, ProofPart, ThreadOrder } from './task.js';
import { PartThread } from './part-thread.js';

type Waiting = {
  readonly part: ProofPart;
  readonly resolve: (result: PartResult) => void;
  readonly reject: (error: Error) => void;
};

/** Threads that make parts of one proof at a time each; a thread that dies fails all parts. */
export class ThreadPool {
  readonly threadCount: number;
  readonly #idle: PartThread[];
  readonly #atWork = new Map<PartThread, Waiting>();
  readonly #queue: Waiting[] = [];
  #failure: Error | undefined;

  constructor(key: SharedProvingKey, threadCount: number) {
    this.threadCount = threadCount;
    this.#idle = Array.from({ length: threadCount }, () =>
      PartThread.start({
        onResult: (thread, result) => {
          this.#finish(thread, result);
        },
        onEnd: (cause) => {
          this.#fail(cause);
        },
      }),
    );
    const order: ThreadOrder = { kind: 'key', key };
    for (const thread of this.#idle) thread.send(order);
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

  /** Lets the threads rest, those at work as soon as their part is made. */
  close(): void {
    this.#fail(new Error('the pool was closed'));
    for (const thread of this.#idle.splice(0)) thread.rest();
  }

  #assign(): void {
    while (this.#idle.length > 0 && this.#queue.length > 0) {
      const thread = this.#idle.pop()!;
      const waiting = this.#queue.shift()!;
      this.#atWork.set(thread, waiting);
      thread.work(waiting.part);
    }
  }

  #finish(thread: PartThread, result: PartResult): void {
    const waiting = this.#atWork.get(thread);
    this.#atWork.delete(thread);
    if (this.#failure !== undefined) {
      // Nobody waits for this part any more, and no other one will come.
      thread.rest();
      return;
    }
    this.#idle.push(thread);
    waiting?.resolve(result);
    this.#assign();
  }

  #fail(cause: Error): void {
    this.#failure ??= new SolventError<EngineCode>(
      'proving',
      'proving-failed',
      `expected ${this.threadCount} threads to share a proof, got one that stopped: give them more memory, or make fewer`,
      { cause },
    );
    for (const { reject } of [...this.#atWork.values(), ...this.#queue]) reject(this.#failure);
    this.#atWork.clear();
    this.#queue.length = 0;
  }
}
