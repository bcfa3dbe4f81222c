import type {
  Instrument,
  PositionQuote,
  PositionValuation,
  StatementLine,
} from '../../../src/protocol/index.js';
import type { PublishedValuation } from '../../../src/protocol/valuation/index.js';

export const TAKEN_AT = '2026-01-31T00:00:00Z';
const OBSERVED = { at: '2026-01-30T23:59:00Z', source: 'feed' };

/** BTC 50000, USDT 0.8, ETH 2500, in USD. */
export const PUBLISHED: PublishedValuation = {
  assets: [
    { symbol: 'BTC', decimals: 8, price: '50000' },
    { symbol: 'USDT', decimals: 2, price: '0.8' },
    { symbol: 'ETH', decimals: 4, price: '2500' },
    { symbol: 'DEAD', decimals: 0, price: '0' },
  ],
  quote: 'USD',
  takenAt: TAKEN_AT,
  maxMarkAgeMs: 600_000,
};

export const PERPETUAL: Instrument = {
  kind: 'perpetual',
  name: 'BTC-PERP',
  underlying: 'BTC',
  settlementAsset: 'USDT',
  contractSize: '0.01',
  style: 'linear',
};
export const INVERSE: Instrument = {
  kind: 'future',
  name: 'BTC-MAR',
  underlying: 'BTC',
  settlementAsset: 'BTC',
  contractSize: '10',
  style: 'inverse',
  expiry: '2026-03-27T08:00:00Z',
};
export const OPTION: Instrument & { kind: 'option' } = {
  kind: 'option',
  name: 'BTC-27FEB-60000-C',
  underlying: 'BTC',
  settlementAsset: 'BTC',
  contractSize: '1',
  style: 'premium-paid',
  right: 'call',
  strike: '60000',
  expiry: '2026-02-27T00:00:00Z',
};
export const MODEL: PositionQuote & { kind: 'black-76' } = {
  kind: 'black-76',
  forward: { price: '61234.5', asset: 'USD', ...OBSERVED },
  volatility: { value: '0.62', ...OBSERVED },
  rate: '0.05',
  dayCount: 'act/365',
  valuedAt: TAKEN_AT,
};

export const markAt = (price: string, asset: string): PositionQuote => ({
  kind: 'mark',
  price,
  asset,
  ...OBSERVED,
});
export const deliveryAt = (price: string, asset: string): PositionQuote => ({
  kind: 'settlement',
  price,
  asset,
  ...OBSERVED,
});
/** Expired an hour before the snapshot. */
export const expired = <Terms extends Instrument>(terms: Terms): Terms => ({
  ...terms,
  expiry: '2026-01-30T23:00:00Z',
});

/** A line of a position, of the kind and asset that its instrument makes. */
export function positionLine(
  stated: Pick<PositionValuation, 'instrument' | 'quote' | 'quantity'> & Partial<PositionValuation>,
  value: string,
): StatementLine {
  const { instrument } = stated;
  return {
    account: 'main',
    asset: instrument.settlementAsset,
    bucket: 'cross',
    kind: instrument.kind === 'option' ? 'options' : 'futures',
    reference: 'p-1',
    valuation: { of: 'position', entryPrice: null, conversion: null, rounding: 'up', ...stated },
    value,
  };
}

/** A line that is an amount, in cash but for what it says. */
export function amountLine(
  quantity: string,
  value: string,
  changes: Partial<StatementLine> = {},
): StatementLine {
  return {
    account: 'main',
    asset: 'USDT',
    bucket: 'cross',
    kind: 'cash',
    reference: '',
    valuation: { of: 'amount', quantity, rounding: 'up' },
    value,
    ...changes,
  };
}

/** A line that takes its account, bucket and asset to nothing. */
export const netLine = (
  kind: 'isolated-loss-limit' | 'write-off',
  value: string,
  changes: Partial<StatementLine> = {},
): StatementLine => amountLine('0', value, { kind, valuation: { of: 'net' }, ...changes });

