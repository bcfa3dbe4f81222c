/** Why an account has no rows. */
export type PlanCode =
  | 'account-malformed' // invariant: holdings out of form, order or range
  | 'account-not-covered' // invariant: the account owes more than its collateral counts for
  | 'account-without-plan'; // source: no rows of the slots that were set up cover the account exactly
