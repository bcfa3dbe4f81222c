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
  drawTable,
  formatApproximate,
  listGreeks,
  NOTHING,
  PREMIUM_NOT_STATED,
  phraseProven,
  showAccount,
  type RevaluedPosition,
  type ShownAccount,
  CHECK_RESULTS,
  describeAssetPrice,
  describeLeastDistance,
  describeMarkAge,
  describeProvenance,
  describeReconciliation,
  describeRounding,
  describeUnits,
  describeWorth,
  describeWriteOffs,
  drawChart,
  formatAmount,
  formatNumber,
  valueEquities,
  say,
  sayResult,
  spokenLanguage,
  tell,
} from '../../presentation/index.js';
import type { Stated, Report, ReportedTotal } from '../report.js';

function listLineColumns() {
  return [
    { title: say('What') },
    toNumberColumn(say('Quantity')),
    { title: say('Price') },
    toNumberColumn(say('Value')),
  ];
}

/** The lines that a user's holdings are the sum of: one body of the table for what is netted together. */
export function renderStatementLines(lines: readonly StatementLine[], { assets }: Stated): Markup {
  const decimals = listUnitDecimals(assets);
  return html`<table role="table">
    ${drawHeadings(listLineColumns())}
    ${netStatement(lines).map((net) => renderNet(net, decimals.get(net.asset) ?? 0))}
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

/** What one account of a valid report is worth, at which prices its cover ends, and its positions. */
function renderWorth(report: Report): Markup {
  const account = showAccount(report);
  if (account === null) return NOTHING;
  const { worth, ends, positions } = account;
  return html`${[...worth, ...ends].map((sentence) => html`<p>${sentence}</p>`)}
  ${positions.length === 0 ? NOTHING : renderPositions(account)}
  ${phraseProven(report.statement !== null).map((sentence) => html`<p class="mild">${sentence}</p>`)}`;
}

function renderPositions({ positions, quote }: ShownAccount): Markup {
  const columns = [
    { title: say('Position') },
    ...[say('Worth now'), say('In {quote}', { quote }), say('Made since entry')].map(toNumberColumn),
  ];
  const rows = positions.map(({ instrument, sentences, worth, worthInQuote, made }) => [
    html`${instrument} <span class="words">${sentences.join(' ')}</span>`,
    worth,
    worthInQuote,
    made ?? html`<span class="words">${say(PREMIUM_NOT_STATED)}</span>`,
  ]);
  return html`<div class="wide broad" role="region" aria-label="${say('Your positions')}" tabindex="0">
      ${drawTable(columns, rows)}
    </div>
    ${renderGreeks(positions, quote)}`;
}

function renderGreeks(positions: readonly RevaluedPosition[], quote: string): Markup {
  const items = positions.flatMap(({ instrument, greeks }) =>
    greeks === null
      ? []
      : listGreeks(greeks).map(
          ({ name, value, meaning }) =>
            html`<li>
              ${say('{name} of {instrument}: {value}, {meaning}', { name, instrument, value: formatApproximate(value, 6), meaning })}
            </li>`,
        ),
  );
  if (items.length === 0) return NOTHING;
  return html`<details>
    <summary>
      ${say('How options move: the Greeks, in {quote} or the currency of their forward', { quote })}
    </summary>
    <ul class="plain">
      ${items}
    </ul>
  </details>`;
}

/** Holdings and totals, of valid reports only. */
export function renderAmounts(report: Report): Markup {
  const { valid, stated, totals, subject, insecure } = report;
  if (!valid || stated === null) return NOTHING;
  return html`${subject === 'bundle' ? NOTHING : renderOwn(report, stated)}
    <h2>${say('What the platform owes')}${markInsecure(insecure)}</h2>
    <p>${say('The exact sums over all accounts.')}</p>
    ${renderLiabilities(totals, stated)}
    <h2>${say('Totals')}${markInsecure(insecure)}</h2>
    ${renderTotals(say('Totals'), totals, stated)}`;
}

function renderOwn(report: Report, stated: Stated): Markup {
  const { holdings, statement, insecure } = report;
  return html`<h2>${say('Your holdings')}${markInsecure(insecure)}</h2>
    <p>${say('Compare them with what you know.')}</p>
    ${holdings.length === 0 ? html`<p>${say('None.')}</p>` : renderTotals(say('Your holdings'), holdings, stated)}
    <h2>${say('What they are worth')}${markInsecure(insecure)}</h2>
    ${renderWorth(report)}
    ${
      statement === null
        ? NOTHING
        : html`<h2>${say('Your statement')}${markInsecure(insecure)}</h2>
            <p>${say('What your holdings are the sum of.')}</p>
            ${frameBroad(say('Your statement'), renderStatementLines(statement, stated))}`
    }`;
}

/** The value of what is owed, a bar for each asset, at the prices that the platform states. */
function renderLiabilities(totals: readonly ReportedTotal[], stated: Stated): Markup {
  const values = valueEquities(totals, stated);
  return html`<figure>
    <figcaption>
      ${tell(
        'Worth {worth} at the prices that the platform states, which no proof shows. Debts are not taken off.',
        { worth: html`<strong>${describeWorth(values, stated.quote)}</strong>` },
      )}
    </figcaption>
    ${drawChart(values, stated.quote)}
  </figure>`;
}

/** What a check compared, in the verifier's own words: these stay English, so that two readers can hold them together. */
export function drawRecord(compared: string): Markup {
  return spokenLanguage() === 'en'
    ? html`<span class="what">${compared}</span>`
    : html`<span class="what" lang="en">${compared}</span>`;
}

/** Every check with its number, what was compared and what became of it. */
export function renderChecks({ checks, insecure }: Report): Markup {
  const lines = checks.map(({ number, title, result, compared }) => {
    const { sign } = CHECK_RESULTS[result];
    return html`<li>
      <span class="n">${number}</span><span>${title}</span>
      <span class="result ${result}">${sign} ${sayResult(result)}</span>${drawRecord(compared)}
    </li>`;
  });
  return html`<h2>${say('Checks')}${markInsecure(insecure)}</h2>
    <ol class="checks">
      ${lines}
    </ol>`;
}

/** The circuits and the keys that their proofs were held to. */
export function renderCircuits({ circuits, insecure, provenance: reported }: Report): Markup {
  if (circuits.length === 0) return NOTHING;
  const columns = [
    { title: say('Circuit') },
    toNumberColumn(say('Proofs')),
    { title: say('Fingerprint of the key, and how it was made') },
  ];
  const rows = circuits.map(({ name, proofCount, fingerprint, provenance }) => [
    name,
    formatNumber(proofCount),
    html`<code>${fingerprint}</code
      ><br />${describeProvenance(provenance, { isShown: reported?.shown ?? false })}`,
  ]);
  return html`<h2>${say('Circuits and keys')}${markInsecure(insecure)}</h2>
    ${frameBroad(say('Circuits and keys'), drawTable(columns, rows))}`;
}

/** What the platform says and no proof shows. */
export function renderStated({ stated }: Report): Markup {
  if (stated === null) return NOTHING;
  const { scope, previousManifestHash, snapshotHash } = stated;
  const { compared, breaks } = describeReconciliation(stated, typesetAmount);
  return html`<h2>${say('Stated by the platform, shown by no proof')}</h2>
    <dl>
      <dt>${say('Scope')}</dt>
      <dd>${scope.included}</dd>
      <dt>${say('Left out')}</dt>
      <dd>${scope.excluded.length === 0 ? say('nothing') : scope.excluded.join('; ')}</dd>
      <dt>${say('Previous manifest')}</dt>
      <dd><code>${previousManifestHash ?? say('none')}</code></dd>
      <dt>${say('Least time between two snapshots')}</dt>
      <dd>${describeLeastDistance(stated)}</dd>
      <dt>${say('Snapshot')}</dt>
      <dd><code>${snapshotHash}</code></dd>
      <dt>${say('Debt written off, in proof units')}</dt>
      <dd>${describeWriteOffs(stated)}</dd>
      <dt>${say('Books reconciled')}</dt>
      <dd>${compared}</dd>
      <dt>${say('Breaks accepted')}</dt>
      <dd>${breaks}</dd>
      <dt>${say('Marks of positions')}</dt>
      <dd>${describeMarkAge(stated)}</dd>
    </dl>
    ${frameBroad(say('Assets as stated'), renderAssets(stated))}`;
}

function renderAssets(stated: Stated): Markup {
  const columns = [
    { title: say('Asset') },
    ...[
      say('Price in {quote}', { quote: stated.quote }),
      say('Counts as collateral'),
      say('Rounded, in units'),
    ].map(toNumberColumn),
    { title: say('Source') },
  ];
  const rows = stated.assets.map((asset) => [
    asset.symbol,
    formatAmount(asset.price),
    formatAmount(asset.collateralRatio),
    describeRounding(stated, asset.symbol, typesetAmount),
    describeAssetPrice(asset, formatInstant),
  ]);
  return drawTable(columns, rows);
}

/** What a reader might take as shown, and is not. */
export function renderNotShown({ notShown }: Report): Markup {
  return html`<h2>${say('Not shown')}</h2>
    <ul class="plain">
      ${notShown.map((line) => html`<li>${line}</li>`)}
    </ul>`;
}

function renderTotals(label: string, totals: readonly ReportedTotal[], { assets }: Stated): Markup {
  const decimals = listUnitDecimals(assets);
  const rows = totals.map(({ asset, equity, debt }) => [
    asset,
    describeUnits(equity, asset, decimals),
    describeUnits(debt, asset, decimals),
  ]);
  return frameWide(
    label,
    drawTable([{ title: say('Asset') }, ...[say('Equity'), say('Debt')].map(toNumberColumn)], rows),
  );
}

/** A table that a narrow screen scrolls sideways; a region of its own, so that keys can scroll it too. */
function frameWide(label: string, table: Markup): Markup {
  return html`<div class="wide" role="region" aria-label="${label}" tabindex="0">${table}</div>`;
}

/** The same for a table of many words, which keeps a width at which they can be read. */
export function frameBroad(label: string, table: Markup): Markup {
  return html`<div class="wide broad" role="region" aria-label="${label}" tabindex="0">${table}</div>`;
}

/** The mark of every heading under which development keys make the difference. */
export function markInsecure(insecure: boolean): Markup {
  return insecure ? html`<span class="mark">INSECURE</span>` : NOTHING;
}
