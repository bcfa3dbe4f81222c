import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { startPostgres, type PostgresServer } from '../../scripts/postgres-server.js';
import { loadStoredProof, prove, type ProvingCircuit } from '../../src/prover/index.js';
import { runPaths } from '../../src/prover/run/paths.js';
import { QueueDatabase } from '../../src/queue/database.js';
import { encodeAnswer, type QueueAnswer } from '../../src/queue/encoding.js';
import {
  listQueueWorkers,
  readConnection,
  readQueueKey,
  runQueueWorker,
  spreadOver,
  type QueueNote,
  type WorkerEvent,
  type WorkerOptions,
} from '../../src/queue/index.js';
import { RunQueue } from '../../src/queue/run-queue.js';
import { RunSeal } from '../../src/queue/sealing.js';
import { WorkerQueue, type HeldTask } from '../../src/queue/workers.js';
import { cacheDirectory } from '../../src/system/index.js';
import { debt, equity } from '../prover/exchange.js';
import { runOptions, type Exchange } from '../prover/fixture.js';
import { makeCircuitKeys } from '../prover/tiny-keys.js';
import { countRows, EMPTY_QUEUE, playWorker, takeNext, until, type PlayedWorker } from './played-worker.js';
import { makeServerCertificate } from './server-certificate.js';

const KEY = randomBytes(32);
const ACCOUNTS = [
  { userId: 'alice', holdings: [equity(0, 900_000n), debt(1, 5n)] },
  { userId: 'bob', holdings: [equity(2, 7n)] },
];
const HASH_BYTES = 32;

let server: PostgresServer;
let database: pg.Pool;
let directory: string;
let circuits: readonly ProvingCircuit[];
/** A run that was sealed and proven by threads of this machine. */
let local: Exchange;
let manifestHash: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'solvent-queue-'));
  server = await startPostgres({ flags: ['-c', 'fsync=off'] });
  database = new pg.Pool({ connectionString: server.url, max: 2 });
  circuits = await makeCircuitKeys();
  local = { directory: join(directory, 'local'), accounts: ACCOUNTS, assetCount: 3, circuits };
  manifestHash = (await prove(runOptions(local))).manifestHash;
});
afterAll(async () => {
  await database.end();
  await server.stop();
  await rm(directory, { recursive: true, force: true });
});
afterEach(async () => {
  // Whatever a test left of workers; of runs nothing is left.
  await database.query('DELETE FROM solvent_queue.worker').catch(() => undefined);
});

/** The run of `local` once more, sealed and without its proofs but for the first few. */
function copyRun(name: string, kept = 0): Exchange {
  const copy = { ...local, directory: join(directory, name) };
  const [from, to] = [runPaths(local.directory), runPaths(copy.directory)];
  cpSync(from.private, to.private, { recursive: true });
  for (let index = kept; index < circuits.length; index++) execFileSync('rm', [to.proof(index)]);
  return copy;
}

/** The run of `local` before it was committed to: its secret and its salt are the same. */
function copyBeginning(name: string): Exchange {
  const copy = copyRun(name);
  const { batches, sealed } = runPaths(copy.directory);
  for (const path of [batches, sealed]) execFileSync('rm', ['-r', path]);
  return copy;
}

/** Coordinates a run; its notes, and when it ends the hash of its manifest. */
function coordinate(exchange: Exchange, changes: { url?: string; patienceMs?: number; key?: Buffer } = {}) {
  const notes: QueueNote[] = [];
  const onNote = (note: QueueNote) => notes.push(note);
  const overQueue = spreadOver({ url: server.url, key: KEY, onNote, ...changes });
  const ended = prove({ ...runOptions(exchange), ...overQueue }).then((result) => result.manifestHash);
  ended.catch(() => undefined);
  return { notes, ended };
}

