import {
  multiplyDecimals,
  nameOfLayout,
  parseDecimal,
  scaleDown,
  type Account,
  type Decimal,
  type RowLayout,
} from '../protocol/index.js';
import { AccountPlanner, countBatches, RowCounter, type PlannerOptions } from '../plan/index.js';
import type { CircuitMeasurement } from './bench-measurement.js';

/** Rows of each circuit for each user, in the order of the layouts. */
export type RowMix = readonly number[];

/** What proving so many users would take with as many workers as were measured. */
export type Estimate = {
  readonly users: number;
  /** By circuit, in order. */
  readonly proofs: readonly { readonly circuit: string; readonly rows: number; readonly proofs: number }[];
  readonly wallSeconds: number;
  /** Of all workers together, one a core. */
  readonly coreSeconds: number;
  /** In the currency of the price; absent without one. */
  readonly cost?: string;
};

/**
 * Ten users: seven hold up to three assets, which is a row of three. Two hold ten, which is three of these and a row of
 * one. One owes, which is a margin row of three and a spot row of three.
 */
const ASSUMED_ROWS: Readonly<Record<string, number>> = { 'spot-1': 0.2, 'spot-3': 1.4, 'margin-3': 0.1 };
const COST_DECIMALS = 2;

/** The rows of the users that are assumed; wide rows are for nobody among them. */
export function assumeMix(layouts: readonly RowLayout[]): RowMix {
  return layouts.map((layout) => ASSUMED_ROWS[nameOfLayout(layout)] ?? 0);
}

/** The rows of a snapshot's users, as a run cuts them. @throws SolventError as `AccountPlanner`. */
export async function countMix(
  accounts: AsyncIterable<Account>,
  layouts: readonly RowLayout[],
  options: PlannerOptions,
): Promise<RowMix> {
  const planner = new AccountPlanner(layouts, options);
  const counter = new RowCounter(layouts);
  let users = 0;
  for await (const { holdings } of accounts) {
    counter.take(planner.plan(holdings));
    users += 1;
  }
  return counter.counts.map((rows) => rows / Math.max(1, users));
}

/** For whom a run is estimated. */
export type EstimateOptions = {
  readonly layouts: readonly RowLayout[];
  readonly mix: RowMix;
  readonly users: number;
  readonly workers: number;
  readonly pricePerCoreHour?: string;
};

/**
 * Scales a mix to so many users, and adds up proofs, time and cost. Cutting rows, committing to them and writing files are
 * not in it; they take a few percent.
 * @param measured each circuit, in the order of the layouts.
 * @param options.pricePerCoreHour a decimal in any currency.
 * @throws SolventError `decimal-malformed`.
 */
export function estimateRun(
  measured: readonly CircuitMeasurement[],
  { layouts, mix, users, workers, pricePerCoreHour }: EstimateOptions,
): Estimate {
  const rowCounts = mix.map((rows) => Math.ceil(users * rows));
  const counts = countBatches(layouts, rowCounts);
  const seconds = measured.map(({ secondsPerProof }) => secondsPerProof);
  const coreSeconds = counts.reduce((sum, count, index) => sum + count * seconds[index]!, 0);
  return {
    users,
    proofs: layouts.map((layout, index) => ({
      circuit: nameOfLayout(layout),
      rows: rowCounts[index]!,
      proofs: counts[index]!,
    })),
    // The last round is seldom full.
    wallSeconds: Math.max(coreSeconds / workers, ...seconds),
    coreSeconds,
    ...(pricePerCoreHour === undefined ? {} : { cost: formatCost(coreSeconds, pricePerCoreHour) }),
  };
}

/** Price times hours, rounded to hundredths; money is never a floating-point number. */
function formatCost(coreSeconds: number, pricePerCoreHour: string): string {
  const seconds: Decimal = { coefficient: BigInt(Math.ceil(coreSeconds)), fractionDigits: 0 };
  const product = multiplyDecimals(seconds, parseDecimal(pricePerCoreHour));
  const { units } = scaleDown(product, COST_DECIMALS);
  const hundredths = (units + 1800n) / 3600n;
  return `${hundredths / 100n}.${(hundredths % 100n).toString().padStart(COST_DECIMALS, '0')}`;
}
