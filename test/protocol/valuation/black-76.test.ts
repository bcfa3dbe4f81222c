import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { formatDecimal } from '../../../src/protocol/index.js';
import {
  countYears,
  hasModelPrice,
  parseRational,
  priceBlack76,
  type Black76Terms,
  type Rational,
} from '../../../src/protocol/valuation/index.js';
import { priceSlowly } from './slow-black-76.js';

const AT_NS = 1_769_817_600_000_000_000n;
const DAY_NS = 86_400_000_000_000n;
const YEARS_27_DAYS = countYears(AT_NS, AT_NS + 27n * DAY_NS, 'act/365');

type Numbers = readonly [forward: string, strike: string, volatility: string, rate: string];

function termsOf(
  right: 'call' | 'put',
  [forward, strike, volatility, rate]: Numbers,
  { years = YEARS_27_DAYS, inCoin = false }: { years?: Rational; inCoin?: boolean } = {},
): Black76Terms {
  return {
    right,
    forward: parseRational(forward),
    strike: parseRational(strike),
    volatility: parseRational(volatility),
    rate: parseRational(rate),
    years,
    inCoin,
  };
}

function price(...given: Parameters<typeof termsOf>): string {
  const terms = termsOf(...given);
  expect(hasModelPrice(terms)).toBe(true);
  return formatDecimal(priceBlack76(terms)!);
}

