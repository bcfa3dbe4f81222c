import { parseSignedDecimal } from '../decimal.js';

/** An exact quotient of integers; the denominator is above 0. It is not kept in lowest terms. */
export type Rational = { readonly numerator: bigint; readonly denominator: bigint };

/** Fraction digits of every amount and price in the tables of the books. */
const TABLE_FRACTION_DIGITS = 18;
/** Rounding is counted in units of 10^-30 of a proof unit. */
const ROUNDING_SCALE = 10n ** 30n;

export const ZERO: Rational = { numerator: 0n, denominator: 1n };
export const ONE: Rational = { numerator: 1n, denominator: 1n };

/** The exact value of a decimal, signed or not, of the form that `parseSignedDecimal` reads. */
export function parseRational(text: string): Rational {
  const { coefficient, fractionDigits } = parseSignedDecimal(text);
  return toRational(coefficient, fractionDigits);
}

/** `coefficient / 10^fractionDigits`; a coefficient of the books' tables has 18 fraction digits. */
export function toRational(coefficient: bigint, fractionDigits = TABLE_FRACTION_DIGITS): Rational {
  return { numerator: coefficient, denominator: 10n ** BigInt(fractionDigits) };
}

/** The exact product. */
export function multiply(a: Rational, b: Rational): Rational {
  return { numerator: a.numerator * b.numerator, denominator: a.denominator * b.denominator };
}

/** The exact quotient `a / b`; b must not be 0, which callers refuse with a code of their own. */
export function divide(a: Rational, b: Rational): Rational {
  const sign = b.numerator < 0n ? -1n : 1n;
  return {
    numerator: sign * a.numerator * b.denominator,
    denominator: sign * a.denominator * b.numerator,
  };
}

/** The exact difference `a - b`. */
export function subtract(a: Rational, b: Rational): Rational {
  if (a.denominator === b.denominator) {
    return { numerator: a.numerator - b.numerator, denominator: a.denominator };
  }
  return {
    numerator: a.numerator * b.denominator - b.numerator * a.denominator,
    denominator: a.denominator * b.denominator,
  };
}

/** The exact sum. */
export function add(a: Rational, b: Rational): Rational {
  return subtract(a, { numerator: -b.numerator, denominator: b.denominator });
}

/** The same value in lowest terms: shortens what is used many times. */
export function reduce({ numerator, denominator }: Rational): Rational {
  let [a, b] = [numerator < 0n ? -numerator : numerator, denominator];
  while (b !== 0n) [a, b] = [b, a % b];
  return { numerator: numerator / a, denominator: denominator / a };
}

/** A value in proof units, and what rounding up added to it, in units of 10^-30 of a proof unit, rounded down. */
export type RoundedUnits = { readonly units: bigint; readonly rounding: bigint };

/** `ceil(value · 10^decimals)`: rounds toward +infinity, in favour of the account that the value belongs to. */
export function roundUpToUnits(value: Rational, decimals: number): RoundedUnits {
  const scaled = value.numerator * 10n ** BigInt(decimals);
  const { denominator } = value;
  // BigInt division cuts toward zero, which is up for negative values already.
  const cut = scaled / denominator;
  const units = cut * denominator < scaled ? cut + 1n : cut;
  const rounding = ((units * denominator - scaled) * ROUNDING_SCALE) / denominator;
  return { units, rounding };
}
