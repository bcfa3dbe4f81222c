/** One column: its heading, and whether its cells are numbers, which end at the same place. */
export type Column = { readonly title: string; readonly align?: 'right' };

/** A column of numbers. */
export function toNumberColumn(title: string): Column {
  return { title, align: 'right' };
}

/** Rows of equally many cells as lines, two spaces between columns; columns of numbers to the right. */
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

/** A table in plain text under a ruled heading, two spaces in. Every row has one cell for each column. */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const titles = columns.map(({ title }) => title);
  const numeric = columns.flatMap(({ align }, at) => (align === 'right' ? [at] : []));
  const widths = titles.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]!.length)));
  const rule = widths.map((width) => '─'.repeat(width));
  return alignColumns([titles, rule, ...rows], numeric)
    .map((line) => `  ${line}\n`)
    .join('');
}
