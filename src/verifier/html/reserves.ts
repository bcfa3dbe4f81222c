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

function renderHead(report: ReservesReport, sign: string): Markup {
  const { valid, outcome, verdict, advice, insecure, platform, takenAt, reservesHash, manifestHash } = report;
  const tone =
    !valid || outcome === 'short' ? 'invalid' : insecure || outcome === 'not-shown' ? 'caution' : 'valid';
  const hash = (value: string | null, compared: boolean) =>
    value === null
      ? html`none`
      : html`<code>${value}</code>,
          ${compared ? 'compared with a hash that the reader brought' : 'not compared with what others were shown'}`;
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
      <dd>${hash(reservesHash, report.reservesHashCompared)}</dd>
      <dt>Manifest hash</dt>
      <dd>${hash(manifestHash, report.manifestHashCompared)}</dd>
      <dt>Pins</dt>
      <dd><code>${report.pinsHash ?? 'none'}</code></dd>
      <dt>Code</dt>
      <dd><code>${report.code}</code></dd>
    </dl>`;
}

function renderHeld({ assets, tokens, blocks, level, encumbrances }: ReservesReport): Markup {
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
          ...['Owed', 'Held', 'Ratio'].map((title) => toNumberColumn(title)),
          { title: '' },
        ],
        assets.map(({ asset, decimals, owed, held, ratio, outcome }) => [
          asset,
          formatMoney(owed, decimals),
          formatMoney(held, decimals),
          formatRatio(ratio),
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
    ${
      encumbrances.length === 0
        ? NOTHING
        : html`<h2>Stated as not free</h2>
            <ul class="plain">
              ${encumbrances.map(({ kind, note }) => html`<li>${kind}: ${note}</li>`)}
            </ul>`
    }`;
}

function renderChecks({ checks }: ReservesReport): Markup {
  return html`<h2>Checks</h2>
    <ol class="checks">
      ${checks.map(({ number, title, result, compared }) => {
        const { sign, word } = CHECK_RESULTS[result];
        return html`<li>
          <span class="n">${number}</span><span>${title}</span>
          <span class="result ${result}">${sign} ${word}</span><span class="what">${compared}</span>
        </li>`;
      })}
    </ol>`;
}
