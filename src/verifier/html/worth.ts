import {
  drawTable,
  formatApproximate,
  html,
  listGreeks,
  NOTHING,
  PREMIUM_NOT_STATED,
  PROVEN_AND_NOT,
  showAccount,
  toNumberColumn,
  type Markup,
  type RevaluedPosition,
  type ShownAccount,
} from '../../presentation/index.js';
import type { Report } from '../report.js';

/** What one account of a valid report is worth, at which prices its cover ends, and its positions. */
export function renderWorth(report: Report): Markup {
  const account = showAccount(report);
  if (account === null) return NOTHING;
  const { worth, ends, positions } = account;
  return html`${[...worth, ...ends].map((sentence) => html`<p>${sentence}</p>`)}
  ${positions.length === 0 ? NOTHING : renderPositions(account)}
  ${PROVEN_AND_NOT.map((sentence) => html`<p class="mild">${sentence}</p>`)}`;
}

function renderPositions({ positions, quote }: ShownAccount): Markup {
  const columns = [
    { title: 'Position' },
    ...['Worth now', `In ${quote}`, 'Made since entry'].map(toNumberColumn),
  ];
  const rows = positions.map(({ instrument, sentences, worth, worthInQuote, made }) => [
    html`${instrument} <span class="words">${sentences.join(' ')}</span>`,
    worth,
    worthInQuote,
    made ?? html`<span class="words">${PREMIUM_NOT_STATED}</span>`,
  ]);
  return html`<div class="wide broad" role="region" aria-label="Your positions" tabindex="0">
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
            html`<li>${name} of ${instrument}: ${formatApproximate(value, 6)}, ${meaning}</li>`,
        ),
  );
  if (items.length === 0) return NOTHING;
  return html`<details>
    <summary>How options move: the Greeks, in ${quote} or the currency of their forward</summary>
    <ul class="plain">
      ${items}
    </ul>
  </details>`;
}
