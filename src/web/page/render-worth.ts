import {
  formatApproximate,
  listGreeks,
  PREMIUM_NOT_STATED,
  phraseProven,
  say,
  showAccount,
  type RevaluedPosition,
  type ShownAccount,
} from '../../presentation/index.js';
import type { Report } from '../../verifier/index.js';
import { element, quoted, tell } from './element.js';
import { renderTable } from './render-amounts.js';
import { renderNoLines, renderTooLarge, renderWhatIf } from './what-if.js';

/** What the user's account is worth and hangs on: words, then positions, then what if, then what of it is proven. */
export function renderWorth(report: Report): HTMLElement[] {
  const account = showAccount(report);
  if (account === null) return [];
  const { worth, ends, positions, lines, exposures, quote } = account;
  const then = positions.map(() => element('span', {}));
  const hasLines = (report.statement ?? []).length > 0;
  const whatIf = () =>
    renderWhatIf({
      ...{ quote, lines, exposures, positions, assets: report.stated!.assets },
      onMove: (worths) => {
        worths.forEach((text, index) => {
          then[index]!.replaceChildren(quoted(text));
        });
      },
    });
  return [
    ...[...worth, ...ends].map((sentence) => element('p', { class: 'sentence' }, quoted(sentence), ' ')),
    ...(report.statement === null && report.holdings.length > 0 ? [renderNoLines()] : []),
    ...(hasLines && lines.length === 0 ? [renderTooLarge()] : []),
    ...(lines.length > 0 && exposures.length > 0 ? [whatIf()] : []),
    ...(positions.length === 0 ? [] : [renderPositions(account, then), ...renderGreeks(positions)]),
    ...phraseProven(report.statement !== null).map((sentence) => element('p', { class: 'hint' }, sentence)),
  ];
}

function renderPositions(
  { positions, quote, lines }: ShownAccount,
  then: readonly HTMLElement[],
): HTMLElement {
  const columns = [
    ...[say('Position'), say('Worth now'), say('Made since entry')],
    ...(lines.length > 0 ? [say('If so')] : []),
  ];
  const rows = positions.map(({ instrument, sentences, worth, worthInQuote, made }, index) => [
    element(
      'span',
      {},
      quoted(instrument),
      element('span', { class: 'small' }, quoted(sentences.filter((text) => text !== '').join(' '))),
    ),
    element(
      'span',
      {},
      quoted(worth),
      element('span', { class: 'small' }, quoted(`${worthInQuote} ${quote}`)),
    ),
    made === null ? element('span', { class: 'small' }, say(PREMIUM_NOT_STATED)) : quoted(made),
    ...(lines.length > 0 ? [then[index]!] : []),
  ]);
  return renderTable(say('Your positions'), columns, rows, 'positions');
}

function renderGreeks(positions: readonly RevaluedPosition[]): HTMLElement[] {
  const items = positions.flatMap(({ instrument, greeks }) =>
    greeks === null
      ? []
      : listGreeks(greeks).map(({ name, value, meaning }) =>
          element(
            'li',
            {},
            ...tell('{name} of {instrument}: {value}, {meaning}', {
              ...{ name, instrument: quoted(instrument), value: formatApproximate(value, 6), meaning },
            }),
          ),
        ),
  );
  if (items.length === 0) return [];
  return [
    element(
      'details',
      {},
      element('summary', {}, say('Details: the Greeks of your options, in the currency of their forward')),
      element('ul', { class: 'plain' }, ...items),
    ),
  ];
}
