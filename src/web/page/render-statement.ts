import type { StatementLine } from '../../protocol/index.js';
import {
  describePrice,
  describePriceSource,
  formatInstant,
  nameKind,
  say,
  showLine,
  typesetAmount,
  type ShownLine,
  type StatementNet,
  type UnitDecimals,
} from '../../presentation/index.js';
import { element, quoted, tell } from './element.js';

/** The lines of a statement as on paper: what is netted together under one heading, with its sum. */
export function renderStatement(nets: readonly StatementNet[], decimals: UnitDecimals): HTMLElement[] {
  if (nets.length === 0) return [element('p', {}, say('No lines: there is nothing that you hold or owe.'))];
  return [
    element('div', { class: 'nets' }, ...nets.map((net) => renderNet(net, decimals.get(net.asset) ?? 0))),
    element(
      'p',
      { class: 'hint' },
      say(
        'Each sum that is positive counts as what you hold, each that is negative as what you owe. Your browser made the value of each line again from what the line states, and added them up to your money above. That what they state is right, like a quantity or a price, is for you to compare. If a line is wrong, ask the platform about that line.',
      ),
    ),
  ];
}

function renderNet({ account, isolated, asset, lines, net }: StatementNet, decimals: number): HTMLElement {
  const index =
    isolated === null
      ? quoted(account)
      : element(
          'span',
          {},
          ...tell('{account}, isolated {isolated}', { account: quoted(account), isolated: quoted(isolated) }),
        );
  return element(
    'div',
    { class: 'net' },
    element(
      'h4',
      {},
      quoted(asset),
      element('span', { class: 'mild' }, ...tell(' of {account}', { account: index })),
    ),
    element('ul', { class: 'lines' }, ...lines.map((line) => renderLine(line, decimals))),
    element(
      'p',
      { class: 'line sum' },
      element('span', {}, net.startsWith('-') ? say('You owe') : say('You hold')),
      element(
        'span',
        { class: 'amount' },
        `${typesetAmount(net.replace(/^-/, ''), decimals)} `,
        quoted(asset),
      ),
    ),
  );
}

function renderLine(line: StatementLine, decimals: number): HTMLElement {
  const { kind, value } = line;
  const shown = showLine(line);
  const { instrument } = shown;
  const title = element(
    'span',
    {},
    nameKind(kind),
    ...(instrument === null ? [] : [' ', element('strong', {}, quoted(instrument))]),
  );
  return element(
    'li',
    {},
    element(
      'p',
      { class: 'line' },
      title,
      element('span', { class: 'amount' }, typesetAmount(value, decimals)),
    ),
    ...listDetails(shown, line.reference).map((detail) => element('p', { class: 'small' }, detail)),
  );
}

/** What the value was made from, as far as it is stated. */
function listDetails(shown: ShownLine, reference: string): HTMLElement[] {
  const { quantity, price, priceSource } = shown;
  const amounts = [
    quantity === null ? [] : [say('quantity {amount}', { amount: typesetAmount(quantity) })],
    price === null ? [] : [say('price {amount}', { amount: describePrice(shown, typesetAmount) })],
  ].flat();
  const source = describePriceSource(shown, formatInstant);
  const texts = [
    amounts.join(', '),
    priceSource === null ? source : say('priced by {source}', { source }),
    reference === '' ? '' : say('reference {reference}', { reference }),
  ];
  return texts.filter((text) => text !== '').map(quoted);
}
