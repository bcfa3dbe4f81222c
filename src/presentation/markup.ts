import { sayParts, type Sentence, type ValuesFor } from './language.js';
import { type Column, makePrintable } from './text-table.js';

/** Markup that is safe to show: every text in it was escaped. Only `html` makes it. */
export class Markup {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/** What a template may hold: texts are escaped, and markup and lists of it stand as they are. */
type Hole = string | number | Markup | readonly Markup[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A template of markup. Texts in it are data, in elements and in quoted attributes, and never markup. */
export function html(parts: TemplateStringsArray, ...holes: readonly Hole[]): Markup {
  const texts = parts.map((part, index) => part + (index < holes.length ? spell(holes[index]!) : ''));
  return new Markup(texts.join(''));
}

/** A sentence in the language that is spoken, with markup among its values. */
export function tell<S extends Sentence>(sentence: S, ...values: ValuesFor<S, string | Markup>): Markup {
  return new Markup(
    sayParts<S, string | Markup>(sentence, ...values)
      .map(spell)
      .join(''),
  );
}

/** Nothing at all. */
export const NOTHING = html``;

function spell(hole: Hole): string {
  if (hole instanceof Markup) return hole.toString();
  if (typeof hole === 'number') return String(hole);
  if (typeof hole === 'string') return makePrintable(hole).replace(/[&<>"']/g, (sign) => ESCAPES[sign]!);
  return hole.map(String).join('');
}

/** What a cell holds. */
export type TableCell = string | Markup;

/**
 * A table on a page; the first cell of a row is its heading. Roles are stated because a narrow screen draws rows as
 * cards, and browsers then forget that the table is one. For the same reason each cell has the title of its column.
 */
export function drawTable(columns: readonly Column[], rows: readonly (readonly TableCell[])[]): Markup {
  return html`<table role="table">
    ${drawHeadings(columns)}
    <tbody role="rowgroup">
      ${rows.map((cells) => drawRow(columns, cells))}
    </tbody>
  </table>`;
}

/** The titles of the columns. */
export function drawHeadings(columns: readonly Column[]): Markup {
  return html`<thead role="rowgroup">
    <tr role="row">
      ${columns.map(
        (column) => html`<th scope="col" role="columnheader" class="${classOf(column)}">${column.title}</th>`,
      )}
    </tr>
  </thead>`;
}

function drawRow(columns: readonly Column[], [title = '', ...cells]: readonly TableCell[]): Markup {
  return html`<tr role="row">
    <th scope="row" role="rowheader">${title}</th>
    ${cells.map((cell, at) => drawCell(columns[at + 1]!, cell))}
  </tr>`;
}

function drawCell(column: Column, cell: TableCell): Markup {
  return html`<td role="cell" class="${classOf(column)}" data-label="${column.title}">
    <span class="amount">${cell}</span>
  </td>`;
}

function classOf({ align }: Column): string {
  return align === 'right' ? 'number' : 'words';
}
