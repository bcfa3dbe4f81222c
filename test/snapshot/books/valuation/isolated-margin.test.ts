import { describe, expect, it } from 'vitest';

import type { BooksConfig } from '../../../../src/snapshot/books/config.js';
import { AT_NS, BTC, shorten, shortenHoldings, USDT, value, type Books } from './books.js';

type Terms = { readonly outside: boolean; readonly mark: string; readonly quantity?: string };

/** Ann has 1000 USDT of cash, and one BTC bought at 60000 with a margin of 500 of its own. */
function isolated({ outside, mark, quantity = '1' }: Terms, more: Books = {}): Books {
  return {
    book_account: [['a1', 'ann', 'user']],
    stated_balance: [['a1', USDT, '1000']],
    instrument: [['PERP', 'perpetual', 'BTC', USDT, '1', 'linear', null, null, null, true]],
    mark: [['PERP', 'mark', mark, 'USDT', AT_NS, 'mark feed']],
    open_position: [['a1', 'p1', 'PERP', quantity, '60000', 'isolated', '500', outside]],
    ...more,
  };
}

async function asText(books: Books, changes: Partial<BooksConfig> = {}) {
  const { components, holdings, summary } = await value(books, changes);
  return {
    lines: shorten(components),
    holdings: shortenHoldings(holdings),
    losses: summary.isolatedLosses,
  };
}

describe('the margin of an isolated position', () => {
  it('is taken out of the cross account where cash has it', async () => {
    expect(await asText(isolated({ outside: false, mark: '60100' }))).toMatchObject({
      lines: [
        'a1 cross USDT cash - 100000',
        'a1 cross USDT isolated-margin p1 -50000',
        'a1 p1 USDT futures p1 10000',
        'a1 p1 USDT isolated-margin p1 50000',
      ],
      // 1000 - 500 = 500 in the cross account, 500 + 100 = 600 in the bucket.
      holdings: ['ann USDT 110000 0'],
    });
  });

  it('is only added where it is outside cash already', async () => {
    expect(await asText(isolated({ outside: true, mark: '60100' }))).toMatchObject({
      lines: [
        'a1 cross USDT cash - 100000',
        'a1 p1 USDT futures p1 10000',
        'a1 p1 USDT isolated-margin p1 50000',
      ],
      holdings: ['ann USDT 160000 0'],
    });
  });

  it('pays for a loss within it', async () => {
    // 500 - 400 = 100 in the bucket.
    expect(await asText(isolated({ outside: true, mark: '59600' }))).toMatchObject({
      holdings: ['ann USDT 110000 0'],
      losses: { positions: 0, lifted: [] },
    });
    // 500 - 500 = 0: spent, and nothing is beyond it.
    expect(await asText(isolated({ outside: true, mark: '59500' }))).toMatchObject({
      holdings: ['ann USDT 100000 0'],
      losses: { positions: 0, lifted: [] },
    });
  });

  it('stays with a position of nothing, which needs no mark', async () => {
    const books = isolated({ outside: true, mark: '1', quantity: '0' }, { mark: [] });
    expect((await asText(books)).lines).toEqual([
      'a1 cross USDT cash - 100000',
      'a1 p1 USDT isolated-margin p1 50000',
    ]);
  });
});

describe('a loss beyond the margin', () => {
  const books = isolated({ outside: true, mark: '59000' });

  it('is lifted to nothing where losses are limited, and reported', async () => {
    expect(await asText(books)).toEqual({
      lines: [
        'a1 cross USDT cash - 100000',
        'a1 p1 USDT futures p1 -100000',
        'a1 p1 USDT isolated-loss-limit p1 50000',
        'a1 p1 USDT isolated-margin p1 50000',
      ],
      holdings: ['ann USDT 100000 0'],
      losses: { policy: 'limited', positions: 1, lifted: [{ asset: 'USDT', units: 50_000n }] },
    });
  });

  it('stays as a debt where there is recourse, and is reported', async () => {
    // 500 - 1000 = -500, which the cross account of 1000 does not net.
    expect(await asText(books, { isolatedLoss: 'recourse' })).toMatchObject({
      holdings: ['ann USDT 100000 50000'],
      losses: { policy: 'recourse', positions: 1, lifted: [{ asset: 'USDT', units: 50_000n }] },
    });
  });

  it('takes the whole bucket with it, in every asset that it has', async () => {
    // The bucket: 500 + 60.01 - 1000 = -439.99 USDT (at 0.8: -351.992 USD) and 0.007 BTC (350 USD): in sum a loss.
    const more: Books = {
      settlement: [
        ['a1', BTC, 'realised', '0.007', false, 's1', 'p1'],
        ['a1', USDT, 'funding', '60.01', false, 's2', 'p1'],
      ],
    };
    expect(await asText(isolated({ outside: true, mark: '59000' }, more))).toMatchObject({
      lines: [
        'a1 cross USDT cash - 100000',
        'a1 p1 BTC isolated-loss-limit p1 -700000',
        'a1 p1 BTC realised s1 700000',
        'a1 p1 USDT funding s2 6001',
        'a1 p1 USDT futures p1 -100000',
        'a1 p1 USDT isolated-loss-limit p1 43999',
        'a1 p1 USDT isolated-margin p1 50000',
      ],
      holdings: ['ann BTC 0 0', 'ann USDT 100000 0'],
      losses: {
        positions: 1,
        lifted: [
          { asset: 'BTC', units: -700_000n },
          { asset: 'USDT', units: 43_999n },
        ],
      },
    });
  });

  it('is none where another asset of the bucket covers it at full prices', async () => {
    // -500 USDT are -400 USD, and 0.008 BTC are 400 USD: nothing is missing, so the debt is a debt.
    const more: Books = { settlement: [['a1', BTC, 'realised', '0.008', false, 's1', 'p1']] };
    expect(await asText(isolated({ outside: true, mark: '59000' }, more))).toMatchObject({
      holdings: ['ann BTC 800000 0', 'ann USDT 100000 50000'],
      losses: { positions: 0, lifted: [] },
    });
  });
});

describe('what names a position', () => {
  const more: Books = {
    loan: [
      ['a1', 'l1', BTC, '0.001', '0', 'p1', 'p1'],
      ['a1', 'l2', BTC, '0.002', '0', 'the cross account', null],
    ],
    settlement: [['a1', USDT, 'funding', '7', false, 's1', 'p0']],
  };

  it('is in its bucket where it is isolated and open, and else in the cross account', async () => {
    const { lines, holdings } = await asText(isolated({ outside: true, mark: '60100' }, more));
    expect(lines).toEqual([
      'a1 cross BTC loan l2 -200000',
      'a1 cross USDT cash - 100000',
      'a1 cross USDT funding s1 700',
      'a1 p1 BTC loan l1 -100000',
      'a1 p1 USDT futures p1 10000',
      'a1 p1 USDT isolated-margin p1 50000',
    ]);
    expect(holdings).toEqual(['ann BTC 0 300000', 'ann USDT 160700 0']);
  });
});
