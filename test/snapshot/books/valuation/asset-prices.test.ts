import { describe, expect, it } from 'vitest';

import { priceAssets } from '../../../../src/snapshot/books/valuation/asset-prices.js';
import {
  AT_NS,
  BTC,
  CONFIG,
  ETH,
  MINUTE_NS,
  openBooks,
  refusalOf,
  shortenHoldings,
  USDT,
  value,
  type Books,
} from './books.js';

const LIMIT_NS = 10n * MINUTE_NS;

describe('prices in force', () => {
  const prices = (btc: readonly (readonly [string, bigint])[]): Books => ({
    asset_price: [
      ...btc.map(([price, at]) => [BTC, price, at, 'index']),
      [USDT, '0.99', AT_NS, 'index'],
      [ETH, '2500', AT_NS - LIMIT_NS, 'other'],
    ],
  });
  const priced = async (books: Books) => {
    const { scratch, close } = await openBooks(books, CONFIG);
    try {
      return await priceAssets(scratch, CONFIG, AT_NS);
    } finally {
      await close();
    }
  };

  it('are the last at or before the instant, of any permitted age', async () => {
    const books = prices([
      ['50000.5', AT_NS - 1n],
      ['50001', AT_NS + 1n],
      ['49999', AT_NS - MINUTE_NS],
    ]);
    expect(await priced(books)).toEqual([
      { symbol: 'BTC', price: '50000.5', source: 'index', pricedAt: '2026-01-30T23:59:59.999999999Z' },
      { symbol: 'USDT', price: '0.99', source: 'index', pricedAt: '2026-01-31T00:00:00Z' },
      { symbol: 'ETH', price: '2500', source: 'other', pricedAt: '2026-01-30T23:50:00Z' },
    ]);
  });

  const HELD: Books = {
    book_account: [
      ['a1', 'ann', 'user'],
      ['h1', null, 'house'],
    ],
    stated_balance: [
      ['a1', BTC, '1'],
      ['h1', ETH, '1'],
    ],
  };

  it.each([
    ['price-missing', 'there is none', []],
    ['price-missing', 'there are only later ones', [['50000', AT_NS + 1n]]],
    ['price-stale', 'the last is older than permitted', [['50000', AT_NS - LIMIT_NS - 1n]]],
  ] as const)('are refused as %s where %s and a user has the asset', async (code, _, btc) => {
    const expected = { errorClass: 'source', code, details: { assets: ['BTC'], count: 1 } };
    expect(await refusalOf({ ...prices(btc), ...HELD })).toMatchObject(expected);
  });

  it('are none where there is none, and no user has the asset', async () => {
    const books = prices([['50000', AT_NS - LIMIT_NS - 1n]]);
    const none = { symbol: 'BTC', price: '0', source: null, pricedAt: null };
    expect((await priced(books))[0]).toEqual(none);
    const balances = { ...HELD, stated_balance: [['a1', USDT, '1'] as const, ['h1', BTC, '1'] as const] };
    const { holdings } = await value({ ...books, ...balances });
    expect(shortenHoldings(holdings)).toEqual(['ann USDT 100 0']);
  });

  it('may be 0: the asset is owed to those who have it', async () => {
    const books = { ...prices([['0', AT_NS]]), ...HELD };
    expect((await priced(books))[0]).toMatchObject({ symbol: 'BTC', price: '0', source: 'index' });
    expect(shortenHoldings((await value(books)).holdings)).toEqual(['ann BTC 100000000 0']);
  });

  it('are refused for all assets that users have at once', async () => {
    const stated_balance = [
      ['a1', BTC, '1'],
      ['a1', ETH, '1'],
    ] as const;
    const error = await refusalOf({
      ...HELD,
      stated_balance,
      asset_price: [[USDT, '1', AT_NS, 'index']],
    });
    expect(error.details).toEqual({ assets: ['BTC', 'ETH'], count: 2 });
    expect(error.message).toBe(
      'expected a price at or before the instant, got none for BTC, ETH: add one to the source prices, which is 0 where the asset is worth nothing',
    );
  });
});
