import { formatDecimal } from '../protocol/index.js';

/** Characters that draw nothing or reorder what is drawn around them, and so can make a line read as another. */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** A text of the platform's as it may be shown on a terminal: invisible characters are written as their codes. */
export function makePrintable(text: string): string {
  return text.replace(INVISIBLE, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}

/** Proof units as money: `1,234.50000000` for 123450000000 units of 8 decimals. */
export function formatMoney(units: string, decimals: number): string {
  const [whole = '', fraction = ''] = formatDecimal({
    coefficient: BigInt(units),
    fractionDigits: decimals,
  }).split('.');
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ',');
  return decimals === 0 ? grouped : `${grouped}.${fraction.padEnd(decimals, '0')}`;
}

/** Rows as columns, two spaces apart; columns of numbers to the right. */
export function alignColumns(
  rows: readonly (readonly string[])[],
  numeric: readonly number[] = [],
): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        numeric.includes(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join('  ')
      .trimEnd(),
  );
}

/** A count with commas and its noun: `1 account`, `2,000 accounts`. @param plural where it is not the noun with an s. */
export function formatCount(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? noun : plural}`;
}
