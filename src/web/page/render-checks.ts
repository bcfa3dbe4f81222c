import { CHECK_RESULTS } from '../../presentation/index.js';
import type { Check, Report } from '../../verifier/index.js';
import { element, quoted } from './element.js';

/**
 * The numbered checks in the order of the protocol. What each compared is there on request; why one failed is there
 * at once.
 */
export function renderChecks({ checks }: Report): HTMLElement[] {
  const list = element('ol', { class: 'checks brief', id: 'check-list' }, ...checks.map(renderCheck));
  const count = (result: Check['result']) => checks.filter((check) => check.result === result).length;
  const toggle = element(
    'button',
    { type: 'button', class: 'link', 'aria-expanded': 'false', 'aria-controls': 'check-list' },
    'Show what each compared',
  );
  toggle.addEventListener('click', () => {
    const isBrief = list.classList.toggle('brief');
    toggle.setAttribute('aria-expanded', String(!isBrief));
  });
  const summary = (['passed', 'failed', 'not-made'] as const)
    .filter((result) => count(result) > 0)
    .map((result) => `${count(result)} ${CHECK_RESULTS[result].word}`)
    .join(', ');
  return [element('p', { class: 'summary' }, `${summary}. `, toggle), list];
}

function renderCheck({ number, title, result, compared }: Check): HTMLElement {
  const { sign, word } = CHECK_RESULTS[result];
  return element(
    'li',
    { class: result },
    element('span', { class: 'sign', 'aria-hidden': 'true' }, sign),
    element(
      'div',
      {},
      element(
        'p',
        { class: 'title' },
        element('span', { class: 'number' }, number),
        ` ${title} `,
        element('span', { class: result === 'passed' ? 'unseen' : 'word' }, word),
      ),
      element('p', { class: 'small compared' }, quoted(compared)),
    ),
  );
}
