import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { startPostgres, type PostgresServer } from '../../scripts/postgres-server.js';
import { openQueue } from '../../src/operate/queue.js';
import { QueueDatabase } from '../../src/queue/database.js';
import { WorkerQueue } from '../../src/queue/workers.js';
import { projectRoot } from '../../src/system/index.js';
import { solvent, solventVerify } from '../integration/commands.js';
import { DAYS, drawFrom, OperationDirectory } from '../operate/operation.js';
import { makeServerCertificate } from './server-certificate.js';

/** 12 where all tests run; `npm run test:queue` has 200. */
const KILLS = Number(process.env.SOLVENT_QUEUE_KILLS ?? '12');
const KILLS_A_RUN = 6;
/** A run changes about so many names; a kill beyond the last comes to a run that ends. */
const MAX_CHANGES = 80;
/** Events of a worker that one is killed after. */
const MAX_EVENTS = 5;
/** `small` by `npm run test:queue` as well. */
const PROFILE = process.env.SOLVENT_QUEUE_PROFILE ?? 'tiny';
const SOLVENT = join(projectRoot(), 'dist/src/cli/main.js');
const KILL_AFTER = new URL('../operate/kill-after.mjs', import.meta.url).href;
const WORKERS = ['first', 'second'] as const;
/** A coordinator that makes no points itself, so that all commitments come from workers. */
const CHILD = join(import.meta.dirname, 'prove-child.mjs');

let directory: string;
let server: PostgresServer;
let environment: NodeJS.ProcessEnv;
const at = (name: string) => join(directory, name);
const children = new Set<ChildProcess>();

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'solvent-queue-kills-'));
  // Whoever is not on this machine is let in by no rule, but that of the test with a network.
  server = await startPostgres({ flags: ['-c', 'fsync=off', '-c', 'listen_addresses=*'] });
  environment = { ...process.env, SOLVENT_QUEUE_KEY: 'ab'.repeat(32) };
  const users = Array.from({ length: 90 }, (_, user) => `u${user}@example.com,USD,${user + 1},0\n`);
  writeFileSync(at('balances.csv'), `user_id,asset,equity,debt\n${users.join('')}`);
  writeFileSync(at('assets.csv'), 'symbol,decimals,price,collateral_ratio\nUSD,2,1,1\n');
  const books = ['--balances', at('balances.csv'), '--assets', at('assets.csv'), '--quote', 'USD'];
  const stated = ['--platform', 'Corner Exchange', '--at', '2026-01-31T00:00:00Z', '--quiet'];
  for (const words of [
    ['setup', '--profile', PROFILE, '--keys', at('keys'), '--development', '--quiet'],
    ['snapshot', ...books, ...stated, '--out', at('snapshot')],
    proveWords('local'),
  ])
    expect(solvent(...words)).toMatchObject({ exitCode: 0 });
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
});

const proveWords = (run: string) => [
  'prove',
  at('snapshot'),
  '--keys',
  at('keys'),
  '--out',
  at(run),
  '--quiet',
];

const workWords = (name: string) => [
  ...['worker', '--keys', at('keys'), '--workers', '1'],
  ...['--name', name, '--json'],
];

