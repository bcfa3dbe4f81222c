import { describe, expect, it } from 'vitest';

import type { StatementLine, Valuation } from '../../src/protocol/index.js';
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
    valuation: { of: 'amount', quantity: stated.value ?? '1', rounding: 'up' },
    value: '1',
    ...stated,
  };
}

const PERPETUAL: Valuation = {
  of: 'position',
  instrument: {
    ...{ kind: 'perpetual', name: 'BTC-PERP', underlying: 'BTC', settlementAsset: 'USDT' },
    ...{ contractSize: '0.001', style: 'linear' },
  },
  quantity: '-12',
  entryPrice: '60000',
  quote: {
    ...{ kind: 'mark', price: '61234.5', asset: 'USDT' },
    ...{ at: '2026-01-31T00:00:00Z', source: 'three venues' },
  },
  conversion: null,
  rounding: 'up',
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
    const position = makeLine({
      ...{ asset: 'USDT', kind: 'futures', reference: 'p-17', valuation: PERPETUAL },
    });
    expect(describeLine(position)).toBe('Futures BTC-PERP (p-17)');
  });

  it('say their quantity, their price and what they were entered at, where they are positions', () => {
    const shown = showLine(makeLine({ asset: 'USDT', kind: 'futures', valuation: PERPETUAL }));
    expect(shown).toMatchObject({ quantity: '-12', priceSource: 'three venues' });
    expect(describePrice(shown)).toBe('61,234.5 USDT, entered at 60,000');
    expect(describePrice({ ...shown, entryPrice: '-60000' }, typesetAmount)).toBe(
      '61,234.5 USDT, entered at −60,000',
    );
    expect(describePrice(showLine(makeLine()))).toBe('');
  });

  it('say where their price is from, and of when', () => {
    const source = { priceSource: 'three venues', pricedAt: '2026-01-31T00:00:00Z' };
    expect(describePriceSource(source)).toBe('three venues, 2026-01-31T00:00:00Z');
    expect(describePriceSource(source, () => 'today')).toBe('three venues, today');
    expect(describePriceSource({ ...source, pricedAt: null })).toBe('three venues');
    expect(describePriceSource({ priceSource: null, pricedAt: null })).toBe('');
  });
});
