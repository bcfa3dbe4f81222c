import type { Scratch } from '../database/scratch.js';
import { advisePlan, findUnplannedAccounts, type PlanOptions } from '../sealed/account-plans.js';
import { ProblemList } from '../reading/source-problems.js';
import type { SnapshotFile } from '../sealed/snapshot-file.js';

/** What to do about an account whose collateral does not cover its debt. */
export type UnderwaterPolicy = 'fail' | 'write-off';

/** Lines of one account that a message names. */
const MAX_LINES_SHOWN = 8;

/**
 * Finds the accounts whose collateral-weighted equity is worth less than their debt, and refuses them or drops
 * their debts in the table `holding`.
 * @throws SourceError `account-underwater` with the lines of each, where the policy is `fail`.
 */
export async function settleUnderwaterAccounts(
  scratch: Scratch,
  file: string,
  policy: UnderwaterPolicy,
): Promise<SnapshotFile['writeOffs']> {
  await scratch.run('sealed/create-underwater-account');
  const [count] = await scratch.select('sealed/count-underwater-accounts');
  const accounts = Number(count!.account_count);
  if (accounts > 0 && policy === 'fail') await refuseAccounts(scratch, file, accounts);
  const debts = (await scratch.select('sealed/select-write-offs')).map((row) => ({
    asset: row.symbol as string,
    debt: (row.debt as bigint).toString(),
  }));
  if (accounts > 0) await scratch.run('sealed/drop-underwater-debts');
  return { accounts, debts };
}

async function refuseAccounts(scratch: Scratch, file: string, accounts: number): Promise<void> {
  const problems = new ProblemList(file);
  const listed = await scratch.select('balances/select-underwater-lines');
  for (const row of listed) {
    const lines = (row.lines as bigint[]).map(Number);
    problems.add(lines[0]!, null, {
      code: 'account-underwater',
      message: `expected collateral that covers the debt, got less in the account of ${listLines(lines)}: correct it, or write its debt off (--underwater write-off)`,
    });
  }
  problems.addUnlisted(accounts - listed.length);
  problems.throwIfAny();
}

/** The lines of an account, in words. */
function listLines(lines: readonly number[]): string {
  const shown = lines.slice(0, MAX_LINES_SHOWN).join(', ');
  return `line ${shown}${lines.length > MAX_LINES_SHOWN ? ` and ${lines.length - MAX_LINES_SHOWN} more` : ''}`;
}

/**
 * Refuses accounts that no rows of a proof cover exactly, with the lines of each.
 * @throws SourceError `account-without-plan`.
 */
export async function assertAccountPlans(
  scratch: Scratch,
  file: string,
  options: PlanOptions & { readonly quote: string },
): Promise<void> {
  const unplanned = await findUnplannedAccounts(scratch, options);
  if (unplanned === undefined) return;
  const problems = new ProblemList(file);
  const listed = await scratch.select('balances/select-unplanned-lines');
  for (const row of listed) {
    const lines = (row.lines as bigint[]).map(Number);
    const slotsNeeded = Number(row.slots_needed);
    const slack =
      row.slack === null
        ? ''
        : `; or let its collateral exceed its debt by ${row.slack as string} ${options.quote}`;
    problems.add(lines[0]!, null, {
      code: 'account-without-plan',
      message: `expected debt that rows of at most ${unplanned.wideSlots} assets cover exactly, got the account of ${listLines(lines)}, which needs one of ${slotsNeeded}: ${advisePlan({ slotsNeeded })}${slack}`,
    });
  }
  problems.addUnlisted(unplanned.count - listed.length);
  problems.throwIfAny();
}
