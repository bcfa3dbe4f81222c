import { INTEGER, VARCHAR } from '@duckdb/node-api';

import {
  AccountPlanner,
  derivePlanKey,
  listPlannedLayouts,
  STANDARD_WIDE_SLOTS,
  type PlannedSnapshot,
} from '../../plan/index.js';
import { formatDecimal, SolventError, type Holding, type PriceTable } from '../../protocol/index.js';
import type { Scratch } from '../database/scratch.js';

/** The snapshot whose accounts are to be covered. */
export type PlanOptions = PlannedSnapshot & {
  readonly priceTable: PriceTable;
  /** Slots of the widest margin row of the keys; 128 unless it is said. */
  readonly wideSlots?: number | undefined;
};

/** What is needed for accounts without a plan. */
export type UnplannedAccounts = {
  readonly count: number;
  /** Slots of a margin row that would do for all of them. */
  readonly slotsNeeded: number;
  /** Slots of the widest margin row that they were planned with. */
  readonly wideSlots: number;
};

/**
 * Finds the accounts of the table `holding` that no rows of a proof cover exactly, and lists them in the table
 * `unplanned_account`. A run cuts the others: it plans with the same key.
 * @returns undefined where every account has a plan.
 */
export async function findUnplannedAccounts(
  scratch: Scratch,
  { priceTable, wideSlots = STANDARD_WIDE_SLOTS, ...snapshot }: PlanOptions,
): Promise<UnplannedAccounts | undefined> {
  const planner = new AccountPlanner(listPlannedLayouts(wideSlots), {
    prices: priceTable.prices,
    orderKey: derivePlanKey(snapshot),
  });
  const rows: [string, number, string | null][] = [];
  for await (const { userId, holdings } of readMarginAccounts(scratch)) {
    const refused = refuseWithoutPlan(planner, holdings);
    if (refused === undefined) continue;
    const { slotsNeeded, slackUnits } = refused;
    const slack = slackUnits && { coefficient: BigInt(slackUnits), fractionDigits: priceTable.scale };
    rows.push([userId, slotsNeeded, slack ? formatDecimal(slack) : null]);
  }
  if (rows.length === 0) return undefined;
  await scratch.run('sealed/create-unplanned-account');
  await scratch.append('unplanned_account', [VARCHAR, INTEGER, VARCHAR], [rows]);
  const slotsNeeded = rows.reduce((most, [, slots]) => Math.max(most, slots), 0);
  return { count: rows.length, slotsNeeded, wideSlots };
}

/** What to do about them, in a clause. */
export function advisePlan({ slotsNeeded }: Pick<UnplannedAccounts, 'slotsNeeded'>): string {
  return `prove it with keys of solvent setup --wide ${slotsNeeded}, and take the snapshot with --wide ${slotsNeeded}`;
}

type Refusal = { readonly slotsNeeded: number; readonly slackUnits?: string };

function refuseWithoutPlan(planner: AccountPlanner, holdings: readonly Holding[]): Refusal | undefined {
  try {
    planner.assertPlan(holdings);
    return undefined;
  } catch (error) {
    if (!(error instanceof SolventError) || error.code !== 'account-without-plan') throw error;
    return error.details as Refusal;
  }
}

/** The accounts that owe, one at a time. */
async function* readMarginAccounts(
  scratch: Scratch,
): AsyncGenerator<{ readonly userId: string; readonly holdings: readonly Holding[] }> {
  let userId: string | undefined;
  let holdings: Holding[] = [];
  for await (const rows of scratch.stream('sealed/select-margin-holdings')) {
    for (const [user, assetIndex, equityUnits, debtUnits] of rows) {
      if (user !== userId) {
        if (userId !== undefined) yield { userId, holdings };
        userId = user as string;
        holdings = [];
      }
      holdings.push({
        assetIndex: assetIndex as number,
        equityUnits: equityUnits as bigint,
        debtUnits: debtUnits as bigint,
      });
    }
  }
  if (userId !== undefined) yield { userId, holdings };
}
