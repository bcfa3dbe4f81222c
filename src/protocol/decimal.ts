import { refuseProtocol } from './errors.js';
import { MAX_FRACTION_DIGITS, MAX_INTEGER_DIGITS } from './limits.js';

/** A decimal, exactly: `coefficient / 10^fractionDigits`; not negative, but where a function says signed. */
export type Decimal = { readonly coefficient: bigint; readonly fractionDigits: number };

export type DecimalCode = 'decimal-malformed';

const DECIMAL = new RegExp(`^([0-9]{1,${MAX_INTEGER_DIGITS}})(?:\\.([0-9]{1,${MAX_FRACTION_DIGITS}}))?$`);
const CANONICAL = /^(?:0|[1-9][0-9]*)(?:\.[0-9]*[1-9])?$/;

/**
 * Reads a non-negative decimal: digits, and a point with digits behind it or none. No sign, exponent or space.
 * @throws SolventError `decimal-malformed`.
 */
export function parseDecimal(text: string): Decimal {
  const match = DECIMAL.exec(text);
  if (match === null) {
    throw refuseProtocol('decimal-malformed', {
      expected: 'a non-negative decimal like 12.5',
      found: 'another text',
    });
  }
  const fraction = match[2] ?? '';
  return { coefficient: BigInt(match[1]! + fraction), fractionDigits: fraction.length };
}

/**
 * Reads a signed decimal: a decimal, or a minus sign and a decimal. No plus sign.
 * @throws SolventError `decimal-malformed`.
 */
export function parseSignedDecimal(text: string): Decimal {
  if (!text.startsWith('-')) return parseDecimal(text);
  const { coefficient, fractionDigits } = parseDecimal(text.slice(1));
  return { coefficient: -coefficient, fractionDigits };
}

/** Whether a text is the one canonical form of its decimal: no leading zero, no zero at the end of a fraction. */
export function isCanonicalDecimal(text: string): boolean {
  return CANONICAL.test(text) && DECIMAL.test(text);
}

/** Whether a text is the one canonical form of its signed decimal: as above, and 0 has no sign. */
export function isCanonicalSignedDecimal(text: string): boolean {
  return text.startsWith('-') ? text !== '-0' && isCanonicalDecimal(text.slice(1)) : isCanonicalDecimal(text);
}

/** Writes `coefficient / 10^fractionDigits` (coefficient >= 0) in its canonical form. */
export function formatDecimal({ coefficient, fractionDigits }: Decimal): string {
  const digits = coefficient.toString().padStart(fractionDigits + 1, '0');
  const whole = digits.slice(0, digits.length - fractionDigits);
  const fraction = digits.slice(digits.length - fractionDigits).replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

/** Writes a signed decimal in its canonical form. */
export function formatSignedDecimal({ coefficient, fractionDigits }: Decimal): string {
  const text = formatDecimal({ coefficient: coefficient < 0n ? -coefficient : coefficient, fractionDigits });
  return coefficient < 0n ? `-${text}` : text;
}

/** `floor(value · 10^exponent)` and whether anything was cut off; value >= 0. */
export function scaleDown(value: Decimal, exponent: number): { units: bigint; exact: boolean } {
  const shift = exponent - value.fractionDigits;
  if (shift >= 0) return { units: value.coefficient * 10n ** BigInt(shift), exact: true };
  const divisor = 10n ** BigInt(-shift);
  return { units: value.coefficient / divisor, exact: value.coefficient % divisor === 0n };
}

/** `ceil(value · 10^exponent)`; value >= 0. */
export function scaleUp(value: Decimal, exponent: number): bigint {
  const { units, exact } = scaleDown(value, exponent);
  return exact ? units : units + 1n;
}

/** The exact product of two decimals. */
export function multiplyDecimals(a: Decimal, b: Decimal): Decimal {
  return {
    coefficient: a.coefficient * b.coefficient,
    fractionDigits: a.fractionDigits + b.fractionDigits,
  };
}
