import {
  drawTable,
  drawWaterfall,
  formatInstant,
  formatMoney,
  formatNumber,
  html,
  isWaterfallCut,
  NOTHING,
  toNumberColumn,
  typesetAmount,
  type Markup,
  type WaterfallStep,
} from '../../presentation/index.js';
import { frameCards, frameWide, renderPage } from '../report/page.js';
import { PARTS, type AttributionPart } from './assets.js';
import type { AccountReturn, AssetParts, AttributionSummary } from './summary.js';

/** Digits of the worths in a summary, and those of them that are shown. */
const MICROS = 6;
const SHOWN_DIGITS = 2;

const TITLES: Readonly<Record<AttributionPart, string>> = {
  opening: 'Opening value',
  deposit: 'Deposits',
  withdrawal: 'Withdrawals',
  transfer: 'Transfers',
  trade: 'Trades',
  fee: 'Fees',
  funding: 'Funding',
  interest: 'Interest',
  settlement: 'Settlements',
  delta: 'Prices (delta)',
  gamma: 'Gamma',
  vega: 'Volatility (vega)',
  theta: 'Time (theta)',
  remainder: 'Remainder',
  closing: 'Closing value',
};

/** The report of an attribution as one page: the venue and one account as waterfalls, and the tables behind them. */
export function renderAttribution(summary: AttributionSummary): string {
  const { platform, quote, from, to, venue, account } = summary;
  const body = html`<main>
      <p class="name">Solvent · attribution</p>
      <h1>${platform}, from ${formatInstant(from.takenAt)} to ${formatInstant(to.takenAt)}</h1>
      ${renderFacts(summary)}
      <h2>All users together</h2>
      ${renderWaterfall(venue, quote)} ${account === null ? NOTHING : renderAccount(account, quote)}
      ${renderReturns(summary)} ${renderExplained(summary)}
      <section class="broad">
        <h2>By asset</h2>
        <p class="mild">
          In whole units. The parts of each asset add up to its closing value, to the last proof unit.
        </p>
        ${renderAssets('Parts of all users by asset', venue)}
      </section>
    </main>
    <footer class="foot">
      Made by solvent attribute, from two sealed snapshots and the ledger between them. The amounts of
      accounts are in attribution.parquet and attribution.csv, their returns in performance.parquet and
      performance.csv. This page names an account: it is not for the public.
    </footer>`;
  return renderPage({ title: `Attribution: ${platform}`, body });
}

function renderFacts({ from, to, accountCount, rowCount }: AttributionSummary): Markup {
  return html`<dl>
    <dt>First snapshot</dt>
    <dd><code>${from.snapshotHash}</code></dd>
    <dt>Second snapshot</dt>
    <dd><code>${to.snapshotHash}</code></dd>
    <dt>Attributed</dt>
    <dd>
      ${formatNumber(accountCount)} accounts, ${formatNumber(rowCount)} of their assets and margin buckets
    </dd>
  </dl>`;
}

/** What all assets together are worth, part by part, in millionths of the quote currency. */
function sumWorths(assets: readonly AssetParts[]): Readonly<Record<AttributionPart, bigint>> {
  const sums = PARTS.map((part): [AttributionPart, bigint] => [
    part,
    assets.reduce((sum, { parts }) => sum + BigInt(parts[part].quoteMicros), 0n),
  ]);
  return Object.fromEntries(sums) as Record<AttributionPart, bigint>;
}

function renderWaterfall(assets: readonly AssetParts[], quote: string): Markup {
  const worths = sumWorths(assets);
  const steps = PARTS.map((part): WaterfallStep => {
    const amount = worths[part];
    const isLevel = part === 'opening' || part === 'closing';
    const sign = !isLevel && amount > 0n ? '+' : '';
    const shown = `${sign}${typesetAmount(cutMicros(amount))}`;
    return { title: TITLES[part], amount, kind: isLevel ? 'level' : 'change', shown };
  });
  const cut = isWaterfallCut(steps) ? ' The scale does not begin at 0.' : '';
  return html`<p class="mild">
      In ${quote}. The opening is at the prices of then, all else at the closing prices; what the opening
      gained by the assets’ own prices is in delta.${cut}
    </p>
    ${drawWaterfall(steps)}`;
}

/** With two digits behind the point, cut towards 0. */
function cutMicros(micros: bigint): string {
  return formatMoney((micros / 10n ** BigInt(MICROS - SHOWN_DIGITS)).toString(), SHOWN_DIGITS);
}

function renderAccount(
  { account, assets, performance }: NonNullable<AttributionSummary['account']>,
  quote: string,
): Markup {
  return html`<h2>The account ${account}</h2>
    ${performance === null ? NOTHING : renderReturn(performance, quote)} ${renderWaterfall(assets, quote)}
    ${renderAssets('Parts of this account by asset', assets)}`;
}

