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

/**
 * How a platform's books were reconciled: how many pairs of account and asset, assets and instruments were compared,
 * null where there was nothing to compare with; and the breaks that were accepted, counted and summed for each kind and
 * asset. `difference` is found minus expected in whole units of the asset, or in contracts where `asset` is null;
 * `magnitude` is the same summed without signs, since breaks may cancel.
 */
export const reconciliation = z.strictObject({
  compared: z.strictObject({
    balances: p.count.nullable(),
    control: p.count.nullable(),
    positions: p.count.nullable(),
  }),
  acceptedBreaks: z
    .array(
      z.strictObject({
        kind: z.enum(BREAK_KINDS),
        asset: p.assetSymbol.nullable(),
        count: p.count.min(1),
        difference: p.signedDecimal,
        magnitude: p.nonNegativeDecimal,
      }),
    )
    .max(MAX_BREAK_LINES),
});

export type ReconciliationSummary = z.infer<typeof reconciliation>;
