import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';

/** Whether a process of this machine with that number is there, whoever runs it. */
export function isProcessAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Who holds a lock, as far as others can look for it. */
export type LockHolder = {
  /** Of the machine; another one after each start of it. Empty where the system has none. */
  readonly boot: string;
  readonly host: string;
  /** Process numbers count within it: each container has its own. Empty where the system has none. */
  readonly namespace: string;
  readonly pid: number;
  /** When the process began, in the system's own count: tells it from a later process of the same number. */
  readonly started: string;
  /** When the lock was taken, for people. */
  readonly since: string;
  /** Of this lock alone. */
  readonly token: string;
  /** Counts on while the holder lives. */
  readonly beat: number;
  /** Whether the operating system keeps the lock; else nothing but the file does. */
  readonly isSystemLock: boolean;
};

const MAX_TEXT = 256;

/** This process, before it has a lock. */
export async function identifyProcess(): Promise<LockHolder> {
  return {
    boot: await readText('/proc/sys/kernel/random/boot_id'),
    host: hostname(),
    namespace: await readNamespace(),
    pid: process.pid,
    started: await readStart('self'),
    since: new Date().toISOString(),
    token: '',
    beat: 0,
    isSystemLock: false,
  };
}

/** Who a lock's file names; undefined where it names nobody. */
export function parseHolder(text: string): LockHolder | undefined {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return undefined;
  }
  const holder = found as Partial<Record<keyof LockHolder, unknown>> | null;
  const texts = [
    holder?.boot,
    holder?.host,
    holder?.namespace,
    holder?.started,
    holder?.since,
    holder?.token,
  ];
  const isWhole =
    texts.every((value) => typeof value === 'string' && value.length <= MAX_TEXT) &&
    typeof holder?.isSystemLock === 'boolean' &&
    Number.isSafeInteger(holder.pid) &&
    Number.isSafeInteger(holder.beat);
  return isWhole ? (found as LockHolder) : undefined;
}

/** Whether a holder lives; undefined where this process cannot see it, in another container or on another machine. */
export async function isHolderAlive(holder: LockHolder): Promise<boolean | undefined> {
  const own = await identifyProcess();
  const isOnThisMachine = holder.boot === own.boot && (own.boot !== '' || holder.host === own.host);
  if (!isOnThisMachine || holder.namespace !== own.namespace) return undefined;
  if (!isProcessAlive(holder.pid)) return false;
  return (await readStart(String(holder.pid))) === holder.started;
}

/** Who is at work, in words. */
export function describeHolder(holder: LockHolder | undefined, ownHost: string): string {
  if (holder === undefined) return 'another process';
  const where = holder.host === ownHost ? '' : ` on ${holder.host}`;
  return `process ${holder.pid}${where}, at work since ${holder.since}`;
}

/** The 22nd field of a process's state; the second, its name, may have spaces and parentheses in it. */
async function readStart(pid: string): Promise<string> {
  const text = await readText(`/proc/${pid}/stat`);
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

async function readNamespace(): Promise<string> {
  return readlink('/proc/self/ns/pid').catch(() => '');
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').then(
    (text) => text.trim(),
    () => '',
  );
}
