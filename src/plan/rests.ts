import type { Slot } from '../protocol/index.js';
import type { DraftRow } from './draft-row.js';
import type { AccountPositions, PlannedHolding } from './positions.js';

/** Equity that is in no margin row; 0 < units <= the position's. */
export type Rest = { readonly position: PlannedHolding; readonly units: bigint };

/**
 * Puts what rows do not need into the slots that they have anyway: the rest of a coin back to a row that holds it,
 * other equity to slots that no position uses, as long as V stays below 2^126.
 * @param rows that cover the account's debts; changed in place.
 * @returns what must go to spot rows, at most one entry a position, by rising asset index.
 */
export function placeRests(
  rows: readonly DraftRow[],
  { slots, positions }: { slots: number; positions: AccountPositions },
): Rest[] {
  const free = rows.filter((row) => row.slots.length < slots);
  return listRests(rows, positions).filter((rest) => {
    if (addToItsCoin(rows, rest)) return false;
    const index = free.findIndex((row) => row.find(rest.position) === undefined && fits(row, rest));
    const row = free[index];
    if (row === undefined) return true;
    row.open(rest.position, rest.units);
    if (row.slots.length === slots) free.splice(index, 1);
    return false;
  });
}

/** Spot slots of rests. */
export function toSpotSlots(rests: readonly Rest[]): Slot[] {
  return rests.map(({ position: { assetIndex }, units }) => ({ amountUnits: units, assetIndex }));
}

function listRests(rows: readonly DraftRow[], { coins, idle }: AccountPositions): Rest[] {
  const used = new Map<PlannedHolding, bigint>();
  for (const { slots } of rows) {
    for (const { position, units } of slots) used.set(position, (used.get(position) ?? 0n) + units);
  }
  return [...coins, ...idle]
    .map((position) => ({ position, units: position.units - (used.get(position) ?? 0n) }))
    .filter(({ units }) => units > 0n)
    .sort((a, b) => a.position.assetIndex - b.position.assetIndex);
}

function addToItsCoin(rows: readonly DraftRow[], rest: Rest): boolean {
  for (const row of rows) {
    const slot = row.find(rest.position);
    if (slot === undefined || !fits(row, rest)) continue;
    row.change(slot, rest.units);
    return true;
  }
  return false;
}

function fits(row: DraftRow, { position, units }: Rest): boolean {
  return row.hasRoomFor(position, units);
}
