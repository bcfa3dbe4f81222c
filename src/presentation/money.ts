/** Digits of a value in a quote currency that are shown after the point. */
const VALUE_DIGITS = 2;

/**
 * A decimal with its thousands apart: `-61,234.5`.
 * @param decimals digits after the point, at least; further ones are kept.
 */
export function formatAmount(decimal: string, decimals = 0): string {
  const [whole = '', fraction = ''] = decimal.split('.');
  const digits = fraction.padEnd(decimals, '0');
  return `${whole.replace(/\B(?=(?:\d{3})+$)/g, ',')}${digits === '' ? '' : `.${digits}`}`;
}

/** An amount on a page: with the minus sign that screen readers say, `−1,234.50`. */
export function typesetAmount(decimal: string, decimals = 0): string {
  return formatAmount(decimal, decimals).replace(/^-/, '−');
}

/** Proof units as money, with all digits of a unit: `1,234.50000000` for 123450000000 units of 8 decimals. */
export function formatMoney(units: string, decimals: number): string {
  const isNegative = units.startsWith('-');
  const digits = (isNegative ? units.slice(1) : units).padStart(decimals + 1, '0');
  const point = digits.length - decimals;
  return formatAmount(`${isNegative ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`);
}

/** A value in a quote currency: with its thousands apart, and cut after two digits where it has a fraction. */
export function formatValue(decimal: string): string {
  const [whole = '', fraction] = decimal.split('.');
  return formatAmount(
    fraction === undefined ? whole : `${whole}.${fraction.slice(0, VALUE_DIGITS)}`,
    fraction === undefined ? 0 : VALUE_DIGITS,
  );
}
