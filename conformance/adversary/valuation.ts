import type { StatementLine } from '../../src/protocol/index.js';
import { makeLine, makePosition, type PositionValuation } from './exchange.js';
import type { InclusionCase } from './case.js';
import { LOAN, proven } from './statement.js';

type Code = InclusionCase['code'];
type Change = Partial<PositionValuation>;

/** Lines that add up to 1 BTC and -2 USDT, as the row does: cash, and what a future of BTC is stated to be worth. */
const withFuture = (cash: string, worth: string, change: Change = {}): StatementLine[] => [
  makeLine({ asset: 'BTC', value: cash }),
  makeLine({
    ...{ asset: 'BTC', value: worth, kind: 'futures', reference: 'p-1' },
    valuation: makePosition('BTC', '1500', change),
  }),
  LOAN,
];

const MARK = {
  kind: 'mark',
  price: '60000',
  asset: 'USDT',
  at: '2026-06-29T23:59:59.5Z',
  source: 'index',
} as const;
const quoted = (change: Partial<Extract<PositionValuation['quote'], { kind: 'mark' }>>): Change => ({
  quote: { ...MARK, ...change },
});

const EXPIRED = '2026-06-29T08:00:00Z';
const TERMS = {
  kind: 'option',
  name: 'BTC-59999-C',
  underlying: 'BTC',
  settlementAsset: 'USDT',
  contractSize: '1',
  style: 'premium-paid',
  right: 'call',
  strike: '59999',
  expiry: EXPIRED,
} as const;
const DELIVERY = {
  kind: 'settlement',
  price: '60000',
  asset: 'USDT',
  at: EXPIRED,
  source: 'delivery',
} as const;
const MODEL = {
  kind: 'black-76',
  forward: { price: '60000', asset: 'USDT', at: '2026-06-29T23:59:59.5Z', source: 'index' },
  volatility: { value: '0.6', at: '2026-06-29T23:59:59.5Z', source: 'surface' },
  rate: '0.03',
  dayCount: 'act/365',
  valuedAt: '2026-06-30T00:00:00Z',
} as const;
const FUTURE_EXPIRY = '2026-12-25T08:00:00Z';

/** Lines of 1 BTC and -2 USDT with an option that is worth 1 USDT where it is delivered at 60,000. */
const withOption = (change: Change, terms: object = {}, worth = '1'): StatementLine[] => [
  makeLine({ asset: 'BTC', value: '1' }),
  makeLine({ asset: 'USDT', value: (-2n - BigInt(worth)).toString(), kind: 'loan', reference: 'l-1' }),
  makeLine({
    ...{ asset: 'USDT', value: worth, kind: 'options', reference: 'o-1' },
    valuation: {
      ...{
        of: 'position',
        quantity: '1',
        entryPrice: null,
        quote: DELIVERY,
        conversion: null,
        rounding: 'up',
      },
      instrument: { ...TERMS, ...terms },
      ...change,
    },
  }),
];

const modelled = (
  change: Partial<Extract<PositionValuation['quote'], { kind: 'black-76' }>>,
  terms: object = {},
) => withOption({ quote: { ...MODEL, ...change } }, { expiry: FUTURE_EXPIRY, ...terms });

/** Lines of 1 BTC and -2 USDT with lines that take a bucket to nothing. */
const withNet = (...lines: readonly StatementLine[]): StatementLine[] => [
  makeLine({ asset: 'BTC', value: '1' }),
  LOAN,
  ...lines,
];
const net = (line: Pick<StatementLine, 'asset' | 'value' | 'kind'> & Partial<StatementLine>) =>
  makeLine({ bucket: 'p-9', valuation: { of: 'net' }, ...line });

