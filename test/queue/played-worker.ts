import pg from 'pg';

import { QueueDatabase } from '../../src/queue/database.js';
import { RunSeal } from '../../src/queue/sealing.js';
import { WorkerQueue, type HeldTask, type OpenRun } from '../../src/queue/workers.js';

/** What a worker does that a test plays itself. */
export type PlayedWorker<T> = (queue: WorkerQueue, run: OpenRun & { readonly seal: RunSeal }) => Promise<T>;

/** Waits until something is so; what never comes to be is ended by the test's own limit. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Joins a queue under a name as soon as there is a run at a stage, and does what a test wants there. */
export async function playWorker<T>(
  {
    url,
    key,
    name,
    stage,
  }: {
    readonly url: string;
    readonly key: Uint8Array;
    readonly name: string;
    readonly stage: OpenRun['stage'];
  },
  act: PlayedWorker<T>,
): Promise<T> {
  const database = await QueueDatabase.open(url);
  try {
    const queue = new WorkerQueue(database, name);
    await until(() => queue.isThere());
    await queue.join(1);
    let run: OpenRun | undefined;
    await until(async () => {
      run = (await queue.listRuns()).find((open) => open.stage === stage);
      return run !== undefined;
    });
    return await act(queue, { ...run!, seal: new RunSeal(key, run!.id) });
  } finally {
    await database.close();
  }
}

/** Takes the next task of the run, as soon as there is one. */
export async function takeNext(queue: WorkerQueue, run: string): Promise<HeldTask> {
  for (;;) {
    const [held] = await queue.take(run, 1);
    if (held !== undefined) return held;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const TABLES = [
  ...['solvent_queue.run', 'solvent_queue.task', 'solvent_queue.answer', 'solvent_queue.refusal'],
  ...['solvent_pgboss.job', 'solvent_pgboss.queue', 'solvent_pgboss.archive'],
];

/** What `countRows` counts where nothing is left. */
export const EMPTY_QUEUE: Readonly<Record<string, number>> = Object.fromEntries(
  TABLES.map((table) => [table, 0]),
);

/** Rows of a queue, but for those of workers. */
export async function countRows(url: string): Promise<Record<string, number>> {
  const client = new pg.Client(url);
  await client.connect();
  const counts: Record<string, number> = {};
  for (const table of TABLES) {
    const { rows } = await client.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${table}`);
    counts[table] = rows[0]!.count;
  }
  await client.end();
  return counts;
}
