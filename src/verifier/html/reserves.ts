import {
  CHECK_RESULTS,
  drawTable,
  formatInstant,
  formatMoney,
  formatNumber,
  html,
  NOTHING,
  toNumberColumn,
  type Markup,
} from '../../presentation/index.js';
import { BALANCE_LEVELS } from '../../protocol/reserves/index.js';
import type { ReservesReport } from '../reserves/report.js';
import { MARKS } from '../reserves/sums.js';
import { COVERAGE_WORDS, formatRatio, MARK_WORDS } from '../reserves/words.js';
import { renderPage } from './page.js';
import { frameBroad } from './sections.js';

const SIGNS = { covered: '✓ Covered', short: '✕ Short', 'not-shown': '? Not shown' } as const;

/** A report on reserves as one page that needs nothing else, as `renderHtml` writes one on a bundle. */
export function renderReservesHtml(report: ReservesReport): string {
  const sign = report.valid ? SIGNS[report.outcome] : '✕ Not valid';
  return renderPage({
    title: `${sign.slice(2)}: reserves of ${report.platform ?? 'a platform'}`,
    source: 'section 8 of the specification of reserves',
    body: html`${renderHead(report, sign)} ${report.valid ? renderHeld(report) : NOTHING}
      ${renderChecks(report)}
      <h2>Not shown</h2>
      <ul class="plain">
        ${report.notShown.map((line) => html`<li>${line}</li>`)}
      </ul>`,
  });
}

/** The same as a part of the page on a bundle that says what is owed. */
export function renderReservesBeside(report: ReservesReport): Markup {
  const sign = report.valid ? SIGNS[report.outcome] : '✕ Not valid';
  return html`<h2>Reserves: what is held against it</h2>
    ${renderVerdict(report, sign)}
    <dl>
      <dt>Reserves hash</dt>
      <dd>${renderHash(report.reservesHash, report.reservesHashCompared)}</dd>
      <dt>Pins</dt>
      <dd><code>${report.pinsHash ?? 'none'}</code></dd>
      <dt>Code</dt>
      <dd><code>${report.code}</code></dd>
    </dl>
    ${report.valid ? renderHeld(report) : NOTHING} ${renderChecks(report, 'Checks of the reserves')}
    <h2>Not shown by the reserves</h2>
    <ul class="plain">
      ${report.notShown.map((line) => html`<li>${line}</li>`)}
    </ul>`;
}

function renderVerdict({ valid, outcome, verdict, advice, insecure }: ReservesReport, sign: string): Markup {
  const tone =
    !valid || outcome === 'short' ? 'invalid' : insecure || outcome === 'not-shown' ? 'caution' : 'valid';
  return html`<div class="verdict ${tone}">
    <p class="sign"><strong>${sign}</strong></p>
    <p>${verdict}</p>
    ${advice === null ? NOTHING : html`<p><strong>Next:</strong> ${advice}</p>`}
  </div>`;
}

function renderHash(value: string | null, compared: boolean): Markup {
  return value === null
    ? html`none`
    : html`<code>${value}</code>,
        ${compared ? 'compared with a hash that the reader brought' : 'not compared with what others were shown'}`;
}

function renderHead(report: ReservesReport, sign: string): Markup {
  const { valid, outcome, verdict, advice, insecure, platform, takenAt, reservesHash, manifestHash } = report;
  const tone =
    !valid || outcome === 'short' ? 'invalid' : insecure || outcome === 'not-shown' ? 'caution' : 'valid';
  return html`<p class="name">Solvent · report on reserves</p>
    ${insecure ? html`<p class="insecure">INSECURE: what is owed rests on development keys, with which anyone can prove anything. For tests only.</p>` : NOTHING}
    <header class="verdict ${tone}">
      <h1>${sign}</h1>
      <p>${verdict}</p>
      ${advice === null ? NOTHING : html`<p><strong>Next:</strong> ${advice}</p>`}
    </header>
    <dl>
      <dt>Platform</dt>
      <dd>${platform ?? 'not shown'}</dd>
      <dt>Taken at</dt>
      <dd>${takenAt === null ? 'not shown' : formatInstant(takenAt)}</dd>
      <dt>Reserves hash</dt>
      <dd>${renderHash(reservesHash, report.reservesHashCompared)}</dd>
      <dt>Manifest hash</dt>
      <dd>${renderHash(manifestHash, report.manifestHashCompared)}</dd>
      <dt>Pins</dt>
      <dd><code>${report.pinsHash ?? 'none'}</code></dd>
      <dt>Code</dt>
      <dd><code>${report.code}</code></dd>
    </dl>`;
}

