import {
  drawTable,
  formatAmount,
  formatInstant,
  formatNumber,
  html,
  NOTHING,
  toNumberColumn,
  typesetAmount,
  type Markup,
} from '../../presentation/index.js';
import { frameWide, renderPage } from '../report/page.js';
import type { RiskSummary } from './summary.js';

type Cell = RiskSummary['grid'][number];

const STYLE = `.map{width:100%;min-width:44rem;height:auto;margin-top:1rem}.map text,.curve text{font:11px var(--sans);fill:var(--ink);text-anchor:middle}
.map .mild,.curve .mild{fill:var(--mild)}.map .count{font-size:10px}.map .end{text-anchor:end}
.map .cell{fill:var(--loss)}.map .empty{fill:var(--track)}.map .now{fill:none;stroke:var(--ink);stroke-width:1.5}
.curve{width:100%;min-width:34rem;height:auto;margin-top:1rem}.curve .line{fill:none;stroke:var(--loss);stroke-width:2.5}
.curve .axis{stroke:var(--line)}.curve .held{stroke:var(--gain);stroke-width:1.5;stroke-dasharray:5 4}
`;

/** The report of an assessment as one page: a heat map of the grid, the curve of prices alone, and the tables beside them. */
export function renderRisk(summary: RiskSummary): string {
  const { platform, takenAt, snapshotHash, quote, moving, insurance, cover } = summary;
  const body = html`<main>
      <p class="name">Solvent · risk</p>
      <h1>${platform} at ${formatInstant(takenAt)}</h1>
      <dl>
        <dt>Snapshot</dt>
        <dd><code>${snapshotHash}</code></dd>
        <dt>Moves</dt>
        <dd>${moving.join(', ')}, all by the same share; every other asset stays</dd>
        <dt>Insurance</dt>
        <dd>${formatAmount(insurance)} ${quote}, at the prices of now</dd>
        <dt>Users</dt>
        <dd>
          ${formatNumber(cover.users)}, of whom ${formatNumber(cover.withDebt)} owe something,
          ${formatNumber(cover.underWater)} more than what they hold covers and ${formatNumber(cover.thin)}
          nearly as much (within a tenth)
        </dd>
      </dl>
      <h2>What users would lack</h2>
      <p class="mild">
        In ${quote}, if prices changed as below and volatilities by so many percentage points, all at once and
        before anybody is closed out. In each cell what those under water lack together, with what isolated
        positions lose beyond their margin; below it how many users are under water. The stronger the colour,
        the more; the frame is now.
      </p>
      ${drawMap(summary.grid)}
      <h2>If prices alone changed</h2>
      <p class="mild">The same at unchanged volatilities; the broken line is what insurance holds.</p>
      ${frameWide('What users would lack by prices', drawCurve(summary.grid, Number(insurance)))}
      <p>
        Cover ends within the grid for ${formatNumber(cover.endsBelow)} users as prices fall, and for
        ${formatNumber(cover.endsAbove)} as they rise.
      </p>
      ${renderGreeks(summary)} ${renderConcentration(summary)} ${renderLeftOut(summary)}
    </main>
    <footer class="foot">
      Made by solvent risk, in floating point: approximate, and nothing that is proven follows from it. All
      users are in cover.parquet, all accounts in greeks.parquet.
    </footer>`;
  return renderPage({ title: `Risk: ${platform}`, body, style: STYLE });
}

function renderLeftOut({ unshocked, impliedVolatility }: RiskSummary): Markup {
  const kept = html`<p>
    Expired, or without a mark, or without a volatility that is stated or that the mark implies, so that these
    keep their price in every cell and have no Greeks: ${unshocked.join(', ')}.
  </p>`;
  const implied = html`<p>
    Moved by the volatility that their mark implies, since none is stated: ${impliedVolatility.join(', ')}.
  </p>`;
  if (unshocked.length + impliedVolatility.length === 0) return NOTHING;
  return html`<h2>What is not stated</h2>
    ${unshocked.length === 0 ? NOTHING : kept}${impliedVolatility.length === 0 ? NOTHING : implied}`;
}