function renderReturn(
  { netFlow, result, timeWeighted, method, moneyWeighted }: AccountReturn,
  quote: string,
): Markup {
  return html`<dl>
    <dt>From outside</dt>
    <dd>${cutText(netFlow)} ${quote}, at the prices of their time</dd>
    <dt>Result</dt>
    <dd>${cutText(result)} ${quote}</dd>
    <dt>Time-weighted return</dt>
    <dd>${formatReturn(timeWeighted)}${method === null ? '' : `, ${METHODS[method]}`}</dd>
    <dt>Money-weighted return</dt>
    <dd>${formatReturn(moneyWeighted)}</dd>
  </dl>`;
}

const METHODS: Readonly<Record<NonNullable<AccountReturn['method']>, string>> = {
  'sub-periods': 'of the returns between flows',
  'modified-dietz': 'by Modified Dietz: its value at a flow is not known',
};

function cutText(decimal: string): string {
  return typesetAmount(cutMicros(BigInt(decimal.replace('.', ''))));
}

function formatReturn(ratio: string | null): string {
  return ratio === null
    ? 'none: nothing was invested'
    : typesetAmount(`${(Number(ratio) * 100).toFixed(3)} %`);
}

function renderReturns({ performance }: AttributionSummary): Markup {
  const { accounts, withReturn, linked, gained, lost, percentiles } = performance;
  const spread = ['a tenth of them less than', 'a half less than', 'nine tenths less than'].map(
    (words, index) => [words, formatReturn(percentiles[index] ?? null)],
  );
  return html`<h2>Returns of accounts</h2>
    <p class="mild">
      Of ${formatNumber(accounts)} accounts ${formatNumber(withReturn)} have a return; ${formatNumber(gained)}
      won and ${formatNumber(lost)} lost, flows from outside aside. ${formatNumber(linked)} have the returns
      between their flows, multiplied; ${formatNumber(withReturn - linked)} that of Modified Dietz, since the
      books do not say what they were worth at a flow.
    </p>
    ${withReturn === 0 ? NOTHING : drawTable([{ title: 'Time-weighted' }, toNumberColumn('Return')], spread)}`;
}

function renderExplained({ explained, withoutGreeks, impliedVolatility, quote }: AttributionSummary): Markup {
  if (explained.length === 0 && withoutGreeks.length === 0) return NOTHING;
  const rows = explained.map(({ mostDays, positions, moved, unexplained }) => [
    describeDays(mostDays),
    formatNumber(positions),
    typesetAmount(moved),
    typesetAmount(unexplained),
    Number(moved) === 0 ? '' : `${((100 * Number(unexplained)) / Number(moved)).toFixed(2)} %`,
  ]);
  const columns = [
    { title: 'Days to expiry' },
    ...['Positions', `Moved, ${quote}`, 'Not explained', 'Share'].map(toNumberColumn),
  ];
  return html`<h2>How much of options the Greeks explain</h2>
    <p class="mild">
      Greeks are those of the opening. The nearer the expiry, the less they say of a day: what they leave is
      in the remainder.
    </p>
    ${rows.length === 0 ? NOTHING : frameCards(drawTable(columns, rows))}
    ${
      withoutGreeks.length === 0
        ? NOTHING
        : html`<p>
            Without a mark, or forward and volatility, that Greeks follow from at one of the two ends, so that
            all of their change is in the remainder: ${withoutGreeks.join(', ')}.
          </p>`
    }
    ${
      impliedVolatility.length === 0
        ? NOTHING
        : html`<p>
            Without a volatility at one of the two ends, where the one that the mark implies stands for it:
            ${impliedVolatility.join(', ')}.
          </p>`
    }`;
}

function describeDays(mostDays: number): string {
  if (mostDays === 1) return 'up to a day';
  return mostDays === 10_000 ? 'more than 30 days' : `up to ${mostDays} days`;
}

function renderAssets(label: string, assets: readonly AssetParts[]): Markup {
  const used = PARTS.filter((part) => assets.some(({ parts }) => parts[part].units !== '0'));
  const columns = [{ title: 'Asset' }, ...used.map((part) => toNumberColumn(TITLES[part]))];
  const rows = assets
    .filter(({ parts }) => used.some((part) => parts[part].units !== '0'))
    .map(({ asset, decimals, parts }) => [
      asset,
      ...used.map((part) => trimZeros(typesetAmount(formatMoney(parts[part].units, decimals)))),
    ]);
  return frameWide(label, drawTable(columns, rows));
}

function trimZeros(shown: string): string {
  return shown.includes('.') ? shown.replace(/\.?0+$/, '') : shown;
}
