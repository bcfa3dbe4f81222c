import type { Manifest } from '../protocol/index.js';
import {
  drawTable,
  formatAmount,
  formatInstant,
  formatMoney,
  html,
  NOTHING,
  toNumberColumn,
  type Markup,
} from '../presentation/index.js';
import type { PublishedSnapshot } from './bundle-files.js';

/** The published totals, in whole units of each asset. */
export function renderTotals({ assets, totals, quote }: Manifest): Markup {
  const columns = [
    { title: 'Asset' },
    ...['Owed to users', 'Owed by users', `Stated price in ${quote}`].map(toNumberColumn),
  ];
  const rows = totals.map(({ asset, equity, debt }, index) => {
    const { decimals, price } = assets[index]!;
    return [asset, formatMoney(equity, decimals), formatMoney(debt, decimals), formatAmount(price)];
  });
  return drawTable(columns, rows);
}

/** The snapshots that came before, each with its files. */
export function renderHistory(
  snapshots: readonly PublishedSnapshot[],
  previousManifestHash: string | null,
): Markup {
  const [newest, ...earlier] = snapshots;
  if (newest === undefined || (earlier.length === 0 && previousManifestHash === null)) return NOTHING;
  const before =
    earlier.length === 0
      ? html`<p>
          This snapshot follows the one with manifest hash <code>${previousManifestHash ?? 'none'}</code>,
          which is not on this site.
        </p>`
      : drawTable(
          [{ title: 'Taken at' }, { title: 'Manifest hash' }, { title: 'Files' }],
          earlier.map(describeEarlier),
        );
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

function describeEarlier({ takenAt, manifestHash, directory }: PublishedSnapshot): (string | Markup)[] {
  const when = formatInstant(takenAt);
  return [
    when,
    html`<code>${manifestHash}</code>`,
    html`<a href="${directory}/manifest.json" aria-label="Manifest of ${when}" download>manifest</a>`,
  ];
}
