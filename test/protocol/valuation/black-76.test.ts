import { Decimal } from 'decimal.js';
import { describe, expect, it } from 'vitest';

import { formatDecimal, parseDecimal } from '../../../../src/protocol/index.js';
import {
  computeNormal,
  countYears,
  priceBlack76,
  type Black76Terms,
} from '../../../../src/snapshot/books/valuation/black-76.js';
import { AT_NS, DAY_NS } from './books.js';

const YEARS_27_DAYS = countYears(AT_NS, AT_NS + 27n * DAY_NS, 'act/365');

function price(
  right: 'call' | 'put',
  [forward, strike, volatility, rate]: readonly [string, string, string, string],
  years: Black76Terms['years'],
  inCoin = false,
): string {
  const terms = {
    forward: parseDecimal(forward),
    strike: parseDecimal(strike),
    volatility: parseDecimal(volatility),
    rate: parseDecimal(rate),
  };
  return formatDecimal(priceBlack76({ right, ...terms, years, inCoin }));
}

describe('Black-76', () => {
  it('prices the crude oil put of Hull, "Options, Futures, and Other Derivatives": 3.35', () => {
    const hull = price('put', ['60', '60', '0.25', '0.09'], { numerator: 4n, denominator: 12n });
    expect(hull).toBe('3.349924369676830434');
    expect(Number(hull).toFixed(2)).toBe('3.35');
  });

  it('prices the futures option of Haug, "The Complete Guide to Option Pricing Formulas": 1.7011', () => {
    const haug = price('put', ['19', '19', '0.28', '0.1'], { numerator: 3n, denominator: 4n });
    expect(haug).toBe('1.701050725236267139');
    expect(Number(haug).toFixed(4)).toBe('1.7011');
  });

  // Computed with 60 digits by mpmath 1.3.0 from the same formula.
  it.each([
    ['call', '60000', '4702.468498315610142333', '0.076794429583251437'],
    ['put', '60000', '3472.526023723780893913', '0.056708653189358628'],
    ['call', '200000', '0.000000002838673249', '0.000000000000046357'],
  ] as const)('prices a %s at %s to 18 digits, in cash and in coin', (right, strike, inCash, inCoin) => {
    const terms = ['61234.5', strike, '0.62', '0.05'] as const;
    expect(price(right, terms, YEARS_27_DAYS)).toBe(inCash);
    expect(price(right, terms, YEARS_27_DAYS, true)).toBe(inCoin);
  });

  it('keeps put-call parity: call - put = e^(-rT)·(F - K), to the last digit but rounding', () => {
    for (const strike of ['1000', '45000', '61234.5', '75000.25', '300000']) {
      const terms = ['61234.5', strike, '0.62', '0.05'] as const;
      const Precise = Decimal.clone({ precision: 40 });
      const years = new Precise(27).div(365);
      const forward = new Precise('61234.5').minus(strike).times(years.times('-0.05').exp());
      const parity = new Precise(price('call', terms, YEARS_27_DAYS)).minus(
        price('put', terms, YEARS_27_DAYS),
      );
      expect(parity.minus(forward).abs().lessThanOrEqualTo('1e-18')).toBe(true);
    }
  });

  it('is what the option pays when no time is left', () => {
    const none = { numerator: 0n, denominator: 1n };
    expect(price('call', ['61234.5', '60000', '0.62', '0.05'], none)).toBe('1234.5');
    expect(price('put', ['61234.5', '60000', '0.62', '0.05'], none)).toBe('0');
    expect(price('put', ['60000', '61234.5', '0.62', '0.05'], none)).toBe('1234.5');
    expect(price('call', ['80000', '60000', '0.62', '0.05'], none, true)).toBe('0.25');
  });

  it('is never below zero, however worthless the option', () => {
    const day = countYears(AT_NS, AT_NS + DAY_NS, 'act/365');
    expect(price('put', ['61234.5', '10', '0.5', '0'], day)).toBe('0');
    expect(price('call', ['61234.5', '10', '0.5', '0'], day)).toBe('61224.5');
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

describe('the distribution function of the normal', () => {
  // Computed with 60 digits by mpmath 1.3.0.
  it.each([
    ['0', '0.5'],
    ['0.5', '0.69146246127401310363770461060833773988'],
    ['1.96', '0.97500210485177956586341573095916280998'],
    ['-2.5', '0.00620966532577613516697810457419222112'],
    ['5', '0.99999971334842812080608832624766712535'],
    ['-10', '0.00000000000000000000000761985302416053'],
    ['16.5', '1'],
    ['-16.5', '0'],
  ])('at %s is exact to 37 digits after the point', (x, expected) => {
    const Precise = Decimal.clone({ precision: 40 });
    const difference = computeNormal(new Precise(x)).minus(expected).abs();
    expect(difference.lessThanOrEqualTo('1e-37')).toBe(true);
  });
});
