import { InvalidArgumentError } from 'commander';

import { formatNumber } from '../presentation/index.js';

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

/** Reads a SHA-256 in hexadecimal. @throws InvalidArgumentError. */
export function parseHash(text: string): string {
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw new InvalidArgumentError('Expected 64 hexadecimal digits in lower case.');
  }
  return text;
}
