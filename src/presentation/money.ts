/** Proof units as money: `1,234.50000000` for 123450000000 units of 8 decimals. */
export function formatMoney(units: string, decimals: number): string {
  const digits = units.padStart(decimals + 1, '0');
  const point = digits.length - decimals;
  return formatSigned(decimals === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`);
}

/**
 * A signed decimal in whole units: `−1,234.50` for `-1234.5` with 2 decimals.
 * @param decimals digits after the point, at least; further ones are kept.
 */
export function formatSigned(decimal: string, decimals = 0): string {
  const isNegative = decimal.startsWith('-');
  const [whole = '', fraction = ''] = (isNegative ? decimal.slice(1) : decimal).split('.');
  const digits = fraction.padEnd(decimals, '0');
  return `${isNegative ? '−' : ''}${group(whole)}${digits === '' ? '' : `.${digits}`}`;
}

function group(digits: string): string {
  return digits.replace(/\B(?=(?:\d{3})+$)/g, ',');
}
