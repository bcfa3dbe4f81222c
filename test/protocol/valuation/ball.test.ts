import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { ballsOf, ImpreciseBall, rootOf, type Ball } from '../../../src/protocol/valuation/ball.js';
import {
  computeExponential,
  computeLogarithm,
  computeNormal,
} from '../../../src/protocol/valuation/elementary.js';
import { normalSlowly } from './slow-black-76.js';

const BITS = 96n;
const balls = ballsOf(BITS);
const Slow = Decimal.clone({ precision: 120, toExpNeg: -200, toExpPos: 200 });
const ONE_UNIT = new Slow(2).pow(-Number(BITS));

/** Whether a ball holds a number, and is no wider than that many units. */
function expectHolds({ mid, rad }: Ball, value: Decimal, mostUnits: bigint): void {
  const middle = new Slow(mid.toString()).times(ONE_UNIT);
  const distance = middle.minus(value).abs();
  expect(distance.lessThanOrEqualTo(new Slow(rad.toString()).times(ONE_UNIT))).toBe(true);
  expect(rad <= mostUnits).toBe(true);
}

const quotient = fc.tuple(fc.bigInt({ min: 1n, max: 10n ** 30n }), fc.bigInt({ min: 1n, max: 10n ** 30n }));
const exponent = fc.bigInt({ min: -20n * balls.one, max: 20n * balls.one });
const slowOf = (units: bigint) => new Slow(units.toString()).times(ONE_UNIT);
const checked = { seed: 41, numRuns: 80 };

describe('balls', () => {
  it('hold sums, products, quotients and roots of numbers that they hold', () => {
    const off = fc.bigInt({ min: 0n, max: 1000n });
    fc.assert(
      fc.property(exponent, exponent, off, off, (a, b, ra, rb) => {
        const [x, y]: [Ball, Ball] = [
          { mid: a, rad: ra },
          { mid: b, rad: rb },
        ];
        // The ends of both, where the error is largest.
        for (const [u, v] of [
          [a + ra, b + rb],
          [a - ra, b + rb],
          [a - ra, b - rb],
        ] as const) {
          const [p, q] = [slowOf(u), slowOf(v)];
          expectHolds(balls.add(x, y), p.plus(q), 2000n);
          expectHolds(balls.subtract(x, y), p.minus(q), 2000n);
          expectHolds(balls.multiply(x, y), p.times(q), 100_000n);
          expectHolds(balls.shift(x, -3n), p.div(8), 1000n);
          expectHolds(balls.divideBy(x, 7n), p.div(7), 1000n);
          if (b > balls.one || b < -balls.one) expectHolds(balls.divide(x, y), p.div(q), 100_000n);
        }
      }),
      checked,
    );
    fc.assert(
      fc.property(quotient, ([p, q]) => {
        const value = new Slow(p.toString()).div(q.toString());
        expectHolds(balls.fromQuotient(p, q), value, 1n);
        expectHolds(balls.rootOfQuotient(p, q), value.sqrt(), 2n);
      }),
      checked,
    );
  });

  it('refuse a quotient by what may be nothing, and an exponential of what may be anything', () => {
    expect(() => balls.divide({ mid: 1n, rad: 0n }, { mid: 5n, rad: 5n })).toThrow(ImpreciseBall);
    expect(() => computeExponential(balls, { mid: 0n, rad: balls.one + 1n })).toThrow(ImpreciseBall);
  });

  it('hold logarithms', () => {
    fc.assert(
      fc.property(quotient, ([p, q]) => {
        const value = new Slow(p.toString()).div(q.toString()).ln();
        expectHolds(computeLogarithm(balls, p, q), value, 20_000n);
      }),
      checked,
    );
    expectHolds(computeLogarithm(balls, 7n, 7n), new Slow(0), 10n);
  });

  it('hold exponentials, of numbers at the ends of a ball too', () => {
    fc.assert(
      fc.property(exponent, fc.bigInt({ min: 0n, max: 1000n }), (mid, rad) => {
        const ball = computeExponential(balls, { mid, rad });
        const most = ball.mid >> 80n;
        expectHolds(ball, slowOf(mid + rad).exp(), most + 1000n);
        expectHolds(ball, slowOf(mid - rad).exp(), most + 1000n);
      }),
      checked,
    );
  });

  it('hold the distribution function of the normal, near its middle and in its tails', () => {
    const x = fc.oneof(exponent, fc.bigInt({ min: -4n * balls.one, max: 4n * balls.one }));
    fc.assert(
      fc.property(x, fc.bigInt({ min: 0n, max: 1000n }), (mid, rad) => {
        const ball = computeNormal(balls, { mid, rad });
        // The slow series is only good to 15 deviations, where less than 10^-50 is left.
        expectHolds({ ...ball, rad: ball.rad + 1n }, normalSlowly(slowOf(mid + rad)), 10n ** 9n);
      }),
      checked,
    );
  });

  // Computed with 60 digits by mpmath 1.3.0.
  it.each([
    ['0', '0.5'],
    ['0.5', '0.69146246127401310363770461060833773988360217555457'],
    ['-2.5', '0.0062096653257761351669781045741922211278984696019'],
  ])('hold Φ(%s)', (x, expected) => {
    const mid = BigInt(new Slow(x).div(ONE_UNIT).toFixed(0));
    expectHolds(computeNormal(balls, { mid, rad: 0n }), new Slow(expected), 10_000n);
  });

  it('have integer roots', () => {
    for (const value of [0n, 1n, 2n, 3n, 4n, 15n, 16n, 17n, 10n ** 40n, 10n ** 40n - 1n, 2n ** 255n]) {
      const root = rootOf(value);
      expect(root * root <= value && (root + 1n) * (root + 1n) > value).toBe(true);
    }
  });
});
