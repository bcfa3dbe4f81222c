import { divide, multiply, subtract, ZERO, type Rational } from './rational.js';

export type OptionRight = 'call' | 'put';

/** The worth of options whose premium was paid when they were opened: `q·size·mark`, negative for short ones. */
export function valuePremiumPaid(position: {
  readonly quantity: Rational;
  /** Of one contract, in units of the underlying. */
  readonly contractSize: Rational;
  /** The price of an option on one unit of the underlying. */
  readonly mark: Rational;
}): Rational {
  return multiply(multiply(position.quantity, position.contractSize), position.mark);
}

/**
 * What an option on one unit of the underlying pays at its expiry, in the currency of strike and delivery price:
 * `max(S − K, 0)` for a call and `max(K − S, 0)` for a put.
 */
export function intrinsicOf(right: OptionRight, deliveryPrice: Rational, strike: Rational): Rational {
  const gain = right === 'call' ? subtract(deliveryPrice, strike) : subtract(strike, deliveryPrice);
  return gain.numerator > 0n ? gain : ZERO;
}

/** What a coin-settled option pays: its intrinsic value divided by the delivery price, which is above 0. */
export function intrinsicInCoin(right: OptionRight, deliveryPrice: Rational, strike: Rational): Rational {
  return divide(intrinsicOf(right, deliveryPrice, strike), deliveryPrice);
}
