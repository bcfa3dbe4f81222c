/**
 * Proofs over the queue beside the pool of this machine, in one run and on the same batch: two workers of one thread against a pool
 * of two. Then coordinator and database alone, with workers that return a proof made before.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { makeDevelopmentKeys, type KeySet } from '../../src/keys/index.js';
import { formatNumber, renderTable } from '../../src/presentation/index.js';
import { listPublicSignals, nameOfLayout, PROFILES } from '../../src/protocol/index.js';
import type { AwaitedProof, BatchProver, FinishedProof, ProvingOptions } from '../../src/prover/index.js';
import { loadBatch } from '../../src/prover/commit/batch-file.js';
import { proveBatches } from '../../src/prover/pool/prove-batches.js';
import { runPaths } from '../../src/prover/run/paths.js';
import { QueueDatabase } from '../../src/queue/database.js';
import { encodeAnswer, encodeTask } from '../../src/queue/encoding.js';
import {
  createQueueProver,
  listQueueWorkers,
  QUEUE_KEY_VARIABLE,
  type QueueNote,
} from '../../src/queue/index.js';
import { RunSeal } from '../../src/queue/sealing.js';
import { WorkerQueue } from '../../src/queue/workers.js';
import { cacheDirectory, collectGarbage, projectRoot } from '../../src/system/index.js';
import { createPairing, type PairingBackend } from '../../src/verifier/index.js';
import { describeScript, parseEach, parseFrom, parseOneOf } from '../command-line.js';
import { startPostgres } from '../postgres-server.js';
import { BENCH_CHALLENGES, findLayout, writeBatch } from './batch.js';
import { measureSpreadCommitments } from './spread-commitments.js';

type Flags = {
  readonly profile: string;
  readonly circuit: string;
  readonly proofs: number;
  readonly tasks: readonly number[];
  readonly commitments?: number;
};

const flags = describeScript('npm run bench:queue --', {
  does: 'Measure proofs over the queue beside the pool of this machine, and what coordinator and database take alone.',
  examples: ['', '--proofs 40 --tasks 1000,10000,100000'],
})
  .option('--profile <name>', 'the sizes of the circuits', parseOneOf([...PROFILES.keys()]), 'small')
  .option('--circuit <name>', 'the circuit to prove with', 'spot-3')
  .option('--proofs <count>', 'proofs of each side of the comparison', parseFrom(8, 10_000), 24)
  .option('--tasks <counts>', 'tasks of runs with answers made before', parseEach(parseFrom(1, 1e6)), [1000])
  .option(
    '--commitments <count>',
    'instead, what spreading the commitments of so many batches of each circuit would take',
    parseFrom(1, 10_000),
  )
  .parse()
  .opts<Flags>();

/** What some rounds of proofs came to, each from its first proof that was kept to its last. */
class Side {
  readonly #name: string;
  readonly #prover: BatchProver;
  readonly #pids: readonly number[];
  #proofs = 0;
  #seconds = 0;
  #processorSeconds = 0;

  /** @param pids of processes that work for it, beside this one. */
  constructor(name: string, prover: BatchProver, pids: readonly number[]) {
    this.#name = name;
    this.#prover = prover;
    this.#pids = pids;
  }

  get rate(): number {
    return this.#proofs / this.#seconds;
  }