const TO_USDT = { fromPrice: '1', toPrice: '0.8' };

/** One line of every kind of instrument and price, worked out by hand where a number can be. */
export const EVERY_POSITION: readonly (readonly [name: string, line: StatementLine])[] = [
  [
    'a linear perpetual at its mark: 3 · 0.01 · (61000.5 - 60000.25) = 30.0075',
    positionLine(
      { instrument: PERPETUAL, quantity: '3', entryPrice: '60000.25', quote: markAt('61000.5', 'USDT') },
      '30.01',
    ),
  ],
  [
    'a short one at a mark in another currency: -3 · 0.01 · 1000.25 / 0.8 = -37.509375',
    positionLine(
      {
        instrument: PERPETUAL,
        quantity: '-3',
        entryPrice: '60000.25',
        quote: markAt('61000.5', 'USD'),
        conversion: TO_USDT,
      },
      '-37.5',
    ),
  ],
  [
    'a quanto: a linear contract on ETH that settles in BTC, 2 · 0.1 · (2600 - 2500) USD at 50000',
    positionLine(
      {
        instrument: {
          ...PERPETUAL,
          name: 'ETHBTC-QUANTO',
          underlying: 'ETH',
          settlementAsset: 'BTC',
          contractSize: '0.1',
        },
        quantity: '2',
        entryPrice: '2500',
        quote: markAt('2600', 'USD'),
        conversion: { fromPrice: '1', toPrice: '50000' },
      },
      '0.0004',
    ),
  ],
  [
    'an inverse future: -100 · 10 · (1/50000 - 1/62500) = -0.004',
    positionLine(
      { instrument: INVERSE, quantity: '-100', entryPrice: '50000', quote: markAt('62500', 'USD') },
      '-0.004',
    ),
  ],
  [
    'an expired future that is not settled: 10 · 10 · (1/50000 - 1/60000) = 0.000333…',
    positionLine(
      {
        instrument: expired(INVERSE),
        quantity: '10',
        entryPrice: '50000',
        quote: deliveryAt('60000', 'USD'),
      },
      '0.00033334',
    ),
  ],
  [
    'an option in its coin at a mark in it',
    positionLine(
      { instrument: OPTION, quantity: '-4', quote: markAt('0.051234567899', 'BTC') },
      '-0.20493827',
    ),
  ],
  [
    'an option in its coin at a mark in the quote currency',
    positionLine(
      {
        instrument: OPTION,
        quantity: '2',
        quote: markAt('2500', 'USD'),
        conversion: { fromPrice: '1', toPrice: '50000' },
      },
      '0.1',
    ),
  ],
  [
    'an option in its coin by the model: 10 · 0.076794429583251437',
    positionLine({ instrument: OPTION, quantity: '10', quote: MODEL }, '0.7679443'),
  ],
  [
    'a futures-style option in the quote by the model: -(4702.468498315610142333 - 4000) / 0.8',
    positionLine(
      {
        instrument: { ...OPTION, settlementAsset: 'USDT', style: 'futures-style' },
        quantity: '-1',
        entryPrice: '4000',
        quote: MODEL,
        conversion: TO_USDT,
      },
      '-878.08',
    ),
  ],
  [
    'an expired put in the quote: 2 · (60000 - 59000) / 0.8',
    positionLine(
      {
        instrument: expired({ ...OPTION, settlementAsset: 'USDT', right: 'put' }),
        quantity: '2',
        quote: deliveryAt('59000', 'USD'),
        conversion: TO_USDT,
      },
      '2500',
    ),
  ],
  [
    'an expired call in its coin: -(75000 - 60000)/75000',
    positionLine({ instrument: expired(OPTION), quantity: '-1', quote: deliveryAt('75000', 'USD') }, '-0.2'),
  ],
  [
    'an expired option that pays nothing',
    positionLine({ instrument: expired(OPTION), quantity: '7', quote: deliveryAt('59999.9', 'USD') }, '0'),
  ],
];
