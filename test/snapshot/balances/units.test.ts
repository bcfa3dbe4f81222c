import { describe, expect, it } from 'vitest';

import { derivePriceTable } from '../../../src/protocol/index.js';
import { balances, collectAccounts, refusalOf, shorten, takeSnapshot } from '../venue.js';

const HEADER = 'symbol,decimals,price,collateral_ratio';

describe('an asset of price 0', () => {
  const ASSETS = `${HEADER}\nAAA,2,10,0.5\nGONE,4,0,0.5\n`;

  it('is owed to those who hold it, and worth nothing as collateral', async () => {
    const snapshot = await takeSnapshot({
      balances: balances('ann,GONE,3.5,', 'ann,AAA,1,0'),
      assets: ASSETS,
    });
    expect(snapshot.totals[1]).toEqual({ asset: 'GONE', equity: '35000', debt: '0' });
    expect(snapshot.assets[1]).toMatchObject({ price: '0', collateralRatio: '0' });
    const error = await refusalOf({
      balances: balances('ann,GONE,1000000,0', 'ann,AAA,0,1'),
      assets: ASSETS,
    });
    expect(error.code).toBe('account-underwater');
  });

  it('cannot be owed, with whatever collateral and policy', async () => {
    const stated = { balances: balances('ann,AAA,1000,0', 'ann,GONE,0,0.0001'), assets: ASSETS };
    for (const underwater of ['fail', 'write-off'] as const) {
      const error = await refusalOf(stated, { underwater });
      expect(shorten(error.problems)).toEqual(['3 debt debt-without-price']);
      expect(error.problems[0]!.message).toContain('give the asset a price for GONE');
    }
  });
});

describe('the quote currency', () => {
  it('is listed at 1 of itself', async () => {
    const error = await refusalOf({
      balances: balances('ann,AAA,1,0'),
      assets: `${HEADER}\nAAA,2,10,0.5\nUSD,2,1.01,1\n`,
    });
    expect(shorten(error.problems)).toEqual(['3 price quote-price-not-one']);
  });
});

describe('an asset without a price', () => {
  const ASSETS = `${HEADER}\nAAA,2,10,0.5\nNEW,4,,0.5\n`;

  it('may be listed where nobody holds it', async () => {
    const snapshot = await takeSnapshot({ balances: balances('ann,AAA,1,0', 'ann,NEW,0,'), assets: ASSETS });
    expect(snapshot.assets[1]).toMatchObject({ symbol: 'NEW', price: '0' });
    expect(snapshot.totals[1]).toEqual({ asset: 'NEW', equity: '0', debt: '0' });
  });

  it('cannot be held', async () => {
    const error = await refusalOf({
      balances: balances('ann,AAA,1,0', 'bob,NEW,0.0000001,'),
      assets: ASSETS,
    });
    expect(shorten(error.problems)).toEqual(['3 asset price-missing']);
    expect(error.problems[0]!.message).toContain('NEW');
  });
});

