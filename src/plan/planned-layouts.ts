import { type RowLayout, NET_BITS, PROFILES } from '../protocol/index.js';
import type { PlannedPart } from './planner.js';

/** Rows of each circuit, in the order of the layouts. */
export class RowCounter {
  readonly counts: number[];

  constructor(layouts: readonly RowLayout[]) {
    this.counts = layouts.map(() => 0);
  }

  /** Counts the parts of one account in. */
  take(parts: readonly PlannedPart[]): void {
    for (const { circuit } of parts) this.counts[circuit]! += 1;
  }
}

/** Batches of each circuit: as many as hold its rows, and at least one, so that none of them tells that it was needed. */
export function countBatches(layouts: readonly RowLayout[], rowCounts: readonly number[]): number[] {
  return layouts.map(({ rows }, index) => Math.max(1, Math.ceil(rowCounts[index]! / rows)));
}

/** The slots of the widest margin row of `small` and `standard` keys. */
export const STANDARD_WIDE_SLOTS = 128;

/**
 * The circuits that a snapshot is checked for before there are keys: those of `standard`, of which margin rows are no wider
 * than `wideSlots`, and margin rows of `wideSlots`. Whether an account has a plan hangs on the slots of margin rows alone.
 */
export function listPlannedLayouts(wideSlots: number): RowLayout[] {
  const { layouts } = PROFILES.get('standard')!;
  const narrow = layouts.filter(({ kind, slots }) => kind === 'spot' || slots < wideSlots);
  const { indexBits } = layouts[0]!;
  return [
    ...narrow,
    { kind: 'margin', indexBits, rows: 1, slots: wideSlots, netBits: NET_BITS, groupRows: 32 },
  ];
}
