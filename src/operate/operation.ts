import { dirname, join, resolve } from 'node:path';

import { z } from 'zod';

import { LANGUAGES } from '../presentation/index.js';
import { primitives as p } from '../protocol/index.js';
import { ENGINE_NAMES } from '../prover/index.js';
import { parseStrictYaml, SEPARATORS } from '../snapshot/index.js';
import { readNamedFile } from '../system/index.js';
import { refuseOperation } from './errors.js';
import { parseRule, stampOf, type Rule } from './schedule.js';

export const OPERATION_FORMAT = 'solvent/operation/v1';

/** A configuration is a page or two. */
const MAX_CONFIG_BYTES = 1024 * 1024;
/** Faults that one error lists. */
const MAX_FAULTS = 20;
const MAX_WORKERS = 256;

const MS_PER_UNIT: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DURATION = /^([1-9][0-9]{0,4})([smhd])$/;

const path = z.string().regex(/^[^\p{Cc}]{1,4096}$/u, 'expected a path');
const line = z.string().regex(/^[^\p{Cc}]{1,1024}$/u, 'expected one line of 1 to 1024 characters');
const duration = z
  .string()
  .regex(DURATION, 'expected a duration like 30s, 10m, 2h or 1d')
  .transform((text) => {
    const [, count, unit] = DURATION.exec(text)!;
    return Number(count) * MS_PER_UNIT[unit!]!;
  });
const rule = z.string().transform((text, context) => {
  try {
    return parseRule(text);
  } catch {
    context.addIssue('expected daily 00:00Z, hourly, or a distance that divides a day, like 10m or 6h');
    return z.NEVER;
  }
});
const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^(?:0|[1-9][0-9]{0,6})$/, `expected a whole number from ${least} to ${most}`)
    .transform(Number)
    .pipe(z.int().min(least).max(most));
/** A program and its arguments; no shell reads them. */
const command = z.array(line).min(1).max(64);
const yes = z.enum(['yes', 'no']).transform((text) => text === 'yes');

const balances = z.strictObject({
  file: path,
  assets: path,
  quote: p.assetSymbol,
  columns: z.record(z.string(), line).default({}),
  ignore: z.array(line).default([]),
  separator: z.enum(Object.keys(SEPARATORS) as [keyof typeof SEPARATORS]).optional(),
});

const books = z.strictObject({ config: path, acceptBreaks: path.optional() });

const identity = z.union([
  z.strictObject({ file: path, passphraseFile: path.optional() }),
  z.strictObject({ variable: z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/, 'expected the name of a variable') }),
  z.strictObject({ command, publicKey: p.ed25519PublicKey }),
]);

const reserves = z.strictObject({
  wallets: path,
  pins: path.optional(),
  /** Chain -> the variable that holds the address of its node. */
  nodes: z.record(
    z.string().regex(/^eip155:[1-9][0-9]{0,19}$/, 'expected a chain, like eip155:1'),
    z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/, 'expected the name of a variable'),
  ),
  /** Takes what is asked of the keys as CSV, and answers with their signatures as CSV. */
  sign: command.optional(),
  confirmations: z.array(path).default([]),
  unsignedAsStated: yes.default(false),
});

/** Workers of other machines make the proofs; the variable holds the URL of the database. */
const queue = z.strictObject({
  variable: z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/, 'expected the name of a variable'),
  patience: duration.optional(),
});

const schema = z
  .strictObject({
    format: z.literal(OPERATION_FORMAT),
    platform: p.name,
    books: books.optional(),
    balances: balances.optional(),
    underwater: z.enum(['fail', 'write-off']).optional(),
    scope: p.prose.optional(),
    excluded: z.array(p.prose).default([]),
    schedule: rule.optional(),
    missed: z.enum(['skip', 'make']).default('skip'),
    settle: duration.optional(),
    patience: duration.default(2 * MS_PER_UNIT.h!),
    leastDistance: duration.default(MS_PER_UNIT.m!),
    keys: path,
    trust: path,
    developmentKeys: z.enum(['refuse', 'allow']).default('refuse'),
    identity,
    ledger: path.optional(),
    rotations: z.array(path).default([]),
    state: path,
    site: path,
    /** Of the site's front page. */
    language: z.enum(LANGUAGES).default('en'),
    reserves: reserves.optional(),
    queue: queue.optional(),
    workers: whole(1, MAX_WORKERS).optional(),
    engine: z.enum(ENGINE_NAMES as unknown as [string, ...string[]]).default('wasm'),
    retention: z
      .strictObject({
        snapshots: duration.default(31 * MS_PER_UNIT.d!),
        runs: duration.default(400 * MS_PER_UNIT.d!),
        sites: whole(1, 10_000).default(2),
      })
      .prefault({}),
    hooks: z
      .strictObject({
        published: command.optional(),
        refused: command.optional(),
        failed: command.optional(),
        timeout: duration.default(5 * MS_PER_UNIT.m!),
      })
      .prefault({}),
    metrics: z.strictObject({ file: path.optional(), port: whole(1, 65_535).optional() }).prefault({}),
  })
  .refine(({ books: one, balances: other }) => (one === undefined) !== (other === undefined), {
    path: ['books'],
    message: 'expected books or balances, one of the two',
  });

