import type { RowLayout } from '../protocol/index.js';
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
