import { InvalidArgumentError } from 'commander';

import { formatNumber } from '../presentation/index.js';
import { parseName, parseTyped } from '../protocol/index.js';

/** More threads than any machine has cores would only take memory. */
const MAX_WORKERS = 256;

/** Reads a number of worker threads. @throws InvalidArgumentError unless it is an integer from 1 to 256. */
export function parseWorkers(text: string): number {
  return parseCount(text, { least: 1, most: MAX_WORKERS });
}

/** Reads a whole number in plain digits, both bounds permitted. @throws InvalidArgumentError. */
export function parseCount(
  text: string,
  { least, most }: { readonly least: number; readonly most: number },
): number {
  const count = Number(text);
  if (!/^[0-9]+$/.test(text) || count < least || count > most) {
    throw new InvalidArgumentError(
      `Expected a whole number from ${formatNumber(least)} to ${formatNumber(most)}.`,
    );
  }
  return count;
}

/** Reads the name that users and verifiers know a platform by. @throws parseTyped `platform-malformed`. */
export function parsePlatform(platform: string): string {
  return parseTyped('platform-malformed', '--platform', () => parseName(platform));
}

/** Reads a SHA-256 in hexadecimal. @throws InvalidArgumentError. */
export function parseHash(text: string): string {
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw new InvalidArgumentError('Expected 64 hexadecimal digits in lower case.');
  }
  return text;
}

const MS_PER_UNIT: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const MAX_DURATION_MS = 366 * 86_400_000;

/** Reads a duration like 30s, 10m, 2h or 1d, as milliseconds. @throws InvalidArgumentError; at most 366 days. */
export function parseDuration(text: string): number {
  const [, count, unit] = /^([1-9][0-9]{0,8})([smhd])$/.exec(text) ?? [];
  const durationMs = Number(count) * (MS_PER_UNIT[unit ?? ''] ?? NaN);
  if (durationMs <= MAX_DURATION_MS) return durationMs;
  throw new InvalidArgumentError('Expected a duration like 30s, 10m, 2h or 1d, of at most 366d.');
}
