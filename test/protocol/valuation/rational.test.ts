import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { formatInstantNs } from '../../../src/snapshot/books/instant-ns.js';
import {
  divide,
  multiply,
  reduce,
  roundUpToUnits,
  subtract,
  toRational,
  type Rational,
} from '../../../src/protocol/valuation/index.js';

const SEED = 20260131;
const integer = fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n });
const rational = fc
  .tuple(integer, fc.bigInt({ min: 1n, max: 10n ** 40n }))
  .map(([numerator, denominator]): Rational => ({ numerator, denominator }));

describe('rationals', () => {
  it('round up to proof units, toward plus infinity for both signs', () => {
    // 1.005 and -1.005 with two decimals: 100.5 and -100.5 units.
    expect(roundUpToUnits(toRational(1_005n, 3), 2)).toEqual({ units: 101n, rounding: 10n ** 30n / 2n });
    expect(roundUpToUnits(toRational(-1_005n, 3), 2)).toEqual({ units: -100n, rounding: 10n ** 30n / 2n });
    expect(roundUpToUnits(toRational(-100n, 2), 2)).toEqual({ units: -100n, rounding: 0n });
    expect(roundUpToUnits(toRational(0n), 8)).toEqual({ units: 0n, rounding: 0n });
  });

  it('state what rounding added, rounded down to 10^-30 of a unit', () => {
    // 1/3 of a unit becomes 1: two thirds were added.
    const third = { numerator: 1n, denominator: 3n };
    expect(roundUpToUnits(third, 0)).toEqual({ units: 1n, rounding: (2n * 10n ** 30n) / 3n });
  });

  it('round to the least integer that is not below the value', () => {
    fc.assert(
      fc.property(rational, fc.integer({ min: 0, max: 24 }), (value, decimals) => {
        const { units, rounding } = roundUpToUnits(value, decimals);
        const scaled = value.numerator * 10n ** BigInt(decimals);
        const excess = units * value.denominator - scaled;
        expect(excess >= 0n && excess < value.denominator).toBe(true);
        const left = excess * 10n ** 30n - rounding * value.denominator;
        expect(left >= 0n && left < value.denominator).toBe(true);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('keep the laws of arithmetic', () => {
    const same = (a: Rational, b: Rational) => a.numerator * b.denominator === b.numerator * a.denominator;
    fc.assert(
      fc.property(rational, rational, rational, (a, b, c) => {
        fc.pre(c.numerator !== 0n);
        expect(same(multiply(divide(a, c), c), a)).toBe(true);
        expect(divide(a, c).denominator > 0n).toBe(true);
        expect(same(multiply(c, subtract(a, b)), subtract(multiply(c, a), multiply(c, b)))).toBe(true);
        expect(same(reduce(a), a)).toBe(true);
      }),
      { seed: SEED, numRuns: 500 },
    );
    expect(reduce({ numerator: -6n, denominator: 4n })).toEqual({ numerator: -3n, denominator: 2n });
  });
});

describe('instants', () => {
  it.each([
    [1_769_817_600_000_000_000n, '2026-01-31T00:00:00Z'],
    [1_769_817_599_999_999_999n, '2026-01-30T23:59:59.999999999Z'],
    [1_769_817_600_120_000_000n, '2026-01-31T00:00:00.12Z'],
    [0n, '1970-01-01T00:00:00Z'],
  ])('of %s ns are written as %s', (atNs, text) => {
    expect(formatInstantNs(atNs)).toBe(text);
  });
});
