import { SolventError } from '../../protocol/index.js';
import type { Passed } from '../checklist.js';
import { isUnverifiableCode, type UnverifiableCode } from '../codes.js';
import { isRowFailureCode, type RowCheckNumber, type RowFailureCode } from './codes.js';

/** Every check by name, with its number in the protocol and what holds once it has passed. */
export const ROW_STEPS = {
  'inclusion-file': { number: '1', title: 'The inclusion file is canonical and complete' },
  manifest: { number: '1', title: 'The manifest is canonical, complete and agrees with itself' },
  lines: { number: '1', title: 'Commitments, proofs and weighted totals are canonical, as many as stated' },
  'manifest-hash': { number: '2', title: 'The manifest is the one that others were shown' },
  'previous-manifest': { number: '2', title: 'The manifest follows the one that was published before it' },
  signature: { number: '2', title: 'The manifest is the pinned platform’s, signed under the pinned key' },
  circuits: { number: '3', title: 'The circuits and their keys are the pinned ones' },
  keys: { number: '3', title: 'No key is malformed or open to forgery' },
  provenance: { number: '3', title: 'Development keys are refused, unless the caller allows them by name' },
  prices: { number: '4', title: 'The price table follows from the published prices' },
  commitments: { number: '5', title: 'The commitments are the pinned ones, and fix all challenges' },
  'listed-rows': { number: 'U1', title: 'The rows are this user’s, and in the lists that the manifest pins' },
  proofs: { number: '6', title: 'Every proof holds under the key of its circuit' },
  totals: { number: '7', title: 'The proofs add up to the published totals' },
  cover: { number: '8', title: 'Collateral covers the debts of every row' },
  'proven-rows': {
    number: 'U9',
    title: 'The rows are those that the proofs count, and add up to the statement',
  },
} as const satisfies Record<string, { readonly number: RowCheckNumber; readonly title: string }>;

export type RowStepName = keyof typeof ROW_STEPS;

/** One check of a report. */
export type RowCheck = {
  readonly number: RowCheckNumber;
  readonly title: string;
  readonly result: 'passed' | 'failed' | 'not-made';
  readonly compared: string;
};

/** Checks of one run in order; those that only a caller's value makes possible are optional. */
export type RowPlan = readonly RowStepName[];

const OPTIONAL: ReadonlySet<RowStepName> = new Set(['manifest-hash', 'previous-manifest']);

export const ROW_BUNDLE_PLAN: RowPlan = [
  ...(['manifest', 'lines', 'manifest-hash', 'previous-manifest', 'signature', 'circuits', 'keys'] as const),
  ...(['provenance', 'prices', 'commitments', 'proofs', 'totals', 'cover'] as const),
];

export const ROW_INCLUSION_PLAN: RowPlan = [
  'inclusion-file',
  ...ROW_BUNDLE_PLAN.slice(0, ROW_BUNDLE_PLAN.indexOf('proofs')),
  'listed-rows',
  ...ROW_BUNDLE_PLAN.slice(ROW_BUNDLE_PLAN.indexOf('proofs')),
  'proven-rows',
];

/** Where a run of checks ended. */
export type RowConclusion =
  | { readonly outcome: 'valid' }
  | { readonly outcome: 'invalid'; readonly code: RowFailureCode; readonly evidence: string }
  | { readonly outcome: 'unverifiable'; readonly code: UnverifiableCode; readonly evidence: string };

/** Ends a run after a check that did not pass; never leaves this file. */
class Stop extends Error {}

/**
 * The checks of one run, in the order of its plan. The first that does not pass ends the run; there is one conclusion,
 * drawn after the last check, and it is valid only where every check that is not optional has passed.
 */
export class RowChecklist {
  readonly #plan: RowPlan;
  readonly #made = new Map<RowStepName, RowCheck>();
  #stopped: RowConclusion | undefined;

  constructor(plan: RowPlan) {
    this.#plan = plan;
  }

  /**
   * Makes the next check of the plan, once.
   * @throws Stop where it does not pass, and whatever is no verdict on the files, like an unreadable disk.
   */
  async make<T>(step: RowStepName, check: () => Passed<T> | Promise<Passed<T>>): Promise<T> {
    this.#assertNext(step);
    try {
      const { value, compared } = await check();
      this.#record(step, 'passed', compared);
      return value;
    } catch (error) {
      this.#stop(step, error);
    }
  }

  /** Says why an optional check is not made. */
  skip(step: RowStepName, reason: string): void {
    this.#assertNext(step);
    this.#record(step, 'not-made', reason);
  }

  /** Runs the checks and draws the one conclusion. */
  async conclude(run: () => Promise<void>): Promise<RowConclusion> {
    try {
      await run();
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
    }
    if (this.#stopped !== undefined) return this.#stopped;
    const open = this.#plan.find((step) => !OPTIONAL.has(step) && this.#made.get(step)?.result !== 'passed');
    if (open !== undefined) {
      throw new SolventError('invariant', 'check-left-out', `expected every check, got none of ${open}`);
    }
    return { outcome: 'valid' };
  }

  /** All checks of the plan with their results. */
  list(): RowCheck[] {
    return this.#plan.map(
      (step) =>
        this.#made.get(step) ?? {
          ...ROW_STEPS[step],
          result: 'not-made',
          compared: 'not made: an earlier check ended the run',
        },
    );
  }

  #assertNext(step: RowStepName): void {
    if (this.#stopped === undefined && this.#plan[this.#made.size] === step) return;
    throw new SolventError('invariant', 'check-out-of-plan', `expected the checks in order, got ${step}`);
  }

  #record(step: RowStepName, result: RowCheck['result'], compared: string): void {
    this.#made.set(step, { ...ROW_STEPS[step], result, compared });
  }

  #stop(step: RowStepName, error: unknown): never {
    if (!(error instanceof SolventError)) throw error;
    const { code, message: evidence } = error as SolventError;
    if (isUnverifiableCode(code)) {
      this.#record(step, 'not-made', evidence);
      this.#stopped = { outcome: 'unverifiable', code, evidence };
    } else if (isRowFailureCode(code)) {
      this.#record(step, 'failed', evidence);
      this.#stopped = { outcome: 'invalid', code, evidence };
    } else {
      throw error;
    }
    throw new Stop();
  }
}
