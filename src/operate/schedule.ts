import { parseInstant, SolventError } from '../protocol/index.js';
import { refuseOperation } from './errors.js';

/** Instants at a fixed distance: `offsetMs` after each multiple of `everyMs` since 1970 UTC; all in milliseconds. */
export type Rule = { readonly text: string; readonly everyMs: number; readonly offsetMs: number };

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const DAILY = /^daily ([01][0-9]|2[0-3]):([0-5][0-9])Z$/;
const EVERY = /^([1-9][0-9]{0,3})([mh])$/;

/**
 * Reads a rule for instants: `daily 00:00Z`, `hourly`, or a distance that divides a day, like `10m` or `6h`.
 * @throws SolventError `rule-malformed`.
 */
export function parseRule(text: string): Rule {
  if (text === 'hourly') return { text, everyMs: HOUR_MS, offsetMs: 0 };
  const daily = DAILY.exec(text);
  if (daily !== null) {
    const offsetMs = Number(daily[1]) * HOUR_MS + Number(daily[2]) * MINUTE_MS;
    return { text, everyMs: DAY_MS, offsetMs };
  }
  const every = EVERY.exec(text);
  const everyMs = every === null ? NaN : Number(every[1]) * (every[2] === 'm' ? MINUTE_MS : HOUR_MS);
  if (DAY_MS % everyMs === 0) return { text, everyMs, offsetMs: 0 };
  throw refuseOperation('rule-malformed', {
    expected: 'daily 00:00Z, hourly, or a distance that divides a day, like 10m or 6h',
    found: 'another text',
  });
}

/** An instant, or the rule that a text is. @throws SolventError `rule-malformed`. */
export function parseAt(text: string): { readonly instant: string } | { readonly rule: Rule } {
  try {
    return { instant: parseInstant(text) };
  } catch (error) {
    if (!(error instanceof SolventError)) throw error;
    return { rule: parseRule(text) };
  }
}

/** The last instant of a rule at or before a time. Times are in milliseconds since 1970 UTC. */
export function findLast({ everyMs, offsetMs }: Rule, atMs: number): number {
  return Math.floor((atMs - offsetMs) / everyMs) * everyMs + offsetMs;
}

/** The first instant of a rule after a time. */
export function findNext(rule: Rule, atMs: number): number {
  return findLast(rule, atMs) + rule.everyMs;
}

/** The instants of a rule after one time and up to another: the first and the last of them, and how many there are. */
export function listBetween(
  rule: Rule,
  afterMs: number,
  untilMs: number,
): { readonly firstMs: number; readonly lastMs: number; readonly count: number } | undefined {
  const [firstMs, lastMs] = [findNext(rule, afterMs), findLast(rule, untilMs)];
  if (firstMs > lastMs) return undefined;
  return { firstMs, lastMs, count: (lastMs - firstMs) / rule.everyMs + 1 };
}

/** A time as manifests write it. */
export function formatMs(ms: number): string {
  return parseInstant(new Date(ms).toISOString());
}

/** An instant as names of files have it: not every file system takes colons. */
export function stampOf(instant: string): string {
  return instant.replaceAll(':', '');
}
