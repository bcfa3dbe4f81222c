import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { link, open, readFile, rename, rm, stat, writeFile, type FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { SolventError } from '../protocol/index.js';
import {
  describeHolder,
  identifyProcess,
  isHolderAlive,
  parseHolder,
  type LockHolder,
} from './lock-holder.js';
import { refuseSystem, type SystemCode } from './errors.js';

const LOCK_FILE = '.lock';
const OWNER_ONLY = 0o600;

/** What is held until it is released. */
export type Lock = {
  readonly release: () => Promise<void>;
  /** @throws SolventError `directory-in-use` where another has taken the lock since, as after a long sleep of the machine. */
  readonly assertHeld: () => Promise<void>;
};

const WAIT_INTERVAL_MS = 50;
/** More than a record takes, whatever its count. */
const RECORD_LENGTH = 1024;
/** For locks that are held for moments. */
const MAX_WAITS = 600;
/** A look at who holds a lock takes it for a moment: a refusal is worth trying once more. */
const MAX_ATTEMPTS = 4;

/**
 * How a holder shows that it lives to who cannot see its process: it counts on in its lock. Who sees no count for the whole
 * of the lease takes over. Compared on one clock, the watcher's own.
 */
const BEAT_MS = 5_000;
const LEASE_MS = 60_000;
const WATCH_INTERVAL_MS = 1_000;

/** How a lock is taken. */
export type LockOptions = {
  /** Of the lock's file; another one where only a file of the directory is taken. */
  readonly name?: string;
  /** How long a holder may be silent that nothing else can be known of, in milliseconds. */
  readonly leaseMs?: number;
};

/**
 * Takes a directory for this call alone until `release` is called or the process ends, however it ends. The lock is the
 * operating system's (flock) where there is one. It keeps apart processes, containers on one machine, hosts on one
 * volume that carries such locks, and two calls of one process. The file says who holds it, by boot, host, process
 * namespace and start of the process. Where the system's lock says nothing, the file decides.
 * @throws SolventError `directory-in-use` while another holds it.
 */
export async function acquireLock(
  directory: string,
  { name = LOCK_FILE, leaseMs = LEASE_MS }: LockOptions = {},
): Promise<Lock> {
  const path = join(directory, name);
  for (let attempt = 1; ; attempt++) {
    const taken = await take(path, leaseMs);
    if (!('heldBy' in taken)) return hold(path, directory, taken);
    if (taken.isSure || attempt === MAX_ATTEMPTS) throw inUse(directory, taken.heldBy);
    await sleep(WAIT_INTERVAL_MS);
  }
}

/** The same, and waits for another to release it. @throws SolventError `directory-in-use` where it never does. */
export async function waitForLock(directory: string, name: string): Promise<Lock> {
  for (let waits = 0; ; waits++) {
    try {
      return await acquireLock(directory, { name });
    } catch (error) {
      const isHeld = error instanceof SolventError && error.code === 'directory-in-use';
      if (!isHeld || waits === MAX_WAITS) throw error;
      await sleep(WAIT_INTERVAL_MS);
    }
  }
}

/** Who holds a directory now; undefined where nobody does. */
export async function findLockHolder(
  directory: string,
  name: string = LOCK_FILE,
): Promise<LockHolder | undefined> {
  const path = join(directory, name);
  const holder = parseHolder(await readFile(path, 'utf8').catch(() => ''));
  if (holder === undefined) return undefined;
  const isAlive = await isHolderAlive(holder);
  if (isAlive !== undefined) return isAlive ? holder : undefined;
  const handle = await open(path, constants.O_RDONLY).catch(() => undefined);
  if (handle === undefined) return undefined;
  try {
    // Of another boot, or where the system has no lock, nothing more is known: what is there is taken as held.
    const isOfThisSystem = holder.isSystemLock && holder.boot === (await identifyProcess()).boot;
    return isOfThisSystem && (await lockFile(handle)) === 'taken' ? undefined : holder;
  } finally {
    await handle.close();
  }
}

/** Whether a process that lives, this one or another, holds a directory now. */
export async function isDirectoryHeld(directory: string): Promise<boolean> {
  return (await findLockHolder(directory)) !== undefined;
}

type Taken = { readonly holder: LockHolder; readonly handle: FileHandle | undefined };
/** Sure, unless somebody may only have looked at who holds the lock. */
type Refused = { readonly heldBy: LockHolder | undefined; readonly isSure: boolean };

async function take(path: string, leaseMs: number): Promise<Taken | Refused> {
  const own = { ...(await identifyProcess()), token: randomBytes(8).toString('hex') };
  const handle = await open(path, constants.O_RDWR | constants.O_CREAT, OWNER_ONLY);
  const answer = await lockFile(handle).catch(async (error: unknown) => {
    await handle.close();
    throw error;
  });
  if (answer === 'taken' && (await isStillThere(path, handle))) {
    const before = parseHolder(await handle.readFile('utf8'));
    if (before !== undefined && (await isAtWork(path, before, { own, leaseMs }))) {
      await handle.close();
      return { heldBy: before, isSure: true };
    }
    const holder = { ...own, isSystemLock: true };
    const record = encodeRecord(holder);
    await handle.write(record, 0);
    await handle.truncate(Buffer.byteLength(record));
    return { holder, handle };
  }
  const heldBy = parseHolder(await readFile(path, 'utf8').catch(() => ''));
  await handle.close();
  if (answer !== 'unknown') return { heldBy, isSure: false };
  return takeByRecord(path, own, leaseMs);
}

/** Without a lock of the system: a file that appears with its content or not at all, and holders that are looked for. */
async function takeByRecord(path: string, own: LockHolder, leaseMs: number): Promise<Taken | Refused> {
  const mine = `${path}-${own.token}`;
  await writeFile(mine, encodeRecord(own), { mode: OWNER_ONLY });
  try {
    const text = await readFile(path, 'utf8').catch(() => undefined);
    const before = parseHolder(text ?? '');
    if (before !== undefined && (await isAtWork(path, before, { leaseMs })))
      return { heldBy: before, isSure: true };
    if (text !== undefined && !(await removeExactly(path, text, own.token)))
      return { heldBy: before, isSure: false };
    await link(mine, path);
    return { holder: own, handle: undefined };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return { heldBy: parseHolder(await readFile(path, 'utf8').catch(() => '')), isSure: false };
  } finally {
    await rm(mine, { force: true });
  }
}

/** Removes a lock that is over, and not one that another put in its place meanwhile. */
async function removeExactly(path: string, text: string, token: string): Promise<boolean> {
  const aside = `${path}-over-${token}`;
  try {
    await rename(path, aside);
    if ((await readFile(aside, 'utf8')) === text) return true;
    await link(aside, path).catch(() => undefined);
    return false;
  } catch {
    return false;
  } finally {
    await rm(aside, { force: true });
  }
}

/**
 * A record as it stands in a lock's file. It keeps its length while its holder counts on: who reads a record that grows
 * may find the start of it, which names nobody.
 */
function encodeRecord(holder: LockHolder): string {
  return JSON.stringify(holder).padEnd(RECORD_LENGTH);
}

function hold(path: string, directory: string, { holder, handle }: Taken): Lock {
  let beat = 0;
  // Whoever cannot see this process sees the count. It keeps no process alive, and fails in silence: the next one counts on.
  const timer = setInterval(() => {
    beat += 1;
    const record = encodeRecord({ ...holder, beat });
    void (handle === undefined ? replaceOwn(path, record, holder) : handle.write(record, 0)).catch(
      () => undefined,
    );
  }, BEAT_MS);
  timer.unref();
  const assertHeld = async () => {
    const now = parseHolder(await readFile(path, 'utf8').catch(() => ''));
    if (now?.token !== holder.token) throw inUse(directory, now);
  };
  const release = async () => {
    clearInterval(timer);
    const isOwn = await assertHeld().then(
      () => true,
      () => false,
    );
    if (isOwn) await rm(path, { force: true });
    await handle?.close();
  };
  return { release, assertHeld };
}

async function replaceOwn(path: string, record: string, { token }: LockHolder): Promise<void> {
  if (parseHolder(await readFile(path, 'utf8'))?.token !== token) return;
  const next = `${path}-${token}`;
  await writeFile(next, record, { mode: OWNER_ONLY });
  await rename(next, path);
}

/**
 * Whether the holder that a lock's file names is at work. If it held the lock of this very system, and that lock is
 * free now, it is not at work. Else it is looked for, and where it cannot be seen it is watched.
 */
async function isAtWork(
  path: string,
  before: LockHolder,
  { own, leaseMs }: { readonly own?: LockHolder; readonly leaseMs: number },
): Promise<boolean> {
  if (own !== undefined && before.isSystemLock && before.boot !== '' && before.boot === own.boot)
    return false;
  return (await isHolderAlive(before)) ?? (await beats(path, before, leaseMs));
}

/** Whether a holder that cannot be seen counts on while it is watched. */
async function beats(path: string, before: LockHolder, leaseMs: number): Promise<boolean> {
  const intervalMs = Math.min(WATCH_INTERVAL_MS, leaseMs / 4);
  for (let watchedMs = 0; watchedMs < leaseMs; watchedMs += intervalMs) {
    await sleep(intervalMs);
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text === undefined) return false;
    const now = parseHolder(text);
    if (now !== undefined && (now.token !== before.token || now.beat !== before.beat)) return true;
  }
  return false;
}

