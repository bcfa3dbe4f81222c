import { z } from 'zod';

import { MAX_AGGREGATE_LAYERS, TREE_ARITY } from '../limits.js';
import { parsePublished } from './parse.js';
import * as p from './primitives.js';
import { PUBLISHED_FILES } from './published-files.js';
import { statementSchema } from './statement.js';

export const INCLUSION_FORMAT = PUBLISHED_FILES.inclusion.format;

/** The schema of an inclusion file. */
export const inclusionSchema = z.strictObject({
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
export type InclusionFile = z.infer<typeof inclusionSchema>;

/** Reads an inclusion file. @throws SolventError of class `format`. */
export function parseInclusion(bytes: Uint8Array): InclusionFile {
  return parsePublished('inclusion', inclusionSchema, bytes);
}
