import { listUnitDecimals } from '../../presentation/index.js';
import type { Report } from '../../verifier/index.js';
import type { CheckAnswer } from '../checker/question.js';
import { element } from './element.js';
import { drawIcon } from './icon.js';
import { renderAmounts } from './render-amounts.js';
import { renderChecks } from './render-checks.js';
import { renderReserves } from './render-reserves.js';
import { renderSnapshot } from './render-snapshot.js';
import { renderStatement } from './render-statement.js';
import { renderWorth } from './render-worth.js';
import { isShown, phraseAnswer, type Verdict } from './verdict.js';

/** An answer as a person reads it: the verdict first, then what it rests on. */
export function renderAnswer(answer: CheckAnswer): { readonly verdict: Verdict; readonly nodes: readonly Node[] } {
  const verdict = phraseAnswer(answer);
  const nodes: Node[] = [renderVerdict(verdict)];
  if (answer.kind === 'report') nodes.push(...renderReport(answer));
  if (verdict.tone === 'valid') nodes.unshift(element('p', { class: 'paper mark' }, 'Statement of position'));
  return { verdict, nodes };
}

function renderVerdict({ tone, label, headline, sentence, next, code }: Verdict): HTMLElement {
  return element(
    'div',
    { class: `verdict ${tone}` },
    drawIcon(tone),
    element(
      'div',
      {},
      element('p', { class: 'label' }, label),
      element('h2', { id: 'verdict', tabindex: '-1' }, headline),
      element('p', {}, sentence),
      element('p', { class: 'next' }, element('strong', {}, 'Next: '), next),
      element('p', { class: 'small' }, 'Code ', element('code', {}, code)),
    ),
  );
}

function renderReport({ report, trust, nets, reserves }: Extract<CheckAnswer, { kind: 'report' }>): HTMLElement[] {
  // Amounts are drawn only where everything was shown: a number beside a refusal would be read as true.
  const isMoneyShown = isShown(report);
  return [
    ...(isMoneyShown
      ? [section('amounts', mark(report, 'Your money'), renderAmounts(report), renderPrint())]
      : []),
    ...(isMoneyShown ? [section('worth', mark(report, 'What it is worth'), ...renderWorth(report))] : []),
    ...(isMoneyShown && nets !== null
      ? [
          section(
            'statement',
            mark(report, 'Your statement, line by line'),
            ...renderStatement(nets, listUnitDecimals(report.stated?.assets ?? [])),
          ),
        ]
      : []),
    ...(reserves === null
      ? []
      : [section('reserves', mark(report, 'What is held against it'), ...renderReserves(reserves))]),
    section('snapshot', 'The snapshot', renderSnapshot(report, trust)),
    section('checks', mark(report, 'What was checked'), ...renderChecks(report)),
    section(
      'not-shown',
      'What this does not show',
      element('ul', { class: 'plain' }, ...report.notShown.map((line) => element('li', {}, line))),
    ),
  ];
}

function mark({ insecure }: Report, title: string): string {
  return insecure ? `INSECURE: ${title.toLowerCase()}` : title;
}

function section(id: string, title: string, ...content: readonly Node[]): HTMLElement {
  return element(
    'section',
    { class: 'part', 'aria-labelledby': `${id}-title` },
    element('h3', { id: `${id}-title` }, title),
    ...content,
  );
}

function renderPrint(): HTMLElement {
  const print = element(
    'button',
    { type: 'button', class: 'link print' },
    'Print as a statement of position',
  );
  print.addEventListener('click', () => {
    window.print();
  });
  return print;
}
