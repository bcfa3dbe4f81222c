import { chmod, open, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { makeDirectory } from '../../../system/index.js';
import { SolventError, type BreakKind } from '../../../protocol/index.js';
import type { Scratch } from '../../database/scratch.js';
import { refuseSnapshot } from '../../errors.js';
import type { Reconciliation } from './reconcile.js';

/** The names of the files that list every break. They name accounts and amounts: they are the platform's alone. */
export const BREAKS_CSV = 'breaks.csv';
export const BREAKS_PARQUET = 'breaks.parquet';

/**
 * Lists every break of the table `book_break` in `breaks.csv` and `breaks.parquet`, in the order of kind, account,
 * asset and instrument, for their owner alone to read. Earlier ones are replaced.
 * @param directory made if it is not there.
 */
export async function writeBreaks(scratch: Scratch, directory: string): Promise<void> {
  await makeDirectory(directory, 0o700);
  for (const [name, query] of [
    [BREAKS_CSV, 'write-breaks-csv'],
    [BREAKS_PARQUET, 'write-breaks-parquet'],
  ] as const) {
    const path = join(directory, name);
    await makePrivate(path);
    await scratch.set('breaks_path', path);
    await scratch.run(`books/reconciliation/${query}`);
  }
}

/** An empty file that others cannot read from its first byte on: DuckDB itself makes files that they can. */
async function makePrivate(path: string): Promise<void> {
  await rm(path, { force: true });
  const handle = await open(path, 'wx', 0o600);
  await handle.close();
  await chmod(path, 0o600);
}

/** Why books were refused, or a list of accepted breaks. */
export type ReconciliationCode = 'books-do-not-reconcile' | 'breaks-not-accepted' | 'accepted-break-absent';

/** How many breaks of one kind there are. */
type BreakCount = { readonly kind: BreakKind; readonly count: number };

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
