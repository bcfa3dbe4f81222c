import { formatShare, joinSmallest, type AssetValue } from './asset-values.js';
import { html, type Markup } from './markup.js';
import { formatMoney } from './money.js';

/** Bars of their own; what is worth less is one bar together. */
const MAX_BARS = 10;
const FULL_WIDTH = 1000;

/** Liabilities as bars, the longest first; the numbers beside them say the same. */
export function drawChart(values: readonly AssetValue[], quote: string): Markup {
  const bars = joinSmallest(values, MAX_BARS);
  const longest = Math.max(1, ...bars.map(({ shareBasisPoints }) => shareBasisPoints));
  return html`<ol class="bars">
    ${bars.map((bar) => drawBar(bar, { longest, quote }))}
  </ol>`;
}

/** What all assets are worth together, in whole units of the quote currency: `1,234 USD`. */
export function describeWorth(values: readonly AssetValue[], quote: string): string {
  const sum = values.reduce((total, { quoteUnits }) => total + quoteUnits, 0n);
  return `${formatMoney(sum.toString(), 0)} ${quote}`;
}

function drawBar(value: AssetValue, { longest, quote }: { longest: number; quote: string }): Markup {
  const { asset, quoteUnits, shareBasisPoints } = value;
  const width = String(Math.round((shareBasisPoints * FULL_WIDTH) / longest));
  return html`<li>
    <span class="asset">${asset}</span>
    <svg viewBox="0 0 1000 20" preserveAspectRatio="none" aria-hidden="true">
      <rect class="track" width="1000" height="20" />
      <rect class="bar" width="${width}" height="20" />
    </svg>
    <span class="amount">${formatShare(value)}</span>
    <span class="amount mild">${formatMoney(quoteUnits.toString(), 0)} ${quote}</span>
  </li>`;
}