/** Starts a worker of one thread; `stop` lets it finish. */
function work(changes: Partial<WorkerOptions> = {}) {
  const events: WorkerEvent[] = [];
  const controller = new AbortController();
  const ended = runQueueWorker({
    ...{ url: server.url, key: KEY, name: 'honest', circuits, workers: 1, engine: 'wasm' },
    cacheDirectory: cacheDirectory(),
    onEvent: (event) => events.push(event),
    ...{ signal: controller.signal, ...changes },
  });
  ended.catch(() => undefined);
  const stop = async () => {
    controller.abort();
    return ended;
  };
  return { events, stop, ended };
}

const play = <T>(name: string, act: PlayedWorker<T>) =>
  playWorker({ url: server.url, key: KEY, name, stage: 'proving' }, act);

/** Answers one task; whether that was still wanted. */
async function finish(queue: WorkerQueue, { run, batch }: HeldTask, sealed: Buffer): Promise<boolean> {
  return (await queue.finish(run, [{ batch, sealed }])).has(batch);
}

/** The answer that an honest worker gave for a batch. */
async function readAnswer(batch: number): Promise<Buffer> {
  const { publicSignals, proof } = (await loadStoredProof(runPaths(local.directory).proof(batch)))!;
  const points = [...proof.a, ...proof.b.flat(), ...proof.c].map(BigInt);
  const words = [...publicSignals, ...points].map((word) => word.toString(16).padStart(2 * HASH_BYTES, '0'));
  return Buffer.from(`01${words.join('')}`, 'hex');
}

