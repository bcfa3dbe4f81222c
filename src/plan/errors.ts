import { defineErrors } from '../protocol/index.js';

/** Why an account cannot be cut into rows: whose move is next, and what to do. */
export const PLAN_ERRORS = {
  /** Holdings are out of form, order or range. */
  'account-malformed': { class: 'invariant', advice: 'make the snapshot again' },
  /** The account owes more than its collateral counts for. */
  'account-not-covered': { class: 'invariant', advice: 'make the snapshot again' },
  /** No rows of the slots that were set up cover the account exactly. */
  'account-without-plan': { class: 'source' },
} as const;

export type PlanCode = keyof typeof PLAN_ERRORS;

/** Makes an error about the rows of an account. */
export const refusePlan = defineErrors(PLAN_ERRORS);
