import { areHoldingsEqual, type Holding } from '../account.js';
import { sumStatement, type StatementAsset } from '../statement.js';
import type { InclusionFile } from '../formats/inclusion.js';
import { SIDE, sideOf, type Slot } from '../rows/packing.js';
import { refuseInclusion } from './placement.js';

/** Equity and debt of each asset over all rows of an account, sorted by asset index. Sums may be beyond 2^64. */
export function sumSlots(rows: readonly { readonly slots: readonly Slot[] }[]): Holding[] {
  const sums = new Map<number, { equityUnits: bigint; debtUnits: bigint }>();
  for (const slot of rows.flatMap(({ slots }) => slots)) {
    const sum = sums.get(slot.assetIndex) ?? { equityUnits: 0n, debtUnits: 0n };
    sums.set(slot.assetIndex, sum);
    if (sideOf(slot) === SIDE.equity) sum.equityUnits += slot.amountUnits;
    else sum.debtUnits += slot.amountUnits;
  }
  return [...sums.keys()]
    .sort((a, b) => a - b)
    .map((assetIndex) => ({ assetIndex, ...sums.get(assetIndex)! }));
}

/**
 * U10: equity and debt of each asset, added over all parts, are those that the lines of the statement add up to.
 * @returns what the user holds and owes: one list over all parts.
 * @throws SolventError `sums`; as `sumStatement` where the lines are not in their order, of listed assets and in whole
 * proof units.
 */
export function assertSums(
  { statement }: Pick<InclusionFile, 'statement'>,
  parts: readonly { readonly slots: readonly Slot[] }[],
  assets: readonly StatementAsset[],
): Holding[] {
  const holdings = sumSlots(parts);
  if (statement !== null && !areHoldingsEqual(sumStatement(statement.lines, assets), holdings)) {
    throw refuseInclusion('sums', 'the statement to add up to the parts, got other sums');
  }
  return holdings;
}

/**
 * U10: nobody holds or owes more of an asset than all together. The equations of a sound key leave no such holding: one is
 * a sign that someone knows the trapdoor of a key.
 * @param totals of all listed assets in order, amounts in plain decimal.
 * @throws SolventError `holding-above-total`.
 */
export function assertWithinTotals(
  holdings: readonly Holding[],
  totals: readonly { readonly equity: string; readonly debt: string }[],
): void {
  const isWithin = holdings.every(({ assetIndex, equityUnits, debtUnits }) => {
    const total = totals[assetIndex];
    return total !== undefined && equityUnits <= BigInt(total.equity) && debtUnits <= BigInt(total.debt);
  });
  if (!isWithin) throw refuseInclusion('holding-above-total', 'holdings within the totals of all, got more');
}
