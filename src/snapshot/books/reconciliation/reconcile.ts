import type { BreakKind } from '../../../protocol/index.js';
import type { ReconciledBooks } from '../../sealed/snapshot-file.js';
import type { Scratch } from '../../database/scratch.js';
import type { BooksConfig, SourceRole } from '../config.js';

/** The breaks of one kind and asset, counted and summed up: `difference` is found minus expected, in whole units, and `magnitude` the same without signs. */
export type BreakSum = ReconciledBooks['acceptedBreaks'][number];

/** What was compared, as the snapshot keeps them, and the breaks that were found, accepted or not. */
export type Reconciliation = {
  readonly compared: ReconciledBooks['compared'];
  /** In the order of kind and asset; empty where the books agree. */
  readonly breaks: readonly BreakSum[];
};

/**
 * Compares the books of a platform with themselves and fills the table `book_break`. It compares (a) opening and ledger
 * of each account and asset with the stated balance, where there are both; (b) all accounts together with the control
 * account of each asset, where there is one; (c) longs with shorts in each instrument that is declared netted. An
 * account that a side does not name is 0 there, and a break only where the other side has something.
 */
export async function reconcile(scratch: Scratch, config: BooksConfig): Promise<Reconciliation> {
  const roles = new Set<SourceRole>(config.sources.map(({ role }) => role));
  await scratch.set('holds_outside_balances', config.cash === 'balances-available');
  await scratch.set('balances_are_stated', roles.has('balances'));
  await scratch.runSection('books/reconciliation', 'schema');
  const compared = {
    balances: roles.has('ledger') && roles.has('balances') ? await compareBalances(scratch) : null,
    control: roles.has('control') ? await compareControl(scratch) : null,
    positions: roles.has('positions') ? await comparePositions(scratch) : null,
  };
  await scratch.run('books/reconciliation/create-listed-break');
  return { compared, breaks: await sumBreaks(scratch) };
}

/** Check (a). Accounts and their ledger are looked at one by one only where there are breaks: both may be many. */
async function compareBalances(scratch: Scratch): Promise<number> {
  const [row] = await scratch.select('books/reconciliation/compare-balances');
  if (Number(row!.differing) > 0) {
    await scratch.run('books/reconciliation/create-differing-balance');
    await scratch.run('books/reconciliation/find-balance-breaks');
    if (await hasRunningBalances(scratch)) await scratch.run('books/reconciliation/find-first-differing');
  }
  return Number(row!.compared);
}

async function hasRunningBalances(scratch: Scratch): Promise<boolean> {
  const [row] = await scratch.select('books/reconciliation/select-has-running-balances');
  return row!.has_running_balances as boolean;
}

/** Check (b). */
async function compareControl(scratch: Scratch): Promise<number> {
  await scratch.run('books/reconciliation/find-control-breaks');
  return count(scratch, 'count-compared-assets');
}

/** Check (c). */
async function comparePositions(scratch: Scratch): Promise<number> {
  await scratch.run('books/reconciliation/find-unnetted-positions');
  return count(scratch, 'count-compared-instruments');
}

async function count(scratch: Scratch, query: string): Promise<number> {
  const [row] = await scratch.select(`books/reconciliation/${query}`);
  return Number(row!.compared);
}

async function sumBreaks(scratch: Scratch): Promise<BreakSum[]> {
  const rows = await scratch.select('books/reconciliation/select-break-sums');
  return rows.map((row) => ({
    kind: row.kind as BreakKind,
    asset: row.symbol as string | null,
    count: Number(row.break_count),
    difference: row.difference as string,
    magnitude: row.magnitude as string,
  }));
}
