import { describe, expect, it } from 'vitest';

import { formatShare, joinSmallest, valueEquities } from '../../src/presentation/index.js';

describe('the value of what is owed', () => {
  const asset = (symbol: string, decimals: number, price: string) => ({
    ...{ symbol, decimals, price, collateralRatio: '1' },
    ...{ priceSource: 'index', pricedAt: null, maxPriceAgeMs: null },
  });
  const stated = { assets: [asset('BTC', 8, '61234.5'), asset('USDT', 6, '1'), asset('XYZ', 4, '0.25')] };

  it('is exact at the stated prices, and sorted', () => {
    const values = valueEquities(
      [
        { asset: 'BTC', equity: '250000001' },
        { asset: 'USDT', equity: '19000022' },
        { asset: 'XYZ', equity: '99999999' },
      ],
      stated,
    );
    // 2.50000001 at 61,234.5 is 153,086.250612345; 9,999.9999 at 0.25 is 2,499.999975.
    expect(values).toEqual([
      { asset: 'BTC', quoteUnits: 153_086n, shareBasisPoints: 9838 },
      { asset: 'XYZ', quoteUnits: 2_499n, shareBasisPoints: 160 },
      { asset: 'USDT', quoteUnits: 19n, shareBasisPoints: 1 },
    ]);
  });

  it('is nothing where nothing is owed', () => {
    const none = [{ asset: 'BTC', equity: '0' }];
    expect(valueEquities(none, stated)).toEqual([{ asset: 'BTC', quoteUnits: 0n, shareBasisPoints: 0 }]);
    expect(valueEquities([], stated)).toEqual([]);
  });
});

describe('shares of what is owed', () => {
  const values = [
    { asset: 'BTC', quoteUnits: 1_000_000n, shareBasisPoints: 9_999 },
    { asset: 'ETH', quoteUnits: 60n, shareBasisPoints: 0 },
    { asset: 'XYZ', quoteUnits: 0n, shareBasisPoints: 0 },
  ];

  it('are never 0 for what is worth something', () => {
    expect(values.map(formatShare)).toEqual(['99.99 %', '< 0.01 %', '0.00 %']);
  });

  it('are one where there are more than are wanted', () => {
    expect(joinSmallest(values, 3)).toEqual(values);
    expect(joinSmallest(values, 1)).toEqual([
      values[0],
      { asset: '2 others', quoteUnits: 60n, shareBasisPoints: 0 },
    ]);
  });
});
