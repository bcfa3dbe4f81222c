import {
  circuitName,
  multiplyDecimals,
  parseDecimal,
  scaleDown,
  type Account,
  type BatchParameters,
  type Decimal,
  type Profile,
} from '../protocol/index.js';
import type { BenchMeasurement } from './bench-measurement.js';

/** Users by batch circuit, in the order of the profile: counted, or the weights of a mix. */
export type UserMix = readonly number[];

/** What proving so many users would take with as many workers as were measured. */
export type Estimate = {
  readonly users: number;
  /** By circuit, the aggregate last. */
  readonly proofs: readonly { readonly circuit: string; readonly users: number; readonly proofs: number }[];
  readonly wallSeconds: number;
  /** Of all workers together, one a core. */
  readonly coreSeconds: number;
  /** In the currency of the price; absent without one. */
  readonly cost?: string;
};

/** Users of spot circuits for each one who owes, in the assumed mix. */
const SPOT_TO_MARGIN = 9;
/** Users of a circuit for each one of the next wider circuit of its kind, in the assumed mix. */
const NARROW_TO_WIDE = 4;
const COST_DECIMALS = 2;

/** A tenth of the users owe, and four fifths of each kind fit the narrowest circuit, four fifths of the rest the next. */
export function assumeMix({ batches }: Profile): UserMix {
  const share = (kind: BatchParameters['kind'], place: number) => {
    const same = batches.filter((circuit) => circuit.kind === kind);
    const weights = same.map((_, index) => NARROW_TO_WIDE ** (same.length - index));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    const rank = same.indexOf(batches[place]!);
    return ((kind === 'spot' ? SPOT_TO_MARGIN : 1) * weights[rank]!) / sum;
  };
  return batches.map(({ kind }, place) => share(kind, place));
}

/** The users of a snapshot by circuit: the narrowest that holds the account, one for margin where it owes. */
export async function countMix(accounts: AsyncIterable<Account>, { batches }: Profile): Promise<UserMix> {
  const counts = batches.map(() => 0);
  for await (const { holdings } of accounts) {
    const owes = holdings.some(({ debtUnits }) => debtUnits > 0n);
    const place = batches.findIndex(
      ({ kind, slots }) => slots >= holdings.length && (kind === 'margin' || !owes),
    );
    if (place >= 0) counts[place]! += 1;
  }
  return counts;
}

/**
 * Scales a mix to so many users, and adds up proofs, time and cost: full rounds of proofs, as each stage of a run ends
 * with its last one. Cutting batches and writing files are not in it; they take a small part of a percent.
 * @param pricePerCoreHour a decimal in any currency.
 * @throws SolventError `decimal-malformed`.
 */
export function estimateRun(
  { batches, aggregate }: BenchMeasurement,
  { profile, mix, users, workers, pricePerCoreHour }: EstimateOptions,
): Estimate {
  const whole = mix.reduce((sum, weight) => sum + weight, 0);
  const proofs = profile.batches.map((circuit, place) => {
    const held = Math.round((users * mix[place]!) / whole);
    return { circuit: circuitName(circuit), users: held, proofs: Math.ceil(held / circuit.users) };
  });
  let below = proofs.reduce((sum, row) => sum + row.proofs, 0);
  const aggregates = { circuit: circuitName(profile.aggregate), users, proofs: 0 };
  do {
    below = Math.ceil(below / profile.aggregate.children);
    aggregates.proofs += below;
  } while (below > 1);
  const measured = [...batches, aggregate];
  const rows = [...proofs, aggregates];
  const coreSeconds = rows.reduce((sum, row, at) => sum + row.proofs * measured[at]!.secondsPerProof, 0);
  const slowest = Math.max(...batches.map(({ secondsPerProof }) => secondsPerProof));
  // The last round of either stage is seldom full.
  const wallSeconds = Math.max(coreSeconds / workers, slowest + aggregate.secondsPerProof);
  return {
    users,
    proofs: rows,
    wallSeconds,
    coreSeconds,
    ...(pricePerCoreHour === undefined ? {} : { cost: formatCost(coreSeconds, pricePerCoreHour) }),
  };
}

/** For whom a run is estimated. */
export type EstimateOptions = {
  readonly profile: Profile;
  readonly mix: UserMix;
  readonly users: number;
  readonly workers: number;
  readonly pricePerCoreHour?: string;
};

/** Price times hours, rounded to hundredths; money is never a floating-point number. */
function formatCost(coreSeconds: number, pricePerCoreHour: string): string {
  const seconds: Decimal = { coefficient: BigInt(Math.ceil(coreSeconds)), fractionDigits: 0 };
  const product = multiplyDecimals(seconds, parseDecimal(pricePerCoreHour));
  const { units } = scaleDown(product, COST_DECIMALS);
  const hundredths = (units + 1800n) / 3600n;
  return `${hundredths / 100n}.${(hundredths % 100n).toString().padStart(COST_DECIMALS, '0')}`;
}
