import type { Scratch } from '../database/scratch.js';
import type { SnapshotFile } from '../sealed/snapshot-file.js';
import { ProblemList } from '../reading/source-problems.js';

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
export function listLines(lines: readonly number[]): string {
  const shown = lines.slice(0, MAX_LINES_SHOWN).join(', ');
  return `line ${shown}${lines.length > MAX_LINES_SHOWN ? ` and ${lines.length - MAX_LINES_SHOWN} more` : ''}`;
}
