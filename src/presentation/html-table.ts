import { html, type Markup } from './markup.js';
import type { Column } from './text-table.js';

/** What a cell holds. */
export type TableCell = string | Markup;

/**
 * A table on a page; the first cell of a row is its heading. Roles are stated because browsers forget that a table is
 * one where a narrow screen draws its rows as cards, and each cell has the title of its column with it for that.
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
