/**
 * What the commitment phase of batches takes on the prover's machine, and what it would take there if workers of a queue made its
 * points: by the queue's own sealing, tables and transactions, on full batches.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import { formatNumber, renderTable } from '../../src/presentation/index.js';
import { nameOfLayout, PROFILES, type RowLayout } from '../../src/protocol/index.js';
import { loadBatch, saveBatch, type StoredBatch } from '../../src/prover/commit/batch-file.js';
import { listOpenings, sealBatch, splitPoints } from '../../src/prover/commit/commit-batch.js';
import { PointMaker } from '../../src/prover/commit/fixed-base.js';
import { toKeyForm } from '../../src/prover/commit/point-bytes.js';
import { spreadSeed } from '../../src/prover/commit/run-seeds.js';
import { loadFastSponge } from '../../src/prover/poseidon/fast-sponge.js';
import { QueueDatabase } from '../../src/queue/database.js';
import { encodePointsAnswer, encodeRowsTask } from '../../src/queue/encoding.js';
import { RunQueue } from '../../src/queue/run-queue.js';
import { RunSeal } from '../../src/queue/sealing.js';
import { WorkerQueue } from '../../src/queue/workers.js';
import { writeBatch } from './batch.js';

const TASKS_AT_ONCE = 32;

/** Where and how it is measured. */
export type SpreadOptions = {
  readonly url: string;
  readonly directory: string;
  readonly profile: string;
  /** Batches of each circuit. */
  readonly repeats: number;
  /** Processor seconds of the database so far. */
  readonly readDatabaseSeconds: () => number;
};

/** Milliseconds of processor a row. */
type Costs = Readonly<
  Record<'points' | 'hashes' | 'file' | 'sealing' | 'sending' | 'database' | 'checking', number>
>;

/** Prints, for each circuit of a profile with rows enough, the processor time a row of each part. */
export async function measureSpreadCommitments(options: SpreadOptions): Promise<void> {
  const layouts = PROFILES.get(options.profile)!.layouts.filter(({ rows }) => rows > 1);
  const rows = [];
  for (const layout of layouts) {
    const costs = await measureLayout(layout, options);
    const here = costs.points + costs.hashes + costs.file;
    const spread = costs.hashes + costs.file + costs.sealing + costs.sending + costs.checking;
    const each = [...Object.values(costs), here, spread, spread + costs.database];
    rows.push([nameOfLayout(layout), ...each.map((cost) => formatNumber(1000 * cost, 1))]);
  }
  const titles = ['points', 'hashes', 'file', 'sealing', 'sending', 'database', 'checking'];
  console.log('Microseconds of processor a row, on the machine of the prover but for the database:');
  console.log(
    renderTable(
      [
        { title: '' },
        ...[...titles, 'all here', 'spread', 'with database'].map((title) => ({
          title,
          align: 'right' as const,
        })),
      ],
      rows,
    ),
  );
}

async function measureLayout(layout: RowLayout, options: SpreadOptions): Promise<Costs> {
  const { repeats } = options;
  const { batchPath } = await writeBatch(layout, join(options.directory, 'commitments'));
  const { rows, seed } = await loadBatch(batchPath, layout);
  const maker = await PointMaker.open();
  // As many as a run of a million users has: tables of the largest size.
  const commit = maker.committerOf(layout, 1_000_000);
  const sponge = await loadFastSponge();
  const secrets = spreadSeed({ layout }, seed);
  const openings = listOpenings(layout, { rows, secrets });
  const points = splitPoints(rows, commit(openings));
  const answer = {
    points: toKeyForm(maker.coordinatesOf(layout, 1_000_000)(openings)),
    digest: sealBatch(sponge, layout, { rows, secrets, points }).digest,
  };
  const checker = maker.checkerOf(layout, 1_000_000);
  const perRow = async (work: (repeat: number) => unknown, times = repeats) => {
    const began = process.cpuUsage();
    for (let repeat = 0; repeat < times; repeat++) await work(repeat);
    const { user, system } = process.cpuUsage(began);
    return (user + system) / 1000 / times / layout.rows;
  };
  const stored: StoredBatch = { rows, seed, points };
  const task = { circuit: 0, rows, seed };
  const seal = new RunSeal(randomBytes(32), 'commitments');
  const write = () => seal.seal('rows', 0, encodeRowsTask(layout, task));
  const sent = await measureSending(
    { layout, sealed: write(), answered: encodePointsAnswer(answer), seal },
    options,
  );
  return {
    points: await perRow(() => commit(listOpenings(layout, { rows, secrets }))),
    hashes: await perRow(() =>
      sealBatch(sponge, layout, { rows, secrets: spreadSeed({ layout }, seed), points }),
    ),
    file: await perRow(() => saveBatch(batchPath, layout, stored)),
    sealing: await perRow(write),
    ...sent,
    checking: await perRow(() => {
      if (checker.check(listOpenings(layout, { rows, secrets }), answer.points) === undefined)
        throw new Error('expected points that are right, got others');
    }),
  };
}

/** A run of such tasks over the queue: what the prover's side of it takes, and what the database does for both sides. */
async function measureSending(
  {
    layout,
    sealed,
    answered,
    seal,
  }: {
    readonly layout: RowLayout;
    readonly sealed: Buffer;
    readonly answered: Buffer;
    readonly seal: RunSeal;
  },
  { url, repeats, readDatabaseSeconds }: SpreadOptions,
): Promise<Pick<Costs, 'sending' | 'database'>> {
  const database = await QueueDatabase.open(url);
  const run = randomBytes(16).toString('hex');
  const queue = await RunQueue.begin(database, run, { stage: 'committing', circuits: [], seal });
  const worker = new WorkerQueue(database, 'commitments');
  await worker.join(TASKS_AT_ONCE);
  const answer = seal.seal('points', 0, answered);
  const databaseBefore = readDatabaseSeconds();
  let sendingMs = 0;
  const spend = async <T>(work: () => Promise<T>): Promise<T> => {
    const began = process.cpuUsage();
    const made = await work();
    const { user, system } = process.cpuUsage(began);
    sendingMs += (user + system) / 1000;
    return made;
  };
  for (let first = 0; first < repeats; first += TASKS_AT_ONCE) {
    const batches = Array.from({ length: Math.min(TASKS_AT_ONCE, repeats - first) }, (_, at) => first + at);
    await spend(() => queue.add(batches.map((batch) => ({ batch, sealed }))));
    const held = await worker.take(run, TASKS_AT_ONCE);
    await worker.finish(
      run,
      held.map(({ batch }) => ({ batch, sealed: answer })),
    );
    await spend(async () => {
      const answers = await queue.readAnswers(TASKS_AT_ONCE, []);
      for (const { sealed: made } of answers) seal.open('points', 0, made);
      await queue.drop(answers.map(({ batch }) => batch));
    });
  }
  const databaseMs = 1000 * (readDatabaseSeconds() - databaseBefore);
  await queue.end();
  await worker.leave();
  await database.close();
  const count = repeats * layout.rows;
  return { sending: sendingMs / count, database: databaseMs / count };
}
