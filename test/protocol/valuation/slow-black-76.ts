import { Decimal } from 'decimal.js';

import type { Black76Terms, Rational } from '../../../src/protocol/valuation/index.js';

/** 120 digits, of which cancellation and tails leave far more than the 18 that are compared. */
const Slow = Decimal.clone({ precision: 120, toExpNeg: -200, toExpPos: 200 });

/** The price of the model as its formula is written, slowly, with decimal.js; in units of 10^-18, to the nearest. */
export function priceSlowly(terms: Black76Terms): bigint {
  const [forward, strike, volatility, rate, years] = [
    terms.forward,
    terms.strike,
    terms.volatility,
    terms.rate,
    terms.years,
  ].map(toSlow) as [Decimal, Decimal, Decimal, Decimal, Decimal];
  const deviation = volatility.times(years.sqrt());
  const d1 = forward.div(strike).ln().div(deviation).plus(deviation.div(2));
  const d2 = d1.minus(deviation);
  const gain =
    terms.right === 'call'
      ? forward.times(normalSlowly(d1)).minus(strike.times(normalSlowly(d2)))
      : strike.times(normalSlowly(d2.negated())).minus(forward.times(normalSlowly(d1.negated())));
  const price = gain.times(rate.times(years).negated().exp()).div(terms.inCoin ? forward : 1);
  return BigInt(Slow.max(0, price).times('1e18').toFixed(0, Decimal.ROUND_HALF_EVEN));
}

/** Φ by another series than the fast one: `1/2 + 1/√(2π)·Σ (−1)^n x^(2n+1)/(2^n·n!·(2n+1))`, of signs that alternate. */
export function normalSlowly(x: Decimal): Decimal {
  // Beyond 15 less than 10^-50 is left.
  if (x.abs().greaterThan(15)) return new Slow(x.isPositive() ? 1 : 0);
  let power = new Slow(x);
  let sum = power;
  for (
    let n = 1;
    power
      .div(2 * n + 1)
      .abs()
      .greaterThan('1e-70');
    n += 1
  ) {
    power = power
      .times(x)
      .times(x)
      .div(-2 * n);
    sum = sum.plus(power.div(2 * n + 1));
  }
  return sum.div(Slow.acos(-1).times(2).sqrt()).plus(0.5);
}

function toSlow({ numerator, denominator }: Rational): Decimal {
  return new Slow(numerator.toString()).div(denominator.toString());
}
