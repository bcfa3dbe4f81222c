import { SolventError } from '../protocol/index.js';
import { listQueueWorkers, readQueueKey, type QueueOptions, type QueueWorker } from '../queue/index.js';
import { refuseOperation } from './errors.js';
import type { Operation } from './operation.js';

type NamedQueue = NonNullable<Operation['queue']>;

/** Workers of an operation's queue, or why they are not known. */
export type QueueStatus = {
  readonly workers: readonly QueueWorker[];
  readonly failure: { readonly code: string; readonly message: string } | null;
};

/** Where the queue is, and what seals its tasks. @throws SolventError `queue-unset`, `queue-key-missing`. */
export function openQueue({ variable, patience }: NamedQueue): QueueOptions {
  return {
    url: readUrl(variable),
    key: readQueueKey(),
    ...(patience === undefined ? {} : { patienceMs: patience }),
  };
}

/** Says who works on the queue of an operation; null where it has none. That it cannot be reached fails nothing else. */
export async function describeQueue({ queue }: Operation): Promise<QueueStatus | null> {
  if (queue === undefined) return null;
  try {
    return { workers: await listQueueWorkers(readUrl(queue.variable)), failure: null };
  } catch (error) {
    if (!(error instanceof SolventError)) throw error;
    const { code, message } = error as SolventError;
    return { workers: [], failure: { code, message } };
  }
}

function readUrl(variable: string): string {
  const url = process.env[variable];
  if (url !== undefined && url !== '') return url;
  throw refuseOperation('queue-unset', {
    expected: `the URL of the queue in the variable ${variable}`,
    found: 'none',
    details: { variable },
  });
}
