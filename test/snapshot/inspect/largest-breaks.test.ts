import { expect, it } from 'vitest';

import { rankBreaks } from '../../../src/snapshot/inspect/inspect-snapshot.js';

const unpriced = {
  decimals: 8,
  collateralRatio: '1',
  priceSource: null,
  pricedAt: null,
  maxPriceAgeMs: null,
};
const assets = [
  { ...unpriced, symbol: 'BTC', price: '64000.5' },
  { ...unpriced, symbol: 'SHIB', price: '0.00001' },
];
const compared = { balances: 1, control: 1, positions: 1 };

it('accepted breaks are ranked by what they are worth, whatever their sign, those in contracts last', () => {
  const breaksOf = (asset: string | null, difference: string) => ({
    kind: 'balance-differs' as const,
    asset,
    count: 1,
    difference,
    magnitude: difference.replace('-', ''),
  });
  const acceptedBreaks = [
    breaksOf(null, '1000000'),
    breaksOf('BTC', '0.000000000000000001'),
    breaksOf('SHIB', '-7000000000'),
    breaksOf('BTC', '1'),
    breaksOf('SHIB', '0'),
  ];
  const ranked = rankBreaks({ compared, acceptedBreaks }, { assets });
  expect(ranked.map(({ asset, value }) => [asset, value])).toEqual([
    ['SHIB', '70000'],
    ['BTC', '64000.5'],
    ['BTC', '0.0000000000000640005'],
    ['SHIB', '0'],
    [null, null],
  ]);
});
