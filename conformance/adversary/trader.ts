import {
  formatSignedDecimal,
  sumStatement,
  type Slot,
  type StatementLine,
} from '../../src/protocol/index.js';
import {
  parseRational,
  priceInstrument,
  roundUpToUnits,
  valuePosition,
  ZERO,
} from '../../src/protocol/valuation/index.js';
import { commitRun } from './batches.js';
import {
  debt,
  equity,
  LISTED,
  makeLine,
  makeRow,
  ownerOf,
  planExchange,
  type PositionValuation,
} from './exchange.js';
import { MARGIN_3, type Platform } from './platform.js';
import { publish, type Published } from './world.js';

const OBSERVED = { at: '2026-06-29T23:59:59.5Z', source: 'index' };
const TAKEN_AT = '2026-06-30T00:00:00Z';

type Instrument = PositionValuation['instrument'];

const CALL: Instrument & { kind: 'option' } = {
  kind: 'option',
  name: 'BTC-25SEP26-70000-C',
  underlying: 'BTC',
  settlementAsset: 'BTC',
  contractSize: '1',
  style: 'premium-paid',
  right: 'call',
  strike: '70000',
  expiry: '2026-09-25T08:00:00Z',
};
const PUT: Instrument & { kind: 'option' } = {
  ...CALL,
  name: 'ETH-25SEP26-2600-P',
  underlying: 'ETH',
  settlementAsset: 'USDT',
  right: 'put',
  strike: '2600',
};
const LINEAR: Instrument = {
  kind: 'perpetual',
  name: 'ETH-USDT-PERP',
  underlying: 'ETH',
  settlementAsset: 'USDT',
  contractSize: '0.1',
  style: 'linear',
};
const INVERSE: Instrument = {
  kind: 'perpetual',
  name: 'BTC-PERP',
  underlying: 'BTC',
  settlementAsset: 'BTC',
  contractSize: '100',
  style: 'inverse',
};

/** A model's inputs at the instant of the snapshot. */
const modelOf = (forward: string): PositionValuation['quote'] => ({
  kind: 'black-76',
  forward: { price: forward, asset: 'USDT', ...OBSERVED },
  volatility: { value: '0.55', ...OBSERVED },
  rate: '0.04',
  dayCount: 'act/365',
  valuedAt: TAKEN_AT,
});
const markAt = (price: string): PositionValuation['quote'] => ({
  kind: 'mark',
  price,
  asset: 'USDT',
  ...OBSERVED,
});

/** The line of a position with the value that follows from it. */
export function makePositionLine(
  stated: Pick<PositionValuation, 'instrument' | 'quantity' | 'entryPrice' | 'quote'>,
  reference: string,
): StatementLine {
  const valuation: PositionValuation = { of: 'position', ...stated, conversion: null, rounding: 'up' };
  const { instrument, quantity, entryPrice } = valuation;
  const priced = priceInstrument(valuation);
  if (typeof priced === 'string') throw new Error(`expected an instrument with a price, got ${priced}`);
  const entry = entryPrice === null ? ZERO : parseRational(entryPrice);
  const worth = valuePosition(instrument, priced, { quantity: parseRational(quantity), entry });
  const { decimals } = LISTED.find(({ symbol }) => symbol === instrument.settlementAsset)!;
  const { units } = roundUpToUnits(worth, decimals);
  return makeLine({
    asset: instrument.settlementAsset,
    value: formatSignedDecimal({ coefficient: units, fractionDigits: decimals }),
    kind: instrument.kind === 'option' ? 'options' : 'futures',
    reference,
    valuation,
  });
}

/** Coins, a loan, futures of both styles, and options at a model price and at a mark. */
export const TRADER_LINES: readonly StatementLine[] = [
  makeLine({ asset: 'BTC', value: '1.5' }),
  makePositionLine(
    { instrument: INVERSE, quantity: '-300', entryPrice: '58000', quote: markAt('60000') },
    'p-1',
  ),
  makePositionLine({ instrument: CALL, quantity: '2', entryPrice: null, quote: modelOf('60500') }, 'p-2'),
  makeLine({ asset: 'USDT', value: '2500' }),
  makeLine({ asset: 'USDT', value: '-48000', kind: 'loan', reference: 'l-1' }),
  makePositionLine(
    { instrument: LINEAR, quantity: '120', entryPrice: '2800', quote: markAt('3000.5') },
    'p-3',
  ),
  makePositionLine({ instrument: PUT, quantity: '-5', entryPrice: null, quote: markAt('101.25') }, 'p-4'),
];

/** A statement of some lines, some of them at model prices: as long as one that is measured. */
export function makeLongStatement(lineCount: number, modelled: number): StatementLine[] {
  const name = (text: string, index: number) => `${text}-${String(index).padStart(3, '0')}`;
  const options = Array.from({ length: modelled }, (_, index) =>
    makePositionLine(
      {
        instrument: { ...CALL, name: name('CALL', index), strike: String(50_000 + 1000 * index) },
        ...{ quantity: '0.5', entryPrice: null, quote: modelOf('60500') },
      },
      name('o', index),
    ),
  );
  const futures = Array.from({ length: lineCount - modelled - 1 }, (_, index) =>
    makePositionLine(
      {
        instrument: { ...LINEAR, name: name('ETH', index) },
        ...{ quantity: String(index + 1), entryPrice: String(2800 + index), quote: markAt('3000.5') },
      },
      name('f', index),
    ),
  );
  return [makeLine({ asset: 'BTC', value: '3' }), ...options, ...futures];
}

/** Publishes the honest exchange with one more user, who has these lines in one margin row. */
export function publishTrader(platform: Platform, lines: readonly StatementLine[]): Published {
  const planned = planExchange();
  const position = planned.findIndex(({ layout }) => layout === MARGIN_3);
  const batch = planned[position]!;
  const free = batch.rows.findIndex(({ owner }) => owner === undefined);
  const row = makeRow(MARGIN_3, ownerOf('new', [1, 1], lines), listSlots(lines));
  planned[position] = { ...batch, rows: batch.rows.with(free, row) };
  return publish(platform, commitRun(planned));
}

/** The id of that user. */
export const TRADER = 'new@example.org';

function listSlots(lines: readonly StatementLine[]): Slot[] {
  const holdings = sumStatement(lines, LISTED);
  return [
    ...holdings.flatMap(({ assetIndex, equityUnits }) =>
      equityUnits > 0n ? [equity(assetIndex, equityUnits)] : [],
    ),
    ...holdings.flatMap(({ assetIndex, debtUnits }) => (debtUnits > 0n ? [debt(assetIndex, debtUnits)] : [])),
  ];
}
