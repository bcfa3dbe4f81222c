import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { startPostgres, type PostgresServer } from '../../scripts/postgres-server.js';
import { BASE_FIELD_MODULUS } from '../../src/protocol/index.js';
import {
  prove,
  type AwaitedBatch,
  type PinnedBatch,
  type CommittingOptions,
  type ProvingCircuit,
} from '../../src/prover/index.js';
import { BatchMaker } from '../../src/prover/commit/batch-maker.js';
import { commitBatches } from '../../src/prover/commit/commit-batches.js';
import { runPaths } from '../../src/prover/run/paths.js';
import { createQueueCommitter } from '../../src/queue/committing.js';
import { decodeRowsTask, encodePointsAnswer, readTaskCircuit } from '../../src/queue/encoding.js';
import { listQueueWorkers, runQueueWorker, type QueueNote } from '../../src/queue/index.js';
import { equity } from '../prover/exchange.js';
import { runOptions } from '../prover/fixture.js';
import { makeCircuitKeys } from '../prover/tiny-keys.js';
import { countRows, EMPTY_QUEUE, playWorker, takeNext, until, type PlayedWorker } from './played-worker.js';

const KEY = randomBytes(32);
/** Two batches of spot-1 beside one of each other circuit. */
const ACCOUNTS = Array.from({ length: 90 }, (_, user) => ({
  userId: `user-${user}`,
  holdings: [equity(0, BigInt(user + 1))],
}));
const POINT_BYTES = 64;
const DIGEST_BYTES = 32;

let server: PostgresServer;
let database: pg.Pool;
let directory: string;
let circuits: readonly ProvingCircuit[];
let batches: readonly AwaitedBatch[];
let options: CommittingOptions;
/** What this machine alone comes to. */
let expected: readonly PinnedBatch[];
let maker: BatchMaker;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'solvent-committing-'));
  server = await startPostgres({ flags: ['-c', 'fsync=off'] });
  database = new pg.Pool({ connectionString: server.url, max: 2 });
  circuits = await makeCircuitKeys();
  const local = { directory: join(directory, 'local'), accounts: ACCOUNTS, assetCount: 3, circuits };
  const proven = prove({
    ...runOptions(local),
    commitBatches: async (given, committing) => {
      batches = given;
      options = { ...committing, onCommitted: () => undefined };
      expected = await commitBatches(given, options);
      throw new Error('nothing is proven');
    },
  });
  await expect(proven).rejects.toThrow('nothing is proven');
  maker = await BatchMaker.open(true);
});
afterAll(async () => {
  await database.end();
  await server.stop();
  await rm(directory, { recursive: true, force: true });
});
afterEach(async () => {
  await database.query('DELETE FROM solvent_queue.worker').catch(() => undefined);
});

/** Paths of a run in which nothing is kept yet. */
function pathsOf(name: string) {
  const paths = runPaths(join(directory, name));
  mkdirSync(paths.batches, { recursive: true });
  return paths;
}

/** Commits over the queue; this machine makes points of its own accord only where it is helping. */
function coordinate(
  name: string,
  { isHelping = false, ...changes }: Partial<CommittingOptions> & { isHelping?: boolean } = {},
) {
  const notes: QueueNote[] = [];
  const paths = pathsOf(name);
  const onNote = (note: QueueNote) => notes.push(note);
  const commit = createQueueCommitter({ url: server.url, key: KEY, onNote }, { isHelping });
  const ended = commit(batches, { ...options, paths, ...changes });
  ended.catch(() => undefined);
  const readBatches = () => batches.map(({ index }) => readFileSync(paths.batch(index), 'base64'));
  return { notes, ended, readBatches };
}

function work(name: string) {
  const controller = new AbortController();
  const ended = runQueueWorker({
    ...{ url: server.url, key: KEY, name, circuits, workers: 1, engine: 'wasm' },
    signal: controller.signal,
  });
  ended.catch(() => undefined);
  return () => {
    controller.abort();
    return ended;
  };
}

const play = <T>(name: string, act: PlayedWorker<T>) =>
  playWorker({ url: server.url, key: KEY, name, stage: 'committing' }, act);

/** What is kept of each batch by this machine alone. */
const readExpected = () => batches.map(({ index }) => readFileSync(options.paths.batch(index), 'base64'));

/** The right answer to a task, in clear. */
function answerTask(opened: Buffer): Buffer {
  const layout = circuits[readTaskCircuit(opened)]!.parameters;
  const { rows, seed } = decodeRowsTask(layout, opened)!;
  return encodePointsAnswer(maker.answer({ layout, seededRows: rows, seed, isKernelSound: true }));
}

