import type { Scratch } from '../database/scratch.js';
import { createFindingsFile } from './underwater-users.js';
import { advisePlan, findUnplannedAccounts, type PlanOptions } from '../sealed/account-plans.js';
import { refusePlan } from '../../plan/index.js';

/** Lists the users whose debt no rows cover exactly; it names them and is the platform's alone. */
export const UNPLANNED_CSV = 'unplanned.csv';

/**
 * Refuses users whose accounts no rows of a proof cover exactly, and lists them.
 * @param options.findingsDirectory made where there is anybody to list.
 * @throws SolventError `account-without-plan` of class `source`.
 */
export async function assertUserPlans(
  scratch: Scratch,
  { findingsDirectory, ...options }: PlanOptions & { readonly findingsDirectory: string },
): Promise<void> {
  const unplanned = await findUnplannedAccounts(scratch, options);
  if (unplanned === undefined) return;
  const { count, slotsNeeded, wideSlots } = unplanned;
  const path = await listUsers(scratch, findingsDirectory);
  throw refusePlan('account-without-plan', {
    expected: `debt that rows of at most ${wideSlots} assets cover exactly`,
    found: `none for ${count} users, listed in ${path} with the slack that would do`,
    advice: advisePlan({ slotsNeeded }),
    details: { accounts: count, slots: wideSlots, slotsNeeded },
  });
}

async function listUsers(scratch: Scratch, directory: string): Promise<string> {
  const path = await createFindingsFile(directory, UNPLANNED_CSV);
  await scratch.set('unplanned_path', path);
  await scratch.run('books/valuation/write-unplanned-users');
  return path;
}
