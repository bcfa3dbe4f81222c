import { describe, expect, it } from 'vitest';

import type { PositionQuote, PositionValuation, StatementLine } from '../../src/protocol/index.js';
import {
  describeLine,
  describeNet,
  describePrice,
  describePriceSource,
  netStatement,
  showLine,
  typesetAmount,
} from '../../src/presentation/index.js';

function makeLine(stated: Partial<StatementLine> = {}): StatementLine {
  return {
    account: 'main-1',
    bucket: 'cross',
    asset: 'BTC',
    kind: 'cash',
    reference: '',
    valuation: { of: 'amount', quantity: '1', rounding: 'up' },
    value: '1',
    ...stated,
  };
}

const PERPETUAL: PositionValuation = {
  of: 'position',
  instrument: {
    kind: 'perpetual',
    name: 'BTC-PERP',
    underlying: 'BTC',
    settlementAsset: 'USDT',
    contractSize: '0.01',
    style: 'linear',
  },
  quantity: '-3',
  entryPrice: '60000',
  quote: {
    kind: 'mark',
    price: '61234.5',
    asset: 'USDT',
    at: '2026-01-31T00:00:00Z',
    source: 'three venues',
  },
  conversion: null,
  rounding: 'up',
};
const OPTION: PositionValuation = {
  ...PERPETUAL,
  instrument: {
    kind: 'option',
    name: 'BTC-27FEB26-60000-C',
    underlying: 'BTC',
    settlementAsset: 'BTC',
    contractSize: '1',
    style: 'premium-paid',
    right: 'call',
    strike: '60000',
    expiry: '2026-02-27T00:00:00Z',
  },
  entryPrice: null,
  quote: {
    kind: 'black-76',
    forward: { price: '61234.5', asset: 'USD', at: '2026-01-30T23:59:00Z', source: 'forwards' },
    volatility: { value: '0.62', at: '2026-01-30T23:58:00Z', source: 'surface' },
    rate: '0.05',
    dayCount: 'act/365',
    valuedAt: '2026-01-31T00:00:00Z',
  },
};

describe('the lines of a statement', () => {
  it('are netted for each account, bucket and asset, exactly and in their order', () => {
    const nets = netStatement([
      makeLine({ value: '0.1' }),
      makeLine({ value: '-0.30000001' }),
      makeLine({ bucket: 'p-17', kind: 'futures', value: '2' }),
      makeLine({ asset: 'USDT', value: '-0.2' }),
      makeLine({ value: '0.2' }),
    ]);
    expect(nets.map((net) => [describeNet(net), net.lines.length, net.net])).toEqual([
      ['BTC of main-1', 3, '-0.00000001'],
      ['BTC of main-1, isolated p-17', 1, '2'],
      ['USDT of main-1', 1, '-0.2'],
    ]);
    expect(netStatement([])).toEqual([]);
  });

  it('are named by their kind, instrument and reference', () => {
    expect(describeLine(makeLine())).toBe('Balance');
    expect(describeLine(makeLine({ kind: 'futures', reference: 'p-17', valuation: PERPETUAL }))).toBe(
      'Futures BTC-PERP (p-17)',
    );
  });

  it('say their price and what they were entered at, where they are stated', () => {
    const line = showLine(makeLine({ kind: 'futures', valuation: PERPETUAL }));
    expect(describePrice(line)).toBe('61,234.5 USDT, entered at 60,000');
    const negative = { ...line, entryPrice: '-60000' };
    expect(describePrice(negative)).toBe('61,234.5 USDT, entered at -60,000');
    expect(describePrice(negative, typesetAmount)).toBe('61,234.5 USDT, entered at −60,000');
    expect(describePrice({ price: '2', priceAsset: null, entryPrice: null })).toBe('2');
    expect(describePrice(showLine(makeLine()))).toBe('');
  });

  it('show the price that a model makes of its inputs, and name them', () => {
    expect(showLine(makeLine({ kind: 'options', valuation: OPTION }))).toEqual({
      instrument: 'BTC-27FEB26-60000-C',
      quantity: '-3',
      entryPrice: null,
      price: '0.076794429583251437',
      priceAsset: 'BTC',
      priceSource: 'black-76: forward 61234.5 USD (forwards), volatility 0.62 (surface), rate 0.05 act/365',
      pricedAt: '2026-01-30T23:58:00Z',
    });
  });

  it('show the delivery price of what has expired, and nothing of an amount', () => {
    const quote = { ...PERPETUAL.quote, kind: 'settlement' } as PositionQuote;
    const expired = showLine(makeLine({ kind: 'options', valuation: { ...OPTION, quote } }));
    expect(expired).toMatchObject({ price: '61234.5', priceSource: 'settlement: three venues' });
    expect(new Set(Object.values(showLine(makeLine())))).toEqual(new Set([null]));
  });

  it('say where their price is from, and of when', () => {
    const source = { priceSource: 'three venues', pricedAt: '2026-01-31T00:00:00Z' };
    expect(describePriceSource(source)).toBe('three venues, 2026-01-31T00:00:00Z');
    expect(describePriceSource(source, () => 'today')).toBe('three venues, today');
    expect(describePriceSource({ ...source, pricedAt: null })).toBe('three venues');
    expect(describePriceSource({ priceSource: null, pricedAt: null })).toBe('');
  });
});
