import { encodeJsonLine, SolventError } from '../protocol/index.js';
import { acquireLock, makeDirectory, nameSystemError } from '../system/index.js';
import { refuseOperation, OPERATE_ERRORS } from './errors.js';
import type { OperationEvent, OperationListener, OperationStep } from './events.js';
import { type Operation, operationPaths } from './operation.js';
import { DONE, runProgram } from './program.js';
import {
  loadInstants,
  newEntry,
  putEntry,
  saveInstants,
  type InstantEntry,
  type Instants,
} from './instants.js';
import { RunMonitor } from './metrics.js';
import { assertClock, findBefore, passEarlier, planInstants, type DuePlan } from './plan.js';
import { assertRoom } from './room.js';
import { formatMs, parseAt } from './schedule.js';
import { findHead, settleSite } from './site-link.js';
import { describeSite, makeInstant, type InstantResult } from './steps.js';
import { openTools, type OperationTools } from './tools.js';

type HookName = 'published' | 'refused' | 'failed';

/**
 * Runs the command that an operation names for what happened, with the event as one JSON object on its standard input, and
 * waits for its end. What it writes is for the log of whoever runs this, and not for those who read its output.
 * @throws SolventError `hook-failed`.
 */
async function runHook(operation: Operation, name: HookName, event: OperationEvent): Promise<void> {
  const { hooks } = operation;
  const words = hooks[name];
  if (words === undefined) return;
  const input = encodeJsonLine({ format: 'solvent/operation-event/v1', ...event });
  const { end } = await runProgram(operation, words, { input, timeoutMs: hooks.timeout, isLogged: true });
  if (end === DONE) return;
  throw refuseOperation('hook-failed', {
    expected: `the hook ${name} to end with 0`,
    found: end,
    details: { hook: name },
  });
}

/** How an operation is run. */
export type RunOptions = {
  /** An instant, or a rule; the rule of the configuration unless it is said. */
  readonly at?: string | undefined;
  /** Milliseconds since 1970 UTC. */
  readonly now?: () => number;
  readonly onEvent: OperationListener;
};

type PublishedEvent = Extract<OperationEvent, { event: 'published' }>;

/** What a run came to. */
export type OperationResult = {
  /** In their order; empty where nothing was due. */
  readonly published: readonly PublishedEvent[];
  /** When the rule is due next; null where there is no rule. */
  readonly next: string | null;
};

/**
 * Makes and publishes what is due: the instants that were signed and not published first, then the one that is named, or those
 * of the rule. One operator works at a time; another is told who does.
 * @throws SolventError `directory-in-use`, with an `OperateCode`, or of whatever step; the published site is then as it was.
 */
export async function runOperation(operation: Operation, options: RunOptions): Promise<OperationResult> {
  const at = options.at === undefined ? undefined : parseAt(options.at);
  const paths = operationPaths(operation);
  await makeDirectory(paths.state, 0o700);
  const lock = await acquireLock(paths.state);
  const day: Day = {
    operation,
    now: options.now ?? Date.now,
    takenAt: null,
    step: null,
    onEvent: options.onEvent,
  };
  const monitor = new RunMonitor(operation);
  const onEvent: OperationListener = (event) => {
    if (event.event === 'step-begun') day.step = event.step;
    monitor.take(event, day.now());
    options.onEvent(event);
  };
  day.onEvent = onEvent;
  try {
    await monitor.listen();
    await assertClock(operation, await loadInstants(paths.instants), day.now());
    const tools = await openTools(operation, { lock, now: day.now, onEvent });
    await settleSite(paths);
    await tellAgain(tools);
    const plan = await planInstants(tools, at);
    const published: PublishedEvent[] = [];
    for (const takenAt of plan.instants) {
      day.takenAt = takenAt;
      day.step = null;
      published.push(await publishInstant(tools, takenAt));
    }
    tellPlan(plan, onEvent);
    return { published, next: plan.next };
  } catch (error) {
    const named = nameSystemError(error);
    await tellFailure(day, named);
    throw named;
  } finally {
    await monitor.close();
    await lock.release();
  }
}

/** Where a run is. */
type Day = {
  readonly operation: Operation;
  readonly now: () => number;
  onEvent: OperationListener;
  takenAt: string | null;
  step: OperationStep | null;
};

function tellPlan({ instants, next }: DuePlan, onEvent: OperationListener): void {
  if (instants.length === 0) onEvent({ event: 'nothing-due', next });
}