/** Answers so many tasks rightly. */
function playHonest(name: string, count: number): Promise<void> {
  return play(name, async (queue, { id, seal }) => {
    for (let made = 0; made < count; made++) {
      const { batch, sealed } = await takeNext(queue, id);
      const answer = answerTask(seal.open('rows', batch, sealed)!);
      expect((await queue.finish(id, [{ batch, sealed: seal.seal('points', batch, answer) }])).size).toBe(1);
    }
  });
}

describe('commitments over the queue', () => {
  it('by two workers are those of this machine alone, kept in the same files, and leave nothing', async () => {
    const { ended, notes, readBatches } = coordinate('two');
    const stops = ['one', 'two'].map(work);
    expect(await ended).toEqual(expected);
    expect(readBatches()).toEqual(readExpected());
    const made = await Promise.all(stops.map((stop) => stop()));
    expect(made.reduce((sum, count) => sum + count, 0)).toBe(batches.length);
    expect(notes).toContainEqual({ note: 'committed', batches: batches.length, byWorkers: batches.length });
    expect(await countRows(server.url)).toEqual(EMPTY_QUEUE);
  });

  it('wait for nobody: this machine makes all where no worker comes', async () => {
    const { ended, notes, readBatches } = coordinate('alone', { isHelping: true });
    expect(await ended).toEqual(expected);
    expect(readBatches()).toEqual(readExpected());
    expect(notes).toEqual([
      { note: 'no-worker', stage: 'committing' },
      { note: 'committed', batches: batches.length, byWorkers: 0 },
    ]);
    expect(await countRows(server.url)).toEqual(EMPTY_QUEUE);
  });

  it('go on where a coordinator failed, and nobody makes again what it kept', async () => {
    let left = 2;
    const onCommitted = () => {
      if (--left === 0) throw new Error('stopped');
    };
    const { ended } = coordinate('resumed', { onCommitted });
    await playHonest('first', 3);
    await expect(ended).rejects.toThrow('stopped');
    const again = coordinate('resumed');
    // The third answer was left in the database.
    await playHonest('second', batches.length - 3);
    expect(await again.ended).toEqual(expected);
    expect(again.readBatches()).toEqual(readExpected());
    const committed = again.notes.find(({ note }) => note === 'committed');
    expect(committed).toMatchObject({ byWorkers: batches.length - 2 });
    expect(await countRows(server.url)).toEqual(EMPTY_QUEUE);
  });

  it('go to another worker when the first gives no sign of life, and show what workers are at', async () => {
    const { ended, notes } = coordinate('lost');
    await play('lost', async (queue, { id }) => {
      await takeNext(queue, id);
      expect(await listQueueWorkers(server.url)).toMatchObject([
        { name: 'lost', held: 1, stage: 'committing' },
      ]);
    });
    await database.query("UPDATE solvent_queue.worker SET seen_at = now() - interval '21 seconds'");
    await playHonest('next', batches.length);
    expect(await ended).toEqual(expected);
    expect(notes).toContainEqual({ note: 'tasks-released', count: 1 });
  });

  it('hold nothing of a batch in clear, within 64 kB', async () => {
    const { ended } = coordinate('sealed');
    await play('reader', async (queue, { id, seal }) => {
      for (let left = batches.length; left > 0; left--) {
        const { batch, sealed } = await takeNext(queue, id);
        const opened = seal.open('rows', batch, sealed)!;
        expect(sealed.length).toBeLessThanOrEqual(64 * 1024);
        expect(sealed.includes(opened.subarray(1, 33))).toBe(false);
        expect(seal.open('task', batch, sealed)).toBeUndefined();
        expect(seal.open('rows', batch + 1, sealed)).toBeUndefined();
        await queue.finish(id, [{ batch, sealed: seal.seal('points', batch, answerTask(opened)) }]);
      }
    });
    expect(await ended).toEqual(expected);
  });
});

/** Changes the first point of an answer: its x and y, times 2^256, little-endian. */
function changePoint(answer: Buffer, change: (x: bigint, y: bigint) => readonly [bigint, bigint]): Buffer {
  const changed = Buffer.from(answer);
  const first = changed.subarray(1 + DIGEST_BYTES, 1 + DIGEST_BYTES + POINT_BYTES);
  const read = (bytes: Buffer) => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
  const write = (value: bigint, at: number) =>
    Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse().copy(first, at);
  const [x, y] = change(read(first.subarray(0, 32)), read(first.subarray(32)));
  write(x, 0);
  write(y, 32);
  return changed;
}

