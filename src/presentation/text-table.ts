/**
 * Characters that draw nothing, reorder what is drawn around them, or are spaces but not U+0020, and so can make a line read
 * as another.
 */
const INVISIBLE = /[\u{16fe4}\u{1d159}\u2800\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/gu;

/** A text with its invisible characters written as their codes, and its spaces as they are. */
export function showInvisible(text: string): string {
  return text.replace(INVISIBLE, (character) =>
    character === ' ' ? character : `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
}

/**
 * A text of the platform's or a file's as it may be shown. Invisible characters are written as their codes, and runs of
 * spaces as one, so that nothing can be pushed to where it reads as something else.
 */
export function makePrintable(text: string): string {
  return showInvisible(text).replace(/ {2,}/g, ' ');
}

/** One column: its heading, and whether its cells are numbers, which end at the same place. */
export type Column = { readonly title: string; readonly align?: 'right' };

/** A column of numbers. */
export function toNumberColumn(title: string): Column {
  return { title, align: 'right' };
}

/** Characters of a line of a report: fewer than any terminal has, which would break longer lines where it likes. */
const LINE_WIDTH = 79;
const HANGING_INDENT = 4;

/**
 * A line cut at spaces, or within a word that is too long, into lines that a terminal does not break by itself. All but the
 * first are further in than it, so that no text in it stands where a line begins.
 */
export function wrapLine(line: string, width = LINE_WIDTH): string[] {
  if (line.length <= width) return [line];
  const start = line.search(/[^ ]/);
  // The last cell of a row goes on below itself, where there is room.
  const cell = /^.* {2}(?=[^ ])/.exec(line)?.[0].length ?? start;
  const indent = ' '.repeat(cell > start && cell <= width / 2 ? cell : start + HANGING_INDENT);
  const lines: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const space = rest.lastIndexOf(' ', width);
    // A cut in the indentation would leave an empty line; one between two halves of a character none that is whole.
    const isWord = space <= rest.search(/[^ ]/);
    let end = isWord ? width : space;
    if (isWord && /[\ud800-\udbff]/.test(rest[end - 1]!)) end -= 1;
    lines.push(rest.slice(0, end).trimEnd());
    rest = indent + rest.slice(end).trimStart();
  }
  return [...lines, rest];
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
