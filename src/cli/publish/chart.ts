import { formatMoney } from '../../verifier/index.js';
import { markup, type Markup } from './markup.js';
import type { AssetWorth } from './worth.js';

/** Bars of their own; what is worth less is one bar together. */
const MAX_BARS = 10;
const FULL_WIDTH = 1000;

/** Liabilities as bars, the longest first; the numbers beside them say the same. */
export function drawChart(worths: readonly AssetWorth[], quote: string): Markup {
  const bars = joinRest(worths);
  const longest = Math.max(1, ...bars.map(({ shareBasisPoints }) => shareBasisPoints));
  return markup`<ol class="bars">${bars.map((bar) => drawBar(bar, { longest, quote }))}</ol>`;
}

function drawBar(
  { asset, worth, shareBasisPoints }: AssetWorth,
  { longest, quote }: { longest: number; quote: string },
): Markup {
  const width = String(Math.round((shareBasisPoints * FULL_WIDTH) / longest));
  return markup`
<li><span class="asset">${asset}</span>
<svg viewBox="0 0 1000 20" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="1000" height="20"/><rect class="bar" width="${width}" height="20"/></svg>
<span class="amount">${formatShare(shareBasisPoints, worth)}</span> <span class="amount mild">${formatMoney(worth.toString(), 0)} ${quote}</span></li>`;
}

function joinRest(worths: readonly AssetWorth[]): readonly AssetWorth[] {
  if (worths.length <= MAX_BARS) return worths;
  const rest = worths.slice(MAX_BARS);
  const joined: AssetWorth = {
    asset: `${rest.length} others`,
    worth: rest.reduce((sum, { worth }) => sum + worth, 0n),
    shareBasisPoints: rest.reduce((sum, { shareBasisPoints }) => sum + shareBasisPoints, 0),
  };
  return [...worths.slice(0, MAX_BARS), joined];
}

function formatShare(basisPoints: number, worth: bigint): string {
  if (basisPoints === 0 && worth > 0n) return '< 0.01 %';
  return `${formatMoney(String(basisPoints), 2)} %`;
}
