import type { Manifest } from '../protocol/index.js';
import {
  drawTable,
  formatAmount,
  formatInstant,
  formatMoney,
  html,
  NOTHING,
  say,
  tell,
  toNumberColumn,
  type Markup,
} from '../presentation/index.js';
import type { PublishedSnapshot } from './bundle-files.js';

/** The published totals, in whole units of each asset. */
export function renderTotals({ assets, totals, quote }: Manifest): Markup {
  const columns = [
    { title: say('Asset') },
    ...[say('Owed to users'), say('Owed by users'), say('Stated price in {quote}', { quote })].map(
      toNumberColumn,
    ),
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
          ${tell('This snapshot follows the one with manifest hash {hash}, which is not on this site.', {
            hash: html`<code>${previousManifestHash ?? say('none')}</code>`,
          })}
        </p>`
      : drawTable(
          [{ title: say('Taken at') }, { title: say('Manifest hash') }, { title: say('Files') }],
          earlier.map(describeEarlier),
        );
  return html`<section aria-labelledby="history">
    <h2 id="history">${say('Earlier snapshots')}</h2>
    ${before}
    <p class="small mild">
      ${tell('Each manifest names the one before it. {command} walks them all and finds gaps and forks.', {
        command: html`<code>solvent-verify history verify history --trust trust.json</code>`,
      })}
    </p>
  </section>`;
}

function describeEarlier({ takenAt, manifestHash, directory }: PublishedSnapshot): (string | Markup)[] {
  const when = formatInstant(takenAt);
  return [
    when,
    html`<code>${manifestHash}</code>`,
    html`<a
      href="${directory}/manifest.json"
      aria-label="${say('Manifest of {instant}', { instant: when })}"
      download
      >${say('manifest')}</a
    >`,
  ];
}
