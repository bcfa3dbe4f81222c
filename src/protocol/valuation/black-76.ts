import type { Decimal } from '../decimal.js';
import { ballsOf, ImpreciseBall, magnitudeOf, type Ball, type Balls } from './ball.js';
import { computeExponential, computeLogarithm, computeNormal } from './elementary.js';
import { multiply, type Rational } from './rational.js';

/** Whether an option is one to buy or one to sell. */
export type OptionRight = 'call' | 'put';

/** How a year is counted in a model price. */
export const DAY_COUNTS = ['act/365', 'act/365.25', 'act/360'] as const;

export type DayCount = (typeof DAY_COUNTS)[number];

/** Digits after the point of a model price, as many as any price in the books has. */
export const MODEL_PRICE_DIGITS = 18;

/** Bits after the point to compute with: more where fewer do not decide the last digit of the price. */
const PRECISIONS = [128n, 256n, 512n, 768n] as const;
/** A price that is nearer than 10^-60 to the middle between two prices of 18 digits is refused. */
const CLOSEST = 10n ** 60n;

const NS_PER_DAY = 86_400_000_000_000n;
/** Days of a year, times 100. */
const YEAR_CENTIDAYS: Readonly<Record<DayCount, bigint>> = {
  'act/365': 36_500n,
  'act/365.25': 36_525n,
  'act/360': 36_000n,
};
/** The years that a model looks ahead, and the rate of a year: what is beyond them is a mistake, and slow to compute. */
const MAX_YEARS = 100n;
const MAX_RATE = 1n;
const MAX_VOLATILITY = 100n;

/** What a model price follows from. Forward and strike are in the same currency and above 0. */
export type Black76Terms = {
  readonly right: OptionRight;
  readonly forward: Rational;
  readonly strike: Rational;
  /** 1 is 100 % a year; above 0. */
  readonly volatility: Rational;
  /** Continuously compounded, a year; signed. */
  readonly rate: Rational;
  /** From the instant to the expiry; above 0. */
  readonly years: Rational;
  /** Divides by the forward, for options that settle in the coin that they are on. */
  readonly inCoin: boolean;
};

/** Whether the model has a price for terms: a volatility of at most 100, a rate from −1 to 1, at most 100 years. */
export function hasModelPrice({ forward, strike, volatility, rate, years }: Black76Terms): boolean {
  const isPositive = [forward, strike, volatility, years].every(({ numerator }) => numerator > 0n);
  return (
    isPositive &&
    volatility.numerator <= MAX_VOLATILITY * volatility.denominator &&
    magnitudeOf(rate.numerator) <= MAX_RATE * rate.denominator &&
    years.numerator <= MAX_YEARS * years.denominator
  );
}

/**
 * The price of a European option on one unit of a forward: the real number `e^(−rT)·(F·Φ(d1) − K·Φ(d2))` for a call and
 * `e^(−rT)·(K·Φ(−d2) − F·Φ(−d1))` for a put, with `d1 = ln(F/K)/(σ√T) + σ√T/2` and `d2 = d1 − σ√T`, rounded to the nearest
 * of 18 fraction digits. The error of what is computed is bounded, and more bits are taken until it decides the last
 * digit. Source: F. Black, "The pricing of commodity contracts", Journal of Financial Economics 3 (1976).
 * @param terms for which `hasModelPrice`.
 * @returns undefined where the price is nearer than 10^-60 to the middle between two.
 */
export function priceBlack76(terms: Black76Terms): Decimal | undefined {
  for (const bits of PRECISIONS) {
    const coefficient = priceWith(ballsOf(bits), terms);
    if (coefficient !== undefined) return { coefficient, fractionDigits: MODEL_PRICE_DIGITS };
  }
  return undefined;
}

/** In units of 10^-18; undefined where this precision does not decide it. */
function priceWith(balls: Balls, terms: Black76Terms): bigint | undefined {
  try {
    return roundBall(balls, computePrice(balls, terms));
  } catch (error) {
    if (error instanceof ImpreciseBall) return undefined;
    throw error;
  }
}

function computePrice(balls: Balls, terms: Black76Terms): Ball {
  const [forward, strike] = [toBall(balls, terms.forward), toBall(balls, terms.strike)];
  const { d1, d2 } = computeMoneyness(balls, terms);
  // A put is −F·Φ(−d1) + K·Φ(−d2).
  const sign = (ball: Ball) => (terms.right === 'call' ? ball : balls.negate(ball));
  const gained = balls.multiply(forward, computeNormal(balls, sign(d1)));
  const paid = balls.multiply(strike, computeNormal(balls, sign(d2)));
  const exponent = multiply(terms.rate, terms.years);
  const discount = computeExponential(balls, balls.negate(toBall(balls, exponent)));
  const price = balls.multiply(discount, sign(balls.subtract(gained, paid)));
  return terms.inCoin ? balls.divide(price, forward) : price;
}

function computeMoneyness(
  balls: Balls,
  { forward, strike, volatility, years }: Black76Terms,
): { readonly d1: Ball; readonly d2: Ball } {
  const variance = multiply(multiply(volatility, volatility), years);
  const deviation = balls.rootOfQuotient(variance.numerator, variance.denominator);
  const logarithm = computeLogarithm(
    balls,
    forward.numerator * strike.denominator,
    forward.denominator * strike.numerator,
  );
  const centre = balls.divide(logarithm, deviation);
  const half = balls.shift(deviation, -1n);
  return { d1: balls.add(centre, half), d2: balls.subtract(centre, half) };
}

/** The number of 18 fraction digits, not below 0, that is nearest to all of a ball; undefined where no one is. */
function roundBall(balls: Balls, { mid, rad }: Ball): bigint | undefined {
  const margin = rad + balls.one / CLOSEST + 1n;
  const [least, most] = [nearestTo(balls, mid - margin), nearestTo(balls, mid + margin)];
  return least === most ? least : undefined;
}

function nearestTo(balls: Balls, units: bigint): bigint {
  if (units <= 0n) return 0n;
  return (units * 10n ** BigInt(MODEL_PRICE_DIGITS) + (balls.one >> 1n)) >> balls.bits;
}

function toBall(balls: Balls, { numerator, denominator }: Rational): Ball {
  return balls.fromQuotient(numerator, denominator);
}

/** The years from an instant to a later one, by their exact nanoseconds and the days that a year is said to have. */
export function countYears(fromNs: bigint, toNs: bigint, dayCount: DayCount): Rational {
  return { numerator: (toNs - fromNs) * 100n, denominator: YEAR_CENTIDAYS[dayCount] * NS_PER_DAY };
}