/** Starts a command; its death is known by its signal. @param prefix a command that runs it. */
function start(
  words: readonly string[],
  variables: NodeJS.ProcessEnv = {},
  {
    url = server.url,
    prefix = [],
    script = SOLVENT,
  }: { url?: string; prefix?: readonly string[]; script?: string } = {},
) {
  const [program, ...before] = [...prefix, process.execPath];
  const child = spawn(program, [...before, script, ...words, '--queue', url], {
    env: { ...environment, ...variables },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  children.add(child);
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const ended = new Promise<{ exitCode: number | null; errors: string }>((resolve) => {
    child.once('close', (exitCode) => {
      children.delete(child);
      resolve({ exitCode, errors });
    });
  });
  return { child, ended };
}

/** Workers that a supervisor starts again under their names, whatever ends them, until it is told to end. */
class Workers {
  readonly #ended: Promise<void>[];
  readonly #children = new Map<string, ChildProcess>();
  readonly #waiting: { left: number; readonly name: string; readonly resolve: () => void }[] = [];
  #isEnding = false;

  constructor() {
    this.#ended = WORKERS.map((name) => this.#keepAlive(name));
  }

  /** Kills a worker when it has told so many events. */
  async killAfter(name: string, events: number): Promise<void> {
    await new Promise<void>((resolve) => this.#waiting.push({ left: events, name, resolve }));
    this.#children.get(name)?.kill('SIGKILL');
  }

  async end(): Promise<void> {
    this.#isEnding = true;
    for (const { resolve } of this.#waiting) resolve();
    for (const child of this.#children.values()) child.kill('SIGTERM');
    await Promise.all(this.#ended);
  }

  async #keepAlive(name: string): Promise<void> {
    while (!this.#isEnding) {
      const { child, ended } = start(workWords(name));
      this.#children.set(name, child);
      createInterface({ input: child.stderr }).on('line', () => {
        for (const waiting of this.#waiting) {
          if (waiting.name === name && --waiting.left === 0) waiting.resolve();
        }
      });
      await ended;
    }
  }
}

/** Starts a coordinator: the command, or one that leaves all commitments to workers. */
function startCoordinator(run: string, isHelping: boolean, variables: NodeJS.ProcessEnv = {}) {
  if (isHelping) return start(proveWords(run), variables);
  return start([at('snapshot'), at('keys'), at(run)], variables, { script: CHILD });
}

/** Kills a coordinator at a change of the file system, unless it ends before; whether it was killed. */
async function killCoordinator(run: string, draw: (below: number) => number): Promise<boolean> {
  const { ended } = startCoordinator(run, draw(2) === 0, {
    NODE_OPTIONS: `--import=${KILL_AFTER}`,
    SOLVENT_KILL_AT: String(1 + draw(MAX_CHANGES)),
    SOLVENT_KILL_WHEN: draw(2) === 0 ? 'before' : 'after',
  });
  const { exitCode, errors } = await ended;
  expect(exitCode === null || exitCode === 0, errors).toBe(true);
  return exitCode === null;
}

/** Everything of a bundle but what Groth16 draws afresh for each proof. */
function readBundle(run: string): Record<string, string> {
  const files = readdirSync(at(`${run}/bundle`)).map((name) => [
    name,
    readFileSync(at(`${run}/bundle/${name}`), 'utf8'),
  ]);
  const withoutPoints = (lines: string) => lines.replaceAll(/"proof":\{[^}]*\}/g, '"proof":null');
  return Object.fromEntries(files.map(([name, text]) => [name!, withoutPoints(text!)]));
}

/** The secret and the salt are those of the run without a queue, and so is what is sealed; the rest is made anew. */
function copyRun(run: string, without: readonly string[] = ['proofs']): void {
  cpSync(at('local/private'), at(`${run}/private`), { recursive: true });
  for (const name of without) rmSync(at(`${run}/private/${name}`), { recursive: true });
}

async function expectLikeLocal(run: string): Promise<void> {
  expect(readBundle(run)).toEqual(readBundle('local'));
  const trust = ['--trust', at('keys/trust.json'), '--allow-development-keys'];
  expect(solventVerify('bundle', at(`${run}/bundle`), ...trust)).toMatchObject({ exitCode: 0 });
  expect(await listLeftovers()).toEqual([]);
  rmSync(at(run), { recursive: true });
}

/** Rows of the queue's database. */
async function ask<Row>(text: string): Promise<Row[]> {
  const client = new pg.Client(server.url);
  await client.connect();
  try {
    return (await client.query(text)).rows as Row[];
  } finally {
    await client.end();
  }
}

/** Waits until something is so; what never comes to be is ended by the test's own limit. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 50));
}

async function listLeftovers(): Promise<string[]> {
  const client = new pg.Client(server.url);
  await client.connect();
  const tables = ['run', 'task', 'answer', 'refusal'].map((name) => `solvent_queue.${name}`);
  const left: string[] = [];
  for (const table of [...tables, 'solvent_pgboss.job', 'solvent_pgboss.queue', 'solvent_pgboss.archive']) {
    const { rowCount } = await client.query(`SELECT FROM ${table}`);
    if (rowCount !== 0) left.push(table);
  }
  await client.end();
  return left;
}

/** Kills what the seed draws, one after the other, until the run ends or is left alone; how many kills came before its end. */
async function endureRun(run: string, seed: number): Promise<number> {
  const draw = drawFrom(seed);
  const workers = new Workers();
  let coordinator: ReturnType<typeof start> | undefined;
  let landed = 0;
  try {
    while (landed < KILLS_A_RUN) {
      const target = ['coordinator', 'worker', 'database'][draw(3)]!;
      if (target === 'coordinator' && coordinator === undefined) {
        if (!(await killCoordinator(run, draw))) return landed;
      } else if (target === 'coordinator') {
        coordinator!.child.kill('SIGKILL');
        await coordinator!.ended;
        coordinator = undefined;
      } else {
        coordinator ??= startCoordinator(run, draw(2) === 0);
        const killed = workers.killAfter(WORKERS[draw(2)]!, 1 + draw(MAX_EVENTS)).then(() => true);
        if (!(await Promise.race([killed, coordinator.ended.then(() => false)]))) break;
        if (target === 'database') {
          await server.kill();
          await server.restart();
        }
      }
      landed += 1;
    }
    const { exitCode, errors } = await (coordinator ?? startCoordinator(run, draw(2) === 0)).ended;
    expect(exitCode, errors).toBe(0);
    return landed;
  } finally {
    await workers.end();
  }
}

it('a run over the queue comes to what it comes to without it, whatever is killed, and leaves nothing', async () => {
  for (let kills = 0, number = 1; kills < KILLS; number++) {
    const run = `run-${number}`;
    copyRun(run, ['batches', 'sealed', 'proofs']);
    kills += await endureRun(run, number);
    await expectLikeLocal(run);
    if (KILLS > 12) process.stdout.write(`${kills} kills in ${number} runs\n`);
  }
});

/** Two ends of a wire: this machine's, and that of a namespace whose only network it is. */
class TestNetwork {
  readonly #name = `solvent-${process.pid}`;
  readonly #wire = `sv${process.pid}`;
  /** Of this machine, within a range that is for tests of devices alone. */
  readonly address = `198.18.${process.pid % 256}.1`;
  /** What runs a command in the namespace. */
  readonly prefix = ['ip', 'netns', 'exec', this.#name];

  /** Whether this process may have one. */
  static isAllowed(): boolean {
    const network = new TestNetwork();
    const isOpen = network.open();
    network.close();
    return isOpen;
  }

  open(): boolean {
    const [here, there] = [`${this.#wire}a`, `${this.#wire}b`];
    const within = ['netns', 'exec', this.#name, 'ip'];
    return [
      ['netns', 'add', this.#name],
      ['link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', this.#name],
      ['address', 'add', `${this.address}/30`, 'dev', here],
      [...within, 'address', 'add', this.address.replace(/1$/, '2/30'), 'dev', there],
      [...within, 'link', 'set', there, 'up'],
      ['link', 'set', here, 'up'],
    ].every((words) => this.#ip(words));
  }

  set(state: 'up' | 'down'): void {
    expect(this.#ip(['link', 'set', `${this.#wire}a`, state])).toBe(true);
  }

  close(): void {
    this.#ip(['netns', 'delete', this.#name]);
  }

  #ip(words: readonly string[]): boolean {
    return spawnSync('ip', words, { stdio: 'ignore' }).status === 0;
  }
}

/** Lets machines of the test's network in, by TLS. @returns the URL for them. */
async function serveBeyond({ address }: TestNetwork): Promise<string> {
  const { key, certificate } = makeServerCertificate(directory, 'database', `IP:${address}`);
  const [rules] = await ask<{ hba_file: string }>('SHOW hba_file');
  appendFileSync(rules!.hba_file, `hostssl all all ${address}/30 scram-sha-256\n`);
  await server.runSql(
    `ALTER SYSTEM SET ssl_cert_file = '${certificate}'`,
    `ALTER SYSTEM SET ssl_key_file = '${key}'`,
    'ALTER SYSTEM SET ssl = on',
    'SELECT pg_reload_conf()',
  );
  await until(async () => (await ask<{ ssl: string }>('SHOW ssl'))[0]!.ssl === 'on');
  return `${server.url.replace('127.0.0.1', address)}?sslmode=verify-full&sslrootcert=${certificate}`;
}

const HELD = `SELECT FROM solvent_queue.task t JOIN solvent_queue.worker w ON w.instance = t.holder WHERE w.name = 'far'`;

it.skipIf(!TestNetwork.isAllowed())(
  'a worker in a network namespace that loses its network loses its task, and goes on when it is back',
  async () => {
    const network = new TestNetwork();
    expect(network.open()).toBe(true);
    try {
      copyRun('far');
      const coordinator = start(proveWords('far'));
      const far = start(workWords('far'), {}, { url: await serveBeyond(network), prefix: network.prefix });
      // It stands still while it is looked at: what it holds then it holds when its network goes.
      await until(async () => {
        far.child.kill('SIGSTOP');
        const held = await ask(HELD).catch(() => []);
        if (held.length === 0) far.child.kill('SIGCONT');
        return held.length > 0;
      });
      network.set('down');
      far.child.kill('SIGCONT');
      await until(async () => (await ask('SELECT FROM solvent_queue.task WHERE losses > 0')).length > 0);
      expect(await ask(HELD)).toEqual([]);
      network.set('up');
      const { exitCode, errors } = await coordinator.ended;
      expect(exitCode, errors).toBe(0);
      far.child.kill('SIGTERM');
      expect(await far.ended).toMatchObject({ exitCode: 0 });
      await expectLikeLocal('far');
    } finally {
      network.close();
    }
  },
);

/** Plays a worker that takes a task of proofs and does nothing. */
async function holdTask(name: string): Promise<void> {
  const database = await QueueDatabase.open(server.url);
  const queue = new WorkerQueue(database, name);
  await until(() => queue.isThere());
  await queue.join(1);
  await until(async () => {
    // The coordinator makes commitments itself too, and would take them back.
    const run = (await queue.listRuns()).find(({ stage }) => stage === 'proving');
    return run !== undefined && (await queue.take(run.id, 1)).length === 1;
  });
  await database.close();
}

type ListedWorker = { readonly name: string; readonly made: number };

it('operate proves over the queue that its file names, and its status shows who works', async () => {
  const operation = new OperationDirectory(at('keys'));
  const variables = { ...environment, SOLVENT_TEST_QUEUE: server.url };
  // A worker that the network took in the test before may be listed still, as one that is not at work.
  const readStatus = () => {
    const { output } = operation.run(variables, 'status', '--json');
    const { queue } = JSON.parse(output) as { queue: { failure: unknown; workers: ListedWorker[] } };
    return { ...queue, workers: queue.workers.filter(({ name }) => name === 'shown') };
  };
  try {
    const named = operation.configure('queue: { variable: SOLVENT_TEST_QUEUE }');
    writeFileSync(operation.at('operation.yaml'), named);
    expect(() => openQueue({ variable: 'SOLVENT_NO_QUEUE', patience: undefined })).toThrow(
      expect.objectContaining({ code: 'queue-unset' }) as Error,
    );
    const run = operation.start(DAYS[0], variables);
    const ended = new Promise((resolve) => run.once('close', resolve));
    await holdTask('shown');
    const worker = { name: 'shown', threads: 1, isAtWork: true, wrong: 0, banned: false };
    expect(readStatus()).toEqual({
      failure: null,
      workers: [expect.objectContaining({ ...worker, held: 1, made: 0 })],
    });
    // Under the same name it begins anew, and what it held is given out once more.
    const shown = start(workWords('shown'));
    expect(await ended).toBe(0);
    const status = readStatus();
    expect(status.workers).toEqual([expect.objectContaining({ ...worker, held: 0 })]);
    expect(status.workers[0]!.made).toBeGreaterThan(0);
    shown.child.kill('SIGTERM');
    await shown.ended;
    const instant = operation.at(`state/instants/${DAYS[0].replaceAll(':', '')}`);
    const again = operation.at('again');
    cpSync(join(instant, 'run/private'), join(again, 'private'), { recursive: true });
    rmSync(join(again, 'private/proofs'), { recursive: true });
    const { output, errors } = solvent(
      ...['prove', join(instant, 'snapshot'), '--keys', at('keys'), '--out', again],
      ...['--ledger', operation.at('again.json'), '--quiet'],
    );
    const { entries } = JSON.parse(operation.read('state/instants.json')) as {
      entries: { manifestHash: string }[];
    };
    expect(output.trim(), errors).toBe(entries[0]!.manifestHash);
    expect(await listLeftovers()).toEqual([]);
  } finally {
    operation.remove();
  }
});
