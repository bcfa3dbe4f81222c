/**
 * Proofs over the queue beside the pool of this machine, in one run and on the same batch: two workers of one thread against a pool
 * of two. Then coordinator and database alone, with workers that return a proof made before.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { makeDevelopmentKeys, type KeySet } from '../../src/keys/index.js';
import { formatNumber, renderTable } from '../../src/presentation/index.js';
import { nameOfLayout, PROFILES } from '../../src/protocol/index.js';
import type { AwaitedProof, BatchProver, FinishedProof, ProvingOptions } from '../../src/prover/index.js';
import { proveBatches } from '../../src/prover/pool/prove-batches.js';
import { runPaths } from '../../src/prover/run/paths.js';
import { QueueDatabase } from '../../src/queue/database.js';
import { encodeAnswer } from '../../src/queue/encoding.js';
import {
  createQueueProver,
  listQueueWorkers,
  QUEUE_KEY_VARIABLE,
  type QueueNote,
} from '../../src/queue/index.js';
import { RunSeal } from '../../src/queue/sealing.js';
import { WorkerQueue } from '../../src/queue/workers.js';
import { cacheDirectory, projectRoot } from '../../src/system/index.js';
import { createPairing } from '../../src/verifier/index.js';
import { describeScript, parseEach, parseFrom, parseOneOf } from '../command-line.js';
import { startPostgres } from '../postgres-server.js';
import { BENCH_CHALLENGES, findLayout, writeBatch } from './batch.js';

type Flags = {
  readonly profile: string;
  readonly circuit: string;
  readonly proofs: number;
  readonly tasks: readonly number[];
};

const flags = describeScript('npm run bench:queue --', {
  does: 'Measure proofs over the queue beside the pool of this machine, and what coordinator and database take alone.',
  examples: ['', '--proofs 40 --tasks 1000,10000,100000'],
})
  .option('--profile <name>', 'the sizes of the circuits', parseOneOf([...PROFILES.keys()]), 'small')
  .option('--circuit <name>', 'the circuit to prove with', 'spot-3')
  .option('--proofs <count>', 'proofs of each side of the comparison', parseFrom(2, 10_000), 24)
  .option('--tasks <counts>', 'tasks of runs with answers made before', parseEach(parseFrom(1, 1e6)), [1000])
  .parse()
  .opts<Flags>();

/** Answerers of one process each would take a core from coordinator and database; these share one. */
const ANSWERERS = 4;
const directory = await mkdtemp(join(tmpdir(), 'solvent-bench-queue-'));
const server = await startPostgres();
const key = randomBytes(32);
try {
  const keys = await makeDevelopmentKeys({
    profile: PROFILES.get(flags.profile)!,
    keysDirectory: join(directory, 'keys'),
    cacheDirectory: cacheDirectory(),
    workers: 2,
  });
  const finished = await compareWithPool(keys);
  for (const isVerified of [true, false])
    for (const tasks of flags.tasks) await measureAlone(keys, { tasks, isVerified, answer: finished });
} finally {
  await server.stop();
  await rm(directory, { recursive: true, force: true });
}

/** As many proofs of one batch as are asked for, in a new run. */
async function prepare(
  { circuits }: KeySet,
  count: number,
): Promise<{
  readonly proofs: readonly AwaitedProof[];
  readonly options: ProvingOptions;
  readonly steps: number[];
}> {
  const layout = findLayout(flags.profile, flags.circuit);
  const { digest, batchPath } = await writeBatch(layout, join(directory, 'batch'));
  const circuit = circuits.find(({ name }) => name === nameOfLayout(layout))!;
  const run = runPaths(await mkdtemp(join(directory, 'run-')));
  await mkdir(run.proofs, { recursive: true });
  const steps: number[] = [];
  const options: ProvingOptions = {
    paths: { ...run, batch: () => batchPath },
    manifestHash: randomBytes(32),
    challenges: BENCH_CHALLENGES,
    ...{ workers: 2, engine: 'wasm', cacheDirectory: cacheDirectory() },
    onProven: () => steps.push(performance.now()),
  };
  return {
    proofs: Array.from({ length: count }, (_, index) => ({ index, digest, circuit })),
    options,
    steps,
  };
}

