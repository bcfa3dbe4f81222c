import { element, quoted } from './element.js';
import { say } from '../../presentation/index.js';

const SIGNS = { here: '✓', missing: '○', optional: '+', refused: '✕' } as const;

/** What a file is to its user, and where they get it. */
export type FileWords = { readonly title: string; readonly source: string };

/** A file in a list of those that are here, missing or refused. */
export function drawRow(state: keyof typeof SIGNS, { title, source }: FileWords): HTMLElement {
  const word =
    state === 'here' || state === 'refused' ? null : element('span', { class: 'mild' }, ` ${say(state)}`);
  return element(
    'li',
    { class: state },
    element('span', { class: 'sign', 'aria-hidden': 'true' }, SIGNS[state]),
    element(
      'div',
      {},
      element('p', { class: 'title' }, quoted(title), word),
      element('p', { class: 'small' }, quoted(source)),
    ),
  );
}

/** The button that takes a file away; the list is drawn anew by `remove`, and its first button gets the focus. */
export function drawRemoval(title: string, list: HTMLElement, remove: () => void): HTMLElement {
  const button = element(
    'button',
    { type: 'button', class: 'remove', 'aria-label': say('Remove: {title}', { title }) },
    say('Remove'),
  );
  button.addEventListener('click', () => {
    remove();
    list.querySelector<HTMLElement>('button')?.focus();
  });
  return button;
}
