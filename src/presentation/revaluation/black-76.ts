import { approximateNormal, densityOfNormal } from './normal.js';

/** What an approximate model price follows from, in doubles. Forward, strike, volatility and years are above 0. */
export type ApproximateTerms = {
  readonly isCall: boolean;
  readonly forward: number;
  readonly strike: number;
  readonly volatility: number;
  readonly rate: number;
  readonly years: number;
};

/** How the price of an option on one unit moves, in the currency of the forward. */
export type OptionGreeks = {
  /** For one unit of the forward. */
  readonly delta: number;
  /** Of the delta, for one unit of the forward. */
  readonly gamma: number;
  /** For a volatility that is 1 (100 percent points) higher. */
  readonly vega: number;
  /** For one year less. */
  readonly theta: number;
};

/** The price of an option on one unit of a forward, approximately: the formula of `priceBlack76` in doubles. */
export function approximateBlack76(terms: ApproximateTerms): number {
  const { isCall, forward, strike, rate, years } = terms;
  const { d1, d2 } = approximateMoneyness(terms);
  const sign = isCall ? 1 : -1;
  const gain = sign * (forward * approximateNormal(sign * d1) - strike * approximateNormal(sign * d2));
  return Math.max(0, Math.exp(-rate * years) * gain);
}

/** The Greeks of that price. Source: E. Haug, "The Complete Guide to Option Pricing Formulas", chapter 2. */
export function deriveGreeks(terms: ApproximateTerms): OptionGreeks {
  const { isCall, forward, volatility, rate, years } = terms;
  const { d1, deviation } = approximateMoneyness(terms);
  const discount = Math.exp(-rate * years);
  const density = discount * densityOfNormal(d1);
  const sign = isCall ? 1 : -1;
  return {
    delta: sign * discount * approximateNormal(sign * d1),
    gamma: density / (forward * deviation),
    vega: forward * density * Math.sqrt(years),
    theta: rate * approximateBlack76(terms) - (forward * density * volatility) / (2 * Math.sqrt(years)),
  };
}

function approximateMoneyness({ forward, strike, volatility, years }: ApproximateTerms) {
  const deviation = volatility * Math.sqrt(years);
  const d1 = Math.log(forward / strike) / deviation + deviation / 2;
  return { deviation, d1, d2: d1 - deviation };
}

/** Steps of a bisection: a double has no more digits. */
const STEPS = 100;
const MAX_VOLATILITY = 100;

/** The volatility at which an option has a price; undefined where none is between 0 and 100. */
export function implyVolatility(
  terms: Omit<ApproximateTerms, 'volatility'>,
  price: number,
): number | undefined {
  const priceAt = (volatility: number) => approximateBlack76({ ...terms, volatility });
  let [low, high] = [1e-6, MAX_VOLATILITY];
  if (!(priceAt(low) < price && price < priceAt(high))) return undefined;
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2;
    if (priceAt(middle) < price) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
