import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { refusePlan } from '../../plan/index.js';
import { makeDirectory } from '../../system/index.js';
import type { Scratch } from '../database/scratch.js';
import { advisePlan, findUnplannedAccounts, type PlanOptions } from '../sealed/account-plans.js';
import type { SnapshotFile } from '../sealed/snapshot-file.js';
import type { UnderwaterPolicy } from '../balances/underwater-accounts.js';
import { refuseSnapshot } from '../errors.js';

/** Lists the users under water; it names them and is the platform's alone. */
export const UNDERWATER_CSV = 'underwater.csv';

/**
 * Finds the users whose collateral-weighted equity is worth less than their debt. Under the policy `fail` they are
 * listed and refused. Under `write-off` their debts are dropped in the table `holding`. Each has a line in `component`,
 * so that their statements still add up.
 * @param findingsDirectory made where there is anybody to list.
 * @throws SolventError `account-underwater` of class `source`.
 */
export async function settleUnderwaterUsers(
  scratch: Scratch,
  { policy, findingsDirectory }: { policy: UnderwaterPolicy; findingsDirectory: string },
): Promise<SnapshotFile['writeOffs']> {
  await scratch.run('sealed/create-underwater-account');
  const [count] = await scratch.select('sealed/count-underwater-accounts');
  const accounts = Number(count!.account_count);
  if (accounts === 0) return { accounts, debts: [] };
  if (policy === 'fail') {
    const path = await listUnderwaterUsers(scratch, findingsDirectory);
    throw refuseSnapshot('account-underwater', {
      expected: 'collateral that covers the debt of every user',
      found: `less for ${accounts}, listed in ${path}`,
      details: { accounts },
    });
  }
  const debts = (await scratch.select('sealed/select-write-offs')).map((row) => ({
    asset: row.symbol as string,
    debt: (row.debt as bigint).toString(),
  }));
  await scratch.run('books/valuation/insert-write-offs');
  await scratch.run('sealed/drop-underwater-debts');
  return { accounts, debts };
}

async function listUnderwaterUsers(scratch: Scratch, directory: string): Promise<string> {
  const path = await createFindingsFile(directory, UNDERWATER_CSV);
  await scratch.set('underwater_path', path);
  await scratch.run('books/valuation/write-underwater-users');
  return path;
}

/** Makes an empty file of findings that others cannot read from its first byte on. @returns its path. */
async function createFindingsFile(directory: string, name: string): Promise<string> {
  await makeDirectory(directory, 0o700);
  const path = join(directory, name);
  await rm(path, { force: true });
  await (await open(path, 'wx', 0o600)).close();
  return path;
}

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
