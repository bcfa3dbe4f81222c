import { approximateBlack76, deriveGreeks } from '../presentation/index.js';

/** What the price of a European option on one unit of a forward follows from; forward and strike in the same currency. */
export type OptionInputs = {
  readonly right: 'call' | 'put';
  /** Above 0. */
  readonly forward: number;
  /** Above 0. */
  readonly strike: number;
  /** 1 is 100 % a year; not negative. */
  readonly volatility: number;
  /** Continuously compounded, a year. */
  readonly rate: number;
  /** From the instant to the expiry; not negative. */
  readonly years: number;
  /** Whether it pays in the coin that it is on: its value is that in the strike's currency, divided by the forward. */
  readonly inCoin: boolean;
};

/**
 * A price and its derivatives, in the currency that the option pays in: by the forward (delta, and gamma twice), by a
 * volatility of 1 (vega), and by a year that passes (theta).
 */
export type PositionGreeks = {
  readonly price: number;
  readonly delta: number;
  readonly gamma: number;
  readonly vega: number;
  readonly theta: number;
};

/**
 * Price and Greeks of Black-76 in floating point, approximate to about 10^-15 of the forward. Where it pays in the coin the
 * derivatives are those of the value in the coin, `V = P/F`: `V' = P'/F − P/F²` and `V'' = P''/F − 2P'/F² + 2P/F³`. At the expiry, and
 * without volatility, it is worth what it pays, and gamma, vega and theta are 0. Source: F. Black, "The pricing of commodity
 * contracts", Journal of Financial Economics 3 (1976).
 */
export function computeGreeks(inputs: OptionInputs): PositionGreeks {
  const inMoney = computeInMoney(inputs);
  return inputs.inCoin ? convertToCoin(inMoney, inputs.forward) : inMoney;
}

function computeInMoney({ right, forward, strike, volatility, rate, years }: OptionInputs): PositionGreeks {
  if (volatility === 0 || years === 0) {
    const sign = right === 'call' ? 1 : -1;
    return computePaid({ sign, forward, strike, discount: Math.exp(-rate * years) });
  }
  const terms = { isCall: right === 'call', forward, strike, volatility, rate, years };
  return { price: approximateBlack76(terms), ...deriveGreeks(terms) };
}

function computePaid({
  sign,
  forward,
  strike,
  discount,
}: Record<'sign' | 'forward' | 'strike' | 'discount', number>): PositionGreeks {
  const gain = sign * (forward - strike);
  const delta = gain > 0 ? sign * discount : 0;
  return { price: discount * Math.max(0, gain), delta, gamma: 0, vega: 0, theta: 0 };
}

function convertToCoin(
  { price, delta, gamma, vega, theta }: PositionGreeks,
  forward: number,
): PositionGreeks {
  return {
    price: price / forward,
    delta: delta / forward - price / forward ** 2,
    gamma: gamma / forward - (2 * delta) / forward ** 2 + (2 * price) / forward ** 3,
    vega: vega / forward,
    theta: theta / forward,
  };
}

/** The value of one quote unit of an inverse contract in the coin but for its entry, `−1/m`, and its derivatives by the mark. */
export function computeInverseGreeks(mark: number): PositionGreeks {
  return { price: -1 / mark, delta: 1 / mark ** 2, gamma: -2 / mark ** 3, vega: 0, theta: 0 };
}