/** Proofs a second from the first that is kept to the last, and processor seconds of all but the database. */
async function compareWithPool(keys: KeySet): Promise<FinishedProof> {
  const environment = { ...process.env, [QUEUE_KEY_VARIABLE]: key.toString('hex') };
  const measure = async (prover: BatchProver, pids: readonly number[]) => {
    const { proofs, options, steps } = await prepare(keys, flags.proofs);
    const before = readSeconds(pids);
    const [first] = await prover(proofs, options);
    const seconds = (steps.at(-1)! - steps[0]!) / 1000;
    return { rate: (steps.length - 1) / seconds, processor: readSeconds(pids) - before, first: first! };
  };
  await measure(proveBatches, []);
  const pool = await measure(proveBatches, []);
  const program = join(projectRoot(), 'dist/src/cli/main.js');
  const workers = ['one', 'two'].map((name) =>
    spawn(
      process.execPath,
      [
        program,
        'worker',
        '--queue',
        server.url,
        '--keys',
        join(directory, 'keys'),
        '--workers',
        '1',
        '--name',
        name,
      ],
      { env: environment, stdio: 'ignore' },
    ),
  );
  const overQueue = createQueueProver({ url: server.url, key });
  const pids = workers.map(({ pid }) => pid!);
  await measure(overQueue, pids);
  const queue = await measure(overQueue, pids);
  for (const worker of workers) worker.kill('SIGTERM');
  while ((await listQueueWorkers(server.url)).length > 0) await wait(100);
  const row = (name: string, { rate, processor }: typeof pool) => [
    name,
    formatNumber(rate, 2),
    formatNumber((1000 * processor) / flags.proofs, 1),
  ];
  console.log(
    renderTable(
      [
        { title: '' },
        { title: 'proofs/s', align: 'right' },
        { title: 'processor ms a proof', align: 'right' },
      ],
      [
        row('pool of two threads', pool),
        row('two workers over the queue', queue),
        [
          'the second in the first',
          formatNumber(queue.rate / pool.rate, 3),
          formatNumber(queue.processor / pool.processor, 3),
        ],
      ],
    ),
  );
  return pool.first;
}

/** Coordinator and database, with answerers of this process that return a proof made before. */
async function measureAlone(
  keys: KeySet,
  {
    tasks,
    isVerified,
    answer,
  }: { readonly tasks: number; readonly isVerified: boolean; readonly answer: FinishedProof },
): Promise<void> {
  const { proofs, options } = await prepare(keys, tasks);
  const ending = new AbortController();
  let spent: Extract<QueueNote, { note: 'ended' }> | undefined;
  const answering = Array.from({ length: ANSWERERS }, (_, index) =>
    answerAll(`answerer-${index}`, { answer, digest: proofs[0]!.digest, signal: ending.signal }),
  );
  const onNote = (note: QueueNote) => {
    if (note.note === 'ended') spent = note;
  };
  const pairing = isVerified
    ? createPairing
    : async () => ({ ...(await createPairing()), verifyProofs: () => Promise.resolve([]) });
  const begunAtMs = performance.now();
  await createQueueProver({ url: server.url, key, onNote }, pairing)(proofs, options);
  const seconds = (performance.now() - begunAtMs) / 1000;
  ending.abort();
  await Promise.all(answering);
  const share = (ms: number) => `${formatNumber(ms / seconds / 10)} %`;
  const { sealingMs, verifyingMs, keepingMs, databaseMs } = spent!;
  console.log(
    `${formatNumber(tasks)} tasks, proofs made before and ${isVerified ? 'every one verified' : 'not verified'}: ${formatNumber(tasks / seconds, 1)} a second; ` +
      `sealing ${share(sealingMs)}, verifying ${share(verifyingMs)}, keeping ${share(keepingMs)}, database ${share(databaseMs)}; ` +
      `${formatNumber(process.resourceUsage().maxRSS / 1024)} MB at most so far`,
  );
}

async function answerAll(
  name: string,
  {
    answer,
    digest,
    signal,
  }: {
    readonly answer: FinishedProof;
    readonly digest: AwaitedProof['digest'];
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const database = await QueueDatabase.open(server.url);
  const queue = new WorkerQueue(database, name);
  const bytes = encodeAnswer({ digest, challenges: BENCH_CHALLENGES }, answer);
  while (!(await queue.isThere())) await wait(20);
  await queue.join(1);
  while (!signal.aborted) {
    const [run] = await queue.listRuns();
    const seal = run && new RunSeal(key, run.id);
    let held = run && (await queue.take(run.id));
    if (held === undefined) await wait(20);
    for (; held !== undefined; held = await queue.take(held.run))
      await queue.finish(held, seal!.seal('answer', held.batch, bytes));
    await queue.beat();
  }
  await queue.leave();
  await database.close();
}

/** Processor seconds of this process and of others, all their threads. */
function readSeconds(pids: readonly number[]): number {
  const { user, system } = process.cpuUsage();
  const others = pids.map((pid) => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  });
  return others.reduce((sum, seconds) => sum + seconds, (user + system) / 1e6);
}