const MAP = { left: 70, top: 34, width: 58, height: 34 } as const;

function lackOf({ shortfall, isolatedShortfall }: Cell): number {
  return Number(shortfall) + Number(isolatedShortfall);
}

/** A share in percent with its sign, as it stands on an axis. */
function formatShift(shift: string): string {
  const percent = Math.round(Number(shift) * 100);
  return percent > 0 ? `+${percent}` : typesetAmount(String(percent));
}

function drawMap(grid: readonly Cell[]): Markup {
  const prices = [...new Set(grid.map(({ priceChange }) => priceChange))];
  const shifts = [...new Set(grid.map(({ volatilityShift }) => volatilityShift))].reverse();
  const most = Math.max(...grid.map(lackOf));
  const cells = grid.map((cell) => {
    const x = MAP.left + prices.indexOf(cell.priceChange) * MAP.width;
    const y = MAP.top + shifts.indexOf(cell.volatilityShift) * MAP.height;
    return drawCell(cell, { x, y, most });
  });
  const [width, height] = [
    MAP.left + prices.length * MAP.width + 4,
    MAP.top + shifts.length * MAP.height + 4,
  ];
  const across = prices.map(
    (price, at) =>
      html`<text class="mild" x="${MAP.left + (at + 0.5) * MAP.width}" y="${MAP.top - 8}"
        >${formatShift(price)} %</text
      >`,
  );
  const down = shifts.map(
    (shift, at) =>
      html`<text class="mild end" x="${MAP.left - 8}" y="${MAP.top + (at + 0.62) * MAP.height}"
        >${formatShift(shift)} pts</text
      >`,
  );
  const label = 'What users would lack at each change of prices (across) and of volatilities (down)';
  return frameWide(
    label,
    html`
      <svg class="map" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">
        ${across}${down}${cells}
      </svg>
    `,
  );
}

function drawCell(cell: Cell, { x, y, most }: Record<'x' | 'y' | 'most', number>): Markup {
  const lack = lackOf(cell);
  const isNow = Number(cell.priceChange) === 0 && Number(cell.volatilityShift) === 0;
  // The root, so that small lacks are seen beside large ones.
  const opacity = lack === 0 ? 1 : 0.12 + 0.7 * Math.sqrt(lack / most);
  const box = html`x="${x + 1}" y="${y + 1}" width="${MAP.width - 2}" height="${MAP.height - 2}"`;
  return html`<rect class="${lack === 0 ? 'empty' : 'cell'}" fill-opacity="${opacity.toFixed(3)}" ${box} />
    <text x="${x + MAP.width / 2}" y="${y + 15}">${lack === 0 ? '–' : shorten(lack)}</text>
    <text class="count" x="${x + MAP.width / 2}" y="${y + 27}"
      >${cell.underWater === 0 ? '' : formatNumber(cell.underWater)}</text
    >
    ${isNow ? html`<rect class="now" ${box} />` : NOTHING}`;
}

/** An amount in few signs: 1.2k, 34M. */
function shorten(amount: number): string {
  const [unit, sign] =
    amount >= 1e9 ? [1e9, 'B'] : amount >= 1e6 ? [1e6, 'M'] : amount >= 1e3 ? [1e3, 'k'] : [1, ''];
  const scaled = amount / unit;
  return `${scaled >= 100 ? scaled.toFixed(0) : scaled >= 10 ? scaled.toFixed(1) : scaled.toFixed(2)}${sign}`;
}

const CURVE = { left: 60, top: 14, width: 860, height: 220 } as const;

