import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

import { listKeys, loadKeys, type KeySet } from '../keys/index.js';
import { parseTrust, SolventError } from '../protocol/index.js';
import { listQueueWorkers } from '../queue/index.js';
import { makeDirectory, nameSystemError, withTemporaryDirectory } from '../system/index.js';
import { verifyHistory } from '../verifier/index.js';
import { loadHistory, loadPublished } from '../verifier/node/index.js';
import { refuseOperation } from './errors.js';
import { findLastPublished, loadInstants } from './instants.js';
import { operationPaths, type Operation } from './operation.js';
import { assertClock, findBefore } from './plan.js';
import { openQueue } from './queue.js';
import { formatMegabytes, measureRoom, refuseLow } from './room.js';
import { findLast, formatMs } from './schedule.js';
import { openSigner } from './signer.js';
import { findHead } from './site-link.js';
import { nameLateSource, readSources } from './sources.js';
import { assertTrusted } from './tools.js';

/** One check of an operation, and what it found. */
export type OperationCheck = {
  readonly name: string;
  readonly passed: boolean;
  /** What was found, or what is wrong and what to do. */
  readonly message: string;
  /** Null where it passed. */
  readonly code: string | null;
};

/** What a check of an operation came to. */
export type OperationCheckResult = {
  readonly checks: readonly OperationCheck[];
  /** For an estimate of the time: of the sources, or undefined where they were not read. */
  readonly accountCount: number | undefined;
  readonly keys: KeySet | undefined;
};

/** Instants that must find room, so that there is time to make some. */
const LEAST_INSTANTS = 3;
/** A process before it holds any key. */
const BASE_BYTES = 400e6;

/**
 * Looks at everything that a run would need and makes nothing: keys, the key that signs, the trust file, clock, disk,
 * memory, the history that is published, and the sources of an instant. The sources are read and valued in a directory
 * that is removed.
 * @param options `at`: the instant whose sources are read; the last that the rule makes due without it.
 */
export async function checkOperation(
  operation: Operation,
  { at, nowMs }: { readonly at?: string | undefined; readonly nowMs: number },
): Promise<OperationCheckResult> {
  const checks: OperationCheck[] = [];
  const check = async <T>(
    name: string,
    look: () => Promise<readonly [string, T]>,
  ): Promise<T | undefined> => {
    try {
      const [message, found] = await look();
      checks.push({ name, passed: true, message, code: null });
      return found;
    } catch (error) {
      const named = nameSystemError(error);
      const isOurs = named instanceof SolventError;
      const code = isOurs ? (named as SolventError).code : 'unexpected';
      const message = named instanceof Error ? named.message : String(named);
      checks.push({ name, passed: false, message, code });
      return undefined;
    }
  };
  const paths = operationPaths(operation);
  await check('state', async () => {
    await makeDirectory(paths.state, 0o700);
    const { entries } = await loadInstants(paths.instants);
    return [`${entries.length} instants in ${paths.state}`, undefined];
  });
  await check('clock', async () => {
    await assertClock(operation, await loadInstants(paths.instants), nowMs);
    return [formatMs(nowMs), undefined];
  });
  const keys = await check('keys', async () => {
    const damaged = (await listKeys(operation.keys, { check: true })).filter(
      ({ isWhole }) => isWhole === false,
    );
    if (damaged.length > 0) {
      const found = damaged.map(({ circuit }) => circuit).join(', ');
      throw refuseOperation('keys-damaged', {
        expected: `whole keys in ${operation.keys}`,
        found: `others for ${found}`,
      });
    }
    const found = await loadKeys(operation.keys);
    return [`${found.circuits.length} circuits of ${found.profile}, read through`, found];
  });
  await check('trust', async () => {
    const trust = await loadPublished(operation.trust, parseTrust);
    const signer = await openSigner(operation);
    if (keys !== undefined) assertTrusted(operation, { keys, trust, signer });
    return ['the trust file is that of these keys and of the key that signs', undefined];
  });
  await check('history', async () => [await describeHistory(operation), undefined]);
  await check('disk', async () => [await assertDisk(operation), undefined]);
  if (keys !== undefined)
    await check('memory', () => Promise.resolve([assertMemory(operation, keys), undefined]));
  if (operation.queue !== undefined) {
    const named = operation.queue;
    await check('queue', async () => {
      const workers = await listQueueWorkers(openQueue(named).url);
      const threads = workers.filter(({ isAtWork }) => isAtWork).reduce((sum, one) => sum + one.threads, 0);
      return [`the database answers; ${threads} threads of workers are at work`, undefined];
    });
  }
  const takenAt =
    at ?? (operation.schedule && formatMs(findLast(operation.schedule, nowMs - (operation.settle ?? 0))));
  const accountCount =
    takenAt === undefined
      ? undefined
      : await check('sources', async () => {
          const found = await readAll(operation, { takenAt, nowMs });
          return [`read whole for ${takenAt}; nothing of them is kept`, found];
        });
  return { checks, accountCount, keys };
}

async function describeHistory(operation: Operation): Promise<string> {
  const { site, instants } = operationPaths(operation);
  const list = await loadInstants(instants);
  const last = findLastPublished(list);
  await findBefore(operation, list, last?.takenAt ?? formatMs(0));
  if ((await findHead(site)) === undefined) return 'none yet: the first instant begins it';
  const trust = await loadPublished(operation.trust, parseTrust);
  const { entries } = verifyHistory(await loadHistory(site), { signingKey: trust.signingKey });
  return `${entries.length} snapshots without a gap at ${site}`;
}

/** What an instant leaves, three times over, must find room. @throws SolventError `disk-low`. */
async function assertDisk(operation: Operation): Promise<string> {
  const { path, freeBytes, instantBytes, instantsLeft } = await measureRoom(operation);
  const neededBytes = LEAST_INSTANTS * instantBytes;
  if (freeBytes < neededBytes) throw refuseLow(path, { neededBytes, freeBytes });
  const takes = `an instant takes about ${formatMegabytes(instantBytes)}`;
  return `${formatMegabytes(freeBytes)} free; ${takes}, so that there is room for ${instantsLeft}`;
}

/** A key is in memory once, and a part of it again for each worker. @throws SolventError `memory-low`. */
function assertMemory(operation: Operation, { circuits }: KeySet): string {
  const workers = operation.workers ?? availableParallelism();
  const largest = Math.max(...circuits.map(({ zkeySizeBytes }) => zkeySizeBytes));
  const needed = BASE_BYTES + (2 + workers) * largest;
  const free = process.availableMemory();
  if (free >= needed)
    return `${formatMegabytes(free)} free; proving takes about ${formatMegabytes(needed)} with ${workers} workers`;
  throw refuseOperation('memory-low', {
    expected: `${formatMegabytes(needed)} of memory for ${workers} workers`,
    found: formatMegabytes(free),
  });
}

function readAll(
  operation: Operation,
  { takenAt, nowMs }: { readonly takenAt: string; readonly nowMs: number },
): Promise<number> {
  return withTemporaryDirectory('solvent-check', async (directory) => {
    const snapshot = await readSources(operation, {
      takenAt,
      outDirectory: join(directory, 'snapshot'),
      findingsDirectory: operationPaths(operation).instant(takenAt).findings,
    }).catch((error: unknown) => {
      throw nameLateSource(error, operation, { takenAt, nowMs });
    });
    return snapshot.accountCount;
  });
}