function renderHeld({ assets, tokens, blocks, level, encumbrances, custodians }: ReservesReport): Markup {
  const marks = assets.flatMap(({ asset, decimals, ofIt }) =>
    MARKS.filter((mark) => ofIt[mark] !== '0').map(
      (mark) => `${asset}: ${formatMoney(ofIt[mark], decimals)} ${MARK_WORDS[mark]}`,
    ),
  );
  return html`<h2>Held against what is owed</h2>
    <p>One to one in each asset, at the level ${level}.</p>
    ${frameBroad(
      'Coverage',
      drawTable(
        [
          { title: 'Asset' },
          ...['Owed', 'Held', 'Ratio', 'With users’ debts'].map((title) => toNumberColumn(title)),
          { title: '' },
        ],
        assets.map(({ asset, decimals, owed, held, ratio, ratioWithDebt, outcome }) => [
          asset,
          formatMoney(owed, decimals),
          formatMoney(held, decimals),
          formatRatio(ratio),
          formatRatio(ratioWithDebt),
          COVERAGE_WORDS[outcome],
        ]),
      ),
    )}
    <h2>Held at each level</h2>
    ${frameBroad(
      'Held at each level',
      drawTable(
        [{ title: 'Asset' }, ...[...BALANCE_LEVELS, 'not free'].map((title) => toNumberColumn(title))],
        assets.map(({ asset, decimals, byLevel, encumbered }) => [
          asset,
          ...BALANCE_LEVELS.map((each) => formatMoney(byLevel[each], decimals)),
          formatMoney(encumbered, decimals),
        ]),
      ),
    )}
    ${
      marks.length === 0
        ? NOTHING
        : html`<ul class="plain">
            ${marks.map((line) => html`<li>${line}</li>`)}
          </ul>`
    }
    <h2>Counted by the reader’s pins</h2>
    <ul class="plain">
      ${tokens.map(({ chain, contract, asset, issuer }) => html`<li>${asset}: <code>${contract === null ? chain : `${chain}:${contract}`}</code>${issuer === null ? '' : `, ${issuer}`}</li>`)}
    </ul>
    <h2>Blocks</h2>
    <ul class="plain">
      ${blocks.map(({ chain, number, hash }) => html`<li>${chain}, block ${formatNumber(number)}: <code>${hash}</code></li>`)}
    </ul>
    ${listIfAny(
      'Custodians',
      custodians.map(({ id, name }) => `${id}: ${name}`),
    )}
    ${listIfAny(
      'Stated as not free',
      encumbrances.map(
        ({ kind, note, until }) => `${kind}: ${note}${until === null ? '' : `, until ${until}`}`,
      ),
    )}`;
}

function renderChecks({ checks }: ReservesReport, title = 'Checks'): Markup {
  return html`<h2>${title}</h2>
    <ol class="checks">
      ${checks.map(({ number, title: claim, result, compared }) => {
        const { sign, word } = CHECK_RESULTS[result];
        return html`<li>
          <span class="n">${number}</span><span>${claim}</span>
          <span class="result ${result}">${sign} ${word}</span><span class="what">${compared}</span>
        </li>`;
      })}
    </ol>`;
}

function listIfAny(title: string, lines: readonly string[]): Markup {
  if (lines.length === 0) return NOTHING;
  return html`<h2>${title}</h2>
    <ul class="plain">
      ${lines.map((line) => html`<li>${line}</li>`)}
    </ul>`;
}
