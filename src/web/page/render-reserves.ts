import { formatMoney, formatNumber, retell, say } from '../../presentation/index.js';
import {
  COVERAGE_WORDS,
  formatRatio,
  LEVEL_WORDS,
  listLevelsApart,
  MARK_WORDS,
  MARKS,
  retellReserves,
} from '../../verifier/reserves/shown.js';
import type { ReservesReport } from '../../verifier/reserves/index.js';
import type { ReservesAnswer } from '../checker/reserves.js';
import { element, quoted, tell } from './element.js';
import { renderTable } from './render-amounts.js';

const LABELS = {
  covered: '✓ Covered',
  short: '✕ Short',
  'not-shown': '? Not shown',
} as const;

/** What is held against what is owed, or why nothing is shown of it. */
export function renderReserves(answer: ReservesAnswer): Node[] {
  if (answer.kind === 'refusal') {
    return [
      renderOutcome(say('? Not checked'), 'unverifiable', {
        sentence: retell(answer.sentence, ['Add {name}; it lies beside reserves.json.']),
        code: answer.code,
      }),
    ];
  }
  const report = retellReserves(answer.report);
  const { valid, outcome, verdict, advice, code, insecure } = report;
  // As for the account: more than one field must say so, and no check may have failed.
  const isShown = valid && code === 'valid' && report.checks.every(({ result }) => result !== 'failed');
  const tone = !isShown ? 'invalid' : outcome === 'covered' && !insecure ? 'valid' : 'unverifiable';
  const failed = report.checks.find(({ result }) => result === 'failed');
  const outcomeNode = renderOutcome(isShown ? say(LABELS[outcome]) : say('✕ Not shown to be true'), tone, {
    sentence: verdict,
    code,
    ...(advice === null ? {} : { next: advice }),
  });
  if (!isShown) {
    return [
      outcomeNode,
      ...(failed === undefined
        ? []
        : [element('p', { class: 'small', lang: 'en' }, `${failed.number} `, quoted(failed.compared))]),
    ];
  }
  return [outcomeNode, ...renderHeld(report), ...renderBasis(report)];
}

function renderOutcome(
  label: string,
  tone: 'valid' | 'invalid' | 'unverifiable',
  { sentence, next, code }: { readonly sentence: string; readonly next?: string; readonly code: string },
): HTMLElement {
  return element(
    'div',
    { class: `reserves-outcome ${tone}`, id: 'reserves-outcome' },
    element('p', { class: 'label' }, label),
    element('p', {}, sentence),
    next === undefined ? null : element('p', {}, element('strong', {}, say('Next:'), ' '), next),
    element('p', { class: 'small' }, ...tell('Code {code}', { code: element('code', {}, code) })),
  );
}

function renderHeld({ assets, level }: ReservesReport): Node[] {
  const marks = assets.flatMap(({ asset, decimals, ofIt }) =>
    MARKS.filter((mark) => ofIt[mark] !== '0').map(
      (mark) => `${asset}: ${formatMoney(ofIt[mark], decimals)} ${say(MARK_WORDS[mark])}`,
    ),
  );
  return [
    renderTable(
      say('Held against what is owed, at the level {level}', { level: say(LEVEL_WORDS[level]) }),
      [
        ...[say('Asset'), say('Owed to all users')],
        ...[say('Held, {level}', { level: say(LEVEL_WORDS[level]) }), say('Ratio'), ''],
      ],
      assets.map(({ asset, decimals, owed, held, ratio, outcome }) => [
        asset,
        formatMoney(owed, decimals),
        formatMoney(held, decimals),
        formatRatio(ratio),
        say(COVERAGE_WORDS[outcome]),
      ]),
    ),
    element('h4', {}, say('Held at each level')),
    renderLevels(assets),
    ...(marks.length === 0 ? [] : [listLines(marks)]),
  ];
}

function renderLevels(assets: ReservesReport['assets']): Node {
  const levels = listLevelsApart(assets);
  const isAnyBound = assets.some(({ encumbered }) => encumbered !== '0');
  if (levels.length === 1 && !isAnyBound) {
    return element(
      'p',
      {},
      say('The same at every level, and all of it is free: nothing is only attested or stated.'),
    );
  }
  return renderTable(
    say('Held at each level'),
    [
      say('Asset'),
      ...levels.map((level) => say(LEVEL_WORDS[level])),
      ...(isAnyBound ? [say('not free')] : []),
    ],
    assets.map(({ asset, decimals, byLevel, encumbered }) => [
      asset,
      ...levels.map((each) => formatMoney(byLevel[each], decimals)),
      ...(isAnyBound ? [formatMoney(encumbered, decimals)] : []),
    ]),
  );
}

function renderBasis(report: ReservesReport): Node[] {
  const { blocks, tokens, encumbrances, pinsHash, reservesHash, reservesHashCompared, notShown } = report;
  const facts: readonly (readonly [string, string])[] = [
    [say('Reserves hash'), reservesHash ?? say('none')],
    [
      '',
      reservesHashCompared
        ? say('the same as the hash that you pasted')
        : say('Not compared with what others were shown'),
    ],
    [say('Your pins'), pinsHash ?? say('none')],
    ...blocks.map(
      ({ chain, number, hash }) =>
        [say('{chain}, block {number}', { chain, number: formatNumber(number) }), hash] as const,
    ),
    ...tokens.map(
      ({ chain, contract, asset, issuer }) =>
        [
          asset,
          `${contract === null ? say('the coin of {chain}', { chain }) : `${chain}:${contract}`}${issuer === null ? '' : `, ${issuer}`}`,
        ] as const,
    ),
    ...encumbrances.map(({ kind, note }) => [say('Stated as not free'), `${kind}: ${note}`] as const),
  ];
  return [
    element('h4', {}, say('By your pins')),
    element(
      'dl',
      {},
      ...facts.map(([term, detail]) =>
        element('div', {}, element('dt', {}, term), element('dd', {}, quoted(detail))),
      ),
    ),
    element('h4', {}, say('What reserves do not show')),
    listLines(notShown),
  ];
}

function listLines(lines: readonly string[]): HTMLElement {
  return element('ul', { class: 'plain' }, ...lines.map((line) => element('li', {}, quoted(line))));
}