describe('a run over the queue', () => {
  it('comes to the manifest of the run without it, makes what is missing alone, and leaves nothing', async () => {
    const worker = work();
    const { ended, notes } = coordinate(copyRun('missing', 2));
    expect(await ended).toBe(manifestHash);
    expect(await worker.stop()).toBe(circuits.length - 2);
    expect(notes.filter(({ note }) => !['no-worker', 'committed', 'ended'].includes(note))).toEqual([]);
    expect(await countRows(server.url)).toEqual(EMPTY_QUEUE);
    expect(await listQueueWorkers(server.url)).toEqual([]);
  });

  it('comes to the same manifest where nothing of it is there but secret and salt', async () => {
    const worker = work();
    const { ended, notes } = coordinate(copyBeginning('beginning'));
    expect(await ended).toBe(manifestHash);
    await worker.stop();
    expect(notes.map(({ note }) => note)).toContain('committed');
    expect(await countRows(server.url)).toEqual(EMPTY_QUEUE);
  });

  it('makes a kept proof again that no longer verifies', async () => {
    const exchange = copyRun('damaged', circuits.length);
    const path = runPaths(exchange.directory).proof(0);
    const text = await readFile(path, 'utf8');
    const { writeFile } = await import('node:fs/promises');
    await writeFile(
      path,
      text.replace(/"a":\["(\d)/, (_, digit: string) => `"a":["${(Number(digit) % 2) + 1}`),
      {
        mode: 0o600,
      },
    );
    const worker = work();
    expect(await coordinate(exchange).ended).toBe(manifestHash);
    expect(await worker.stop()).toBe(1);
  });

  it('shows its workers while it runs', async () => {
    const { ended } = coordinate(copyRun('shown', 3));
    await play('shown', async (queue, { id, seal }) => {
      const held = await takeNext(queue, id);
      expect(await listQueueWorkers(server.url)).toMatchObject([
        { name: 'shown', threads: 1, isAtWork: true, held: 1, made: 0, wrong: 0, banned: false },
      ]);
      await finish(queue, held, seal.seal('answer', held.batch, await readAnswer(held.batch)));
    });
    expect(await ended).toBe(manifestHash);
  });

  it('ends by name where no worker comes', async () => {
    const { ended, notes } = coordinate(copyRun('lonely', 3), { patienceMs: 0 });
    await expect(ended).rejects.toMatchObject({ code: 'workers-missing', errorClass: 'usage' });
    expect(notes).toContainEqual({ note: 'no-worker', stage: 'proving' });
    // The same command goes on.
    const worker = work();
    expect(await coordinate(copyRun('lonely-again', 3)).ended).toBe(manifestHash);
    await worker.stop();
    expect(await countRows(server.url)).toEqual(EMPTY_QUEUE);
  });
});

it('a worker that refuses a run while it ends outlives it', async () => {
  const own = await QueueDatabase.open(server.url);
  const run = 'cd'.repeat(16);
  const seal = new RunSeal(KEY, run);
  const queue = await RunQueue.begin(own, run, { stage: 'proving', circuits: [], seal });
  const worker = new WorkerQueue(own, 'refusing');
  await worker.join(1);
  const ending = await database.connect();
  await ending.query('BEGIN');
  await ending.query('DELETE FROM solvent_queue.run WHERE id = $1', [run]);
  // It still sees the run, and waits for whoever ends it.
  const answering = worker.answerRun(run, 'run-of-other-keys');
  await until(async () => {
    const waiting = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%refusal%'";
    return (await database.query(waiting)).rowCount === 1;
  });
  await ending.query('COMMIT');
  ending.release();
  await expect(answering).resolves.toBeUndefined();
  await worker.leave();
  await queue.end();
  await own.close();
});

it('a run whose key was changed, or that nobody went on with, is dropped with its tasks', async () => {
  const own = await QueueDatabase.open(server.url);
  for (const run of [manifestHash.slice(0, 32), 'ab'.repeat(16)]) {
    const seal = new RunSeal(randomBytes(32), run);
    const queue = await RunQueue.begin(own, run, { stage: 'proving', circuits: [], seal });
    await queue.add([0, 1].map((batch) => ({ batch, sealed: seal.seal('task', batch, Buffer.alloc(9)) })));
    const worker = new WorkerQueue(own, 'gone');
    await worker.join(1);
    expect(await worker.take(run, 1)).toHaveLength(1);
  }
  await database.query(
    "UPDATE solvent_queue.run SET seen_at = now() - interval '31 days' WHERE id LIKE 'ab%'",
  );
  await own.close();
  const worker = work();
  expect(await coordinate(copyRun('rekeyed', 2)).ended).toBe(manifestHash);
  await worker.stop();
  expect(await countRows(server.url)).toEqual(EMPTY_QUEUE);
});

describe('a task', () => {
  it('goes to another worker when its own gives no sign of life, and the late answer counts', async () => {
    const { ended, notes } = coordinate(copyRun('late', 3));
    await play('first', async (first, { id, seal }) => {
      const held = await takeNext(first, id);
      await database.query("UPDATE solvent_queue.worker SET seen_at = now() - interval '21 seconds'");
      await play('second', async (second) => {
        const again = await takeNext(second, id);
        expect(again.batch).toBe(held.batch);
        const answer = seal.seal('answer', held.batch, await readAnswer(held.batch));
        expect(await finish(first, held, answer)).toBe(true);
        expect(await finish(second, again, answer)).toBe(false);
      });
    });
    expect(await ended).toBe(manifestHash);
    expect(notes).toContainEqual({ note: 'tasks-released', count: 1 });
  });

  it('stays with a worker that gives signs of life', async () => {
    const { ended } = coordinate(copyRun('alive', 3));
    await play('alive', async (first, { id, seal }) => {
      const held = await takeNext(first, id);
      await database.query("UPDATE solvent_queue.worker SET seen_at = now() - interval '21 seconds'");
      await first.beat();
      await play('idle', async (second) => {
        // Twice the interval at which leases are looked at, counted by the coordinator's own signs of life.
        const { rows } = await database.query<{ at: Date }>('SELECT seen_at AS at FROM solvent_queue.run');
        await until(async () => {
          await first.beat();
          const seen = await database.query('SELECT FROM solvent_queue.run WHERE seen_at > $1', [
            rows[0]!.at,
          ]);
          return seen.rowCount === 1;
        });
        expect(await second.take(id, 1)).toEqual([]);
      });
      await finish(first, held, seal.seal('answer', held.batch, await readAnswer(held.batch)));
    });
    expect(await ended).toBe(manifestHash);
  });

  it('is given out once more where its worker begins anew under its name', async () => {
    const { ended } = coordinate(copyRun('renamed', 3));
    await play('same', async (first, { id }) => {
      const held = await takeNext(first, id);
      await play('same', async (again, { seal }) => {
        expect((await takeNext(again, id)).batch).toBe(held.batch);
        await expect(first.beat()).rejects.toMatchObject({ code: 'worker-replaced' });
        await finish(again, held, seal.seal('answer', held.batch, await readAnswer(held.batch)));
      });
    });
    expect(await ended).toBe(manifestHash);
  });

  it('whose bytes were changed in the database is sealed anew', async () => {
    const { ended, notes } = coordinate(copyRun('changed', 3));
    await until(async () => {
      const changed = await database
        .query("UPDATE solvent_queue.task SET sealed = overlay(sealed placing '\\x00'::bytea from 100)")
        .catch(() => undefined);
      return changed?.rowCount === 1;
    });
    const worker = work({ name: 'reader' });
    expect(await ended).toBe(manifestHash);
    await worker.stop();
    expect(notes).toContainEqual({
      ...{ note: 'worker-wrong', worker: 'reader', code: 'task-malformed', banned: false },
    });
  });

  it('holds nothing of its batch in clear, and has one size for a circuit', async () => {
    const { ended } = coordinate(copyRun('sealed', 0));
    await play('reader', async (queue, { id, seal }) => {
      for (const { name } of circuits) {
        const { batch, sealed } = await takeNext(queue, id);
        const opened = seal.open('task', batch, sealed)!;
        expect(name).toBe(circuits[batch]!.name);
        expect(sealed.length).toBe(opened.length + 28);
        expect(sealed.length).toBeLessThanOrEqual(64 * 1024);
        expect(sealed.includes(opened.subarray(1, 33))).toBe(false);
        expect(seal.open('answer', batch, sealed)).toBeUndefined();
        expect(seal.open('task', batch + 1, sealed)).toBeUndefined();
        expect(new RunSeal(randomBytes(32), id).open('task', batch, sealed)).toBeUndefined();
        await finish(queue, { run: id, batch, sealed }, seal.seal('answer', batch, await readAnswer(batch)));
      }
    });
    expect(await ended).toBe(manifestHash);
  });
});

describe('a worker', () => {
  const answers: [string, string, (batch: number, seal: RunSeal) => Promise<Buffer>][] = [
    [
      'the proof of another batch',
      'answer-malformed',
      async (batch, seal) => seal.seal('answer', batch, await readAnswer((batch + 1) % 4)),
    ],
    [
      'another proof with the signals of this one',
      'proof-invalid',
      async (batch, seal) => {
        const [own, other] = [await readAnswer(batch), await readAnswer((batch + 1) % 4)];
        other.subarray(-8 * HASH_BYTES).copy(own, own.length - 8 * HASH_BYTES);
        return seal.seal('answer', batch, own);
      },
    ],
    [
      'a point that is on no curve',
      'proof-invalid',
      async (batch, seal) => {
        const own = await readAnswer(batch);
        own[own.length - 1]! ^= 1;
        return seal.seal('answer', batch, own);
      },
    ],
    [
      'what was sealed for another batch',
      'answer-malformed',
      async (batch, seal) => seal.seal('answer', batch + 1, await readAnswer(batch)),
    ],
    [
      'no proof',
      'proof-failed',
      (batch, seal) =>
        Promise.resolve(
          seal.seal(
            'answer',
            batch,
            encodeAnswer(undefined as never, { code: 'proof-failed' } satisfies QueueAnswer),
          ),
        ),
    ],
    ['a text', 'answer-malformed', () => Promise.resolve(Buffer.from('a text'))],
  ];
  it.each(answers)('that answers with %s is named, and not asked again after three', async (_, code, lie) => {
    const exchange = copyRun(`liar-${randomBytes(4).toString('hex')}`, 1);
    const { ended, notes } = coordinate(exchange);
    await play('liar', async (queue, { id, seal }) => {
      for (let lies = 0; lies < 3; lies++) {
        const held = await takeNext(queue, id);
        await finish(queue, held, await lie(held.batch, seal));
      }
      await until(() => notes.some((note) => note.note === 'worker-wrong' && note.banned));
      await expect(queue.beat()).rejects.toMatchObject({
        code: 'worker-banned',
        details: { worker: 'liar' },
      });
      await expect(queue.join(1)).rejects.toMatchObject({ code: 'worker-banned' });
    });
    // Others make its proofs.
    await play('other', async (queue, { id, seal }) => {
      for (let made = 1; made < circuits.length; made++) {
        const held = await takeNext(queue, id);
        await finish(queue, held, seal.seal('answer', held.batch, await readAnswer(held.batch)));
      }
    });
    expect(await ended).toBe(manifestHash);
    const wrong = notes.filter(({ note }) => note === 'worker-wrong');
    expect(wrong).toEqual(
      [false, false, true].map((banned) => ({ note: 'worker-wrong', worker: 'liar', code, banned })),
    );
  });

  it('that was banned is asked again when its ban is lifted', async () => {
    const { ended } = coordinate(copyRun('pardoned', 3));
    await play('pardoned', () => database.query('UPDATE solvent_queue.worker SET wrong = 3, banned = true'));
    await expect(work({ name: 'pardoned' }).ended).rejects.toMatchObject({ code: 'worker-banned' });
    const worker = work({ name: 'pardoned', liftsBan: true });
    expect(await ended).toBe(manifestHash);
    expect(await worker.stop()).toBe(1);
    await expect(listQueueWorkers(server.url)).resolves.toEqual([]);
  });

  it('with keys of another fingerprint, or without the key of the run, takes none of its tasks and says so', async () => {
    const [first, ...others] = circuits;
    const { ended, notes } = coordinate(copyRun('refused', 3));
    const keyed = work({ name: 'keyed', circuits: [{ ...first!, fingerprint: 'ab'.repeat(32) }, ...others] });
    const keyless = work({ name: 'keyless', key: randomBytes(32) });
    const without = work({ name: 'without', circuits: [first!] });
    for (const [worker, code] of [
      ['keyed', 'run-of-other-keys'],
      ['keyless', 'queue-key-differs'],
      ['without', 'run-of-other-keys'],
    ] as const) {
      await until(() =>
        notes.some((note) => note.note === 'worker-refuses' && note.worker === worker && note.code === code),
      );
    }
    expect(keyed.events).toContainEqual(
      expect.objectContaining({ event: 'run-refused', code: 'run-of-other-keys' }),
    );
    expect(await Promise.all([keyed.stop(), keyless.stop(), without.stop()])).toEqual([0, 0, 0]);
    const honest = work();
    expect(await ended).toBe(manifestHash);
    expect(await honest.stop()).toBe(1);
  });

  it('needs the rights that the documents list, and no others', async () => {
    await server.runSql(
      `CREATE ROLE proof_worker LOGIN PASSWORD '${server.password}'`,
      ...(await readGrants('proof_worker')),
    );
    const worker = work({ url: server.urlOf('proof_worker') });
    expect(await coordinate(copyRun('granted', 3)).ended).toBe(manifestHash);
    expect(await worker.stop()).toBe(1);
  });

  it('whose role may read and not write is refused by name, and so is such a coordinator', async () => {
    await server.runSql(
      `CREATE ROLE reader LOGIN PASSWORD '${server.password}'`,
      'GRANT USAGE ON SCHEMA solvent_queue, solvent_pgboss TO reader',
      'GRANT SELECT ON ALL TABLES IN SCHEMA solvent_queue, solvent_pgboss TO reader',
    );
    const url = server.urlOf('reader');
    const forbidden = { code: 'queue-forbidden', errorClass: 'usage' };
    await expect(work({ url }).ended).rejects.toMatchObject(forbidden);
    await expect(coordinate(copyRun('forbidden'), { url }).ended).rejects.toMatchObject(forbidden);
  });
});

/** The grants that the documents show. */
async function readGrants(role: string): Promise<string[]> {
  const text = await readFile(new URL('../../docs/operations.md', import.meta.url), 'utf8');
  return text
    .split('\n')
    .filter((line) => line.startsWith('GRANT ') && line.includes(' TO solvent_worker;'))
    .map((line) => line.replace('solvent_worker', role).replace(/;$/, ''));
}

describe('the connection', () => {
  it.each([
    ['queue-url-malformed', 'a text'],
    ['queue-url-malformed', 'https://db.example/solvent'],
    ['queue-url-malformed', 'postgres://db.example/solvent?options=-c'],
    ['queue-in-clear', 'postgres://db.example/solvent?sslmode=disable'],
    ['queue-in-clear', 'postgres://db.example/solvent?sslmode=require'],
    ['queue-in-clear', 'postgres://localhost/solvent?sslmode=no-verify'],
  ])('is refused as %s: %s', (code, url) => {
    expect(() => readConnection(url)).toThrow(expect.objectContaining({ code }) as Error);
  });

  it('to another machine is by TLS and checked, whatever is not said', () => {
    expect(readConnection('postgres://db.example/solvent').connectionString).toContain('sslmode=verify-full');
    expect(readConnection('postgres://127.0.0.1/solvent').connectionString).not.toContain('sslmode');
  });

  it('is refused where nothing answers, and where the password is wrong', async () => {
    const nowhere = server.urlOf('postgres', 'secret', 1);
    await expect(QueueDatabase.open(nowhere, { patienceMs: 0 })).rejects.toMatchObject({
      code: 'queue-unreachable',
    });
    const denied = await QueueDatabase.open(server.urlOf('postgres', 'another')).catch(
      (error: unknown) => error,
    );
    expect(denied).toMatchObject({ code: 'queue-denied' });
    expect(String(denied)).not.toContain('another');
  });

  it('waits for a database that starts beside it', async () => {
    const late = await startPostgres({ flags: ['-c', 'fsync=off'] });
    try {
      await late.kill();
      const states: string[] = [];
      let starting: Promise<void> | undefined;
      const database = await QueueDatabase.open(late.url, {
        onConnection: (state) => {
          states.push(state);
          if (state === 'lost') starting = late.restart();
        },
      });
      expect(states).toEqual(['lost', 'back']);
      await starting;
      await database.close();
    } finally {
      await late.stop();
    }
  });

  it('is refused where the certificate is of another name, and taken where it is of this one', async () => {
    const open = async (name: string) => {
      const { key, certificate } = makeServerCertificate(directory, name, `DNS:${name}`);
      await server.runSql(
        `ALTER SYSTEM SET ssl_cert_file = '${certificate}'`,
        `ALTER SYSTEM SET ssl_key_file = '${key}'`,
        'ALTER SYSTEM SET ssl = on',
        'SELECT pg_reload_conf()',
      );
      const url = server.url.replace('127.0.0.1', 'localhost');
      // The server reads its configuration again in its own time.
      await until(async () => {
        const { rows } = await database.query<{ on: string; file: string }>(
          "SELECT current_setting('ssl') AS on, current_setting('ssl_cert_file') AS file",
        );
        return rows[0]!.on === 'on' && rows[0]!.file === certificate;
      });
      return QueueDatabase.open(`${url}?sslmode=verify-full&sslrootcert=${certificate}`);
    };
    await expect(open('other.example')).rejects.toMatchObject({ code: 'queue-certificate-invalid' });
    await (await open('localhost')).close();
    await server.runSql('ALTER SYSTEM RESET ssl', 'SELECT pg_reload_conf()');
  });
});

describe('the key of the queue', () => {
  it.each([undefined, '', 'ab', 'AB'.repeat(32), `${'ab'.repeat(32)} `])(
    'is refused where it is %j',
    (text) => {
      expect(() => readQueueKey({ SOLVENT_QUEUE_KEY: text })).toThrow(
        expect.objectContaining({ code: 'queue-key-missing' }) as Error,
      );
    },
  );

  it('is 32 bytes of the environment', () => {
    expect(readQueueKey({ SOLVENT_QUEUE_KEY: 'ab'.repeat(32) })).toEqual(Buffer.alloc(32, 0xab));
  });
});
