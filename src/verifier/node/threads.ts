import { Worker } from 'node:worker_threads';

import { SolventError } from '../../protocol/index.js';
import { refuseUse, type VerifierCode } from '../errors.js';

/**
 * Threads at rest, by what they run. They wait for the next verification, which so need not start its own. At rest they
 * do not hold the process.
 */
const resting = new Map<string, Worker[]>();

/**
 * Lends threads that run `entry` to some work, and lets them rest after it.
 * @param entry a compiled module that answers each message with one.
 * @param threads 1 or more.
 * @throws what the work throws, after ending the threads, which may be in the middle of an answer.
 */
export async function lendThreads<T>(
  { entry, threads }: { readonly entry: URL; readonly threads: number },
  work: (lent: readonly Worker[]) => Promise<T>,
): Promise<T> {
  const rested = resting.get(entry.href)?.splice(0, threads) ?? [];
  const started = Array.from({ length: threads - rested.length }, () => new Worker(entry));
  const lent = [...rested, ...started];
  for (const thread of rested) thread.off('exit', forget).off('error', ignore).ref();
  try {
    const result = await work(lent);
    for (const thread of lent) thread.on('exit', forget).on('error', ignore).unref();
    resting.set(entry.href, [...(resting.get(entry.href) ?? []), ...lent]);
    return result;
  } catch (error) {
    await Promise.all(lent.map((thread) => thread.terminate()));
    throw error;
  }
}

/**
 * Sends a thread one message and waits for its answer.
 * @throws SolventError `verifier-thread-failed` (invariant) where the thread fails or ends: no answer is an error,
 * and never "no faults".
 */
export function askThread<Answer>(thread: Worker, message: unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      thread.off('message', onMessage).off('error', onError).off('exit', onExit);
    };
    const onMessage = (answer: Answer) => {
      stop();
      resolve(answer);
    };
    const onError = (cause: unknown) => {
      stop();
      reject(failed('an answer, got an error', cause));
    };
    const onExit = (exitCode: number) => {
      stop();
      reject(failed(`an answer, got exit ${exitCode}`));
    };
    thread.on('message', onMessage).on('error', onError).on('exit', onExit);
    thread.postMessage(message);
  });
}

/** What is said where a thread did not do its work. */
export function failed(expected: string, cause?: unknown): SolventError<VerifierCode> {
  return refuseUse('verifier-thread-failed', `expected ${expected} from a thread of the verifier`, { cause });
}

function ignore(): void {
  // An error at rest ends the thread, and nobody waits for it.
}

/** A thread that ends at rest is lent no more. */
function forget(this: Worker): void {
  for (const [entry, threads] of resting) {
    resting.set(
      entry,
      threads.filter((thread) => thread !== this),
    );
  }
}
