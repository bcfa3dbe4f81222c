import { describe, expect, it } from 'vitest';

import { priceAssets } from '../../../../src/snapshot/books/valuation/asset-prices.js';
import { AT_NS, BTC, CONFIG, ETH, MINUTE_NS, openBooks, refusalOf, USDT, type Books } from './books.js';

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

  it.each([
    ['price-missing', 'there is none', []],
    ['price-missing', 'there are only later ones', [['50000', AT_NS + 1n]]],
    ['price-stale', 'the last is older than permitted', [['50000', AT_NS - LIMIT_NS - 1n]]],
    ['price-not-positive', 'it is 0', [['0', AT_NS]]],
    ['price-not-positive', 'it is negative', [['-1', AT_NS]]],
  ] as const)('are refused as %s where %s', async (code, _, btc) => {
    const expected = { errorClass: 'source', code, details: { assets: ['BTC'], count: 1 } };
    await expect(priced(prices(btc))).rejects.toMatchObject(expected);
    expect(await refusalOf(prices(btc))).toMatchObject(expected);
  });

  it('are refused for all assets at once', async () => {
    const error = await refusalOf({ asset_price: [[USDT, '1', AT_NS, 'index']] });
    expect(error.details).toEqual({ assets: ['BTC', 'ETH'], count: 2 });
    expect(error.message).toBe(
      'expected a price at or before the instant, got none for BTC, ETH: add one to the source prices, or do not list the asset',
    );
  });
});
