import greeks from 'greeks';
import { describe, expect, it } from 'vitest';

import { computeGreeks, computeInverseGreeks, type OptionInputs } from '../../src/analysis/greeks.js';
import { priceBlack76, toRational } from '../../src/protocol/valuation/index.js';

const DIGITS = 12;
const toExact = (value: number) => toRational(BigInt(Math.round(value * 10 ** DIGITS)), DIGITS);

/** The exact price at inputs of at most twelve digits behind the point. */
function priceExactly({ right, forward, strike, volatility, rate, years, inCoin }: OptionInputs): number {
  const price = priceBlack76({
    ...{ right, inCoin, forward: toExact(forward), strike: toExact(strike) },
    ...{ volatility: toExact(volatility), rate: toExact(rate) },
    years: toExact(years),
  })!;
  return Number(price.coefficient) / 10 ** price.fractionDigits;
}

const CASES: readonly OptionInputs[] = (['call', 'put'] as const).flatMap((right) =>
  [false, true].flatMap((inCoin) =>
    [
      [90_000, 100_000, 0.52, 0.16],
      [90_000, 60_000, 0.8, 0.5],
      [90_000, 90_000, 0.45, 0.0027],
      [3000, 9000, 1.2, 1],
      [1.25, 1.2, 0.1, 2],
    ].map(([forward, strike, volatility, years]) => ({
      ...{ right, inCoin, forward: forward!, strike: strike!, volatility: volatility!, years: years! },
      rate: 0.04,
    })),
  ),
);

describe('the Greeks', () => {
  it.each(CASES)(
    'have the exact price, within 10^-9 of the forward: $right $forward $strike coin $inCoin',
    (inputs) => {
      const unit = inputs.inCoin ? 1 : inputs.forward;
      expect(Math.abs(computeGreeks(inputs).price - priceExactly(inputs))).toBeLessThan(1e-9 * unit);
    },
  );

  it.each(CASES)('are finite differences of exact prices: $right $forward $strike coin $inCoin', (inputs) => {
    const { delta, gamma, vega, theta } = computeGreeks(inputs);
    const unit = inputs.inCoin ? 1 : inputs.forward;
    const at = (change: Partial<OptionInputs>) => priceExactly({ ...inputs, ...change });
    const { forward, volatility, years } = inputs;
    const step = forward / 16_384;
    const [up, down] = [at({ forward: forward + step }), at({ forward: forward - step })];
    const close = (computed: number, difference: number, scale: number) => {
      expect(Math.abs(computed - difference) * scale).toBeLessThan(2e-4 * unit);
    };
    close(delta, (up - down) / (2 * step), forward);
    close(gamma, (up - 2 * at({}) + down) / step ** 2, forward ** 2 / 100);
    close(vega, (at({ volatility: volatility + 1e-4 }) - at({ volatility: volatility - 1e-4 })) / 2e-4, 1);
    const day = years / 1024;
    close(theta, (at({ years: years - day }) - at({ years: years + day })) / (2 * day), years);
  });

  it.each(CASES)('keep put-call parity: $right $forward $strike coin $inCoin', (inputs) => {
    const [call, put] = [
      computeGreeks({ ...inputs, right: 'call' }),
      computeGreeks({ ...inputs, right: 'put' }),
    ];
    const { forward, strike, rate, years, inCoin } = inputs;
    const discount = Math.exp(-rate * years);
    const unit = inCoin ? forward : 1;
    expect((call.price - put.price) * unit).toBeCloseTo(discount * (forward - strike), 6);
    expect(call.vega).toBeCloseTo(put.vega, 8);
    // In the coin both differ by e^(−rT)·(1 − K/F), whose first derivative is e^(−rT)·K/F² and whose second −2·e^(−rT)·K/F³.
    const [slope, bend] = inCoin
      ? [(discount * strike) / forward ** 2, (-2 * discount * strike) / forward ** 3]
      : [discount, 0];
    expect(call.delta - put.delta).toBeCloseTo(slope, 9);
    expect(call.gamma - put.gamma).toBeCloseTo(bend, 9);
  });

  it.each(CASES.filter(({ inCoin }) => !inCoin))(
    'are those of another library, which prices on the spot: $right $forward $strike',
    (inputs) => {
      const { right, forward, strike, volatility, rate, years } = inputs;
      const discount = Math.exp(-rate * years);
      const spot = forward * discount;
      const ours = computeGreeks(inputs);
      const arguments_ = [spot, strike, years, volatility, rate, right] as const;
      expect(ours.delta).toBeCloseTo(greeks.getDelta(...arguments_) * discount, 9);
      expect(ours.gamma * forward).toBeCloseTo(greeks.getGamma(...arguments_) * discount ** 2 * forward, 9);
      expect(ours.vega / forward).toBeCloseTo((greeks.getVega(...arguments_) * 100) / forward, 9);
    },
  );

  it('are those of what it pays, at the expiry and without volatility', () => {
    const inputs = { right: 'put', forward: 80, strike: 100, rate: 0, inCoin: true } as const;
    const paid = computeGreeks({ ...inputs, volatility: 0.5, years: 0 });
    expect(paid).toMatchObject({ price: 0.25, vega: 0, theta: 0 });
    expect(computeGreeks({ ...inputs, right: 'call', volatility: 0, years: 1 })).toMatchObject({
      price: 0,
      delta: 0,
    });
  });

  it('of an inverse contract are those of −1/m', () => {
    expect(computeInverseGreeks(2)).toEqual({ price: -0.5, delta: 0.25, gamma: -0.25, vega: 0, theta: 0 });
  });

  it('leave most of a percent of notional unexplained, over ten percent, when dollars are divided by the opening forward', () => {
    const opening = {
      right: 'call',
      forward: 90_000,
      strike: 90_000,
      volatility: 0.5,
      rate: 0,
      years: 0.1,
    } as const;
    const move = 9_000;
    const won = (inCoin: boolean) => {
      const price = (forward: number) => computeGreeks({ ...opening, inCoin, forward }).price;
      return price(opening.forward + move) - price(opening.forward);
    };
    const expand = ({ delta, gamma }: ReturnType<typeof computeGreeks>) =>
      delta * move + (gamma * move ** 2) / 2;
    const inCoin = Math.abs(won(true) - expand(computeGreeks({ ...opening, inCoin: true })));
    const divided = Math.abs(
      won(true) - expand(computeGreeks({ ...opening, inCoin: false })) / opening.forward,
    );
    expect(divided).toBeGreaterThan(0.005);
    expect(inCoin).toBeLessThan(0.002);
  });
});
