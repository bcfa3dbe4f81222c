import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';

import { QUEUE_KEY_VARIABLE } from '../src/queue/index.js';
import { startPostgres } from './postgres-server.js';

/** The variable that the operation of the demonstration names. */
export const QUEUE_VARIABLE = 'SOLVENT_DEMO_QUEUE';

/** A queue with its workers. */
export type DemoQueue = {
  /** Kills the first worker, as a power cut does, after the next proof that it makes. */
  readonly killFirst: () => void;
  readonly stop: () => Promise<void>;
};

/** Starts a PostgreSQL, puts its URL and a key of a queue into the environment of all that follows, and starts workers. */
export async function startDemoQueue({
  program,
  paths,
  workersOverQueue = 1,
}: {
  readonly program: string;
  readonly paths: Readonly<Record<'keys', string>>;
  readonly workersOverQueue?: number | undefined;
}): Promise<DemoQueue> {
  const server = await startPostgres();
  process.env[QUEUE_VARIABLE] = server.url;
  process.env[QUEUE_KEY_VARIABLE] = randomBytes(32).toString('hex');
  let isMarked = false;
  const workers = Array.from({ length: workersOverQueue }, (_, index) => {
    const name = `worker-${index + 1}`;
    const words = ['worker', '--queue', server.url, '--keys', paths.keys, '--workers', '1', '--name', name];
    console.log(`$ solvent worker --queue … --keys ${paths.keys} --workers 1 --name ${name} &`);
    const child = spawn(process.execPath, [program, ...words, '--json'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (index > 0 || !isMarked || !line.includes('"proof-made"')) return;
      isMarked = false;
      child.kill('SIGKILL');
      console.log(`\nKilled ${name} (SIGKILL) after a proof. The others go on:\n`);
    });
    return child;
  });
  console.log('');
  return {
    killFirst: () => {
      isMarked = true;
    },
    stop: async () => {
      await Promise.all(workers.map(endWorker));
      await server.stop();
    },
  };
}

async function endWorker(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}
