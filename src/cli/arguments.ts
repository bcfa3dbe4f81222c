import { Option, type Command, InvalidArgumentError } from 'commander';

import { addWideCircuit, MAX_WIDE_SLOTS, MIN_WIDE_SLOTS } from '../keys/index.js';
import { PROFILES, type Profile, parseName, parseTyped } from '../protocol/index.js';
import { readIfExists } from '../system/index.js';
import { loadIdentity, type SigningKey } from '../identity/index.js';
import { formatNumber } from '../presentation/index.js';
import { refuseCommand } from './errors.js';
import { readPassphrase } from './passphrase.js';

/** The variable that a vault may put a private key into. */
const IDENTITY_VARIABLE = 'SOLVENT_SIGNING_KEY';
const ENCRYPTED = 'ENCRYPTED PRIVATE KEY';

export type IdentityFlags = { readonly identity?: string; readonly passphraseFile?: string };

/** Adds what names a private key: a file, or the environment. */
export function addIdentityOptions(command: Command, whose: string): Command {
  return command
    .option('--identity <file>', `${whose} (default: the variable ${IDENTITY_VARIABLE}, where it is set)`)
    .option(
      '--passphrase-file <file>',
      'holds its passphrase (default: the variable SOLVENT_PASSPHRASE, or asked)',
    );
}

/** Loads the key that the flags or the environment name; undefined where neither does. */
export async function findIdentity(flags: IdentityFlags): Promise<SigningKey | undefined> {
  if (flags.identity === undefined && process.env[IDENTITY_VARIABLE] === undefined) return undefined;
  return loadFlaggedIdentity(flags);
}

/** Loads the key that the flags or the environment name. @throws SolventError as `loadIdentity`. */
export async function loadFlaggedIdentity(flags: IdentityFlags): Promise<SigningKey> {
  const { identity: path, passphraseFile: file } = flags;
  const value = process.env[IDENTITY_VARIABLE];
  const text = path === undefined ? value : Buffer.from((await readIfExists(path)) ?? []).toString();
  const passphrase = text?.includes(ENCRYPTED)
    ? await readPassphrase(`Passphrase of ${path ?? IDENTITY_VARIABLE}: `, { file })
    : undefined;
  return loadIdentity({
    ...(path === undefined ? { text: { value, variable: IDENTITY_VARIABLE } } : { path }),
    ...(passphrase === undefined ? {} : { passphrase }),
  });
}

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

/** The names that `--profile` takes. */
export const PROFILE_NAMES = [...PROFILES.keys()].join(', ');

/** What names the circuits that keys are made for. */
export type CircuitFlags = { readonly profile: string; readonly wide?: number };

/** `--wide`: one more circuit beside those of the profile. */
export function wideOption(): Option {
  return new Option(
    '--wide <slots>',
    `also a circuit of one margin row of so many slots, ${MIN_WIDE_SLOTS} to ${MAX_WIDE_SLOTS}: with twice the listed assets, no account is without a plan`,
  ).argParser(parseWideSlots);
}

/** Reads the slots of a wide margin row. @throws InvalidArgumentError unless it is an integer from 4 to 2,048. */
export function parseWideSlots(text: string): number {
  return parseCount(text, { least: MIN_WIDE_SLOTS, most: MAX_WIDE_SLOTS });
}

/** The profile of a name, with the wide circuit that is asked for. @throws SolventError `profile-unknown`. */
export function parseProfile({ profile: name, wide }: CircuitFlags): Profile {
  const profile = PROFILES.get(name);
  if (profile === undefined) {
    throw refuseCommand('profile-unknown', {
      expected: `--profile ${[...PROFILES.keys()].join(' or ')}`,
      found: 'another',
    });
  }
  return wide === undefined ? profile : addWideCircuit(profile, wide);
}
