import { z } from 'zod';

import { hashLabelled, int248 } from '../../bytes.js';
import { encodeCanonicalJson, parseCanonicalJson } from '../../canonical-json.js';
import type { FieldElement } from '../../field.js';
import { parseSchema } from '../../formats/parse.js';
import * as p from '../../formats/primitives.js';
import { COMPONENT_KINDS, MAX_STATEMENT_LINES, type ComponentKind } from '../../formats/statement.js';
import { nonEmptyText, signedDecimal, text, valuation, type Valuation } from './valuation.js';

export const ROW_STATEMENT_FORMAT = 'solvent/statement/v2';
/** Bytes of a statement in canonical JSON: some 8,000 lines of positions, or 10,000 of amounts. */
export const MAX_ROW_STATEMENT_BYTES = 8 * 1024 * 1024;

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
    error: 'expected a position in futures and options lines and an amount in all others',
  })
  .refine(
    ({ asset, valuation: inputs }) => inputs.of === 'amount' || inputs.instrument.settlementAsset === asset,
    { path: ['asset'], error: 'expected the settlement asset of the instrument' },
  );

/** The schema of a statement, for the files that hold one. */
export const rowStatementSchema = z.strictObject({
  format: z.literal(ROW_STATEMENT_FORMAT),
  lines: z.array(line).max(MAX_STATEMENT_LINES),
});

/**
 * How a platform came to what one user holds and owes, line by line. `value` is signed, in whole units of `asset`, and
 * adds to the net of the line's account, bucket and asset; `valuation` holds everything that it follows from.
 */
export type RowStatement = z.infer<typeof rowStatementSchema>;

/** One signed component of what a user holds and owes. */
export type RowStatementLine = RowStatement['lines'][number];

/**
 * Reads a statement: canonical JSON without a line feed. Order and sums are not looked at, nor whether a value follows
 * from its inputs.
 * @throws SolventError of class `format`.
 */
export function parseRowStatement(bytes: Uint8Array): RowStatement {
  const value = parseCanonicalJson(bytes, MAX_ROW_STATEMENT_BYTES);
  return parseSchema(rowStatementSchema, ROW_STATEMENT_FORMAT, value);
}

/** int248(sha("solvent/statement/v2", canonical JSON)): what stands for a statement in an id. Below 2^248. */
export function hashRowStatement(statement: RowStatement): FieldElement {
  return int248(hashLabelled(ROW_STATEMENT_FORMAT, encodeCanonicalJson(statement)));
}

function isValuationOfKind(kind: ComponentKind, inputs: Valuation): boolean {
  if (inputs.of === 'amount') return kind !== 'futures' && kind !== 'options';
  return kind === (inputs.instrument.kind === 'option' ? 'options' : 'futures');
}