type Parsed = z.infer<typeof schema>;

/** What `operation.yaml` says, with absolute paths; durations are in milliseconds. */
export type Operation = Omit<Parsed, 'format' | 'schedule' | 'engine'> & {
  readonly schedule: Rule | undefined;
  readonly engine: (typeof ENGINE_NAMES)[number];
  /** The file itself. */
  readonly configPath: string;
};

/**
 * Reads the configuration of an operation, `solvent/operation/v1`: YAML whose scalars are all taken as text, with no unknown
 * key. Paths in it are relative to it; they are not looked at, and no environment variable is.
 * @throws SolventError of class `usage`: `file-unreadable`, `config-malformed` with the line, `operation-invalid` with the path
 * of every key at fault.
 */
export async function parseOperation(configPath: string): Promise<Operation> {
  const parsed = schema.safeParse(parseStrictYaml(await readNamedFile(configPath, MAX_CONFIG_BYTES)));
  if (!parsed.success) throw refuseIssues(parsed.error.issues);
  return anchor(parsed.data, resolve(configPath));
}

function anchor({ schedule, engine, ...given }: Parsed, configPath: string): Operation {
  const from = (named: string) => resolve(dirname(configPath), named);
  const maybe = (named: string | undefined) => (named === undefined ? undefined : from(named));
  const { books: ofBooks, balances: ofBalances, identity: key, reserves: held, metrics } = given;
  return {
    ...given,
    configPath,
    schedule,
    engine: engine as Operation['engine'],
    books: ofBooks && { config: from(ofBooks.config), acceptBreaks: maybe(ofBooks.acceptBreaks) },
    balances: ofBalances && { ...ofBalances, file: from(ofBalances.file), assets: from(ofBalances.assets) },
    identity: 'file' in key ? { file: from(key.file), passphraseFile: maybe(key.passphraseFile) } : key,
    reserves: held && {
      ...held,
      wallets: from(held.wallets),
      pins: maybe(held.pins),
      confirmations: held.confirmations.map(from),
    },
    metrics: { ...metrics, file: maybe(metrics.file) },
    keys: from(given.keys),
    trust: from(given.trust),
    ledger: maybe(given.ledger),
    rotations: given.rotations.map(from),
    state: from(given.state),
    site: from(given.site),
  };
}

function refuseIssues(issues: readonly z.core.$ZodIssue[]) {
  const faults = issues.flatMap((issue) => describeIssue(issue, [])).slice(0, MAX_FAULTS);
  return refuseOperation('operation-invalid', {
    expected: 'a configuration of an operation in good order',
    found: `a fault at ${faults[0]!}${faults.length > 1 ? `, and ${faults.length - 1} more` : ''}`,
    details: { faults },
  });
}

function describeIssue(issue: z.core.$ZodIssue, outer: readonly PropertyKey[]): string[] {
  const keys = [...outer, ...issue.path];
  const at = keys.length === 0 ? '(top)' : keys.map(String).join('.');
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    // What was meant is the form that least is wrong with.
    const [nearest] = [...issue.errors].sort((a, b) => a.length - b.length);
    return nearest!.flatMap((inner) => describeIssue(inner, keys));
  }
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `${[...keys, key].map(String).join('.')}: expected no such key`);
  const isMissing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
  return [`${at}: ${isMissing ? 'expected a value, got none' : issue.message}`];
}

/** A path of the configuration at an instant: `{date}` is 2026-01-31, `{instant}` 2026-01-31T000000Z. */
export function atInstant(named: string, instant: string): string {
  return named.replaceAll('{date}', instant.slice(0, 10)).replaceAll('{instant}', stampOf(instant));
}

/** Every path that an operation writes to. Only those of the site are published. */
export type OperationPaths = ReturnType<typeof operationPaths>;

/** The paths of an operation. */
export function operationPaths({ state, site }: Pick<Operation, 'state' | 'site'>) {
  const versions = `${site}.versions`;
  return {
    state,
    /** Every instant, and what became of it. */
    instants: join(state, 'instants.json'),
    /** What is being done now, for `status`. */
    progress: join(state, 'progress.json'),
    /** A symbolic link to the version that is published. */
    site,
    versions,
    version: (instant: string) => join(versions, stampOf(instant)),
    instant: (instant: string) => {
      const directory = join(state, 'instants', stampOf(instant));
      return {
        directory,
        pin: join(directory, 'pin.json'),
        snapshot: join(directory, 'snapshot'),
        findings: join(directory, 'findings'),
        run: join(directory, 'run'),
        bundle: join(directory, 'run', 'bundle'),
        reservesWork: join(directory, 'reserves.work'),
        reserves: join(directory, 'reserves'),
        inclusion: join(directory, 'inclusion.zip'),
      };
    },
  };
}
