import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  constants,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';

import { acquireLock, isDirectoryHeld, projectRoot, waitForLock } from '../../src/system/index.js';

let directory: string;
const children: ChildProcess[] = [];
const searchPath = process.env.PATH;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'solvent-lock-'));
});
afterEach(() => {
  process.env.PATH = searchPath;
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(directory, { recursive: true });
});
const refusal = (code: string) => expect.objectContaining({ code }) as Error;
/** From here on a count keeps its digits for as long as a test lasts. */
const FIRST_BEAT = 100_000;
const lockFile = () => join(directory, '.lock');

/** Takes the lock, says so, and holds it until it is killed; or says why not. */
const HOLD = `
  import { acquireLock } from ${JSON.stringify(join(projectRoot(), 'dist/src/system/index.js'))};
  try {
    await acquireLock(process.argv[1]);
    console.log('held');
    setInterval(() => {}, 1000);
  } catch (error) {
    console.log(error.code);
  }`;
const NODE = [process.execPath, '--input-type=module', '-e', HOLD];
const NAMESPACE = ['unshare', '--user', '--map-root-user', '--pid', '--fork', '--kill-child', '--mount-proc'];
const hasNamespaces = spawnSync(NAMESPACE[0]!, [...NAMESPACE.slice(1), 'true']).status === 0;

/** Another process that tries to take the lock, and its answer. */
async function tryElsewhere(...words: string[]): Promise<{ child: ChildProcess; answer: string }> {
  const child = spawn(words[0]!, [...words.slice(1), directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [text] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, answer: text.toString().trim() };
}

/**
 * A lock whose holder is on another machine. Its record is written over in place, as a holder does, and keeps its
 * length: who finds half a record takes it for nobody's.
 */
function writeForeign(beat: number): void {
  const held = { boot: 'another', host: 'other-host', namespace: 'pid:[1]', pid: 1, started: '1' };
  const more = { since: '2026-01-31T00:00:00.000Z', token: 'aa', beat, isSystemLock: true };
  const file = openSync(lockFile(), constants.O_WRONLY | constants.O_CREAT);
  const length = writeSync(file, JSON.stringify({ ...held, ...more }), 0);
  ftruncateSync(file, length);
  closeSync(file);
}

describe.each([
  ['of the system', undefined],
  ['of a file alone, where the system has none', '/nowhere'],
])('a lock %s', (_, path) => {
  beforeEach(() => {
    if (path !== undefined) process.env.PATH = path;
  });

  it('keeps two calls of one process apart', async () => {
    const held = await acquireLock(directory);
    expect(await isDirectoryHeld(directory)).toBe(true);
    await expect(acquireLock(directory)).rejects.toThrow(refusal('directory-in-use'));
    await expect(acquireLock(directory)).rejects.toThrow(`process ${process.pid}, at work since`);
    await held.release();
    expect(await isDirectoryHeld(directory)).toBe(false);
    await (await acquireLock(directory)).release();
    expect(readdirSync(directory)).toEqual([]);
  });

  it('is waited for until it is released', async () => {
    const held = await acquireLock(directory, { name: '.ledger' });
    const waiting = waitForLock(directory, '.ledger');
    await held.release();
    await (await waiting).release();
    expect(readdirSync(directory)).toEqual([]);
  });

  it('is seen by another process, and is free when its holder is killed', async () => {
    const { child, answer } = await tryElsewhere(...NODE);
    expect(answer).toBe('held');
    expect(await isDirectoryHeld(directory)).toBe(true);
    await expect(acquireLock(directory)).rejects.toThrow(`process ${child.pid}`);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await isDirectoryHeld(directory)).toBe(false);
    const held = await acquireLock(directory);
    expect((await tryElsewhere(...NODE)).answer).toBe('directory-in-use');
    await held.release();
  });

  it('of a process whose number another has now is free', async () => {
    const held = await acquireLock(directory);
    const record = JSON.parse(readFileSync(lockFile(), 'utf8')) as object;
    await held.release();
    writeFileSync(lockFile(), JSON.stringify({ ...record, started: '1', token: 'bb' }));
    expect(await isDirectoryHeld(directory)).toBe(false);
    await (await acquireLock(directory)).release();
  });

  it('of another machine is held for as long as its holder counts on, and no longer', async () => {
    writeForeign(FIRST_BEAT);
    expect(await isDirectoryHeld(directory)).toBe(true);
    let beat = FIRST_BEAT;
    const counting = setInterval(() => {
      writeForeign((beat += 1));
    }, 5);
    onTestFinished(() => {
      clearInterval(counting);
    });
    await expect(acquireLock(directory, { leaseMs: 1000 })).rejects.toThrow(refusal('directory-in-use'));
    await expect(acquireLock(directory, { leaseMs: 1000 })).rejects.toThrow('process 1 on other-host');
    clearInterval(counting);
    const held = await acquireLock(directory, { leaseMs: 20 });
    await held.assertHeld();
    // A machine that slept finds that another has taken over, and leaves that one's lock alone.
    writeForeign(FIRST_BEAT);
    await expect(held.assertHeld()).rejects.toThrow(refusal('directory-in-use'));
    await held.release();
    expect(readdirSync(directory)).toEqual(['.lock']);
  });

  it('keeps the length of its record while its holder counts on, so that nobody reads the start of it alone', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const held = await acquireLock(directory);
    const { length } = readFileSync(lockFile());
    for (let beat = 1; beat <= 10; beat++) {
      vi.advanceTimersToNextTimer();
      await vi.waitUntil(
        () => (JSON.parse(readFileSync(lockFile(), 'utf8')) as { beat: number }).beat === beat,
      );
      expect(readFileSync(lockFile())).toHaveLength(length);
    }
    await held.release();
  });

  it('file that names nobody is nobody’s', async () => {
    writeFileSync(lockFile(), '4711');
    expect(await isDirectoryHeld(directory)).toBe(false);
    await (await acquireLock(directory)).release();
  });
});

describe.skipIf(!hasNamespaces)('two namespaces of processes, as two containers on one volume have', () => {
  it('do not both hold a lock, and one takes over when the other is gone', async () => {
    const { child, answer } = await tryElsewhere(...NAMESPACE, ...NODE);
    expect(answer).toBe('held');
    expect(await isDirectoryHeld(directory)).toBe(true);
    await expect(acquireLock(directory)).rejects.toThrow(refusal('directory-in-use'));
    expect((await tryElsewhere(...NAMESPACE, ...NODE)).answer).toBe('directory-in-use');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const held = await waitForLock(directory, '.lock');
    expect((await tryElsewhere(...NAMESPACE, ...NODE)).answer).toBe('directory-in-use');
    await held.release();
    expect((await tryElsewhere(...NAMESPACE, ...NODE)).answer).toBe('held');
  });

  it('without a lock of the system are kept apart by what its holder counts', async () => {
    process.env.PATH = '/nowhere';
    const inNamespace = [
      '/usr/bin/env',
      'PATH=/nowhere',
      spawnSync('/bin/sh', ['-c', 'PATH=/usr/bin:/bin command -v unshare'], {
        encoding: 'utf8',
      }).stdout.trim(),
    ];
    const { answer } = await tryElsewhere(...inNamespace, ...NAMESPACE.slice(1), ...NODE);
    expect(answer).toBe('held');
    expect(await isDirectoryHeld(directory)).toBe(true);
    await expect(acquireLock(directory, { leaseMs: 30_000 })).rejects.toThrow(refusal('directory-in-use'));
  });
});