describe('Black-76', () => {
  it('prices the crude oil put of Hull, "Options, Futures, and Other Derivatives": 3.35', () => {
    const years = { numerator: 4n, denominator: 12n };
    const hull = price('put', ['60', '60', '0.25', '0.09'], { years });
    expect(hull).toBe('3.349924369676830434');
    expect(Number(hull).toFixed(2)).toBe('3.35');
  });

  it('prices the futures option of Haug, "The Complete Guide to Option Pricing Formulas": 1.7011', () => {
    const years = { numerator: 3n, denominator: 4n };
    const haug = price('put', ['19', '19', '0.28', '0.1'], { years });
    expect(haug).toBe('1.701050725236267139');
    expect(Number(haug).toFixed(4)).toBe('1.7011');
  });

  // Computed with 60 digits by mpmath 1.3.0 from the same formula.
  it.each([
    ['call', '60000', '4702.468498315610142333', '0.076794429583251437'],
    ['put', '60000', '3472.526023723780893913', '0.056708653189358628'],
    ['call', '200000', '0.000000002838673249', '0.000000000000046357'],
  ] as const)('prices a %s at %s to 18 digits, in cash and in coin', (right, strike, inCash, inCoin) => {
    const numbers = ['61234.5', strike, '0.62', '0.05'] as const;
    expect(price(right, numbers)).toBe(inCash);
    expect(price(right, numbers, { inCoin: true })).toBe(inCoin);
  });

  it('is the nearest price of 18 digits, as a slow twin with 120 digits and another series finds it', () => {
    const positive = (least: number, most: number, digits: number) =>
      fc.integer({ min: least, max: most }).map((units) => ({
        numerator: BigInt(units),
        denominator: 10n ** BigInt(digits),
      }));
    const terms = fc.record<Black76Terms>({
      right: fc.constantFrom('call', 'put'),
      forward: positive(1, 2_000_000_000, 4),
      strike: positive(1, 2_000_000_000, 4),
      volatility: positive(1, 40_000, 4),
      rate: positive(-2_000, 2_000, 4),
      years: positive(1, 3_000_000_000, 9),
      inCoin: fc.boolean(),
    });
    // Strikes near the forward, where the price is neither of the two ends.
    const near = fc.tuple(terms, positive(500_000, 2_000_000, 6)).map(([drawn, ratio]): Black76Terms => ({
      ...drawn,
      strike: {
        numerator: drawn.forward.numerator * ratio.numerator,
        denominator: drawn.forward.denominator * ratio.denominator,
      },
    }));
    fc.assert(
      fc.property(fc.oneof(terms, near, near), (drawn) => {
        expect(priceBlack76(drawn)!.coefficient).toBe(priceSlowly(drawn));
      }),
      { seed: 76, numRuns: 60 },
    );
  });

  it('keeps put-call parity without a rate: call - put = F - K, to the last digit but rounding', () => {
    for (const strike of ['1000', '45000', '61234.5', '75000.25', '300000']) {
      const numbers = ['61234.5', strike, '0.62', '0'] as const;
      const [call, put] = (['call', 'put'] as const).map(
        (right) => priceBlack76(termsOf(right, numbers))!.coefficient,
      );
      const forward = parseRational('61234.5').numerator * 10n ** 17n;
      const parity = call! - put! - (forward - BigInt(Number(strike) * 100) * 10n ** 16n);
      expect(parity >= -1n && parity <= 1n).toBe(true);
    }
  });

  it('takes more bits where 128 of them do not decide the last digit', () => {
    // As far from each other as prices of the books can be, in both directions.
    expect(price('call', ['99999999999999999999', '0.000000000000000001', '0.62', '0'])).toBe(
      '99999999999999999998.999999999999999999',
    );
    expect(price('put', ['0.000000000000000001', '99999999999999999999', '0.62', '0'])).toBe(
      '99999999999999999998.999999999999999999',
    );
    // A deviation that 128 bits cannot tell from nothing.
    const years = { numerator: 1n, denominator: 10n ** 18n };
    expect(price('call', ['100', '100', '0.000000000000000001', '0'], { years })).toBe('0');
    expect(price('call', ['101', '100', '0.000000000000000001', '0'], { years })).toBe('1');
  });

  it('is never below zero, however worthless the option', () => {
    const years = countYears(AT_NS, AT_NS + DAY_NS, 'act/365');
    expect(price('put', ['61234.5', '10', '0.5', '0'], { years })).toBe('0');
    expect(price('call', ['61234.5', '10', '0.5', '0'], { years })).toBe('61224.5');
  });

  it('is not decided for a price that is made to lie next to the middle between two', () => {
    // 1 - K/F with K/F = 0.5·10^-18, and next to nothing besides.
    const numbers = ['2000000000000000000', '1', '0.62', '0'] as const;
    expect(priceBlack76(termsOf('call', numbers, { inCoin: true }))).toBeUndefined();
    expect(priceBlack76(termsOf('call', numbers))).toBeDefined();
  });

  it.each<[string, Partial<Black76Terms>]>([
    ['a forward of 0', { forward: parseRational('0') }],
    ['a negative strike', { strike: parseRational('-1') }],
    ['no volatility', { volatility: parseRational('0') }],
    ['a volatility above 100', { volatility: parseRational('100.000001') }],
    ['a rate above 1', { rate: parseRational('1.000001') }],
    ['a rate below -1', { rate: parseRational('-1.000001') }],
    ['no time left', { years: parseRational('0') }],
    ['more than a hundred years', { years: parseRational('100.000001') }],
  ])('has no price for %s', (_, changes) => {
    const terms = termsOf('call', ['61234.5', '60000', '0.62', '0.05']);
    expect(hasModelPrice(terms)).toBe(true);
    expect(hasModelPrice({ ...terms, ...changes })).toBe(false);
  });
});

describe('years', () => {
  it.each([
    ['act/365', 365n * DAY_NS],
    ['act/360', 360n * DAY_NS],
    ['act/365.25', 365n * DAY_NS + DAY_NS / 4n],
  ] as const)('of %s count exact nanoseconds', (dayCount, yearNs) => {
    const { numerator, denominator } = countYears(AT_NS, AT_NS + yearNs, dayCount);
    expect(numerator).toBe(denominator);
    const shorter = countYears(AT_NS, AT_NS + yearNs - 1n, dayCount);
    expect(shorter.numerator < shorter.denominator).toBe(true);
  });
});
