import { SolventError, type Holding, type Manifest, type StatementLine } from '../protocol/index.js';
import { isFailureCode, isUnverifiableCode, type FailureCode, type UnverifiableCode } from './codes.js';
import { STEPS, type Check, type Plan, type StepName } from './steps.js';

/** What a check that passed gives: a value for the checks after it, and what it compared. */
export type Passed<T> = { readonly value: T; readonly compared: string };

/** What the checks found on their way; each part is set once it may be said. */
export type Findings = {
  manifestHash: string | null;
  manifestHashCompared: boolean;
  trustHash: string | null;
  trustHashCompared: boolean;
  insecure: boolean;
  manifest: Manifest | null;
  /** What the user holds and owes, over all parts. */
  holdings: readonly Holding[];
  lines: readonly StatementLine[] | null;
};

/** Where a run of checks ended. */
export type Conclusion =
  | { readonly outcome: 'valid' }
  | { readonly outcome: 'invalid'; readonly code: FailureCode; readonly evidence: string }
  | { readonly outcome: 'unverifiable'; readonly code: UnverifiableCode; readonly evidence: string };

/** Ends a run after a check that did not pass; never leaves this file. */
class Stop extends Error {}

/**
 * The checks of one run, in the order of its plan. The first check that does not pass ends the run; there is one
 * conclusion, drawn after the last check, and it is valid only where every check that is not optional has passed.
 */
export class Checklist {
  readonly findings: Findings = {
    manifestHash: null,
    manifestHashCompared: false,
    trustHash: null,
    trustHashCompared: false,
    insecure: false,
    manifest: null,
    holdings: [],
    lines: null,
  };
  readonly #plan: Plan;
  readonly #made = new Map<StepName, Check>();
  #stopped: Conclusion | undefined;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /**
   * Makes the next check of the plan.
   * @throws Stop where it does not pass, and whatever is no verdict on the files, like an unreadable disk.
   */
  async make<T>(step: StepName, check: () => Passed<T> | Promise<Passed<T>>): Promise<T> {
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
  skip(step: StepName, reason: string): void {
    this.#assertNext(step);
    this.#record(step, 'not-made', reason);
  }

  /** Runs the checks and draws the one conclusion. */
  async conclude(run: () => Promise<void>): Promise<Conclusion> {
    try {
      await run();
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
    }
    if (this.#stopped !== undefined) return this.#stopped;
    const open = this.#plan.find(
      ({ step, optional }) => !optional && this.#made.get(step)?.result !== 'passed',
    );
    if (open !== undefined) {
      throw new SolventError('invariant', 'check-left-out', `expected every check, got none of ${open.step}`);
    }
    return { outcome: 'valid' };
  }

  /** All checks of the plan with their results. */
  list(): Check[] {
    return this.#plan.map(
      ({ step }) =>
        this.#made.get(step) ?? {
          ...STEPS[step],
          result: 'not-made',
          compared: 'not made: an earlier check ended the run',
        },
    );
  }

  #assertNext(step: StepName): void {
    if (this.#stopped === undefined && this.#plan[this.#made.size]?.step === step) return;
    throw new SolventError('invariant', 'check-out-of-plan', `expected the checks in order, got ${step}`);
  }

  #record(step: StepName, result: Check['result'], compared: string): void {
    this.#made.set(step, { ...STEPS[step], result, compared });
  }

  #stop(step: StepName, error: unknown): never {
    if (!(error instanceof SolventError)) throw error;
    const { code, message: evidence } = error as SolventError;
    if (isUnverifiableCode(code)) {
      this.#record(step, 'not-made', evidence);
      this.#stopped = { outcome: 'unverifiable', code, evidence };
    } else if (isFailureCode(code)) {
      this.#record(step, 'failed', evidence);
      this.#stopped = { outcome: 'invalid', code, evidence };
    } else {
      throw error;
    }
    throw new Stop();
  }
}
