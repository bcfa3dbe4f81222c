import { z } from 'zod';

import { utf8ToBytes } from '../bytes.js';
import { parseCanonicalJson } from '../canonical-json.js';
import { isCanonicalSignedDecimal } from '../decimal.js';
import { MAX_ID_BYTES } from '../limits.js';
import { parseSchema } from './parse.js';
import * as p from './primitives.js';
import { MAX_STATEMENT_BYTES } from './published-files.js';

export const STATEMENT_FORMAT = 'solvent/statement/v1';
/** Lines of a statement. */
export const MAX_STATEMENT_LINES = 10_000;

/** What a line of a statement can be about. Lines of one bucket and asset stand in the order of this list. */
export const COMPONENT_KINDS = [
  'cash',
  'open-orders',
  'collateral-posted',
  'collateral-received',
  'loan',
  'interest',
  'realised',
  'funding',
  'withdrawal-in-flight',
  'deposit-in-flight',
  'isolated-margin',
  'futures',
  'options',
  'isolated-loss-limit',
  'write-off',
] as const;

/** The kind of a line of a statement. */
export type ComponentKind = (typeof COMPONENT_KINDS)[number];

/** The bucket of everything that is not an isolated position. */
export const CROSS_BUCKET = 'cross';

const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Names and references of the platform's own: at most 256 bytes of UTF-8 without control characters. */
const text = z
  .string()
  .max(MAX_ID_BYTES)
  .refine(
    (value) => !UNPRINTABLE.test(value) && utf8ToBytes(value).length <= MAX_ID_BYTES,
    'expected at most 256 bytes without control characters',
  );
const nonEmptyText = text.min(1);
const signedDecimal = z.string().refine(isCanonicalSignedDecimal, 'expected a canonical signed decimal');

const line = z.strictObject({
  account: nonEmptyText,
  asset: p.assetSymbol,
  bucket: nonEmptyText,
  entryPrice: signedDecimal.nullable(),
  instrument: nonEmptyText.nullable(),
  kind: z.enum(COMPONENT_KINDS),
  price: signedDecimal.nullable(),
  priceAsset: p.assetSymbol.nullable(),
  priceSource: nonEmptyText.nullable(),
  pricedAt: p.instant.nullable(),
  quantity: signedDecimal.nullable(),
  reference: text,
  value: signedDecimal,
});

/** The schema of a statement, for the files that hold one. */
export const statementSchema = z.strictObject({
  format: z.literal(STATEMENT_FORMAT),
  lines: z.array(line).max(MAX_STATEMENT_LINES),
});

/**
 * How a platform came to what one user holds and owes, line by line. `value` is signed, in whole units of `asset`, and
 * adds to the net of the line's account, bucket and asset; the other amounts say what it was made from.
 */
export type AccountStatement = z.infer<typeof statementSchema>;

/** One signed component of what a user holds and owes. */
export type StatementLine = AccountStatement['lines'][number];

/**
 * Reads a statement: canonical JSON without a line feed. Order and sums are not looked at: `sumStatement` does that.
 * @throws SolventError of class `format`.
 */
export function parseStatement(bytes: Uint8Array): AccountStatement {
  return parseSchema(statementSchema, STATEMENT_FORMAT, parseCanonicalJson(bytes, MAX_STATEMENT_BYTES));
}
