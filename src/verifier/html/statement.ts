import type { StatementLine } from '../../protocol/index.js';
import {
  describeLine,
  describeNet,
  describePrice,
  describePriceSource,
  drawHeadings,
  formatInstant,
  html,
  listUnitDecimals,
  netStatement,
  showLine,
  toNumberColumn,
  typesetAmount,
  type Markup,
  type StatementNet,
} from '../../presentation/index.js';
import type { Stated } from '../report.js';

const COLUMNS = [{ title: 'What' }, toNumberColumn('Quantity'), { title: 'Price' }, toNumberColumn('Value')];

/** The lines that a user's holdings are the sum of: one body of the table for what is netted together. */
export function renderStatementLines(lines: readonly StatementLine[], { assets }: Stated): Markup {
  const decimals = listUnitDecimals(assets);
  return html`<table role="table">
    ${drawHeadings(COLUMNS)} ${netStatement(lines).map((net) => renderNet(net, decimals.get(net.asset) ?? 0))}
  </table>`;
}

function renderNet(net: StatementNet, decimals: number): Markup {
  return html`<tbody role="rowgroup">
    <tr role="row">
      <th scope="rowgroup" role="rowheader" colspan="4">${describeNet(net)}</th>
    </tr>
    ${net.lines.map((line) => renderLine(line, decimals))}
  </tbody>`;
}

function renderLine(line: StatementLine, decimals: number): Markup {
  const { value, asset } = line;
  const shown = showLine(line);
  const { quantity } = shown;
  const price = [describePrice(shown, typesetAmount), describePriceSource(shown, formatInstant)];
  return html`<tr role="row">
    <td role="cell">${describeLine(line)}</td>
    <td role="cell" class="number">${quantity === null ? '' : typesetAmount(quantity)}</td>
    <td role="cell">${price.filter((part) => part !== '').join(', ')}</td>
    <td role="cell" class="number">${typesetAmount(value, decimals)} ${asset}</td>
  </tr>`;
}
