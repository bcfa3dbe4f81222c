import { z } from 'zod';

import * as p from './primitives.js';

/** Between what two sides of the books a break is. */
export const BREAK_KINDS = [
  'balance-differs',
  'account-missing-in-balances',
  'account-missing-in-ledger',
  'control-differs',
  'control-missing',
  'positions-not-netted',
] as const;

export type BreakKind = (typeof BREAK_KINDS)[number];

/** 3 kinds of breaks for each of 1,024 assets, and those of instruments. */
const MAX_BREAK_LINES = 8192;

/** How many were compared: all that there are, or a number by its power of two. */
const compared = z.union([z.literal('all'), p.countBelow]).nullable();

/**
 * How a platform's books were reconciled: how many pairs of account and asset, assets and instruments were compared,
 * null where there was nothing to compare with. The accepted breaks are counted by their power of two and summed for
 * each kind and asset. `difference` is found minus expected in whole units of the asset, or in contracts where `asset`
 * is null. `magnitude` is the same summed without signs, since breaks may cancel.
 */
export const reconciliation = z.strictObject({
  compared: z.strictObject({ balances: compared, control: compared, positions: compared }),
  acceptedBreaks: z
    .array(
      z.strictObject({
        kind: z.enum(BREAK_KINDS),
        asset: p.assetSymbol.nullable(),
        // At least one break, so at least the power of two above 1.
        countBelow: p.countBelow.min(2),
        difference: p.signedDecimal,
        magnitude: p.nonNegativeDecimal,
      }),
    )
    .max(MAX_BREAK_LINES)
    .refine(
      (lines) => new Set(lines.map(({ kind, asset }) => `${kind}/${asset ?? ''}`)).size === lines.length,
      'expected each kind and asset at most once',
    ),
});

export type ReconciliationSummary = z.infer<typeof reconciliation>;