  /** Milliseconds of processor a proof. */
  get processorMs(): number {
    return (1000 * this.#processorSeconds) / this.#proofs;
  }

  async run(keys: KeySet, isCounted: boolean): Promise<FinishedProof> {
    const { proofs, options } = await prepare(keys, flags.proofs);
    const steps: { readonly atMs: number; readonly processor: number }[] = [];
    const onProven = () => steps.push({ atMs: performance.now(), processor: readSeconds(this.#pids) });
    const [proof] = await this.#prover(proofs, { ...options, onProven });
    if (isCounted) {
      const [first, last] = [steps[0]!, steps.at(-1)!];
      this.#proofs += steps.length - 1;
      this.#seconds += (last.atMs - first.atMs) / 1000;
      this.#processorSeconds += last.processor - first.processor;
    }
    return proof!;
  }

  describe(): string[] {
    return [this.#name, formatNumber(this.rate, 2), formatNumber(this.processorMs, 1)];
  }
}

/** Answerers of one process each would take a core from coordinator and database; these share the coordinator's. */
const ANSWERERS = 4;
/** What each answers in one go, as a machine of so many cores does. */
const ANSWERER_THREADS = 32;
const PART_REPEATS = 100;
/** Rounds of proofs that are counted, of each side. */
const ROUNDS = 2;
const directory = await mkdtemp(join(tmpdir(), 'solvent-bench-queue-'));
const server = await startPostgres();
const key = randomBytes(32);
try {
  if (flags.commitments === undefined) await measureProofs();
  else {
    await measureSpreadCommitments({
      ...{ url: server.url, directory, profile: flags.profile },
      repeats: flags.commitments,
      readDatabaseSeconds,
    });
  }
} finally {
  await server.stop();
  await rm(directory, { recursive: true, force: true });
}

async function measureProofs(): Promise<void> {
  const keys = await makeDevelopmentKeys({
    profile: PROFILES.get(flags.profile)!,
    keysDirectory: join(directory, 'keys'),
    cacheDirectory: cacheDirectory(),
    workers: 2,
  });
  const finished = await compareWithPool(keys);
  for (const isVerified of [true, false]) {
    const measured: Alone[] = [];
    for (const tasks of flags.tasks)
      measured.push(await measureAlone(keys, { tasks, isVerified, answer: finished }));
    if (measured.length > 1) console.log(describeGrowth(measured));
  }
}

/** As many proofs of one batch as are asked for, in a new run. */
async function prepare(
  { circuits }: KeySet,
  count: number,
): Promise<{
  readonly proofs: readonly AwaitedProof[];
  readonly options: ProvingOptions;
}> {
  const layout = findLayout(flags.profile, flags.circuit);
  const { digest, batchPath } = await writeBatch(layout, join(directory, 'batch'));
  const circuit = circuits.find(({ name }) => name === nameOfLayout(layout))!;
  const run = runPaths(await mkdtemp(join(directory, 'run-')));
  await mkdir(run.proofs, { recursive: true });
  const options: ProvingOptions = {
    paths: { ...run, batch: () => batchPath },
    manifestHash: randomBytes(32),
    challenges: BENCH_CHALLENGES,
    ...{ workers: 2, engine: 'wasm', cacheDirectory: cacheDirectory() },
    onProven: () => undefined,
  };
  return {
    proofs: Array.from({ length: count }, (_, index) => ({ index, digest, circuit })),
    options,
  };
}

/** The pool and the workers in turns, after one round each that is not counted. */
async function compareWithPool(keys: KeySet): Promise<FinishedProof> {
  const environment = { ...process.env, [QUEUE_KEY_VARIABLE]: key.toString('hex') };
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
  // They end with the benchmark, also where it is stopped.
  const endWorkers = () => {
    for (const worker of workers) worker.kill('SIGTERM');
  };
  process.once('exit', endWorkers);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  const overQueue = createQueueProver({ url: server.url, key });
  const pids = workers.map(({ pid }) => pid!);
  const pool = new Side('pool of two threads', proveBatches, []);
  const queue = new Side('two workers over the queue', overQueue, pids);
  let proof: FinishedProof | undefined;
  for (let round = 0; round <= ROUNDS; round++)
    for (const side of [pool, queue]) proof = await side.run(keys, round > 0);
  endWorkers();
  while ((await listQueueWorkers(server.url)).length > 0) await wait(100);
  const [rate, processor] = [queue.rate / pool.rate, queue.processorMs / pool.processorMs];
  const second = ['the second in the first', formatNumber(rate, 3), formatNumber(processor, 3)];
  const right = 'right' as const;
  const columns = ['proofs/s', 'processor ms a proof'].map((title) => ({ title, align: right }));
  console.log(renderTable([{ title: '' }, ...columns], [pool.describe(), queue.describe(), second]));
  return proof!;
}

/** What a run with answers made before came to. */
type Alone = { readonly tasks: number; readonly seconds: number; readonly processor: number };

/** Coordinator and database, with answerers of this process that return a proof made before. */
async function measureAlone(
  keys: KeySet,
  {
    tasks,
    isVerified,
    answer,
  }: { readonly tasks: number; readonly isVerified: boolean; readonly answer: FinishedProof },
): Promise<Alone> {
  const { proofs, options } = await prepare(keys, tasks);
  const ending = new AbortController();
  // What earlier measurements left behind is not this one's memory.
  await collectGarbage();
  const before = { own: readSeconds([]), database: readDatabaseSeconds() };
  let peakBytes = 0;
  const look = setInterval(() => (peakBytes = Math.max(peakBytes, process.memoryUsage.rss())), 100);
  const begunAtMs = performance.now();
  const answering = Array.from({ length: ANSWERERS }, (_, index) =>
    answerAll(`answerer-${index}`, { answer, digest: proofs[0]!.digest, signal: ending.signal }),
  );
  let spent: Extract<QueueNote, { note: 'ended' }> | undefined;
  const onNote = (note: QueueNote) => {
    if (note.note === 'ended') spent = note;
  };
  await createQueueProver({ url: server.url, key, onNote }, isVerified ? undefined : createTrustingPairing)(
    proofs,
    options,
  );
  const seconds = (performance.now() - begunAtMs) / 1000;
  clearInterval(look);
  ending.abort();
  await Promise.all(answering);
  const own = readSeconds([]) - before.own;
  const database = readDatabaseSeconds() - before.database;
  const parts = await measureParts(keys, answer);
  const verifying = isVerified ? parts.verifying : 0;
  const rest = own / tasks - parts.sealing - verifying;
  const share = (each: number) =>
    `${formatNumber(1000 * each, 2)} ms (${formatNumber((100 * each * tasks) / (own + database), 0)} %)`;
  console.log(
    `${formatNumber(tasks)} tasks of ${formatNumber(parts.taskBytes)} bytes, proofs made before and ${isVerified ? 'every one verified' : 'not verified'}: ` +
      `${formatNumber(tasks / seconds, 1)} a second, ${formatNumber(seconds, 1)} s, ${formatNumber(peakBytes / 2 ** 20)} MB at most\n` +
      `  processor time a task: verifying ${share(verifying)}, sealing ${share(parts.sealing)}, database ${share(database / tasks)}, ` +
      `the rest of coordinator and answerers ${share(rest)}\n` +
      `  ${formatNumber((1000 * (own + database)) / tasks, 2)} ms in all, which is ${formatNumber((2 * tasks) / (own + database))} a second for two processors that nobody else has\n` +
      `  the coordinator waited: sealing ${formatNumber(spent!.sealingMs / 1000, 1)} s, verifying ${formatNumber(spent!.verifyingMs / 1000, 1)} s, ` +
      `keeping ${formatNumber(spent!.keepingMs / 1000, 1)} s, database ${formatNumber(spent!.databaseMs / 1000, 1)} s; ` +
      `rows left in the queue: ${await countRows()}`,
  );
  return { tasks, seconds, processor: own + database };
}

/** Finds every proof true: what is left is what coordinator and database take. */
async function createTrustingPairing(): Promise<PairingBackend> {
  return { ...(await createPairing()), verifyProofs: () => Promise.resolve([]) };
}

/** Processor seconds that one thread takes to read and seal a batch, and to verify a proof among others. */
async function measureParts(keys: KeySet, { proof, values }: FinishedProof) {
  const { proofs, options } = await prepare(keys, PART_REPEATS);
  const { circuit, digest } = proofs[0]!;
  const seal = new RunSeal(key, 'parts');
  const beganSealing = readSeconds([]);
  let sizeBytes = 0;
  for (const { index } of proofs) {
    const { rows, seed } = await loadBatch(options.paths.batch(index), circuit.parameters);
    const task = { circuit: 0, digest, challenges: BENCH_CHALLENGES, rows, seed };
    sizeBytes = seal.seal('task', index, encodeTask(circuit.parameters, task)).length;
  }
  const sealing = (readSeconds([]) - beganSealing) / PART_REPEATS;
  const publicSignals = listPublicSignals(digest, values, BENCH_CHALLENGES);
  const pairing = await createPairing();
  const beganVerifying = readSeconds([]);
  const claims = proofs.map(() => ({ keyIndex: 0, publicSignals, proof }));
  const faults = await pairing.verifyProofs([circuit.verificationKey], claims);
  if (faults.length > 0) throw new Error('expected proofs that verify, got others');
  return { sealing, verifying: (readSeconds([]) - beganVerifying) / PART_REPEATS, taskBytes: sizeBytes };
}

/** The exponents of time over the number of tasks, from the fewest to the most. */
function describeGrowth(measured: readonly Alone[]): string {
  const [first, last] = [measured[0]!, measured.at(-1)!];
  const grow = (to: number, from: number) =>
    formatNumber(Math.log(to / from) / Math.log(last.tasks / first.tasks), 3);
  return (
    `from ${formatNumber(first.tasks)} to ${formatNumber(last.tasks)} tasks: exponent ${grow(last.seconds, first.seconds)} of seconds, ` +
    `${grow(last.processor, first.processor)} of processor time`
  );
}

async function countRows(): Promise<number> {
  const database = await QueueDatabase.open(server.url);
  const tables = ['run', 'task', 'answer', 'refusal'].map((name) => `solvent_queue.${name}`);
  let left = 0;
  for (const table of [...tables, 'solvent_pgboss.job', 'solvent_pgboss.queue', 'solvent_pgboss.archive']) {
    const [counted] = await database.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${table}`);
    left += counted!.count;
  }
  await database.close();
  return left;
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
  await queue.join(ANSWERER_THREADS);
  while (!signal.aborted) {
    const [run] = await queue.listRuns();
    const seal = run && new RunSeal(key, run.id);
    let held = run === undefined ? [] : await queue.take(run.id, ANSWERER_THREADS);
    if (held.length === 0) await wait(20);
    while (held.length > 0) {
      // As workers do, they open what they are sent, and have the next on its way.
      const answers = held.map(({ batch, sealed }) => {
        if (seal!.open('task', batch, sealed) === undefined) throw new Error('expected a sealed task');
        return { batch, sealed: seal!.seal('answer', batch, bytes) };
      });
      [held] = await Promise.all([queue.take(run!.id, ANSWERER_THREADS), queue.finish(run!.id, answers)]);
    }
    await queue.beat();
  }
  await queue.leave();
  await database.close();
}

/** Processor seconds of all processes of the database so far; those that ended are counted with its first. */
function readDatabaseSeconds(): number {
  const first = server.processId()!;
  const fieldsOf = (pid: string) => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
  };
  let ticks = fieldsOf(String(first))
    .slice(11, 15)
    .reduce((sum, field) => sum + field, 0);
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const fields = fieldsOf(pid);
      if (fields[1] === first) ticks += fields[11]! + fields[12]!;
    } catch {
      // It ended meanwhile.
    }
  }
  return ticks / 100;
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
