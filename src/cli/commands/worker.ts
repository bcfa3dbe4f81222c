import { randomBytes } from 'node:crypto';
import { availableParallelism, hostname } from 'node:os';

import { Option, type Command } from 'commander';

import { waitForKeys } from '../../keys/index.js';
import { formatCount, formatDuration } from '../../presentation/index.js';
import { ENGINE_NAMES, type EngineName } from '../../prover/index.js';
import {
  assertWorkerName,
  QUEUE_KEY_VARIABLE,
  readConnection,
  readQueueKey,
  runQueueWorker,
  type QueueNote,
  type WorkerEvent,
} from '../../queue/index.js';
import { findCacheDirectory } from '../../system/index.js';
import { addExample } from '../../verifier/command/index.js';
import { parseDuration, parseWorkers } from '../arguments.js';
import { chooseEngineKernel } from '../kernel.js';
import { addOutputOptions, writeResult, type OutputFlags } from '../output.js';

type WorkerFlags = OutputFlags & {
  readonly queue: string;
  readonly keys: string;
  readonly name?: string;
  readonly liftBan?: true;
  readonly workers?: number;
  readonly engine: EngineName;
  readonly queuePatience?: number;
};

/** `solvent worker`: commits to batches and makes proofs for `solvent prove --queue`, until it is told to end. */
export function addWorkerCommand(program: Command): void {
  const command = program
    .command('worker')
    .description('commit and make proofs for solvent prove --queue, on this machine, until it is told to end')
    .requiredOption(
      '--queue <url>',
      `the PostgreSQL database of the queue; ${QUEUE_KEY_VARIABLE} holds the key that its tasks are sealed under`,
    )
    .requiredOption('--keys <dir>', 'this machine’s own copy of the keys; runs of other keys are refused')
    .option('--workers <count>', 'worker threads (default: one for each core)', parseWorkers)
    .option('--name <name>', 'its name among the workers (default: host, process and a random number)')
    .option('--lift-ban', 'with the name of one whose answers were wrong: it is asked again')
    .addOption(new Option('--engine <name>', 'what makes the proofs').choices(ENGINE_NAMES).default('wasm'))
    .option('--queue-patience <duration>', 'how long the database may be away (default: 10m)', parseDuration);
  addOutputOptions(command, { isLong: true });
  addExample(command, 'worker --queue postgres://solvent@db.example/solvent --keys keys').action(
    async (flags: WorkerFlags) => {
      readConnection(flags.queue);
      const key = readQueueKey();
      const name = flags.name ?? drawName();
      assertWorkerName(name);
      const { circuits } = await waitForKeys(flags.keys);
      await chooseEngineKernel(flags.engine);
      const cache = findCacheDirectory();
      const made = await runQueueWorker({
        ...{ url: flags.queue, key, name, circuits },
        workers: flags.workers ?? availableParallelism(),
        engine: flags.engine,
        ...(cache === undefined ? {} : { cacheDirectory: cache }),
        liftsBan: flags.liftBan === true,
        ...(flags.queuePatience === undefined ? {} : { patienceMs: flags.queuePatience }),
        onEvent: (event) => {
          if (flags.quiet === true) return;
          process.stderr.write(`${flags.json === true ? JSON.stringify(event) : phraseEvent(event)}\n`);
        },
        signal: endOnSignal(),
      });
      writeResult(flags, {
        object: { worker: name, made },
        text: `Ended: ${formatCount(made, 'task')} answered by ${name}.\n`,
        line: String(made),
      });
    },
  );
}

/** The first signal lets the proofs at work be made; the second ends the process at once. */
function endOnSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const others = process.listeners(signal);
    process.removeAllListeners(signal);
    process.once(signal, () => {
      for (const other of others) process.once(signal, other);
      controller.abort();
    });
  }
  return controller.signal;
}

function drawName(): string {
  const host = hostname()
    .replaceAll(/[^\w.-]/g, '-')
    .slice(0, 40);
  return `${host}-${process.pid}-${randomBytes(3).toString('hex')}`;
}

function phraseEvent(event: WorkerEvent): string {
  switch (event.event) {
    case 'waiting':
      return `${event.worker} waits: no run has made the queue yet`;
    case 'joined':
      return `${event.worker} waits for tasks`;
    case 'run-accepted':
      return `Run ${event.run}: its keys are those of this machine`;
    case 'run-refused':
      return `Run ${event.run} is left to others: ${event.message} [${event.code}]`;
    case 'proof-made':
      return `Run ${event.run}: made proof ${event.batch + 1}, ${event.circuit}`;
    case 'batch-committed':
      return `Run ${event.run}: committed to batch ${event.batch + 1}, ${event.circuit}`;
    case 'answer-unwanted':
      return `Run ${event.run}: batch ${event.batch + 1} came from elsewhere already`;
    case 'task-refused':
      return `Run ${event.run}: nothing made of batch ${event.batch + 1} [${event.code}]`;
    case 'database-lost':
      return 'The database is away: trying again';
    case 'database-back':
      return 'The database is back';
  }
}

const SPENT = [
  ['sealingMs', 'sealing'],
  ['verifyingMs', 'verifying'],
  ['keepingMs', 'keeping proofs'],
  ['databaseMs', 'with the database'],
] as const;

/** What a coordinator says of its queue, in a line. */
export function phraseQueueNote(note: QueueNote): string {
  switch (note.note) {
    case 'worker-wrong':
      return `The worker ${note.worker} was wrong [${note.code}]: its task is done elsewhere${note.banned ? ', and it is not asked again' : ''}`;
    case 'worker-refuses':
      return `The worker ${note.worker} does not take the tasks of this run [${note.code}]`;
    case 'tasks-released':
      return `${formatCount(note.count, 'task')} of workers that gave no sign of life: given to others`;
    case 'no-worker':
      return `No worker is at work on this run: start solvent worker${note.stage === 'committing' ? '. This machine commits alone' : ''}`;
    case 'committed':
      return `Workers made the points of ${note.byWorkers} of ${formatCount(note.batches, 'batch', 'batches')}, this machine the others`;
    case 'ended':
      return `Queue: ${SPENT.map(([key, what]) => `${formatDuration(note[key] / 1000)} ${what}`).join(', ')}`;
    case 'database-lost':
      return 'The database of the queue is away: trying again';
    case 'database-back':
      return 'The database of the queue is back';
  }
}
