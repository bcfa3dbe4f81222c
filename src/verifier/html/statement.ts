import type { StatementLine } from '../../protocol/index.js';
import { COMPONENT_WORDS, describeGroup, groupLines, html, type Markup } from '../../presentation/index.js';

/** The lines that a user's holdings are the sum of: one body of the table for what is netted together. */
export function renderStatementLines(lines: readonly StatementLine[]): Markup {
  return html`<div class="wide broad" role="region" aria-label="Your statement" tabindex="0">
    <table>
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col" class="number">Quantity</th>
          <th scope="col">Price</th>
          <th scope="col" class="number">Value</th>
        </tr>
      </thead>
      ${groupLines(lines).map(renderGroup)}
    </table>
  </div>`;
}

function renderGroup(group: readonly StatementLine[]): Markup {
  return html`<tbody>
    <tr>
      <th scope="rowgroup" colspan="4">${describeGroup(group[0]!)}</th>
    </tr>
    ${group.map(renderLine)}
  </tbody>`;
}

function renderLine({ kind, instrument, reference, quantity, value, asset, ...line }: StatementLine): Markup {
  const what = [COMPONENT_WORDS[kind], instrument ?? '', reference === '' ? '' : `(${reference})`];
  return html`<tr>
    <td>${what.filter((word) => word !== '').join(' ')}</td>
    <td class="number">${quantity ?? ''}</td>
    <td>${describePrice(line)}</td>
    <td class="number">${value} ${asset}</td>
  </tr>`;
}

function describePrice({
  price,
  priceAsset,
  entryPrice,
  priceSource,
  pricedAt,
}: Pick<StatementLine, 'price' | 'priceAsset' | 'entryPrice' | 'priceSource' | 'pricedAt'>): string {
  if (price === null) return '';
  const parts = [
    priceAsset === null ? price : `${price} ${priceAsset}`,
    ...(entryPrice === null ? [] : [`entered at ${entryPrice}`]),
    ...(priceSource === null ? [] : [priceSource]),
    ...(pricedAt === null ? [] : [pricedAt]),
  ];
  return parts.join(', ');
}
