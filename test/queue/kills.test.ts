import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { startPostgres, type PostgresServer } from '../../scripts/postgres-server.js';
import { projectRoot } from '../../src/system/index.js';
import { solvent, solventVerify } from '../integration/commands.js';
import { drawFrom } from '../operate/operation.js';

/** 12 where all tests run; `npm run test:queue` has 200. */
const KILLS = Number(process.env.SOLVENT_QUEUE_KILLS ?? '12');
const KILLS_A_RUN = 6;
/** A run changes about so many names; a kill beyond the last comes to a run that ends. */
const MAX_CHANGES = 60;
/** Events of a worker that one is killed after. */
const MAX_EVENTS = 5;
const SOLVENT = join(projectRoot(), 'dist/src/cli/main.js');
const KILL_AFTER = new URL('../operate/kill-after.mjs', import.meta.url).href;
const WORKERS = ['first', 'second'] as const;

let directory: string;
let server: PostgresServer;
let environment: NodeJS.ProcessEnv;
const at = (name: string) => join(directory, name);
const children = new Set<ChildProcess>();

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'solvent-queue-kills-'));
  server = await startPostgres({ flags: ['-c', 'fsync=off'] });
  environment = { ...process.env, SOLVENT_QUEUE_KEY: 'ab'.repeat(32) };
  const users = Array.from({ length: 90 }, (_, user) => `u${user}@example.com,USD,${user + 1},0\n`);
  writeFileSync(at('balances.csv'), `user_id,asset,equity,debt\n${users.join('')}`);
  writeFileSync(at('assets.csv'), 'symbol,decimals,price,collateral_ratio\nUSD,2,1,1\n');
  const books = ['--balances', at('balances.csv'), '--assets', at('assets.csv'), '--quote', 'USD'];
  const stated = ['--platform', 'Corner Exchange', '--at', '2026-01-31T00:00:00Z', '--quiet'];
  for (const words of [
    ['setup', '--profile', 'tiny', '--keys', at('keys'), '--development', '--quiet'],
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

/** Starts a command; its death is known by its signal. */
function start(words: readonly string[], variables: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [SOLVENT, ...words, '--queue', server.url], {
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
      const { child, ended } = start([
        'worker',
        '--keys',
        at('keys'),
        '--workers',
        '1',
        '--name',
        name,
        '--json',
      ]);
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

/** Kills the coordinator at a change of the file system, unless it ends before; whether it was killed. */
async function killCoordinator(run: string, change: number, when: string): Promise<boolean> {
  const { ended } = start(proveWords(run), {
    NODE_OPTIONS: `--import=${KILL_AFTER}`,
    SOLVENT_KILL_AT: String(change),
    SOLVENT_KILL_WHEN: when,
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
        if (!(await killCoordinator(run, 1 + draw(MAX_CHANGES), draw(2) === 0 ? 'before' : 'after')))
          return landed;
      } else if (target === 'coordinator') {
        coordinator!.child.kill('SIGKILL');
        await coordinator!.ended;
        coordinator = undefined;
      } else {
        coordinator ??= start(proveWords(run));
        const killed = workers.killAfter(WORKERS[draw(2)]!, 1 + draw(MAX_EVENTS)).then(() => true);
        if (!(await Promise.race([killed, coordinator.ended.then(() => false)]))) break;
        if (target === 'database') {
          await server.kill();
          await server.restart();
        }
      }
      landed += 1;
    }
    const { exitCode, errors } = await (coordinator ?? start(proveWords(run))).ended;
    expect(exitCode, errors).toBe(0);
    return landed;
  } finally {
    await workers.end();
  }
}

it('a run over the queue comes to what it comes to without it, whatever is killed, and leaves nothing', async () => {
  for (let kills = 0, number = 1; kills < KILLS; number++) {
    const run = `run-${number}`;
    // The secret, the salt and what is sealed are those of the run without a queue; its proofs are made anew.
    cpSync(at('local/private'), at(`${run}/private`), { recursive: true });
    rmSync(at(`${run}/private/proofs`), { recursive: true });
    kills += await endureRun(run, number);
    expect(readBundle(run)).toEqual(readBundle('local'));
    const trust = ['--trust', at('keys/trust.json'), '--allow-development-keys'];
    expect(solventVerify('bundle', at(`${run}/bundle`), ...trust)).toMatchObject({ exitCode: 0 });
    expect(await listLeftovers()).toEqual([]);
    rmSync(at(run), { recursive: true });
    if (KILLS > 12) process.stdout.write(`${kills} kills in ${number} runs\n`);
  }
});
