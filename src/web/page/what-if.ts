import {
  formatApproximate,
  prepareAccount,
  say,
  UNCHANGED,
  type CoverAsset,
  type RevaluedPosition,
  type Scenario,
  type ShownAccount,
} from '../../presentation/index.js';
import { element, quoted } from './element.js';

/** What a slider moves, in percent of a price or percent points of a volatility. */
type Range = { readonly id: string; readonly least: number; readonly most: number };

const PRICE: Range = { id: 'what-if-price', least: -90, most: 200 };
const VOLATILITY: Range = { id: 'what-if-volatility', least: -50, most: 150 };

/** What the sliders need to know of an account. */
export type WhatIf = Pick<ShownAccount, 'quote' | 'lines' | 'exposures' | 'positions'> & {
  readonly assets: readonly CoverAsset[];
  /** Called with what each position is worth, in the order of the positions. */
  readonly onMove: (worths: readonly string[]) => void;
};

/**
 * Sliders of a price and of volatility that revalue an account as they move, in this page. What is drawn follows at most once
 * a frame; what is read aloud, when a slider is let go.
 */
export function renderWhatIf(account: WhatIf): HTMLElement {
  const asset = element('select', { id: 'what-if-asset', class: 'field' });
  asset.append(...account.exposures.map((symbol) => element('option', { value: symbol }, symbol)));
  const price = makeSlider(PRICE);
  const volatility = makeSlider(VOLATILITY);
  const answer = element('p', { id: 'what-if-answer' });
  const spoken = element('p', { class: 'unseen', role: 'status' });
  const reset = element('button', { type: 'button', class: 'link' }, say('Back to now'));
  const update = makeUpdate(account, () => ({
    asset: asset.value,
    factor: 1 + Number(price.input.value) / 100,
    volatilityShift: Number(volatility.input.value) / 100,
  }));
  let isAwaited = false;
  const draw = () => {
    isAwaited = false;
    answer.textContent = update();
    tell(price, asset.value);
    tell(volatility, asset.value);
  };
  const onInput = () => {
    if (!isAwaited) requestAnimationFrame(draw);
    isAwaited = true;
  };
  for (const input of [price.input, volatility.input, asset]) {
    input.addEventListener('input', onInput);
    input.addEventListener('change', () => {
      draw();
      spoken.textContent = answer.textContent;
    });
  }
  reset.addEventListener('click', () => {
    price.input.value = '0';
    volatility.input.value = '0';
    draw();
    spoken.textContent = answer.textContent;
  });
  draw();
  const hasOptions = account.positions.some(({ greeks }) => greeks !== null);
  return element(
    'div',
    { class: 'what-if', role: 'group', 'aria-labelledby': 'what-if-title' },
    element('h4', { id: 'what-if-title' }, say('What if a price moves?')),
    element('label', { class: 'name', for: asset.id }, say('The price of')),
    asset,
    labelSlider(price, say('moves by')),
    ...(hasOptions ? [labelSlider(volatility, say('and the volatility of options on it by'))] : []),
    answer,
    spoken,
    reset,
  );
}

type Slider = { readonly input: HTMLInputElement; readonly shown: HTMLElement; readonly unit: string };

function makeSlider({ id, least, most }: Range): Slider {
  const range = { min: String(least), max: String(most), step: '1', value: '0' };
  const input = element('input', { type: 'range', id, ...range });
  const unit = id === PRICE.id ? '%' : say('percent points');
  return { input, shown: element('output', { for: id }), unit };
}

function labelSlider({ input, shown }: Slider, words: string): HTMLElement {
  return element(
    'div',
    { class: 'slider' },
    element('label', { class: 'name', for: input.id }, words, ' ', shown),
    input,
  );
}

function tell({ input, shown, unit }: Slider, asset: string): void {
  const moved = Number(input.value);
  const text = `${moved > 0 ? '+' : ''}${String(moved).replace('-', '−')} ${unit}`;
  shown.textContent = text;
  input.setAttribute('aria-valuetext', `${asset} ${text}`);
}

/** Makes what revalues the account and says what it comes to. */
function makeUpdate({ quote, lines, assets, positions, onMove }: WhatIf, read: () => Scenario): () => string {
  const revalue = prepareAccount(lines, assets);
  const now = revalue(UNCHANGED);
  const prices = new Map(assets.map(({ symbol, price }) => [symbol, Number(price)]));
  return () => {
    const scenario = read();
    const { worth, cover } = revalue(scenario);
    onMove(positions.map((position) => revaluePosition(position, scenario)));
    const { asset, factor } = scenario;
    const price = prices.get(asset);
    const at =
      price === undefined
        ? ''
        : say(', at {price} {quote}', { price: formatApproximate(price * factor), quote });
    const percent = `${Math.round(Math.abs(factor - 1) * 100)} %`;
    const move =
      factor === 1
        ? say('as now')
        : factor > 1
          ? say('{percent} higher', { percent })
          : say('{percent} lower', { percent });
    const by = `${formatApproximate(Math.abs(worth - now.worth))} ${quote}`;
    const change =
      worth < now.worth
        ? say(', {amount} less than now', { amount: by })
        : worth > now.worth
          ? say(', {amount} more than now', { amount: by })
          : '';
    const covered =
      cover < 0
        ? say('Its cover would be gone: {amount} would be missing.', {
            amount: `${formatApproximate(-cover)} ${quote}`,
          })
        : say('Its cover would be {amount}.', { amount: `${formatApproximate(cover)} ${quote}` });
    const moved = say('With {asset} {move}{at}, your account would be worth {worth}{change}.', {
      ...{ asset, move, at, worth: `${formatApproximate(worth)} ${quote}`, change },
    });
    return `${moved} ${covered}`;
  };
}

const POSITION_DIGITS = 6;

function revaluePosition({ line }: RevaluedPosition, scenario: Scenario): string {
  return `${formatApproximate(line.revalue(scenario), POSITION_DIGITS)} ${line.line.asset}`;
}

/** Said in place of the sliders where nothing tells which amounts are positions. */
export function renderNoLines(): HTMLElement {
  return element(
    'p',
    { class: 'hint' },
    say(
      'There is no slider here: the platform gave no statement, and only its lines tell which of these amounts are positions, whose worth moves in another way than the price of a coin. Ask the platform for a statement.',
    ),
    ' ',
    quoted('(no-statement)'),
  );
}

/** Said in place of the sliders where doubles do not come to what the lines state. */
export function renderTooLarge(): HTMLElement {
  return element(
    'p',
    { class: 'hint' },
    say(
      'There is no slider here: amounts of this size cannot be revalued closely enough with rounded numbers.',
    ),
    ' ',
    quoted('(approximation-too-coarse)'),
  );
}
