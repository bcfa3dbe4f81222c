import { Decimal } from 'decimal.js';

import type { Decimal as ExactDecimal } from '../../../protocol/index.js';
import type { ModelPrices } from '../config.js';

/** Whether an option is one to buy or one to sell. */
export type OptionRight = 'call' | 'put';

/** Forty digits, half to even: decimal.js computes in integers, so that every machine gets the same ones. */
const Precise = Decimal.clone({ precision: 40, rounding: Decimal.ROUND_HALF_EVEN, toExpNeg: -60 });
type Precise = Decimal;

/** Digits after the point of a model price, as many as any price in the books has. */
const PRICE_FRACTION_DIGITS = 18;
/** Beyond this many standard deviations less than 10^-56 is left, below the precision. */
const TAIL = 16;
const ROOT_OF_TWO_PI = Precise.sqrt(Precise.acos(-1).times(2));
const NS_PER_DAY = 86_400_000_000_000n;
/** Days of a year, times 100. */
const YEAR_CENTIDAYS = { 'act/365': 36_500n, 'act/365.25': 36_525n, 'act/360': 36_000n } as const;

type DayCount = Extract<ModelPrices, { allowed: true }>['dayCount'];

/** What a model price follows from. Forward and strike are in the same currency and above 0. */
export type Black76Terms = {
  readonly right: OptionRight;
  readonly forward: ExactDecimal;
  readonly strike: ExactDecimal;
  /** 1 is 100 % a year; not negative. */
  readonly volatility: ExactDecimal;
  /** Continuously compounded, a year. */
  readonly rate: ExactDecimal;
  /** From the instant to the expiry; not negative. */
  readonly years: { readonly numerator: bigint; readonly denominator: bigint };
  /** Divides by the forward, for options that settle in the coin that they are on. */
  readonly inCoin: boolean;
};

/**
 * The price of a European option on one unit of a forward, rounded half to even to 18 fraction digits:
 * `e^(−rT)·(F·Φ(d1) − K·Φ(d2))` for a call and `e^(−rT)·(K·Φ(−d2) − F·Φ(−d1))` for a put, with
 * `d1 = (ln(F/K) + σ²T/2)/(σ√T)` and `d2 = d1 − σ√T`; at T = 0 what it pays. Source: F. Black, "The pricing of commodity
 * contracts", Journal of Financial Economics 3 (1976).
 */
export function priceBlack76(terms: Black76Terms): ExactDecimal {
  const forward = toPrecise(terms.forward);
  const years = new Precise(terms.years.numerator.toString()).div(terms.years.denominator.toString());
  const discount = Precise.exp(toPrecise(terms.rate).times(years).negated());
  const price = discount.times(priceUndiscounted(terms, forward, years));
  return toExact(terms.inCoin ? price.div(forward) : price);
}

function priceUndiscounted(terms: Black76Terms, forward: Precise, years: Precise): Precise {
  const strike = toPrecise(terms.strike);
  const sign = terms.right === 'call' ? 1 : -1;
  const deviation = toPrecise(terms.volatility).times(years.sqrt());
  if (deviation.isZero()) return Precise.max(0, forward.minus(strike).times(sign));
  const d1 = Precise.ln(forward.div(strike)).div(deviation).plus(deviation.div(2));
  const d2 = d1.minus(deviation);
  const paid = forward.times(computeNormal(d1.times(sign)));
  return paid.minus(strike.times(computeNormal(d2.times(sign)))).times(sign);
}

/**
 * The distribution function of the standard normal, to about 38 digits after the point: `Φ(x) = 1/2 + φ(x)·Σ x^(2k+1)/(1·3·…·(2k+1))`,
 * whose terms all have the sign of x. Source: M. Abramowitz, I. Stegun, "Handbook of Mathematical Functions", 26.2.11.
 */
export function computeNormal(x: Precise): Precise {
  if (x.abs().greaterThan(TAIL)) return new Precise(x.isPositive() ? 1 : 0);
  const square = x.times(x);
  let term = new Precise(x);
  let sum = term;
  for (let odd = 3; ; odd += 2) {
    term = term.times(square).div(odd);
    const next = sum.plus(term);
    if (next.equals(sum)) break;
    sum = next;
  }
  const density = Precise.exp(square.div(-2)).div(ROOT_OF_TWO_PI);
  return density.times(sum).plus(0.5);
}

/** The years from an instant to a later one, by their exact nanoseconds and the days that a year is said to have. */
export function countYears(fromNs: bigint, toNs: bigint, dayCount: DayCount): Black76Terms['years'] {
  return { numerator: (toNs - fromNs) * 100n, denominator: YEAR_CENTIDAYS[dayCount] * NS_PER_DAY };
}

function toPrecise({ coefficient, fractionDigits }: ExactDecimal): Precise {
  return new Precise(`${coefficient}e-${fractionDigits}`);
}

function toExact(price: Precise): ExactDecimal {
  // What cancellation leaves of a worthless option may be a hair below zero.
  const rounded = Precise.max(0, price).toFixed(PRICE_FRACTION_DIGITS, Decimal.ROUND_HALF_EVEN);
  return { coefficient: BigInt(rounded.replace('.', '')), fractionDigits: PRICE_FRACTION_DIGITS };
}
