import { describe, expect, it } from 'vitest';

import { balances, refusalOf, shorten, takeSnapshot } from '../venue.js';

const HEADER = 'symbol,decimals,price,collateral_ratio';
const BALANCES = balances('ann,AAA,1,0');
/** A file of assets does not say where its prices are from. */
const UNSTATED = { priceSource: null, pricedAt: null, maxPriceAgeMs: null };

describe('assets.csv', () => {
  it('gives assets their places in the order of its rows, whatever the order of its columns', async () => {
    const snapshot = await takeSnapshot({
      balances: BALANCES,
      assets: 'price,symbol,collateral_ratio,decimals\n"3.140",ZZZ,1.0,0\n10,AAA,00.50,2\n',
    });
    expect(snapshot.assets).toEqual([
      { symbol: 'ZZZ', decimals: 0, price: '3.14', collateralRatio: '1', ...UNSTATED },
      { symbol: 'AAA', decimals: 2, price: '10', collateralRatio: '0.5', ...UNSTATED },
    ]);
  });

  it.each([
    ['an empty file', '', ['1 - file-empty']],
    ['no rows', `${HEADER}\n`, ['1 - rows-missing']],
    ['a missing column', 'symbol,decimals,price\nAAA,2,10\n', ['1 collateral_ratio column-missing']],
    ['an unknown column', `${HEADER},name\nAAA,2,10,1,x\n`, ['1 - column-unknown']],
    ['a ragged row', `${HEADER}\nAAA,2,10\n`, ['2 - row-ragged']],
    ['an unclosed quote', `${HEADER}\n"AAA,2,10,1\n`, ['2 - quote-unclosed']],
    ['an empty symbol', `${HEADER}\n,2,10,1\n`, ['2 symbol symbol-malformed']],
    ['a symbol with a space', `${HEADER}\nA A,2,10,1\n`, ['2 symbol symbol-malformed']],
    ['a symbol twice', `${HEADER}\nAAA,2,10,1\nBBB,2,10,1\nAAA,3,10,1\n`, ['4 symbol asset-doubled']],
    ['decimals that are no number', `${HEADER}\nAAA,x,10,1\n`, ['2 decimals decimals-malformed']],
    ['negative decimals', `${HEADER}\nAAA,-1,10,1\n`, ['2 decimals decimals-malformed']],
    ['25 decimals', `${HEADER}\nAAA,25,10,1\n`, ['2 decimals decimals-malformed']],
    ['a negative price', `${HEADER}\nAAA,2,-10,1\n`, ['2 price price-negative']],
    ['a price that is no number', `${HEADER}\nAAA,2,1e3,1\n`, ['2 price decimal-malformed']],
    ['a unit that is no number', `${HEADER},unit\nAAA,2,10,1,wei\n`, ['2 unit decimals-malformed']],
    [
      'a price too large for any scale',
      `${HEADER}\nAAA,0,18446744073709551616,1\n`,
      ['2 price price-too-large'],
    ],
    ['a ratio above 1', `${HEADER}\nAAA,2,10,1.01\n`, ['2 collateral_ratio collateral-ratio-out-of-range']],
    ['a negative ratio', `${HEADER}\nAAA,2,10,-0.1\n`, ['2 collateral_ratio collateral-ratio-out-of-range']],
    ['a ratio in per cent', `${HEADER}\nAAA,2,10,50%\n`, ['2 collateral_ratio decimal-malformed']],
  ])('refuses %s', async (_, assets, problems) => {
    const error = await refusalOf({ balances: BALANCES, assets });
    expect(shorten(error.problems)).toEqual(problems);
    expect(error.problems[0]!.file).toBe('assets.csv');
  });

  it('refuses each price that is too small beside the largest', async () => {
    // 10^6 sets the scale to 13; a ten-billionth at 2 decimals is then 10 units of 10^-13.
    const error = await refusalOf({
      balances: BALANCES,
      assets: `${HEADER}\nAAA,0,1000000,1\nBBB,2,0.0000000001,1\nCCC,0,1,1\nDDD,2,0.0000000002,1\n`,
    });
    expect(shorten(error.problems)).toEqual(['3 price price-too-small', '5 price price-too-small']);
    expect(error.problems[1]!.message).toContain('DDD');
  });

  it('reports every problem of the file, before it looks at the balances', async () => {
    const error = await refusalOf({
      balances: balances('ann,ZZZ,-1,0'),
      assets: `${HEADER}\nA A,x,-1,2\n\nAAA,2,10\nBBB,2,-1,1\n`,
    });
    expect(shorten(error.problems)).toEqual([
      '2 collateral_ratio collateral-ratio-out-of-range',
      '2 decimals decimals-malformed',
      '2 price price-negative',
      '2 symbol symbol-malformed',
      '3 - row-blank',
      '4 - row-ragged',
      '5 price price-negative',
    ]);
  });

  it('takes 1,024 assets and refuses one more', async () => {
    const rows = Array.from({ length: 1025 }, (_, at) => `A${at},2,10,1`);
    const most = await takeSnapshot({
      balances: balances('ann,A1023,1,0'),
      assets: [HEADER, ...rows.slice(0, 1024)].join('\n'),
    });
    expect(most.assets).toHaveLength(1024);
    const error = await refusalOf({ balances: BALANCES, assets: [HEADER, ...rows].join('\n') });
    expect(shorten(error.problems)).toEqual(['1026 - assets-too-many']);
  });
});