/** The right answer for a batch. */
function answerOf(order: number): Buffer {
  const { circuit, rows, seed } = batches[order]!;
  return encodePointsAnswer(
    maker.answer({ layout: circuit.parameters, seededRows: rows, seed, isKernelSound: true }),
  );
}

describe('a worker', () => {
  const lies: [string, string, (answer: Buffer) => Buffer][] = [
    // Of the first batch, whose circuit the second is of too.
    ['what is of another batch', 'points-wrong', () => answerOf(1)],
    [
      'the other point with the x of a right one',
      'points-wrong',
      (answer) => changePoint(answer, (x, y) => [x, BASE_FIELD_MODULUS - y]),
    ],
    ['a point that is on no curve', 'points-wrong', (answer) => changePoint(answer, (x, y) => [x, y ^ 1n])],
    [
      'a coordinate that is not below p',
      'points-wrong',
      (answer) => changePoint(answer, (x, y) => [x + BASE_FIELD_MODULUS, y]),
    ],
    [
      'infinity, the one point of small order',
      'points-wrong',
      (answer) => changePoint(answer, () => [0n, 0n]),
    ],
    [
      'right points in another order',
      'points-wrong',
      (answer) => {
        const [changed, start] = [Buffer.from(answer), 1 + DIGEST_BYTES];
        answer.copy(changed, start, start + POINT_BYTES, start + 2 * POINT_BYTES);
        answer.copy(changed, start + POINT_BYTES, start, start + POINT_BYTES);
        return changed;
      },
    ],
    ['too few points', 'answer-malformed', (answer) => answer.subarray(0, -POINT_BYTES)],
    [
      'another digest',
      'digest-wrong',
      (answer) => {
        const changed = Buffer.from(answer);
        changed[DIGEST_BYTES]! ^= 1;
        return changed;
      },
    ],
    ['no points', 'proof-failed', () => encodePointsAnswer({ code: 'proof-failed' })],
    ['a text', 'answer-malformed', () => Buffer.from('a text')],
  ];
  it('that answers with something else is named, whatever it is, and the run is right', async () => {
    const waiting = [...lies];
    for (let run = 0; waiting.length > 0; run++) {
      const { ended, notes, readBatches } = coordinate(`lies-${run}`);
      const told: QueueNote[] = [];
      for (let left = batches.length; left > 0; left--) {
        const [what = 'right', code = '', lie = (answer: Buffer) => answer] = waiting.shift() ?? [];
        const name = what.replaceAll(/\W+/g, '-').slice(0, 64);
        await play(name, async (queue, { id, seal }) => {
          const held = await takeNext(queue, id);
          const answer = lie(answerTask(seal.open('rows', held.batch, held.sealed)!));
          await queue.finish(id, [{ batch: held.batch, sealed: seal.seal('points', held.batch, answer) }]);
        });
        if (code !== '') told.push({ note: 'worker-wrong', worker: name, code, banned: false });
      }
      expect(await ended).toEqual(expected);
      expect(readBatches()).toEqual(readExpected());
      expect(notes.filter(({ note }) => note === 'worker-wrong')).toEqual(told);
    }
  });

  it('that was wrong three times is not asked again, and others make the rest', async () => {
    const { ended, notes } = coordinate('banned');
    await play('liar', async (queue, { id, seal }) => {
      for (let told = 0; told < 3; told++) {
        const { batch, sealed } = await takeNext(queue, id);
        await queue.finish(id, [
          {
            batch,
            sealed: seal.seal('points', batch, answerTask(seal.open('rows', batch, sealed)!).fill(0, 1)),
          },
        ]);
      }
      await until(() => notes.some((note) => note.note === 'worker-wrong' && note.banned));
      await expect(queue.beat()).rejects.toMatchObject({
        code: 'worker-banned',
        details: { worker: 'liar' },
      });
    });
    await playHonest('honest', batches.length - 3);
    expect(await ended).toEqual(expected);
  });

  it('whose task was changed in the database says so, and its batch is made here', async () => {
    const { ended, notes } = coordinate('changed');
    await play('ready', async (_, { id }) => {
      await until(async () => {
        const changed = await database.query(
          "UPDATE solvent_queue.task SET sealed = overlay(sealed placing '\\x00'::bytea from 100) WHERE run = $1 AND batch = 1",
          [id],
        );
        return changed.rowCount === 1;
      });
    });
    const stop = work('reader');
    expect(await ended).toEqual(expected);
    await stop();
    expect(notes).toContainEqual({
      note: 'worker-wrong',
      worker: 'reader',
      code: 'task-malformed',
      banned: false,
    });
  });
});
