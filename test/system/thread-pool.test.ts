import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { projectRoot, resolveCompiledModule, ThreadEnded, ThreadPool } from '../../src/system/index.js';

type Task = {
  readonly answer?: number;
  readonly refuse?: boolean;
  readonly die?: boolean;
  readonly wait?: boolean;
};

let directory: string;
let pool: ThreadPool<Task, number>;

const SYSTEM = pathToFileURL(join(projectRoot(), 'dist', 'src', 'system', 'index.js')).href;
const PROTOCOL = pathToFileURL(join(projectRoot(), 'dist', 'src', 'protocol', 'index.js')).href;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'solvent-threads-'));
  await writeFile(
    join(directory, 'worker.mjs'),
    `import { answerTask } from ${JSON.stringify(SYSTEM)};
     import { SolventError } from ${JSON.stringify(PROTOCOL)};
     export default (task) => answerTask(() => {
       if (task.refuse) throw new SolventError('artefact', 'task-refused', 'expected another task', { details: { task: 1 } });
       if (task.die) process.exit(1);
       return task.wait ? new Promise(() => setInterval(() => {}, 1000)) : task.answer;
     });`,
  );
  await writeFile(join(directory, 'broken.mjs'), `throw new Error('no worker');`);
});

afterAll(() => rm(directory, { recursive: true, force: true }));

afterEach(() => pool.close());

const open = (name: string, threads: number) => {
  pool = new ThreadPool<Task, number>(join(directory, name), threads);
  return pool;
};

describe('a pool of threads', () => {
  it('answers each task', async () => {
    open('worker.mjs', 2);
    const answers = await Promise.all([1, 2, 3, 4, 5].map((answer) => pool.run({ answer })));
    expect(answers).toEqual([1, 2, 3, 4, 5]);
  });

  it('throws what a task refuses by class, code and details, and goes on', async () => {
    open('worker.mjs', 1);
    await expect(pool.run({ refuse: true })).rejects.toMatchObject({
      name: 'SolventError',
      errorClass: 'artefact',
      code: 'task-refused',
      details: { task: 1 },
    });
    expect(await pool.run({ answer: 6 })).toBe(6);
  });

  it('fails a task alone whose thread dies, and starts another thread', async () => {
    open('worker.mjs', 1);
    await expect(pool.run({ die: true })).rejects.toBeInstanceOf(ThreadEnded);
    expect(await pool.run({ answer: 7 })).toBe(7);
  });

  it('fails tasks whose threads cannot start, and does not hang', async () => {
    open('broken.mjs', 1);
    await expect(pool.run({ answer: 8 })).rejects.toBeInstanceOf(ThreadEnded);
  });

  it('fails what waits when it is closed, only after its threads have ended, and takes no task then', async () => {
    open('worker.mjs', 1);
    let hasEnded = false;
    const waits = [pool.run({ wait: true }), pool.run({ answer: 9 })].map((run) =>
      expect(run).rejects.toSatisfy((error) => error instanceof ThreadEnded && hasEnded),
    );
    while (pool.threads.length === 0) await new Promise((resolve) => setImmediate(resolve));
    pool.threads[0]!.once('exit', () => (hasEnded = true));
    await pool.close();
    await Promise.all(waits);
    await expect(pool.run({ answer: 10 })).rejects.toBeInstanceOf(ThreadEnded);
  });
});

describe('the compiled module of a worker', () => {
  it('is that in dist where the asking one runs from source', () => {
    open('worker.mjs', 1);
    const asking = pathToFileURL(join(projectRoot(), 'src', 'prover', 'pool', 'proof-pool.ts')).href;
    expect(resolveCompiledModule(asking, './worker.js')).toBe(
      join(projectRoot(), 'dist', 'src', 'prover', 'pool', 'worker.js'),
    );
  });

  it('stands beside the asking one where that is compiled', () => {
    const asking = pathToFileURL(join(projectRoot(), 'dist', 'src', 'prover', 'pool', 'proof-pool.js')).href;
    expect(resolveCompiledModule(asking, './worker.js')).toBe(
      join(projectRoot(), 'dist', 'src', 'prover', 'pool', 'worker.js'),
    );
  });

  it('is missing where nothing was built', () => {
    const asking = pathToFileURL(join(projectRoot(), 'src', 'prover', 'pool', 'proof-pool.ts')).href;
    expect(() => resolveCompiledModule(asking, './no-such-worker.js')).toThrow(
      expect.objectContaining({ code: 'worker-missing', errorClass: 'usage' }),
    );
  });
});
