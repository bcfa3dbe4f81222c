import type { StatementLine } from '../../protocol/index.js';
import { formatInstant, formatSigned, type StatementNet } from '../../presentation/index.js';
import { element, quoted } from './element.js';

/** What is netted over everything that is no isolated position. */
const CROSS_BUCKET = 'cross';

const KINDS: Readonly<Record<StatementLine['kind'], string>> = {
  cash: 'Balance',
  'open-orders': 'Held by open orders',
  'collateral-posted': 'Collateral posted',
  'collateral-received': 'Collateral received',
  loan: 'Loan',
  interest: 'Interest',
  realised: 'Realised result',
  funding: 'Funding',
  'withdrawal-in-flight': 'Withdrawal on its way',
  'deposit-in-flight': 'Deposit on its way',
  'isolated-margin': 'Isolated margin',
  futures: 'Futures',
  options: 'Options',
  'isolated-loss-limit': 'Loss beyond the margin, let go of',
  'write-off': 'Debt written off',
};

/** The lines of a statement as on paper: what is netted together under one heading, with its sum. */
export function renderStatement(
  nets: readonly StatementNet[],
  decimals: ReadonlyMap<string, number>,
): HTMLElement[] {
  if (nets.length === 0) return [element('p', {}, 'No lines: there is nothing that you hold or owe.')];
  return [
    ...nets.map((net) => renderNet(net, decimals.get(net.asset) ?? 0)),
    element(
      'p',
      { class: 'hint' },
      'Each sum that is positive counts as what you hold, each that is negative as what you owe. Lines are what the platform states; the proof shows that they add up to your money above. If a line is wrong, ask the platform about that line.',
    ),
  ];
}

function renderNet({ account, bucket, asset, lines, net }: StatementNet, decimals: number): HTMLElement {
  const place =
    bucket === CROSS_BUCKET
      ? quoted(account)
      : element('span', {}, quoted(account), ', isolated ', quoted(bucket));
  return element(
    'div',
    { class: 'net' },
    element('h4', {}, quoted(asset), element('span', { class: 'mild' }, ' in ', place)),
    element('ul', { class: 'lines' }, ...lines.map((line) => renderLine(line, decimals))),
    element(
      'p',
      { class: 'line sum' },
      element('span', {}, net.startsWith('-') ? 'You owe' : 'You hold'),
      element(
        'span',
        { class: 'amount' },
        `${formatSigned(net.replace(/^-/, ''), decimals)} `,
        quoted(asset),
      ),
    ),
  );
}

function renderLine(line: StatementLine, decimals: number): HTMLElement {
  const { kind, instrument, value } = line;
  const title = element(
    'span',
    {},
    KINDS[kind],
    ...(instrument === null ? [] : [' ', element('strong', {}, quoted(instrument))]),
  );
  return element(
    'li',
    {},
    element(
      'p',
      { class: 'line' },
      title,
      element('span', { class: 'amount' }, formatSigned(value, decimals)),
    ),
    ...listDetails(line).map((detail) => element('p', { class: 'small' }, detail)),
  );
}

/** What the value was made from, as far as it is stated. */
function listDetails(line: StatementLine): (string | HTMLElement)[] {
  const { quantity, price, priceAsset, priceSource, pricedAt, entryPrice, reference } = line;
  const amounts = [
    quantity === null ? [] : [`quantity ${formatSigned(quantity)}`],
    entryPrice === null ? [] : [`entered at ${formatSigned(entryPrice)}`],
    price === null ? [] : [`price ${formatSigned(price)}${priceAsset === null ? '' : ` ${priceAsset}`}`],
  ].flat();
  const source = [
    priceSource === null ? [] : [`priced by ${priceSource}`],
    pricedAt === null ? [] : [formatInstant(pricedAt)],
  ].flat();
  const texts = [amounts, source, reference === '' ? [] : [`reference ${reference}`]];
  return texts.filter((text) => text.length > 0).map((text) => quoted(text.join(', ')));
}
