import type { Scratch } from '../database/scratch.js';
import { advisePlan, findUnplannedAccounts, type PlanOptions } from '../sealed/account-plans.js';
import { ProblemList } from '../reading/source-problems.js';
import { listLines } from './underwater-accounts.js';

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
