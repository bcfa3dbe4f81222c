import { InvalidArgumentError } from 'commander';

import { parseTrust, type Trust } from '../../protocol/index.js';
import { compareTrustHash } from '../checks/origin.js';
import { loadPublished } from '../node/published-file.js';

/** Reads a SHA-256 in hexadecimal. @throws InvalidArgumentError. */
export function parseHash(text: string): string {
  const hash = text.trim().toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(hash)) throw new InvalidArgumentError('Expected 64 hexadecimal digits.');
  return hash;
}

/** More threads than any machine has cores. */
const MAX_WORKERS = 1024;

/** Reads a number of threads. @throws InvalidArgumentError. */
export function parseWorkers(text: string): number {
  const count = Number(text);
  if (/^[0-9]+$/.test(text) && count >= 1 && count <= MAX_WORKERS) return count;
  throw new InvalidArgumentError(`Expected a number from 1 to ${MAX_WORKERS}.`);
}

/**
 * Reads a trust file, and holds it to the hash that its reader brought.
 * @throws SolventError `file-unreadable`; of class `format`; `trust-hash-differs`.
 */
export async function loadComparedTrust(path: string, trustHash: string | undefined): Promise<Trust> {
  const trust = await loadPublished(path, parseTrust);
  if (trustHash !== undefined) compareTrustHash(trust, trustHash);
  return trust;
}
