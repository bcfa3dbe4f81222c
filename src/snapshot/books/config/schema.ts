import { z } from 'zod';

import { MAX_UNIT_DECIMALS, parseDecimal, parseInstant, primitives as p } from '../../../protocol/index.js';
import { MAX_ASSETS } from '../../balances/assets-file.js';
import { SEPARATORS, type Separator } from '../../reading/csv-records.js';
import { plainDecimal } from '../../reading/spelling.js';
import { SOURCE_ROLES } from '../config.js';

export const BOOKS_FORMAT = 'solvent/books/v1';

const NS_PER_UNIT = {
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
  d: 86_400_000_000_000n,
} as const;

const DURATION = /^([1-9][0-9]{0,5})([smhd])$/;

/** The nanoseconds of a duration as the configuration writes it: a whole number of `s`, `m`, `h` or `d`. */
export function parseDurationNs(text: string): bigint {
  const [, count, unit] = DURATION.exec(text) as unknown as [string, string, keyof typeof NS_PER_UNIT];
  return BigInt(count) * NS_PER_UNIT[unit];
}

/** A text for which a check does not throw. */
function accepted(check: (text: string) => unknown, message: string) {
  return z.string().refine((text) => {
    try {
      check(text);
      return true;
    } catch {
      return false;
    }
  }, message);
}

const decimal = z
  .string()
  .transform(plainDecimal)
  .pipe(accepted(parseDecimal, 'expected a decimal that is not negative, like 0.95'));
/** A leap year: the longest age that a manifest can state. */
const MAX_AGE_NS = 366n * NS_PER_UNIT.d;
const age = z
  .string()
  .regex(DURATION, 'expected a duration like 30s, 10m, 2h or 1d')
  .refine(
    (text) => !DURATION.test(text) || parseDurationNs(text) <= MAX_AGE_NS,
    'expected a duration of at most 366d',
  );
const instant = accepted(parseInstant, 'expected an RFC 3339 instant with a zone, like 2026-01-31T00:05:00Z');
/** What is put into statements: no control characters, so that what is quoted stays one line. */
const line = z.string().regex(/^[^\p{Cc}]{1,1024}$/u, 'expected one line of 1 to 1024 characters');
const columnName = z.string().regex(/^[a-z_]+$/, 'expected the name of one of our columns');

const DIGIT_COUNT = `a whole number from 0 to ${MAX_UNIT_DECIMALS}`;
const digitCount = z.string().refine(isDigitCount, `expected ${DIGIT_COUNT}`);

const asset = z.strictObject({
  symbol: p.assetSymbol,
  decimals: z
    .string()
    .refine((text) => text === 'auto' || isDigitCount(text), `expected ${DIGIT_COUNT}, or auto`),
  unit: digitCount.optional(),
  collateralRatio: decimal.refine(isRatio, 'expected a ratio from 0 to 1, like 0.95'),
  maxPriceAge: age,
});

const reading = {
  completeTo: instant.optional(),
  columns: z.record(columnName, line).default({}),
  constants: z.record(columnName, line).default({}),
  ignore: z.array(line).max(1000).default([]),
  timeZone: z
    .string()
    .refine(isTimeZone, 'expected the name of a time zone, like Europe/Berlin or UTC')
    .optional(),
};

const SEPARATOR_NAMES = Object.keys(SEPARATORS) as Separator[];

const filedSource = z.strictObject({
  files: z.array(line).min(1).max(1000),
  format: z.enum(['csv', 'parquet', 'ndjson'], 'expected csv, parquet or ndjson'),
  separator: z.enum(SEPARATOR_NAMES, `expected ${SEPARATOR_NAMES.join(', ')}, by its name`).optional(),
  ...reading,
});

const queriedSource = z.strictObject({
  connection: z.string(),
  query: z
    .string()
    .min(1)
    .max(64 * 1024),
  ...reading,
});

const source = z.union([filedSource, queriedSource]);

/** The configuration file as it is written: every scalar is text. */
export const configSchema = z.strictObject({
  format: z.literal(BOOKS_FORMAT),
  platform: p.name,
  quote: p.assetSymbol,
  cash: z.enum(['balances-total', 'balances-available', 'ledger']),
  underwater: z.enum(['fail', 'write-off']).default('fail'),
  isolatedLoss: z.enum(['limited', 'recourse']).default('limited'),
  maxMarkAge: age.default('10m'),
  modelPrices: z
    .strictObject({ rate: decimal, dayCount: z.enum(['act/365', 'act/365.25', 'act/360']) })
    .optional(),
  assets: z.array(asset).min(1).max(MAX_ASSETS),
  connections: z
    .record(
      z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'expected a name of small letters, digits and dashes'),
      z
        .string()
        .regex(
          /^[A-Z_][A-Z0-9_]{0,127}$/,
          'expected the name of the environment variable that holds the URL, in capitals; never the URL',
        ),
    )
    .default({}),
  sources: z.strictObject(
    Object.fromEntries(SOURCE_ROLES.map((role) => [role, source.optional()])) as Record<
      (typeof SOURCE_ROLES)[number],
      z.ZodOptional<typeof source>
    >,
  ),
});

/** The keys of each part of a configuration, by its first key and how deep it is. */
export const KNOWN_KEYS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  '': [Object.keys(configSchema.shape)],
  assets: [[], Object.keys(asset.shape)],
  modelPrices: [['rate', 'dayCount']],
  sources: [
    SOURCE_ROLES,
    [...new Set([...Object.keys(filedSource.shape), ...Object.keys(queriedSource.shape)])],
  ],
};

function isDigitCount(text: string): boolean {
  return /^[0-9]{1,2}$/.test(text) && Number(text) <= MAX_UNIT_DECIMALS;
}

function isRatio(text: string): boolean {
  try {
    const { coefficient, fractionDigits } = parseDecimal(text);
    return coefficient <= 10n ** BigInt(fractionDigits);
  } catch {
    return false;
  }
}

/** Whether a text is the name of a zone in the IANA's database, as it is spelt there. */
function isTimeZone(text: string): boolean {
  if (!/^(?:UTC|[A-Z][A-Za-z]+(?:\/[A-Z][A-Za-z_+-]*){1,2})$/.test(text)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}
