import { html, type Markup } from './markup.js';
import { formatShare, joinSmallest, type AssetValue } from './asset-values.js';
import { formatMoney } from './durations.js';

/** A step of a waterfall: an amount that stands on what came before, or a level from the ground up. */
export type WaterfallStep = {
  readonly title: string;
  readonly amount: bigint;
  /** `level` for the first and the last: they start at nothing. */
  readonly kind: 'change' | 'level';
  /** The amount as it is shown. */
  readonly shown: string;
};

const WIDTH = 1000;
const HEIGHT = 20;
/** A change that is too small to see is drawn this wide. */
const LEAST_WIDTH = 2;

/**
 * How a first level becomes a last one, a row for each step. Bars of changes begin where the one before ended. Those
 * that lessen are drawn in another colour. The scale begins near the lowest point where levels are far above their
 * changes.
 */
export function drawWaterfall(steps: readonly WaterfallStep[]): Markup {
  const spans = placeSteps(steps);
  const { least, most } = findScale(spans);
  const pixelOf = (at: bigint) => (Number(at - least) / Math.max(1, Number(most - least))) * WIDTH;
  const rows = spans.map(({ step, from, to }) => {
    const [left, right] = from < to ? [from, to] : [to, from];
    const start = Math.max(0, pixelOf(left));
    const width = step.amount === 0n ? 0 : Math.max(LEAST_WIDTH, pixelOf(right) - start);
    const style = step.kind === 'level' ? 'level' : step.amount < 0n ? 'loss' : 'gain';
    return html`<li class="${step.amount === 0n ? 'still' : style}">
      <span class="asset">${step.title}</span>
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
        <rect class="track" width="${WIDTH}" height="${HEIGHT}" />
        <rect class="${style}" x="${start.toFixed(1)}" width="${width.toFixed(1)}" height="${HEIGHT}" />
      </svg>
      <span class="amount">${step.shown}</span>
    </li>`;
  });
  return html`<ol class="bars waterfall">
    ${rows}
  </ol>`;
}

/** Whether the scale of a waterfall leaves out what is below all of its changes. */
export function isWaterfallCut(steps: readonly WaterfallStep[]): boolean {
  return findScale(placeSteps(steps)).least > 0n;
}

type Span = { readonly step: WaterfallStep; readonly from: bigint; readonly to: bigint };

function placeSteps(steps: readonly WaterfallStep[]): Span[] {
  let at = 0n;
  return steps.map((step) => {
    const from = step.kind === 'level' ? 0n : at;
    at = from + step.amount;
    return { step, from, to: at };
  });
}

/** From nothing, or from a fifth of the changes below the lowest point where that is far above nothing. */
function findScale(spans: readonly Span[]): { least: bigint; most: bigint } {
  const ends = spans.flatMap(({ step, from, to }) => (step.kind === 'level' ? [to] : [from, to]));
  const lowest = ends.reduce((least, end) => (end < least ? end : least), ends[0] ?? 0n);
  const most = ends.reduce((top, end) => (end > top ? end : top), 0n);
  const spread = most - lowest;
  const base = lowest - spread / 5n;
  return { least: lowest > spread * 2n ? base : lowest < 0n ? lowest : 0n, most };
}

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