function drawCurve(grid: readonly Cell[], insurance: number): Markup {
  const cells = grid.filter(({ volatilityShift }) => Number(volatilityShift) === 0);
  const changes = cells.map(({ priceChange }) => Number(priceChange));
  const [first, last] = [Math.min(...changes), Math.max(...changes)];
  const most = Math.max(1, ...cells.map(lackOf));
  const x = (change: number) => (CURVE.left + ((change - first) / (last - first)) * CURVE.width).toFixed(1);
  const y = (amount: number) => (CURVE.top + (1 - amount / most) * CURVE.height).toFixed(1);
  const points = cells.map((cell) => `${x(Number(cell.priceChange))},${y(lackOf(cell))}`).join(' ');
  const right = CURVE.left + CURVE.width;
  const held =
    insurance <= most
      ? html`<line class="held" x1="${CURVE.left}" x2="${right}" y1="${y(insurance)}" y2="${y(insurance)}" />`
      : html`<text class="mild" x="${CURVE.left + CURVE.width / 2}" y="${CURVE.top + 16}"
          >insurance holds more than any of these: ${shorten(insurance)}</text
        >`;
  const ticks = cells
    .filter((_, at) => at % 2 === 1 || cells.length < 8)
    .map(
      ({ priceChange }) =>
        html`<text class="mild" x="${x(Number(priceChange))}" y="${CURVE.top + CURVE.height + 18}"
          >${formatShift(priceChange)} %</text
        >`,
    );
  return html`<svg
    class="curve"
    viewBox="0 0 ${right + 30} ${CURVE.top + CURVE.height + 28}"
    role="img"
    aria-label="What users would lack at each change of prices"
  >
    <line class="axis" x1="${CURVE.left}" x2="${right}" y1="${y(0)}" y2="${y(0)}" />
    <line class="axis" x1="${CURVE.left}" x2="${right}" y1="${y(most)}" y2="${y(most)}" />
    <text class="mild" x="${CURVE.left - 28}" y="${y(0)}">0</text>
    <text class="mild" x="${CURVE.left - 28}" y="${CURVE.top + 4}">${shorten(most)}</text>
    ${held}${ticks}
    <polyline class="line" points="${points}" />
  </svg>`;
}

function renderGreeks({ greeks, quote }: RiskSummary): Markup {
  if (greeks.length === 0) return NOTHING;
  const rows = greeks.map(({ underlying, expiry, delta, gamma, vega, theta }) => [
    underlying,
    expiry === null ? 'none' : expiry.slice(0, 10),
    ...[delta, gamma, vega, theta].map((value) => typesetAmount(value)),
  ]);
  const columns = [
    { title: 'Underlying' },
    { title: 'Expiry' },
    ...['Delta', 'Gamma', `Vega, ${quote}`, `Theta, ${quote}`].map(toNumberColumn),
  ];
  return html`<h2>Greeks of all users together</h2>
    <p class="mild">
      Of the value in the currency of the price, also where it is settled in the coin: delta in units of the
      underlying, gamma for a price that is one higher, vega for one percentage point, theta for one calendar
      day. Venues that settle in the coin may state others, with a gamma of the other sign for the same call:
      those of the value in the coin are beside them in greeks.parquet.
    </p>
    ${frameWide('Greeks', drawTable(columns, rows))}`;
}

function renderConcentration({ concentration }: RiskSummary): Markup {
  const percent = (share: string) => `${(Number(share) * 100).toFixed(2)} %`;
  const rowsOf = (kind: string) =>
    concentration
      .filter((row) => row.kind === kind)
      .map(({ name, holders, largest, tenLargest, herfindahl }) => [
        name,
        formatNumber(holders),
        percent(largest),
        percent(tenLargest),
        herfindahl,
      ]);
  const columns = (title: string) => [
    { title },
    ...['Holders', 'Largest', 'Ten largest', 'Herfindahl'].map(toNumberColumn),
  ];
  return html`<h2>Concentration</h2>
    <p class="mild">
      Of what users hold of an asset beside positions; and of the open contracts, longs and shorts, by
      account.
    </p>
    ${frameWide('By asset', drawTable(columns('Asset'), rowsOf('asset')))}
    ${frameWide('By instrument', drawTable(columns('Instrument'), rowsOf('instrument')))}`;
}
