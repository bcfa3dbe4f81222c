import { findLockHolder, readIfExists, type LockHolder } from '../system/index.js';
import { findLastPublished, loadInstants, type InstantEntry, type Instants } from './instants.js';
import { operationPaths, type Operation } from './operation.js';
import { measureRoom, type Room } from './room.js';
import { findNext, formatMs } from './schedule.js';

/** Where an operation is. */
export type OperationStatus = {
  readonly last: Pick<
    InstantEntry,
    'takenAt' | 'endedAt' | 'manifestHash' | 'reservesHash' | 'isTold'
  > | null;
  /** Published instants. */
  readonly publishedCount: number;
  /** Who is at work, and on what; null where nobody is. */
  readonly running: {
    readonly host: string;
    readonly process: number;
    readonly since: string;
    readonly takenAt: string | null;
    readonly step: string | null;
    readonly stage: string | null;
    readonly done: number;
    readonly total: number;
  } | null;
  /** When the rule is due next; null without one. */
  readonly next: string | null;
  /** Begun, and neither published nor passed. */
  readonly unfinished: readonly string[];
  readonly missed: Instants['missed'];
  /** Why the last run ended early, with what to do in its message; null where it did not. */
  readonly failure: Instants['lastFailure'];
  /** Room for further instants; null before the first is published. */
  readonly room: Room | null;
};

/** Says where an operation is: what is last, running, next, and what failed. It takes no lock. */
export async function describeStatus(operation: Operation, nowMs: number): Promise<OperationStatus> {
  const paths = operationPaths(operation);
  const instants = await loadInstants(paths.instants);
  const last = findLastPublished(instants);
  const holder = await findLockHolder(paths.state);
  const { schedule, settle = 0 } = operation;
  return {
    last: last === undefined ? null : pick(last),
    publishedCount: instants.entries.filter(({ state }) => state === 'published').length,
    running: holder === undefined ? null : { ...describe(holder), ...(await readProgress(paths.progress)) },
    next: schedule === undefined ? null : formatMs(findNext(schedule, nowMs - settle) + settle),
    unfinished: instants.entries.filter(({ state }) => state === 'begun').map(({ takenAt }) => takenAt),
    missed: instants.missed,
    failure: instants.lastFailure,
    room: last === undefined ? null : await measureRoom(operation),
  };
}

function pick({ takenAt, endedAt, manifestHash, reservesHash, isTold }: InstantEntry) {
  return { takenAt, endedAt, manifestHash, reservesHash, isTold };
}

function describe({ host, pid, since }: LockHolder) {
  return { host, process: pid, since };
}

const NOTHING = { takenAt: null, step: null, stage: null, done: 0, total: 0 };

/** What the run that is at work wrote of itself last. */
async function readProgress(path: string): Promise<typeof NOTHING> {
  const bytes = await readIfExists(path);
  if (bytes === undefined) return NOTHING;
  try {
    const found = JSON.parse(Buffer.from(bytes).toString('utf8')) as typeof NOTHING;
    const { takenAt, step, stage, done, total } = found;
    return { takenAt, step, stage, done, total };
  } catch {
    return NOTHING;
  }
}
