import type { Report, Stated } from '../report.js';
import {
  type AssetValue,
  formatMoney,
  formatShare,
  html,
  joinSmallest,
  type Markup,
  valueEquities,
} from '../../presentation/index.js';

/** Bars of their own; what is below them is one bar together. */
const MAX_BARS = 12;

/** The value of what is owed, a bar for each asset, at the prices that the platform states. */
export function drawLiabilities({ totals }: Report, stated: Stated): Markup {
  const values = valueEquities(totals, stated);
  const bars = joinSmallest(values, MAX_BARS);
  const widest = Math.max(1, ...bars.map(({ shareBasisPoints }) => shareBasisPoints));
  const sum = values.reduce((total, { quoteUnits }) => total + quoteUnits, 0n);
  return html`<figure>
    <figcaption>
      Worth <strong>${formatMoney(sum.toString(), 0)} ${stated.quote}</strong> at the prices that the platform
      states, which no proof shows. Debts are not taken off.
    </figcaption>
    <table class="chart">
      <thead>
        <tr>
          <th scope="col">Asset</th>
          <td></td>
          <th scope="col" class="number">Share</th>
          <th scope="col" class="number">Worth in ${stated.quote}</th>
        </tr>
      </thead>
      <tbody>
        ${bars.map((bar) => drawBar(bar, widest))}
      </tbody>
    </table>
  </figure>`;
}

function drawBar(value: AssetValue, widest: number): Markup {
  const { asset, quoteUnits, shareBasisPoints } = value;
  const width = Math.round((shareBasisPoints * 1000) / widest);
  return html`<tr>
    <th scope="row">${asset}</th>
    <td>
      <svg viewBox="0 0 1000 24" preserveAspectRatio="none" aria-hidden="true">
        <rect class="track" width="1000" height="24" rx="3" />
        <rect class="bar" width="${width}" height="24" />
      </svg>
    </td>
    <td class="number share">${formatShare(value)}</td>
    <td class="number">${formatMoney(quoteUnits.toString(), 0)}</td>
  </tr>`;
}
