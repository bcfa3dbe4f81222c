import { InvalidArgumentError } from 'commander';

/** More threads than any machine has cores would only take memory. */
const MAX_WORKERS = 256;

/** Reads a number of worker threads. @throws InvalidArgumentError unless it is an integer from 1 to 256. */
export function parseWorkers(text: string): number {
  const workers = Number(text);
  if (!/^[0-9]+$/.test(text) || workers < 1 || workers > MAX_WORKERS) {
    throw new InvalidArgumentError(`Expected a whole number from 1 to ${MAX_WORKERS}.`);
  }
  return workers;
}

/** Reads a SHA-256 in hexadecimal. @throws InvalidArgumentError. */
export function parseHash(text: string): string {
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw new InvalidArgumentError('Expected 64 hexadecimal digits in lower case.');
  }
  return text;
}