/** One instant from its entry in the list to the hook that is told of its publication. */
async function publishInstant(tools: OperationTools, takenAt: string): Promise<PublishedEvent> {
  const { operation, onEvent } = tools;
  const { instants: path } = operationPaths(operation);
  const instants = await loadInstants(path);
  const found = instants.entries.find((entry) => entry.takenAt === takenAt);
  if (found?.state === 'published') {
    const again = await describeAgain(tools, found);
    onEvent(again);
    return again;
  }
  const before = await findBefore(operation, instants, takenAt);
  const { previousManifestHash } = before;
  const { freeBytes, neededBytes } = await assertRoom(operation, takenAt);
  const entry = { ...(found ?? newEntry(takenAt, formatMs(tools.now()))), previousManifestHash };
  await saveInstants(path, putEntry(instants, entry));
  onEvent({ event: 'run-begun', takenAt, previousManifestHash, freeBytes, neededBytes });
  const result = await makeInstant(tools, { takenAt, ...before });
  const done: InstantEntry = {
    ...entry,
    ...{ state: 'published', endedAt: formatMs(tools.now()), failure: null },
    ...{ manifestHash: result.manifestHash, reservesHash: result.reservesHash },
  };
  const passed = passEarlier(putEntry(await loadInstants(path), done), tools);
  await saveInstants(path, { ...passed, lastFailure: null });
  const event = describePublished(done, result, false);
  onEvent(event);
  await tell(tools, done, event);
  return event;
}

function describePublished(
  { takenAt, previousManifestHash }: InstantEntry,
  { manifestHash, reservesHash, site }: InstantResult,
  wasComplete: boolean,
): PublishedEvent {
  return {
    event: 'published',
    ...{ takenAt, manifestHash, previousManifestHash, reservesHash, wasComplete },
    trustHash: site.trustHash,
    pageHash: site.pageHash,
    insecure: site.insecure,
  };
}

/** The instant that is published already: nothing is made again. */
async function describeAgain({ operation }: OperationTools, entry: InstantEntry): Promise<PublishedEvent> {
  const { version, site } = operationPaths(operation);
  const path = version(entry.takenAt);
  const hashes = await describeSite((await findHead(path)) === undefined ? site : path);
  const { manifestHash, reservesHash } = entry;
  return describePublished(entry, { manifestHash: manifestHash!, reservesHash, site: hashes }, true);
}

/** Tells the hook of what was published and not told: a kill may have come between, or the hook have failed. */
async function tellAgain(tools: OperationTools): Promise<void> {
  const { entries } = await loadInstants(operationPaths(tools.operation).instants);
  for (const entry of entries.filter(({ state, isTold }) => state === 'published' && !isTold))
    await tell(tools, entry, await describeAgain(tools, entry));
}

async function tell(tools: OperationTools, entry: InstantEntry, event: PublishedEvent): Promise<void> {
  const { operation, onEvent } = tools;
  const { instants: path } = operationPaths(operation);
  try {
    await runHook(operation, 'published', event);
    await saveInstants(path, putEntry(await loadInstants(path), { ...entry, isTold: true }));
  } catch (error) {
    // What is published stays published. The next run tells again.
    if (!(error instanceof SolventError)) throw error;
    onEvent({ event: 'hook-failed', hook: 'published', code: describeError(error).code });
  }
}

const REFUSALS = new Set(['source', 'reconciliation', 'verification', 'trust']);

/** Keeps and tells why a run ended early. Nothing in here may hide why. */
async function tellFailure({ operation, takenAt, step, now, onEvent }: Day, error: unknown): Promise<void> {
  const { code, errorClass, message } = describeError(error);
  const event: OperationEvent = {
    event: REFUSALS.has(errorClass) ? 'refused' : 'failed',
    ...{ takenAt, step, code, class: errorClass },
    ...(message === undefined ? {} : { message }),
  };
  onEvent(event);
  await keepFailure(operation, {
    ...{ takenAt, step: step ?? 'none', code, class: errorClass },
    ...{ at: formatMs(now()), message: message ?? null },
  }).catch(() => undefined);
  const hook: HookName = event.event === 'refused' ? 'refused' : 'failed';
  await runHook(operation, hook, event).catch((fault: unknown) => {
    onEvent({ event: 'hook-failed', hook, code: describeError(fault).code });
  });
}

/** The code and class of an error, and its message unless that may say an account by name. */
function describeError(error: unknown): { code: string; errorClass: string; message: string | undefined } {
  if (!(error instanceof SolventError))
    return { code: 'unexpected', errorClass: 'invariant', message: undefined };
  const { code, errorClass, message } = error as SolventError;
  const isOfBooks = errorClass === 'source' || errorClass === 'reconciliation';
  return { code, errorClass, message: isOfBooks && !(code in OPERATE_ERRORS) ? undefined : message };
}

async function keepFailure(
  { state, site }: Operation,
  { takenAt, ...failure }: NonNullable<InstantEntry['failure']> & { readonly takenAt: string | null },
): Promise<void> {
  const path = operationPaths({ state, site }).instants;
  const instants = await loadInstants(path);
  const failures = { ...instants.failures, [failure.code]: (instants.failures[failure.code] ?? 0) + 1 };
  const entry = instants.entries.find((one) => one.takenAt === takenAt && one.state === 'begun');
  const counted: Instants = { ...instants, failures, lastFailure: { takenAt, ...failure } };
  await saveInstants(path, entry === undefined ? counted : putEntry(counted, { ...entry, failure }));
}
