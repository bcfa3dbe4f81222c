import { CROSS_BUCKET, type ComponentKind, type StatementLine } from '../protocol/index.js';

/** What each kind of line is called before its reader. */
export const COMPONENT_WORDS: Readonly<Record<ComponentKind, string>> = {
  cash: 'Balance',
  'open-orders': 'Held by open orders',
  'collateral-posted': 'Collateral posted',
  'collateral-received': 'Collateral received',
  loan: 'Loan',
  interest: 'Interest',
  realised: 'Realised result',
  funding: 'Funding',
  'withdrawal-in-flight': 'Withdrawal on its way',
  'deposit-in-flight': 'Deposit on its way',
  'isolated-margin': 'Isolated margin',
  futures: 'Futures',
  options: 'Options',
  'isolated-loss-limit': 'Loss beyond the margin, let go of',
  'write-off': 'Debt written off',
};

/** The lines of a statement by what is netted: one list for each account, bucket and asset, in their order. */
export function groupLines(lines: readonly StatementLine[]): (readonly StatementLine[])[] {
  const groups: StatementLine[][] = [];
  for (const line of lines) {
    const group = groups.at(-1);
    const first = group?.[0];
    const isSame =
      first?.account === line.account && first.bucket === line.bucket && first.asset === line.asset;
    if (group !== undefined && isSame) group.push(line);
    else groups.push([line]);
  }
  return groups;
}

/** What is netted in a line's group: `BTC of main-1`, `BTC of main-1, isolated p-17`. */
export function describeGroup({ account, bucket, asset }: StatementLine): string {
  return `${asset} of ${account}${bucket === CROSS_BUCKET ? '' : `, isolated ${bucket}`}`;
}
