import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  formatDecimal,
  formatSignedDecimal,
  isCanonicalDecimal,
  isCanonicalSignedDecimal,
  multiplyDecimals,
  parseDecimal,
  parseSignedDecimal,
  scaleDown,
  scaleUp,
} from '../../src/protocol/index.js';

const decimal = fc.record({
  coefficient: fc.bigInt({ min: 0n, max: 10n ** 40n }),
  fractionDigits: fc.integer({ min: 0, max: 30 }),
});

describe('decimals', () => {
  it.each([
    ['0', 0n, 0],
    ['12.50', 1250n, 2],
    ['007', 7n, 0],
    ['0.000000000000000000000000000001', 1n, 30],
  ])('reads %s exactly', (text, coefficient, fractionDigits) => {
    expect(parseDecimal(text)).toEqual({ coefficient, fractionDigits });
  });

  it.each([
    '',
    '-1',
    '+1',
    '1.',
    '.5',
    '1e3',
    ' 1',
    '1 ',
    '1,000',
    '0x10',
    '٣',
    '1_000',
    '9'.repeat(31),
    'NaN',
  ])('refuses %j', (text) => {
    expect(() => parseDecimal(text)).toThrow(expect.objectContaining({ code: 'decimal-malformed' }));
  });

  it('writes one canonical form that reads back as the same value', () => {
    fc.assert(
      fc.property(decimal, (value) => {
        const text = formatDecimal(value);
        const [whole, fraction = ''] = text.split('.');
        const back = BigInt(whole! + fraction) * 10n ** BigInt(30 - fraction.length);
        expect(back).toBe(value.coefficient * 10n ** BigInt(30 - value.fractionDigits));
      }),
      { seed: 1 },
    );
    expect(['0', '1.5', '10'].map(isCanonicalDecimal)).toEqual([true, true, true]);
    expect(['00', '1.50', '01', '1.', '1.0', ''].map(isCanonicalDecimal)).toEqual(new Array(6).fill(false));
  });

  it('rounds down and up to units exactly, as fractions say', () => {
    fc.assert(
      fc.property(decimal, fc.integer({ min: -10, max: 24 }), (value, exponent) => {
        // value · 10^exponent as a fraction of two integers.
        const numerator = value.coefficient * 10n ** BigInt(Math.max(0, exponent));
        const denominator = 10n ** BigInt(value.fractionDigits + Math.max(0, -exponent));
        const down = scaleDown(value, exponent);
        expect(down.units).toBe(numerator / denominator);
        expect(down.exact).toBe(numerator % denominator === 0n);
        expect(scaleUp(value, exponent)).toBe((numerator + denominator - 1n) / denominator);
      }),
      { seed: 2 },
    );
  });

  it('multiplies without rounding', () => {
    expect(formatDecimal(multiplyDecimals(parseDecimal('0.1'), parseDecimal('0.2')))).toBe('0.02');
  });
});

describe('signed decimals', () => {
  it('are decimals with or without a minus sign', () => {
    expect(parseSignedDecimal('-12.50')).toEqual({ coefficient: -1250n, fractionDigits: 2 });
    expect(parseSignedDecimal('12.5')).toEqual(parseDecimal('12.5'));
    expect(parseSignedDecimal('-0').coefficient).toBe(0n);
  });

  it.each(['-', '--1', '+1', '- 1', '-.5', '-1e3', '\u22121'])('refuse %j', (text) => {
    expect(() => parseSignedDecimal(text)).toThrow(expect.objectContaining({ code: 'decimal-malformed' }));
  });

  it('have one canonical form that reads back as the same value', () => {
    fc.assert(
      fc.property(decimal, fc.boolean(), ({ coefficient, fractionDigits }, isNegative) => {
        fc.pre(coefficient < 10n ** 30n);
        const value = { coefficient: isNegative ? -coefficient : coefficient, fractionDigits };
        const text = formatSignedDecimal(value);
        expect(isCanonicalSignedDecimal(text)).toBe(true);
        const back = parseSignedDecimal(text);
        const fine = (other: typeof back) => other.coefficient * 10n ** BigInt(30 - other.fractionDigits);
        expect(fine(back)).toBe(fine(value));
      }),
      { seed: 4 },
    );
    expect(['-1', '-0.5', '0'].map(isCanonicalSignedDecimal)).toEqual([true, true, true]);
    expect(['-0', '-1.0', '-01', '--1', '-', '+1'].map(isCanonicalSignedDecimal)).toEqual(
      new Array(6).fill(false),
    );
  });
});
