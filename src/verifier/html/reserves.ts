import {
  CHECK_RESULTS,
  drawTable,
  formatInstant,
  formatMoney,
  formatNumber,
  html,
  NOTHING,
  say,
  sayResult,
  toNumberColumn,
  type Markup,
} from '../../presentation/index.js';
import { BALANCE_LEVELS } from '../../protocol/reserves/index.js';
import { retellReserves, type ReservesReport } from '../reserves/report.js';
import { MARKS } from '../reserves/sums.js';
import { COVERAGE_WORDS, formatRatio, LEVEL_WORDS, MARK_WORDS } from '../reserves/words.js';
import { renderPage } from './page.js';
import { drawRecord, frameBroad } from './sections.js';

const SIGNS = { covered: '✓ Covered', short: '✕ Short', 'not-shown': '? Not shown' } as const;

function sayOutcome({ valid, outcome }: ReservesReport): string {
  return valid ? say(SIGNS[outcome]) : say('✕ Not valid');
}

/** A report on reserves as one page that needs nothing else, as `renderHtml` writes one on a bundle. */
export function renderReservesHtml(made: ReservesReport): string {
  const report = retellReserves(made);
  const sign = sayOutcome(report);
  return renderPage({
    title: say('{outcome}: reserves of {platform}', {
      outcome: sign.slice(2),
      platform: report.platform ?? say('a platform'),
    }),
    source: say('section 8 of the specification of reserves'),
    body: html`${renderHead(report, sign)} ${report.valid ? renderHeld(report) : NOTHING}
      ${renderChecks(report)}
      <h2>${say('Not shown')}</h2>
      <ul class="plain">
        ${report.notShown.map((line) => html`<li>${line}</li>`)}
      </ul>`,
  });
}

/** The same as a part of the page on a bundle that says what is owed. */
export function renderReservesBeside(made: ReservesReport): Markup {
  const report = retellReserves(made);
  const sign = sayOutcome(report);
  return html`<h2>${say('Reserves: what is held against it')}</h2>
    ${renderVerdict(report, sign)}
    <dl>
      <dt>${say('Reserves hash')}</dt>
      <dd>${renderHash(report.reservesHash, report.reservesHashCompared)}</dd>
      <dt>${say('Pins')}</dt>
      <dd><code>${report.pinsHash ?? say('none')}</code></dd>
      <dt>${say('Code')}</dt>
      <dd><code>${report.code}</code></dd>
    </dl>
    ${report.valid ? renderHeld(report) : NOTHING} ${renderChecks(report, say('Checks of the reserves'))}
    <h2>${say('Not shown by the reserves')}</h2>
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
    ${advice === null ? NOTHING : html`<p><strong>${say('Next:')}</strong> ${advice}</p>`}
  </div>`;
}

function renderHash(value: string | null, compared: boolean): Markup {
  return value === null
    ? html`${say('none')}`
    : html`<code>${value}</code>,
        ${compared ? say('compared with a hash that the reader brought') : say('not compared with what others were shown')}`;
}

function renderHead(report: ReservesReport, sign: string): Markup {
  const { valid, outcome, verdict, advice, insecure, platform, takenAt, reservesHash, manifestHash } = report;
  const tone =
    !valid || outcome === 'short' ? 'invalid' : insecure || outcome === 'not-shown' ? 'caution' : 'valid';
  return html`<p class="name">Solvent · ${say('report on reserves')}</p>
    ${insecure ? html`<p class="insecure">${say('INSECURE: what is owed rests on development keys, with which anyone can prove anything. For tests only.')}</p>` : NOTHING}
    <header class="verdict ${tone}">
      <h1>${sign}</h1>
      <p>${verdict}</p>
      ${advice === null ? NOTHING : html`<p><strong>${say('Next:')}</strong> ${advice}</p>`}
    </header>
    <dl>
      <dt>${say('Platform')}</dt>
      <dd>${platform ?? say('not shown')}</dd>
      <dt>${say('Taken at')}</dt>
      <dd>${takenAt === null ? say('not shown') : formatInstant(takenAt)}</dd>
      <dt>${say('Reserves hash')}</dt>
      <dd>${renderHash(reservesHash, report.reservesHashCompared)}</dd>
      <dt>${say('Manifest hash')}</dt>
      <dd>${renderHash(manifestHash, report.manifestHashCompared)}</dd>
      <dt>${say('Pins')}</dt>
      <dd><code>${report.pinsHash ?? say('none')}</code></dd>
      <dt>${say('Code')}</dt>
      <dd><code>${report.code}</code></dd>
    </dl>`;
}

function renderHeld({ assets, tokens, blocks, level, encumbrances, custodians }: ReservesReport): Markup {
  const marks = assets.flatMap(({ asset, decimals, ofIt }) =>
    MARKS.filter((mark) => ofIt[mark] !== '0').map(
      (mark) => `${asset}: ${formatMoney(ofIt[mark], decimals)} ${say(MARK_WORDS[mark])}`,
    ),
  );
  return html`<h2>${say('Held against what is owed')}</h2>
    <p>${say('One to one in each asset, at the level {level}.', { level: say(LEVEL_WORDS[level]) })}</p>
    ${frameBroad(
      say('Coverage'),
      drawTable(
        [
          { title: say('Asset') },
          ...[say('Owed'), say('Held'), say('Ratio'), say('With users’ debts')].map(toNumberColumn),
          { title: '' },
        ],
        assets.map(({ asset, decimals, owed, held, ratio, ratioWithDebt, outcome }) => [
          asset,
          formatMoney(owed, decimals),
          formatMoney(held, decimals),
          formatRatio(ratio),
          formatRatio(ratioWithDebt),
          say(COVERAGE_WORDS[outcome]),
        ]),
      ),
    )}
    <h2>${say('Held at each level')}</h2>
    ${frameBroad(
      say('Held at each level'),
      drawTable(
        [
          { title: say('Asset') },
          ...[...BALANCE_LEVELS.map((each) => say(LEVEL_WORDS[each])), say('not free')].map(toNumberColumn),
        ],
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
    <h2>${say('Counted by the reader’s pins')}</h2>
    <ul class="plain">
      ${tokens.map(({ chain, contract, asset, issuer }) => html`<li>${asset}: <code>${contract === null ? chain : `${chain}:${contract}`}</code>${issuer === null ? '' : `, ${issuer}`}</li>`)}
    </ul>
    <h2>${say('Blocks')}</h2>
    <ul class="plain">
      ${blocks.map(({ chain, number, hash }) => html`<li>${say('{chain}, block {number}', { chain, number: formatNumber(number) })}: <code>${hash}</code></li>`)}
    </ul>
    ${listIfAny(
      say('Custodians'),
      custodians.map(({ id, name }) => `${id}: ${name}`),
    )}
    ${listIfAny(
      say('Stated as not free'),
      encumbrances.map(
        ({ kind, note, until }) =>
          `${kind}: ${note}${until === null ? '' : say(', until {until}', { until })}`,
      ),
    )}`;
}

function renderChecks({ checks }: ReservesReport, title = say('Checks')): Markup {
  return html`<h2>${title}</h2>
    <ol class="checks">
      ${checks.map(({ number, title: claim, result, compared }) => {
        const { sign } = CHECK_RESULTS[result];
        return html`<li>
          <span class="n">${number}</span><span>${claim}</span>
          <span class="result ${result}">${sign} ${sayResult(result)}</span>${drawRecord(compared)}
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
