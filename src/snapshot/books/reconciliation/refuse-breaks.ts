import { SolventError, type BreakKind } from '../../../protocol/index.js';
import type { Reconciliation } from './reconcile.js';
import { refuseSnapshot } from '../../errors.js';

/** Why books were refused, or a list of accepted breaks. */
export type ReconciliationCode = 'books-do-not-reconcile' | 'breaks-not-accepted' | 'accepted-break-absent';

/** How many breaks of one kind there are. */
export type BreakCount = { readonly kind: BreakKind; readonly count: number };

/**
 * Refuses books with any break, by how many there are of each kind.
 * @param breaksPath the breaks.csv that lists them, for the message; null where none was written.
 * @throws SolventError `books-do-not-reconcile` of class `reconciliation`.
 */
export function assertReconciled({ breaks }: Reconciliation, breaksPath: string | null): void {
  if (breaks.length === 0) return;
  const listed = breaksPath === null ? '' : ` in ${breaksPath}`;
  throw refuseBreaks(
    'books-do-not-reconcile',
    breaks,
    (total) =>
      `expected books that agree with themselves, got ${total}${listed}: correct the source that is wrong, or accept exactly these with --accept-breaks`,
  );
}

/** An error that says how many breaks there are, in all and of each kind; never of whom, nor how much. */
export function refuseBreaks(
  code: ReconciliationCode,
  counts: readonly BreakCount[],
  message: (total: string) => string,
): SolventError<ReconciliationCode> {
  const byKind = new Map<BreakKind, number>();
  for (const { kind, count } of counts) byKind.set(kind, (byKind.get(kind) ?? 0) + count);
  const total = [...byKind.values()].reduce((sum, count) => sum + count, 0);
  const breaks = [...byKind].map(([kind, count]) => `${kind}: ${count}`);
  return refuseSnapshot(code, message(formatBreakCount(total)), { details: { breaks } });
}

function formatBreakCount(total: number): string {
  return total === 1 ? 'one break' : `${total.toLocaleString('en')} breaks`;
}
