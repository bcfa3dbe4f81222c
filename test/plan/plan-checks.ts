import { expect } from 'vitest';

import {
  computeNetValue,
  type Holding,
  type UnitPrice,
  assertRow,
  sideOf,
  SIDE,
  type RowLayout,
} from '../../src/protocol/index.js';
import type { PlannedPart } from '../../src/plan/index.js';

/**
 * Holds parts to what verifiers and users check: canonical rows of their circuits, V the value of the slots and in
 * range, an empty row only alone, 1 to 2A parts, and sums that are the account's to the unit.
 */
export function expectExactPlan(
  parts: readonly PlannedPart[],
  {
    holdings,
    prices,
    layouts,
  }: { holdings: readonly Holding[]; prices: readonly UnitPrice[]; layouts: readonly RowLayout[] },
): void {
  expect(parts.length).toBeGreaterThanOrEqual(1);
  expect(parts.length).toBeLessThanOrEqual(2 * prices.length);
  const sums = prices.map((_, assetIndex) => ({ assetIndex, equityUnits: 0n, debtUnits: 0n }));
  for (const { circuit, row } of parts) {
    const layout = layouts[circuit]!;
    assertRow(layout, row, prices.length);
    if (parts.length > 1) expect(row.slots).not.toEqual([]);
    const inRow = row.slots.map((slot): Holding => {
      const isDebt = sideOf(slot) === SIDE.debt;
      sums[slot.assetIndex]![isDebt ? 'debtUnits' : 'equityUnits'] += slot.amountUnits;
      return {
        assetIndex: slot.assetIndex,
        equityUnits: isDebt ? 0n : slot.amountUnits,
        debtUnits: isDebt ? slot.amountUnits : 0n,
      };
    });
    if (layout.kind === 'margin') expect(row.netValue).toBe(computeNetValue(prices, inRow));
  }
  expect(sums.filter(({ equityUnits, debtUnits }) => equityUnits + debtUnits > 0n)).toEqual(holdings);
}

/** The slots of the widest margin rows among parts, 0 without any, and how many margin rows there are. */
export function marginRowsOf(
  parts: readonly PlannedPart[],
  layouts: readonly RowLayout[],
): { readonly slots: number; readonly count: number } {
  const used = parts.map(({ circuit }) => layouts[circuit]!).filter(({ kind }) => kind === 'margin');
  return { slots: Math.max(0, ...used.map(({ slots }) => slots)), count: used.length };
}
