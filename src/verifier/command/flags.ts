import { InvalidArgumentError, Option } from 'commander';

import { parseTrust, type SolventError, type Trust } from '../../protocol/index.js';
import { LANGUAGES } from '../../presentation/index.js';
import { compareTrustHash } from '../checks/origin.js';
import { refuseUse } from '../errors.js';
import { readFileBounded } from '../node/files.js';
import { loadPublished } from '../node/reserves-files.js';

export type SignersCode = 'signers-malformed';

/** Reads a SHA-256 in hexadecimal. @throws InvalidArgumentError. */
export function parseHash(text: string): string {
  const hash = text.trim().toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(hash)) throw new InvalidArgumentError('Expected 64 hexadecimal digits.');
  return hash;
}

/** `--language`: of the text and of the page; JSON and codes are the same in every language. */
export function languageOption(): Option {
  return new Option('--language <code>', 'the language of the text and the page')
    .choices([...LANGUAGES])
    .default('en');
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

/** Contributors of more ceremonies than anyone follows. */
const MAX_SIGNERS = 10_000;

/**
 * Reads the keys of contributors that the reader knows: a key in 64 hexadecimal digits on each line, and behind a space
 * whose it is. Empty lines, and those that begin with #, are for the reader.
 * @throws SolventError `file-unreadable`, `signers-malformed` (usage).
 */
export async function loadSigners(path: string): Promise<readonly string[]> {
  const text = new TextDecoder().decode(await readFileBounded(path));
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const keys = lines.flatMap((line, index) => {
    if (line === '' || line.startsWith('#')) return [];
    const [key] = line.split(/\s/);
    if (key !== undefined && /^[0-9a-f]{64}$/.test(key)) return [key];
    throw malformedSigners(path, `another text on line ${index + 1}`);
  });
  if (keys.length === 0 || keys.length > MAX_SIGNERS) throw malformedSigners(path, `${keys.length} keys`);
  return keys;
}

function malformedSigners(path: string, found: string): SolventError<SignersCode> {
  const expected = `a key of 64 lower-case hexadecimal digits on each line of ${path}`;
  return refuseUse('signers-malformed', { expected, found, details: { path } });
}
