import { SolventError } from '../protocol/index.js';
import type { PlainSentence } from '../presentation/index.js';
import { refuseUse } from './errors.js';

/** What a check that passed gives: a value for the checks after it, and what it compared. */
export type Passed<T> = { readonly value: T; readonly compared: string };

/** A check: its number in the specification, what holds once it has passed, and whether it decides the result. */
export type PlannedStep = {
  readonly number: string;
  readonly title: PlainSentence;
  readonly optional?: true;
};

/** What became of one check. One that was not made shows nothing, for or against. */
export type MadeCheck = {
  readonly number: string;
  readonly title: string;
  readonly result: 'passed' | 'failed' | 'not-made';
  /** What was compared with what; or why the check failed, or was not made. */
  readonly compared: string;
};

/** Where a run of checks ended. */
export type OrderedConclusion<Failure extends string, Unverifiable extends string> =
  | { readonly outcome: 'valid' }
  | { readonly outcome: 'invalid'; readonly code: Failure; readonly evidence: string }
  | { readonly outcome: 'unverifiable'; readonly code: Unverifiable; readonly evidence: string };

/** Which codes are verdicts; any other error is thrown on. */
export type VerdictCodes<Failure extends string, Unverifiable extends string> = {
  readonly isFailure: (code: string) => code is Failure;
  readonly isUnverifiable: (code: string) => code is Unverifiable;
};

/** Ends a run after a check that did not pass; never leaves this file. */
class Stop extends Error {}

/**
 * The checks of one run, made in the order of their plan. The first check that does not pass ends the run. There is one
 * conclusion, drawn after the last check. It is valid only where every check that is not optional has passed.
 */
export class OrderedChecklist<Step extends string, Failure extends string, Unverifiable extends string> {
  readonly #steps: Readonly<Record<Step, PlannedStep>>;
  readonly #plan: readonly Step[];
  readonly #codes: VerdictCodes<Failure, Unverifiable>;
  readonly #made = new Map<Step, MadeCheck>();
  #stopped: OrderedConclusion<Failure, Unverifiable> | undefined;

  /** @param plan the checks of this run in their order; all, where none is given. */
  constructor(
    steps: Readonly<Record<Step, PlannedStep>>,
    codes: VerdictCodes<Failure, Unverifiable>,
    plan: readonly Step[] = Object.keys(steps) as Step[],
  ) {
    this.#steps = steps;
    this.#plan = plan;
    this.#codes = codes;
  }

  /**
   * Makes the next check of the plan, once.
   * @throws Stop where it does not pass, and whatever is no verdict on the files, like an unreadable disk.
   */
  async make<T>(step: Step, check: () => Passed<T> | Promise<Passed<T>>): Promise<T> {
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
  skip(step: Step, reason: string): void {
    this.#assertNext(step);
    this.#record(step, 'not-made', reason);
  }

  /** Runs the checks and draws the one conclusion. */
  async conclude(run: () => Promise<void>): Promise<OrderedConclusion<Failure, Unverifiable>> {
    try {
      await run();
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
    }
    if (this.#stopped !== undefined) return this.#stopped;
    const open = this.#plan.find(
      (step) => this.#steps[step].optional !== true && this.#made.get(step)?.result !== 'passed',
    );
    if (open !== undefined) {
      throw refuseUse('check-left-out', { expected: 'every check', found: `none of ${open}` });
    }
    return { outcome: 'valid' };
  }

  /** All checks of the plan with their results. */
  list(): MadeCheck[] {
    return this.#plan.map(
      (step) =>
        this.#made.get(step) ?? {
          number: this.#steps[step].number,
          title: this.#steps[step].title,
          result: 'not-made',
          compared: 'not made: an earlier check ended the run',
        },
    );
  }

  #assertNext(step: Step): void {
    if (this.#stopped === undefined && this.#plan[this.#made.size] === step) return;
    throw refuseUse('check-out-of-plan', { expected: 'the checks in order', found: step });
  }

  #record(step: Step, result: MadeCheck['result'], compared: string): void {
    const { number, title } = this.#steps[step];
    this.#made.set(step, { number, title, result, compared });
  }

  #stop(step: Step, error: unknown): never {
    if (!(error instanceof SolventError)) throw error;
    const { code, message: evidence } = error as SolventError;
    if (this.#codes.isUnverifiable(code)) {
      this.#record(step, 'not-made', evidence);
      this.#stopped = { outcome: 'unverifiable', code, evidence };
    } else if (this.#codes.isFailure(code)) {
      this.#record(step, 'failed', evidence);
      this.#stopped = { outcome: 'invalid', code, evidence };
    } else {
      throw error;
    }
    throw new Stop();
  }
}
