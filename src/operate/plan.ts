import { stat, writeFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { refuseOperation } from './errors.js';
import { findLastPublished, type Instants } from './instants.js';
import { loadInstants } from './instants.js';
import { operationPaths, type Operation } from './operation.js';
import { findNext, findLast, formatMs, listBetween, type Rule } from './schedule.js';
import { findHead, type SiteHead } from './site-link.js';
import type { InstantPlan, OperationTools } from './tools.js';

/** What is to be made, in order, and when the rule is due next. */
export type DuePlan = { readonly instants: readonly string[]; readonly next: string | null };

/** What a command names: an instant, or a rule. */
export type At = { readonly instant: string } | { readonly rule: Rule };

/**
 * Says which instants are made now. First are those that a key signed and nobody published, since a second manifest
 * after the same one would be a fork. Then come those that are named or due.
 * @param at what the command names; the rule of the configuration without it.
 * @throws SolventError `instant-missing`, `instant-not-yet`, `instant-passed`.
 */
export async function planInstants(tools: OperationTools, at: At | undefined): Promise<DuePlan> {
  const { operation, onEvent } = tools;
  const named = at ?? (operation.schedule && { rule: operation.schedule });
  if (named === undefined) {
    throw refuseOperation('instant-missing', { expected: 'an instant or a rule', found: 'none' });
  }
  const instants = await loadInstants(operationPaths(operation).instants);
  const signed = await listSigned(tools, instants);
  const head = await findHead(operationPaths(operation).site);
  if ('instant' in named) {
    const { instant } = named;
    assertTakeable(instant, { instants, head, nowMs: tools.now() });
    const first = signed.filter((takenAt) => Date.parse(takenAt) < Date.parse(instant));
    const later = signed.find((takenAt) => Date.parse(takenAt) > Date.parse(instant));
    if (later !== undefined) throw refusePassed(instant, later);
    return { instants: [...first, instant], next: null };
  }
  const due = listDue(named.rule, { operation, instants, head, nowMs: tools.now() });
  if (due.missed !== undefined) onEvent({ event: 'missed', ...due.missed, rule: operation.missed });
  return {
    instants: [...signed, ...due.instants.filter((takenAt) => !signed.includes(takenAt))],
    next: due.next,
  };
}

/** Instants that are signed, by the account of what the key signed, and not published. */
async function listSigned({ operation, signer }: OperationTools, { entries }: Instants): Promise<string[]> {
  const signed: string[] = [];
  for (const { takenAt, state } of entries) {
    if (state !== 'begun') continue;
    const hash = await signer.ledger.find({ platform: operation.platform, takenAt });
    if (hash !== undefined) signed.push(takenAt);
  }
  return signed;
}

type Known = { readonly instants: Instants; readonly head: SiteHead | undefined; readonly nowMs: number };

function assertTakeable(instant: string, { instants, head, nowMs }: Known): void {
  if (Date.parse(instant) > nowMs) {
    throw refuseOperation('instant-not-yet', {
      expected: 'an instant that has passed',
      found: `${instant}, and by the clock of this machine it is ${formatMs(nowMs)}`,
    });
  }
  const isOwn = instants.entries.some(({ takenAt, state }) => takenAt === instant && state !== 'passed');
  const last = findLastPublished(instants)?.takenAt ?? head?.takenAt;
  if (isOwn || last === undefined || Date.parse(instant) > Date.parse(last)) return;
  throw refusePassed(instant, last);
}

function refusePassed(instant: string, last: string) {
  return refuseOperation('instant-passed', { expected: `an instant after ${last}`, found: instant });
}

type Due = DuePlan & {
  readonly missed: { readonly from: string; readonly to: string; readonly count: number } | undefined;
};

/** What a rule makes due after what is published: the last instant alone, or with `missed: make` all of them. */
function listDue(
  rule: Rule,
  { operation, instants, head, nowMs }: Known & { readonly operation: Operation },
): Due {
  const untilMs = nowMs - (operation.settle ?? 0);
  const next = formatMs(findNext(rule, untilMs) + (operation.settle ?? 0));
  const last = findLastPublished(instants)?.takenAt ?? head?.takenAt;
  // The first of all: what came before it nobody has missed.
  const afterMs = last === undefined ? findLast(rule, untilMs) - 1 : Date.parse(last);
  const between = listBetween(rule, afterMs, untilMs);
  if (between === undefined) return { instants: [], next, missed: undefined };
  const { firstMs, lastMs, count } = between;
  const to = formatMs(lastMs - rule.everyMs);
  const missed = count === 1 ? undefined : { from: formatMs(firstMs), to, count: count - 1 };
  const made = operation.missed === 'make' ? count : 1;
  const list = Array.from({ length: made }, (_, index) =>
    formatMs(lastMs - (made - 1 - index) * rule.everyMs),
  );
  return { instants: list, next, missed };
}

/**
 * What an instant follows: the last that is published by the list of instants; before the first of them, the site that is there.
 * @throws SolventError `site-differs`.
 */
export async function findBefore(
  operation: Operation,
  instants: Instants,
  takenAt: string,
): Promise<Omit<InstantPlan, 'takenAt'>> {
  const { site } = operationPaths(operation);
  const head = await findHead(site);
  const last = findLastPublished(instants);
  // After a kill between the site's publication and the entry of it the site is this instant's own.
  const isOwn = head?.takenAt === takenAt;
  if (last !== undefined && !isOwn && head?.manifestHash !== last.manifestHash) {
    throw refuseOperation('site-differs', {
      expected: `the site of the manifest ${last.manifestHash!} at ${site}`,
      found: head === undefined ? 'none' : `that of ${head.manifestHash}`,
    });
  }
  const previous = isOwn ? head.manifest.previousManifestHash : (head?.manifestHash ?? null);
  return {
    previousManifestHash: last?.manifestHash ?? previous,
    previousSite: head === undefined ? undefined : site,
    // Over those that had none, as whoever walks the chain of reserves expects.
    previousReservesHash: findLastReserves(instants),
  };
}

/** The reserves that new ones follow, over instants that had none. */
function findLastReserves({ entries }: Instants): string | null {
  const last = entries.findLast(({ state, reservesHash }) => state === 'published' && reservesHash !== null);
  return last?.reservesHash ?? null;
}

/** Marks what lies before a published instant and can never be published, and keeps what its rule named and nobody made. */
export function passEarlier(instants: Instants, { operation, now }: OperationTools): Instants {
  const published = instants.entries.filter(({ state }) => state === 'published');
  const [before, last] = [published.at(-2), published.at(-1)!];
  const entries = instants.entries.map((entry) =>
    entry.state === 'begun' && Date.parse(entry.takenAt) < Date.parse(last.takenAt)
      ? { ...entry, state: 'passed' as const }
      : entry,
  );
  if (before === undefined || operation.schedule === undefined) return { ...instants, entries };
  const between = listBetween(operation.schedule, Date.parse(before.takenAt), Date.parse(last.takenAt) - 1);
  if (between === undefined) return { ...instants, entries };
  const { firstMs, lastMs, count } = between;
  const missed = { from: formatMs(firstMs), to: formatMs(lastMs), count, saidAt: formatMs(now()) };
  return { ...instants, entries, missed: [...instants.missed, missed] };
}

/** How far the clocks of a machine and of the volume that it writes to may differ. */
const MAX_SKEW_MS = 60_000;

/**
 * Holds the clock to what is known: it is not before what was published already, and it is that of the volume, which may be
 * another machine's.
 * @throws SolventError `clock-wrong`.
 */
export async function assertClock({ state }: Operation, instants: Instants, nowMs: number): Promise<void> {
  const wrong = (found: string) =>
    refuseOperation('clock-wrong', {
      expected: 'a clock that is right',
      found: `${formatMs(nowMs)}, ${found}`,
    });
  const last = findLastPublished(instants);
  const latest = [last?.takenAt, last?.endedAt].filter((text) => text !== undefined && text !== null);
  const after = latest.find((text) => Date.parse(text) > nowMs);
  if (after !== undefined) throw wrong(`before ${after}, when something was published`);
  const probe = join(state, '.clock');
  await writeFile(probe, '');
  const { mtimeMs } = await stat(probe);
  await rm(probe, { force: true });
  const skewMs = Math.abs(Date.now() - mtimeMs);
  if (skewMs > MAX_SKEW_MS) throw wrong(`${Math.round(skewMs / 1000)} s from that of the volume`);
}
