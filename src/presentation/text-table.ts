import { formatDecimal } from '../protocol/index.js';

/** One column: its heading, and whether its cells are numbers, which end at the same place. */
export type Column = { readonly title: string; readonly align?: 'right' };

/** A table in plain text, two spaces in and between columns. Every row has one cell for each column. */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ title }, at) =>
    Math.max(title.length, ...rows.map((row) => row[at]!.length)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) =>
        columns[at]!.align === 'right' ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!),
      )
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return [line(columns.map(({ title }) => title)), rule, ...rows.map(line)]
    .map((row) => `  ${row}\n`)
    .join('');
}

/** Proof units as an amount of whole units, with commas: 123456789 at 8 decimals is `1.23456789`. */
export function formatUnits(units: bigint, decimals: number): string {
  if (units < 0n) return `-${formatUnits(-units, decimals)}`;
  const [whole, fraction] = formatDecimal({ coefficient: units, fractionDigits: decimals }).split('.');
  const grouped = whole!.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
