import { z } from 'zod';

import { parseCanonicalJson } from '../canonical-json.js';
import { parseSchema } from './parse.js';
import * as p from './primitives.js';
import { MAX_STATEMENT_BYTES } from './published-files.js';
import { nonEmptyText, signedDecimal, text, valuation, type Valuation } from './valuation.js';

export const STATEMENT_FORMAT = 'solvent/statement/v2';
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

/** The kinds of lines that take what their account, bucket and asset add up to back to nothing. */
const NET_KINDS: readonly ComponentKind[] = ['isolated-loss-limit', 'write-off'];

const line = z
  .strictObject({
    account: nonEmptyText,
    asset: p.assetSymbol,
    bucket: nonEmptyText,
    kind: z.enum(COMPONENT_KINDS),
    reference: text,
    valuation,
    value: signedDecimal,
  })
  .refine(({ kind, valuation: inputs }) => isValuationOfKind(kind, inputs), {
    path: ['valuation'],
    error:
      'expected a position in futures and options lines, a net in isolated-loss-limit and write-off lines, and an amount in all others',
  })
  .refine(
    ({ asset, valuation: inputs }) => inputs.of !== 'position' || inputs.instrument.settlementAsset === asset,
    { path: ['asset'], error: 'expected the settlement asset of the instrument' },
  );

/** The schema of a statement, for the files that hold one. */
export const statementSchema = z.strictObject({
  format: z.literal(STATEMENT_FORMAT),
  lines: z.array(line).max(MAX_STATEMENT_LINES),
});

/**
 * How a platform came to what one user holds and owes, line by line. `value` is signed, in whole units of `asset`, and
 * adds to the net of the line's account, bucket and asset; `valuation` holds everything that it follows from.
 */
export type AccountStatement = z.infer<typeof statementSchema>;

/** One signed component of what a user holds and owes. */
export type StatementLine = AccountStatement['lines'][number];

/**
 * Reads a statement: canonical JSON without a line feed. Order and sums are not looked at
 * (`sumStatement`), nor whether values follow from their inputs (`recomputeLines`).
 * @throws SolventError of class `format`.
 */
export function parseStatement(bytes: Uint8Array): AccountStatement {
  return parseSchema(statementSchema, STATEMENT_FORMAT, parseCanonicalJson(bytes, MAX_STATEMENT_BYTES));
}

function isValuationOfKind(kind: ComponentKind, inputs: Valuation): boolean {
  if (inputs.of === 'position') return kind === (inputs.instrument.kind === 'option' ? 'options' : 'futures');
  if (inputs.of === 'net') return NET_KINDS.includes(kind);
  return kind !== 'futures' && kind !== 'options' && !NET_KINDS.includes(kind);
}