describe('decimals', () => {
  it('are advised where a price is too small beside another', async () => {
    const rows = ['BTC,8,108649,0.9', 'DUST,8,0.000000000099,0'];
    const error = await refusalOf({
      balances: balances('ann,BTC,1,0'),
      assets: `${HEADER}\n${rows.join('\n')}\n`,
    });
    expect(shorten(error.problems)).toEqual(['3 price price-too-small']);
    expect(error.problems[0]!.message).toContain('give it at most 7 decimals (0 to 7 fit), or write auto');
    const taken = await takeSnapshot({
      balances: balances('ann,BTC,1,0'),
      assets: `${HEADER}\n${rows[0]!}\nDUST,7,0.000000000099,0\n`,
    });
    expect(taken.assets[1]!.decimals).toBe(7);
  });

  it('are advised where an amount is too large, within what the price allows', async () => {
    // 0.001 at 8 decimals sets how small a price may be, and so how dear a unit of the token.
    const assets = `${HEADER}\nTOKEN,18,0.000008,0\nFINE,15,1,0\n`;
    const error = await refusalOf({ balances: balances('ann,TOKEN,100000000000000,0'), assets });
    expect(shorten(error.problems)).toEqual(['2 equity amount-too-large']);
    expect(error.problems[0]!.message).toMatch(/TOKEN.*give it at most 5 decimals \(\d+ to 5 fit\)/);
    const taken = await takeSnapshot({
      balances: balances('ann,TOKEN,100000000000000,0'),
      assets: assets.replace('TOKEN,18', 'TOKEN,5'),
    });
    expect(taken.totals[0]!.equity).toBe(`1${'0'.repeat(19)}`);
  });

  it('say so where no number fits both the price and the amount', async () => {
    const error = await refusalOf({
      balances: balances('ann,TOKEN,99999999999999999999,0'),
      assets: `${HEADER}\nTOKEN,8,1,0\n`,
    });
    expect(error.problems[0]!.message).toContain('which no number of decimals holds: correct the amount');
  });

  it('are not advised to be chosen where they were', async () => {
    const assets = `${HEADER}\nBTC,auto,108649,0.9\nDUST,auto,0.${'0'.repeat(29)}8,0\n`;
    const stated = balances('ann,BTC,1000000000,0', 'ann,DUST,1000000000,0');
    const error = await refusalOf({ balances: stated, assets });
    expect(shorten(error.problems)).toEqual(['3 price price-too-small']);
    expect(error.problems[0]!.message).toContain('though all were chosen for that: correct its price');
    const one = await refusalOf({ balances: stated, assets: assets.replace('auto', '0') });
    expect(one.problems[0]!.message).toContain('or write decimals auto for all');
  });

  it('are chosen by prices and balances, and published', async () => {
    const assets = `${HEADER}\nBTC,auto,108649,0.9\nDUST,auto,0.000000000099,0\nMANY,auto,0.000008,0\nUSD,2,1,1\n`;
    const snapshot = await takeSnapshot({
      balances: balances('ann,BTC,0.00000001,0', 'ann,MANY,100000000000000,', 'bob,DUST,12.5,'),
      assets,
    });
    expect(snapshot.assets.map(({ symbol, decimals }) => `${symbol} ${decimals}`)).toEqual([
      'BTC 8',
      'DUST 6',
      'MANY 5',
      'USD 2',
    ]);
    expect(snapshot.totals.map(({ equity }) => equity)).toEqual(['1', '12500000', `1${'0'.repeat(19)}`, '0']);
  });

  it('are chosen for a list of 462 assets from 9.9e-11 to 108,649', async () => {
    // Prices that fall by a constant factor, in the nine digits that such lists have.
    const prices = Array.from({ length: 462 }, (_, at) => {
      const price = 108_649 * (9.9e-11 / 108_649) ** (at / 461);
      return at === 461 ? '0.000000000099' : price.toFixed(Math.max(0, 8 - Math.floor(Math.log10(price))));
    });
    const rows = prices.map((price, at) => `A${at},auto,${price},0.5`);
    const held = prices.map((price, at) => `u${at % 7},A${at},${(50_000 / Number(price)).toFixed(3)},`);
    const snapshot = await takeSnapshot({
      balances: balances(...held),
      assets: `${HEADER}\n${rows.join('\n')}\n`,
    });
    expect(snapshot.assets).toHaveLength(462);
    for (const { full } of derivePriceTable(snapshot.assets).prices)
      expect(full).toBeGreaterThanOrEqual(10_000n);
    expect(snapshot.assets[0]!.decimals).toBe(8);
    const fixed = rows.map((row) => row.replace('auto', '8'));
    const error = await refusalOf({
      balances: balances(...held),
      assets: `${HEADER}\n${fixed.join('\n')}\n`,
    });
    expect(error.code).toBe('price-too-small');
  });

  it('are refused with a price where nothing can be chosen', async () => {
    const assets = `${HEADER}\nBTC,0,100000000000000000,0\nDUST,auto,0.0000000000001,0\n`;
    const error = await refusalOf({ balances: balances('ann,BTC,1,0'), assets });
    expect(shorten(error.problems)).toEqual(['3 price price-too-small']);
    expect(error.problems[0]!.file).toBe('assets.csv');
  });
});

describe('amounts in base units', () => {
  const ASSETS = `${HEADER},unit\nETH,9,2500,0.9,18\nUSD,2,1,1,\n`;

  it('are whole units at the asset’s own unit', async () => {
    const accounts = await collectAccounts(
      await takeSnapshot({
        balances: balances(
          'ann,ETH,1500000000000000000,0',
          'bob,ETH,1,',
          'cid,ETH,10000000000000000000000000000,',
          'dan,USD,12.5,',
          'eve,ETH,1000000000.00,',
          'fay,ETH,-0,',
        ),
        assets: ASSETS,
      }),
    );
    expect(accounts.map(({ userId, holdings }) => [userId, holdings[0]?.equityUnits ?? 0n])).toEqual([
      ['ann', 1_500_000_000n],
      ['bob', 1n],
      ['cid', 10n ** 19n],
      ['dan', 1250n],
      ['eve', 1n],
      ['fay', 0n],
    ]);
  });

  it('are refused as other amounts are', async () => {
    const error = await refusalOf({
      balances: balances('ann,ETH,-1,0', 'bob,ETH,1e18,', 'cid,ETH,100000000000000000000000000000,'),
      assets: ASSETS,
    });
    expect(shorten(error.problems)).toEqual([
      '2 equity amount-negative',
      '3 equity amount-malformed',
      '4 equity amount-too-large',
    ]);
    expect(error.problems[2]!.message).toContain('give it at most 8 decimals');
  });

  it.each(['1.5', '0.5', '1.000000000000000000000000000001', `1.${'0'.repeat(40)}1`])(
    'are refused with a part of one, as whole units that were taken for them have: %s',
    async (stated) => {
      const error = await refusalOf({ balances: balances(`ann,ETH,${stated},`), assets: ASSETS });
      expect(shorten(error.problems)).toEqual(['2 equity amount-too-precise']);
      expect(error.problems[0]!.message).toContain('none of an amount in base units');
    },
  );
});
