import { describeProvenance } from '../checks/keys.js';
import type { Report, ReportedTotal, Stated } from '../report.js';
import {
  describeReconciliation,
  describeRounding,
  formatCount,
  formatMoney,
  html,
  type Markup,
  NOTHING,
} from '../../presentation/index.js';
import { drawLiabilities } from './chart.js';
import { renderStatementLines } from './statement.js';

const RESULTS = { passed: '✓ passed', failed: '✕ failed', 'not-made': '○ not made' } as const;

/** Holdings and totals, of valid reports only. */
export function renderAmounts(report: Report): Markup {
  const { valid, stated, totals, holdings, statement, subject, depth, insecure } = report;
  if (!valid || stated === null) return NOTHING;
  const reach =
    depth === 'full'
      ? 'The exact sums over all accounts.'
      : 'At least the sums over all users whose own check passes.';
  const own = html`<h2>Your holdings${markInsecure(insecure)}</h2>
    <p>Compare them with what you know.</p>
    ${holdings.length === 0 ? html`<p>None.</p>` : renderTotals('Your holdings', holdings, stated)}`;
  const lines =
    statement === null
      ? NOTHING
      : html`<h2>Your statement${markInsecure(insecure)}</h2>
          <p>What your holdings are the sum of.</p>
          ${renderStatementLines(statement)}`;
  return html`${subject === 'bundle' ? NOTHING : html`${own} ${lines}`}
    <h2>What the platform owes${markInsecure(insecure)}</h2>
    <p>${reach}</p>
    ${drawLiabilities(report, stated)}
    <h2>Totals${markInsecure(insecure)}</h2>
    ${renderTotals('Totals', totals, stated)}`;
}

/** Every check with its number, what was compared and what became of it. */
export function renderChecks({ checks, insecure }: Report): Markup {
  const lines = checks.map(
    ({ number, title, result, compared }) =>
      html`<li>
        <span class="n">${number}</span><span>${title}</span>
        <span class="result ${result}">${RESULTS[result]}</span><span class="what">${compared}</span>
      </li>`,
  );
  return html`<h2>Checks${markInsecure(insecure)}</h2>
    <ol class="checks">
      ${lines}
    </ol>`;
}

/** The circuits and the keys that their proofs were held to. */
export function renderCircuits({ circuits, insecure }: Report): Markup {
  if (circuits.length === 0) return NOTHING;
  const rows = circuits.map(
    ({ name, proofCount, fingerprint, provenance }) =>
      html`<tr>
        <th scope="row">${name}</th>
        <td class="number">${proofCount.toLocaleString('en')}</td>
        <td><code>${fingerprint}</code><br />${describeProvenance(provenance)}</td>
      </tr>`,
  );
  return html`<h2>Circuits and keys${markInsecure(insecure)}</h2>
    <div class="wide broad" role="region" aria-label="Circuits and keys" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">Circuit</th>
            <th scope="col" class="number">Proofs</th>
            <th scope="col">Fingerprint of the key, and how it was made</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>`;
}

/** What the platform says and no proof shows. */
export function renderStated({ stated }: Report): Markup {
  if (stated === null) return NOTHING;
  const { scope, quote, assets, previousManifestHash, snapshotHash, writeOffs } = stated;
  const debts = writeOffs.debts.map(({ asset, debt }) => `${asset} ${debt}`);
  const rows = assets.map(
    ({ symbol, price, collateralRatio, priceSource, pricedAt }) =>
      html`<tr>
        <th scope="row">${symbol}</th>
        <td class="number">${price}</td>
        <td class="number">${collateralRatio}</td>
        <td class="number">${describeRounding(stated, symbol)}</td>
        <td>${pricedAt === null ? priceSource : `${priceSource}, ${pricedAt}`}</td>
      </tr>`,
  );
  return html`<h2>Stated by the platform, shown by no proof</h2>
    <dl>
      <dt>Scope</dt>
      <dd>${scope.included}</dd>
      <dt>Left out</dt>
      <dd>${scope.excluded.length === 0 ? 'nothing' : scope.excluded.join('; ')}</dd>
      <dt>Previous manifest</dt>
      <dd><code>${previousManifestHash ?? 'none'}</code></dd>
      <dt>Snapshot</dt>
      <dd><code>${snapshotHash}</code></dd>
      <dt>Debt written off, in proof units</dt>
      <dd>${debts.join('; ') || 'none'}, of ${formatCount(writeOffs.accounts, 'account')}</dd>
      ${renderReconciliation(stated)}
    </dl>
    <div class="wide broad" role="region" aria-label="Assets as stated" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">Asset</th>
            <th scope="col" class="number">Price in ${quote}</th>
            <th scope="col" class="number">Counts as collateral</th>
            <th scope="col" class="number">Rounded, in units</th>
            <th scope="col">Source</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>`;
}

/** What a reader might take as shown, and is not. */
export function renderNotShown({ notShown }: Report): Markup {
  return html`<h2>Not shown</h2>
    <ul class="plain">
      ${notShown.map((line) => html`<li>${line}</li>`)}
    </ul>`;
}

function renderReconciliation(stated: Stated): Markup {
  const { compared, breaks } = describeReconciliation(stated);
  return html`<dt>Books reconciled</dt>
    <dd>${compared}</dd>
    <dt>Breaks accepted</dt>
    <dd>${breaks}</dd>`;
}

function renderTotals(label: string, totals: readonly ReportedTotal[], { assets }: Stated): Markup {
  const decimals = new Map(assets.map((asset) => [asset.symbol, asset.decimals]));
  const money = (asset: string, units: string | null) =>
    units === null ? 'not shown' : formatMoney(units, decimals.get(asset)!);
  const rows = totals.map(
    ({ asset, equity, debt }) =>
      html`<tr>
        <th scope="row">${asset}</th>
        <td class="number">${money(asset, equity)}</td>
        <td class="number">${money(asset, debt)}</td>
      </tr>`,
  );
  return html`<div class="wide" role="region" aria-label="${label}" tabindex="0">
    <table>
      <thead>
        <tr>
          <th scope="col">Asset</th>
          <th scope="col" class="number">Equity</th>
          <th scope="col" class="number">Debt</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

/** The mark of every heading under which development keys make the difference. */
export function markInsecure(insecure: boolean): Markup {
  return insecure ? html`<span class="mark">INSECURE</span>` : NOTHING;
}