/** Whether the file that was locked is still the one of its name: who releases a lock removes its file. */
async function isStillThere(path: string, handle: FileHandle): Promise<boolean> {
  const [own, there] = [await handle.stat(), await stat(path).catch(() => undefined)];
  return there?.ino === own.ino && there.dev === own.dev;
}

/** What flock ends with where another holds the lock. */
const HELD = 1;

/**
 * Asks the system for an exclusive lock on an open file, and does not wait. The lock belongs to the open file, not to
 * the program that asks. flock of util-linux or busybox asks and ends, and the lock stays for as long as this process
 * has the file open.
 */
function lockFile(handle: FileHandle): Promise<'taken' | 'held' | 'unknown'> {
  return new Promise((resolve) => {
    const child = spawn('flock', ['-n', '-x', '3'], { stdio: ['ignore', 'ignore', 'ignore', handle.fd] });
    child.once('error', () => {
      resolve('unknown');
    });
    child.once('exit', (code) => {
      resolve(code === 0 ? 'taken' : code === HELD ? 'held' : 'unknown');
    });
  });
}

function inUse(directory: string, holder: LockHolder | undefined): SolventError<SystemCode> {
  return refuseSystem('directory-in-use', {
    expected: `nobody else at work in ${directory}`,
    found: describeHolder(holder, hostname()),
    ...(holder === undefined
      ? {}
      : { details: { host: holder.host, process: holder.pid, since: holder.since } }),
  });
}
