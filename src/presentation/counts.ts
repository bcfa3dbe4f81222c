import { formatAmount } from './money.js';

/** A number with its thousands apart: `2,000`. @param fractionDigits digits after the point, to which it is rounded. */
export function formatNumber(value: number | bigint, fractionDigits = 0): string {
  return formatAmount(typeof value === 'bigint' ? value.toString() : value.toFixed(fractionDigits));
}

/** A count with its noun: `1 account`, `2,000 accounts`. @param plural where it is not the noun with an s. */
export function formatCount(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatNumber(count)} ${count === 1 ? noun : plural}`;
}

/** A count that is stated by the power of two just above it: `no`, `1`, `2 or 3`, `4 to 7`. @param countBelow 1, 2, 4, … */
export function formatCountBelow(countBelow: number): string {
  if (countBelow <= 2) return ['no', '1'][countBelow - 1]!;
  const [least, most] = [countBelow / 2, countBelow - 1];
  return `${formatNumber(least)} ${most === least + 1 ? 'or' : 'to'} ${formatNumber(most)}`;
}
