import type { Manifest } from '../protocol/index.js';
import { formatMoney, html, NOTHING, type Markup } from '../presentation/index.js';
import { formatInstant } from './instant.js';
import type { PublishedSnapshot } from './snapshot.js';

/**
 * The published totals, in whole units of each asset. Roles are stated because browsers forget that a table is one
 * where a narrow screen draws its rows as cards.
 */
export function renderTotals({ assets, totals, quote }: Manifest): Markup {
  const columns = ['Asset', 'Owed to users', 'Owed by users', `Stated price in ${quote}`] as const;
  const rows = totals.map(({ asset, equity, debt }, index) => {
    const { decimals, price } = assets[index]!;
    return renderRow(asset, [
      [columns[1], html`${formatMoney(equity, decimals)}`],
      [columns[2], html`${formatMoney(debt, decimals)}`],
      [columns[3], html`${groupThousands(price)}`],
    ]);
  });
  return renderTable(columns, rows, '');
}

/** The snapshots that came before, each with its files. */
export function renderHistory(
  snapshots: readonly PublishedSnapshot[],
  previousManifestHash: string | null,
): Markup {
  const [newest, ...earlier] = snapshots;
  if (newest === undefined || (earlier.length === 0 && previousManifestHash === null)) return NOTHING;
  const rows = earlier.map(({ takenAt, manifestHash, folder }) =>
    renderRow(formatInstant(takenAt), [
      ['Manifest hash', html`<code>${manifestHash}</code>`],
      [
        'Files',
        html`<a href="${folder}/manifest.json" aria-label="Manifest of ${formatInstant(takenAt)}" download
          >manifest</a
        >`,
      ],
    ]),
  );
  const before =
    earlier.length === 0
      ? html`<p>
          This snapshot follows the one with manifest hash <code>${previousManifestHash ?? 'none'}</code>,
          which is not on this site.
        </p>`
      : renderTable(['Taken at', 'Manifest hash', 'Files'], rows, 'left');
  return html`<section aria-labelledby="history">
    <h2 id="history">Earlier snapshots</h2>
    ${before}
    <p class="small mild">
      Each manifest names the one before it.
      <code>solvent-verify history verify history --trust trust.json</code>
      walks them all and finds gaps and forks.
    </p>
  </section>`;
}

function renderTable(columns: readonly string[], rows: readonly Markup[], className: string): Markup {
  return html`<table role="table" class="${className}">
    <thead role="rowgroup">
      <tr role="row">
        ${columns.map((title) => html`<th scope="col" role="columnheader">${title}</th>`)}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${rows}
    </tbody>
  </table>`;
}

function renderRow(title: string, cells: readonly (readonly [label: string, cell: Markup])[]): Markup {
  return html` <tr role="row">
    <th scope="row" role="rowheader">${title}</th>
    ${cells.map(
      ([label, cell]) => html`<td role="cell" data-label="${label}"><span class="amount">${cell}</span></td>`,
    )}
  </tr>`;
}

function groupThousands(decimal: string): string {
  const [whole = '', ...fraction] = decimal.split('.');
  return [whole.replace(/\B(?=(?:\d{3})+$)/g, ','), ...fraction].join('.');
}
