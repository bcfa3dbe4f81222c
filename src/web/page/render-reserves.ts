import { formatMoney } from '../../presentation/index.js';
import {
  COVERAGE_WORDS,
  formatRatio,
  listLevelsApart,
  MARK_WORDS,
  MARKS,
  type ReservesReport,
} from '../../verifier/reserves/index.js';
import type { ReservesAnswer } from '../checker/reserves.js';
import { element, quoted } from './element.js';
import { renderTable } from './render-amounts.js';

const LABELS = { covered: '✓ Covered', short: '✕ Short', 'not-shown': '? Not shown' } as const;

/** What is held against what is owed, or why nothing is shown of it. */
export function renderReserves(answer: ReservesAnswer): Node[] {
  if (answer.kind === 'refusal') {
    return [renderOutcome('? Not checked', 'unverifiable', { sentence: answer.sentence, code: answer.code })];
  }
  const { report } = answer;
  const { valid, outcome, verdict, advice, code, insecure } = report;
  // As for the account: more than one field must say so, and no check may have failed.
  const isShown = valid && code === 'valid' && report.checks.every(({ result }) => result !== 'failed');
  const tone = !isShown ? 'invalid' : outcome === 'covered' && !insecure ? 'valid' : 'unverifiable';
  const failed = report.checks.find(({ result }) => result === 'failed');
  const outcomeNode = renderOutcome(isShown ? LABELS[outcome] : '✕ Not shown to be true', tone, {
    sentence: verdict,
    code,
    ...(advice === null ? {} : { next: advice }),
  });
  if (!isShown) {
    return [
      outcomeNode,
      ...(failed === undefined
        ? []
        : [element('p', { class: 'small' }, `${failed.number} `, quoted(failed.compared))]),
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
    next === undefined ? null : element('p', {}, element('strong', {}, 'Next: '), next),
    element('p', { class: 'small' }, 'Code ', element('code', {}, code)),
  );
}

function renderHeld({ assets, level }: ReservesReport): Node[] {
  const marks = assets.flatMap(({ asset, decimals, ofIt }) =>
    MARKS.filter((mark) => ofIt[mark] !== '0').map(
      (mark) => `${asset}: ${formatMoney(ofIt[mark], decimals)} ${MARK_WORDS[mark]}`,
    ),
  );
  return [
    renderTable(
      `Held against what is owed, at the level ${level}`,
      ['Asset', 'Owed to all users', `Held, ${level}`, 'Ratio', ''],
      assets.map(({ asset, decimals, owed, held, ratio, outcome }) => [
        asset,
        formatMoney(owed, decimals),
        formatMoney(held, decimals),
        formatRatio(ratio),
        COVERAGE_WORDS[outcome],
      ]),
    ),
    element('h4', {}, 'Held at each level'),
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
      'The same at every level, and all of it is free: nothing is only attested or stated.',
    );
  }
  return renderTable(
    'Held at each level',
    ['Asset', ...levels, ...(isAnyBound ? ['not free'] : [])],
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
    ['Reserves hash', reservesHash ?? 'none'],
    [
      '',
      reservesHashCompared
        ? 'the same as the hash that you pasted'
        : 'Not compared with what others were shown',
    ],
    ['Your pins', pinsHash ?? 'none'],
    ...blocks.map(({ chain, number, hash }) => [`${chain}, block ${number}`, hash] as const),
    ...tokens.map(
      ({ chain, contract, asset, issuer }) =>
        [
          asset,
          `${contract === null ? `the coin of ${chain}` : `${chain}:${contract}`}${issuer === null ? '' : `, ${issuer}`}`,
        ] as const,
    ),
    ...encumbrances.map(({ kind, note }) => ['Stated as not free', `${kind}: ${note}`] as const),
  ];
  return [
    element('h4', {}, 'By your pins'),
    element(
      'dl',
      {},
      ...facts.map(([term, detail]) =>
        element('div', {}, element('dt', {}, term), element('dd', {}, quoted(detail))),
      ),
    ),
    element('h4', {}, 'What reserves do not show'),
    listLines(notShown),
  ];
}

function listLines(lines: readonly string[]): HTMLElement {
  return element('ul', { class: 'plain' }, ...lines.map((line) => element('li', {}, quoted(line))));
}
