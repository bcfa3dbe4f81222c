import { describe, expect, it } from 'vitest';

import { encodeCanonicalJson, hashLabelled, int248 } from '../../../src/protocol/index.js';
import * as rows from '../../../src/protocol/index.js';

const refusal = (code: string) => expect.objectContaining({ code, errorClass: 'format' }) as Error;

const OBSERVED = { at: '2026-11-27T23:59:00Z', source: 'index' };
const PERPETUAL = {
  kind: 'perpetual',
  name: 'BTC-PERP',
  underlying: 'BTC',
  settlementAsset: 'USD',
  contractSize: '0.001',
  style: 'linear',
};
const OPTION = {
  kind: 'option',
  name: 'BTC-26DEC-70000-C',
  underlying: 'BTC',
  settlementAsset: 'BTC',
  contractSize: '1',
  style: 'premium-paid',
  right: 'call',
  strike: '70000',
  expiry: '2026-12-26T08:00:00Z',
};
const MARK = { kind: 'mark', price: '65000', asset: 'USD', ...OBSERVED };
const MODEL = {
  kind: 'black-76',
  forward: { price: '65500', asset: 'USD', ...OBSERVED },
  volatility: { value: '0.55', ...OBSERVED },
  rate: '-0.01',
  dayCount: 'act/365',
  valuedAt: '2026-11-28T00:00:00Z',
};
const POSITION = {
  of: 'position',
  instrument: PERPETUAL,
  quantity: '-12',
  entryPrice: '64000',
  quote: MARK,
  conversion: null,
  rounding: 'up',
};
const CASH = {
  account: 'main',
  asset: 'USD',
  bucket: 'cross',
  kind: 'cash',
  reference: '',
  valuation: { of: 'amount', quantity: '12.345', rounding: 'up' },
  value: '12.35',
};
const FUTURE_LINE = { ...CASH, kind: 'futures', reference: 'position-1', valuation: POSITION, value: '-12' };
const OPTION_LINE = {
  ...FUTURE_LINE,
  kind: 'options',
  asset: 'BTC',
  valuation: { ...POSITION, instrument: OPTION, entryPrice: null, quote: MODEL },
};

const encode = (lines: readonly object[]) => encodeCanonicalJson({ format: 'solvent/statement/v2', lines });
const position = (change: object, line: { valuation: object } = FUTURE_LINE) => ({
  ...line,
  valuation: { ...line.valuation, ...change },
});

describe('a statement', () => {
  it.each<[string, object]>([
    ['cash', CASH],
    ['a linear perpetual at its mark', FUTURE_LINE],
    [
      'an inverse future in its coin',
      {
        ...position({
          instrument: {
            ...PERPETUAL,
            kind: 'future',
            style: 'inverse',
            settlementAsset: 'BTC',
            expiry: '2026-12-26T08:00:00Z',
          },
        }),
        asset: 'BTC',
      },
    ],
    [
      'a future settled in another currency than its mark',
      position({ quote: { ...MARK, asset: 'EUR' }, conversion: { fromPrice: '1.1', toPrice: '1' } }),
    ],
    ['an option by the model, in its coin', OPTION_LINE],
    [
      'an option by a mark in the quote currency, in its coin',
      position({ quote: MARK, conversion: { fromPrice: '1', toPrice: '65000' } }, OPTION_LINE),
    ],
    [
      'a worthless option at a mark of 0',
      position({ quote: { ...MARK, price: '0', asset: 'BTC' } }, OPTION_LINE),
    ],
    [
      'an expired option at its delivery price',
      position({ quote: { ...MARK, kind: 'settlement' } }, OPTION_LINE),
    ],
    [
      'a futures-style option',
      position({ instrument: { ...OPTION, style: 'futures-style' }, entryPrice: '0' }, OPTION_LINE),
    ],
  ])('holds %s, and comes back byte for byte', (_, line) => {
    const bytes = encode([line]);
    const statement = rows.parseStatement(bytes);
    expect(encodeCanonicalJson(statement)).toEqual(bytes);
    expect(rows.hashStatement(statement)).toBe(int248(hashLabelled('solvent/statement/v2', bytes)));
  });

  it.each<[string, object]>([
    ['no valuation', { ...CASH, valuation: null }],
    ['an amount in a futures line', { ...CASH, kind: 'futures' }],
    ['a position in a cash line', { ...FUTURE_LINE, kind: 'cash' }],
    ['an option in a futures line', { ...OPTION_LINE, kind: 'futures' }],
    ['another asset than the settlement asset', { ...FUTURE_LINE, asset: 'BTC' }],
    ['no entry price where there must be one', position({ entryPrice: null })],
    ['an entry price where the premium was paid', position({ entryPrice: '1' }, OPTION_LINE)],
    ['rounding down', position({ rounding: 'down' })],
    ['no rounding', position({ rounding: undefined })],
    ['a model price of a future', position({ quote: MODEL })],
    ['a delivery price of a perpetual', position({ quote: { ...MARK, kind: 'settlement' } })],
    ['a future’s mark of 0', position({ quote: { ...MARK, price: '0' } })],
    ['a negative mark', position({ quote: { ...MARK, price: '-1' } })],
    ['a mark without an instant', position({ quote: { ...MARK, at: null } })],
    ['a mark without a source', position({ quote: { ...MARK, source: '' } })],
    ['a conversion that is not needed', position({ conversion: { fromPrice: '1', toPrice: '1' } })],
    ['no conversion that is needed', position({ quote: { ...MARK, asset: 'EUR' } })],
    [
      'a conversion at a price of 0',
      position({ quote: { ...MARK, asset: 'EUR' }, conversion: { fromPrice: '1', toPrice: '0' } }),
    ],
    ['a contract size of 0', position({ instrument: { ...PERPETUAL, contractSize: '0' } })],
    ['a perpetual that expires', position({ instrument: { ...PERPETUAL, expiry: '2026-12-26T08:00:00Z' } })],
    ['a dated future without an expiry', position({ instrument: { ...PERPETUAL, kind: 'future' } })],
    ['an option’s style on a future', position({ instrument: { ...PERPETUAL, style: 'premium-paid' } })],
    ['an option without a strike', position({ instrument: { ...OPTION, strike: undefined } }, OPTION_LINE)],
    [
      'an option that is neither call nor put',
      position({ instrument: { ...OPTION, right: 'both' } }, OPTION_LINE),
    ],
    [
      'no volatility',
      position({ quote: { ...MODEL, volatility: { value: '0', ...OBSERVED } } }, OPTION_LINE),
    ],
    ['another day count', position({ quote: { ...MODEL, dayCount: '30/360' } }, OPTION_LINE)],
    ['a quantity in another spelling', position({ quantity: '-12.0' })],
    ['a quantity with a plus sign', position({ quantity: '+12' })],
  ])('is refused with %s', (_, line) => {
    expect(() => rows.parseStatement(encode([line]))).toThrow(refusal('schema-violated'));
  });

  it('is refused in the format before', () => {
    const old = encodeCanonicalJson({ format: 'solvent/statement/v1', lines: [] });
    expect(() => rows.parseStatement(old)).toThrow(refusal('format-unknown'));
  });
});
