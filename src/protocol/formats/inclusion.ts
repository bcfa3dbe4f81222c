import { z } from 'zod';

import { parseJsonLine } from '../canonical-json.js';
import { MAX_AGGREGATE_LAYERS, TREE_ARITY } from '../limits.js';
import { parseSchema } from './parse.js';
import * as p from './primitives.js';
import { MAX_STATEMENT_BYTES, statementSchema } from './statement.js';

export const INCLUSION_FORMAT = 'solvent/inclusion/v1';
/** Bytes of an inclusion file: 256 KiB besides its statement. */
export const MAX_INCLUSION_BYTES = MAX_STATEMENT_BYTES + 256 * 1024;

const schema = z.strictObject({
  format: z.literal(INCLUSION_FORMAT),
  manifestHash: p.sha256Hex,
  userId: p.name,
  nonce: p.fieldElement,
  statement: statementSchema.nullable(),
  holdings: z.array(z.strictObject({ asset: p.assetSymbol, equity: p.amount, debt: p.amount })).max(1024),
  circuit: p.circuitLabel,
  position: p.count,
  siblings: z
    .array(z.array(p.fieldElement).length(TREE_ARITY - 1))
    .min(1)
    .max(4),
  batch: z.strictObject({ digest: p.fieldElement, totals: p.fieldElement, proof: p.proof }),
  layers: z
    .array(
      z.strictObject({
        slot: z
          .int()
          .min(0)
          .max(TREE_ARITY - 1),
        digest: p.fieldElement,
        children: p.children,
        totals: p.fieldElement,
        proof: p.proof,
      }),
    )
    .min(1)
    .max(MAX_AGGREGATE_LAYERS),
});

/**
 * What one user gets: what they hold and owe with the statement it is the sum of, where that stands in its batch, and
 * the proofs from there to the top. Private to that user. `statement` is null where there is none; `position` is the row in the batch; `layers` run from the batch up; `slot` is the child that the
 * layer below is.
 */
export type InclusionFile = z.infer<typeof schema>;

/** Reads an inclusion file. @throws SolventError of class `format`. */
export function parseInclusion(bytes: Uint8Array): InclusionFile {
  return parseSchema(schema, INCLUSION_FORMAT, parseJsonLine(bytes, MAX_INCLUSION_BYTES));
}