/** Statements whose lines follow from what they state: what the lies below start from. */
export const VALUED_LINES: Readonly<Record<string, readonly StatementLine[]>> = {
  'an inverse perpetual': withFuture('0.5', '0.5'),
  'a value that was rounded up': [
    makeLine({
      asset: 'BTC',
      value: '1',
      valuation: { of: 'amount', quantity: '0.999999991', rounding: 'up' },
    }),
    LOAN,
  ],
  'an option that has expired': withOption({}),
  'a loss that is limited to its margin': withNet(
    makeLine({ bucket: 'p-9', asset: 'ETH', value: '1', kind: 'isolated-margin' }),
    makeLine({
      ...{ bucket: 'p-9', asset: 'ETH', value: '-2', kind: 'futures', reference: 'p-9' },
      valuation: makePosition('ETH', '-300'),
    }),
    net({ asset: 'ETH', value: '1', kind: 'isolated-loss-limit' }),
  ),
  'a debt that was written off': withNet(
    makeLine({ bucket: 'p-9', asset: 'ETH', value: '-1', kind: 'loan' }),
    net({ asset: 'ETH', value: '1', kind: 'write-off' }),
  ),
};

const cases: readonly (readonly [string, Code, readonly StatementLine[]])[] = [
  [
    'an amount one unit above its quantity',
    'statement-line-differs',
    [
      makeLine({
        asset: 'BTC',
        value: '1',
        valuation: { of: 'amount', quantity: '0.99999999', rounding: 'up' },
      }),
      LOAN,
    ],
  ],
  [
    'an amount one unit below its quantity',
    'statement-line-differs',
    [
      makeLine({
        asset: 'BTC',
        value: '1',
        valuation: { of: 'amount', quantity: '1.00000001', rounding: 'up' },
      }),
      LOAN,
    ],
  ],
  [
    'an amount rounded down',
    'statement-line-differs',
    [
      makeLine({
        asset: 'BTC',
        value: '1',
        valuation: { of: 'amount', quantity: '1.000000001', rounding: 'up' },
      }),
      LOAN,
    ],
  ],
  [
    'a debt rounded away from 0',
    'statement-line-differs',
    [
      makeLine({ asset: 'BTC', value: '1' }),
      { ...LOAN, valuation: { of: 'amount', quantity: '-1.9999995', rounding: 'up' } },
    ],
  ],
  [
    'a debt of another quantity',
    'statement-line-differs',
    [
      makeLine({ asset: 'BTC', value: '1' }),
      { ...LOAN, valuation: { of: 'amount', quantity: '2', rounding: 'up' } },
    ],
  ],
  ['a future one unit too high', 'statement-line-differs', withFuture('0.49999999', '0.50000001')],
  ['a future one unit too low', 'statement-line-differs', withFuture('0.50000001', '0.49999999')],
  ['a future of more contracts', 'statement-line-differs', withFuture('0.5', '0.5', { quantity: '1501' })],
  ['a future that is short', 'statement-line-differs', withFuture('0.5', '0.5', { quantity: '-1500' })],
  [
    'a future of another entry price',
    'statement-line-differs',
    withFuture('0.5', '0.5', { entryPrice: '50001' }),
  ],
  [
    'a future at another mark',
    'statement-line-differs',
    withFuture('0.5', '0.5', quoted({ price: '60001' })),
  ],
  [
    'a mark from after the instant',
    'statement-quote-unfit',
    withFuture('0.5', '0.5', quoted({ at: '2026-06-30T00:00:00.000001Z' })),
  ],
  [
    'a mark in a currency that is not listed',
    'statement-price-differs',
    withFuture('0.5', '0.5', quoted({ asset: 'EUR' })),
  ],
  [
    'a future converted at another price than is published',
    'statement-price-differs',
    [
      makeLine({ asset: 'BTC', value: '1' }),
      makeLine({ asset: 'USDT', value: '-3', kind: 'loan', reference: 'l-1' }),
      makeLine({
        asset: 'USDT',
        value: '1',
        kind: 'futures',
        valuation: makeLinear({ fromPrice: '3001', toPrice: '1' }),
      }),
    ],
  ],
  [
    'a future converted at prices the other way round',
    'statement-price-differs',
    [
      makeLine({ asset: 'BTC', value: '1' }),
      makeLine({ asset: 'USDT', value: '-3', kind: 'loan', reference: 'l-1' }),
      makeLine({
        asset: 'USDT',
        value: '1',
        kind: 'futures',
        valuation: makeLinear({ fromPrice: '1', toPrice: '3000' }),
      }),
    ],
  ],
  ['one instrument at two marks', 'statement-instrument-differs', inTwo(quoted({ price: '60001' }))],
  [
    'one instrument of two sizes',
    'statement-instrument-differs',
    inTwo({
      instrument: { ...makePosition('BTC', '1').instrument, contractSize: '10' },
    }),
  ],
  ['one instrument from two sources', 'statement-instrument-differs', inTwo(quoted({ source: 'another' }))],
  [
    'an option at another delivery price',
    'statement-line-differs',
    withOption({ quote: { ...DELIVERY, price: '60001' } }),
  ],
  ['an option at a mark after its expiry', 'statement-quote-unfit', withOption({ quote: MARK })],
  [
    'an option delivered before its expiry',
    'statement-quote-unfit',
    withOption({ quote: { ...DELIVERY, at: '2026-06-29T07:59:59Z' } }),
  ],
  [
    'a delivery price of an option that has not expired',
    'statement-quote-unfit',
    withOption({}, { expiry: FUTURE_EXPIRY }),
  ],
  ['a model price after the expiry', 'statement-quote-unfit', modelled({}, { expiry: EXPIRED })],
  [
    'a model price for another instant',
    'statement-quote-unfit',
    modelled({ valuedAt: '2026-06-29T00:00:00Z' }),
  ],
  [
    'a volatility from after the instant',
    'statement-quote-unfit',
    modelled({ volatility: { ...MODEL.volatility, at: '2026-06-30T00:00:01Z' } }),
  ],
  [
    'a forward in a currency that is not listed',
    'statement-price-differs',
    withOption(
      {
        quote: { ...MODEL, forward: { ...MODEL.forward, asset: 'EUR' } },
        conversion: { fromPrice: '1', toPrice: '1' },
      },
      { expiry: FUTURE_EXPIRY },
    ),
  ],
  ['an option at another than its model price', 'statement-line-differs', modelled({})],
  [
    'a model of a volatility that it has no price for',
    'statement-model-unfit',
    modelled({ volatility: { ...MODEL.volatility, value: '101' } }),
  ],
  ['a model of a rate that it has no price for', 'statement-model-unfit', modelled({ rate: '-1.5' })],
  ['a model of a century', 'statement-model-unfit', modelled({}, { expiry: '2126-12-25T08:00:00Z' })],
  [
    'a write-off of nothing',
    'statement-line-differs',
    withNet(net({ asset: 'ETH', value: '0', kind: 'write-off' })),
  ],
  [
    'a write-off that takes equity',
    'statement-line-differs',
    withNet(
      makeLine({ bucket: 'p-9', asset: 'ETH', value: '1' }),
      net({ asset: 'ETH', value: '-1', kind: 'write-off' }),
    ),
  ],
  [
    'a limit of a position that has not lost its margin',
    'statement-line-differs',
    withNet(
      makeLine({ bucket: 'p-9', asset: 'ETH', value: '1', kind: 'isolated-margin' }),
      net({ asset: 'ETH', value: '-1', kind: 'isolated-loss-limit' }),
    ),
  ],
  [
    'a limit outside an isolated position',
    'statement-line-differs',
    [
      makeLine({ asset: 'BTC', value: '1' }),
      LOAN,
      makeLine({ asset: 'ETH', value: '-1', kind: 'loan' }),
      net({ bucket: 'cross', asset: 'ETH', value: '1', kind: 'isolated-loss-limit' }),
    ],
  ],
];

/** A linear future of BTC, marked in ETH and settled in USDT. */
function makeLinear(conversion: PositionValuation['conversion']): PositionValuation {
  return makePosition('BTC', '1', {
    instrument: {
      ...{ kind: 'perpetual', name: 'BTC-LIN', underlying: 'BTC', settlementAsset: 'USDT' },
      ...{ contractSize: '1', style: 'linear' },
    },
    quote: { ...MARK, asset: 'ETH', price: '20' },
    entryPrice: '19',
    conversion,
  });
}

/** One instrument in two lines, of which the second states something else. */
function inTwo(change: Change): StatementLine[] {
  const [cash, first, loan] = withFuture('0', '0.5');
  const second = { ...first!, reference: 'p-2', valuation: makePosition('BTC', '1500', change) };
  return [cash!, first!, second, loan!];
}

export const VALUATION_CASES: readonly InclusionCase[] = cases.map(([name, code, lines]) =>
  proven(`of ${name}`, code, lines),
);
