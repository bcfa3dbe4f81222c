import { describe, expect, it } from 'vitest';

import { BTC, ETH, shorten, shortenHoldings, USDT, value, type Books } from './books.js';

const ACCOUNTS = [['a1', 'ann', 'user']];
const asText = async (books: Books, cash: 'balances-total' | 'balances-available' | 'ledger') =>
  shorten((await value({ book_account: ACCOUNTS, ...books }, { cash })).components);

describe('cash', () => {
  const books: Books = {
    stated_balance: [
      ['a1', BTC, '1.5'],
      ['a1', USDT, '0'],
    ],
    opening_balance: [
      ['a1', BTC, '1'],
      ['a1', ETH, '2'],
    ],
    ledger_sum: [
      ['a1', BTC, '-0.25'],
      ['a1', USDT, '7'],
    ],
    open_order: [
      ['a1', 'o1', BTC, '0.1'],
      ['a1', 'o2', BTC, '0.2'],
    ],
  };

  it('is the stated balance where that is total, and orders add nothing', async () => {
    expect(await asText(books, 'balances-total')).toEqual(['a1 cross BTC cash - 150000000']);
  });

  it('is the stated balance and what orders hold where that is what is available', async () => {
    expect(await asText(books, 'balances-available')).toEqual([
      'a1 cross BTC cash - 150000000',
      // 0.1 + 0.2 BTC in two orders.
      'a1 cross BTC open-orders - 30000000',
    ]);
  });

  it('is opening balance and ledger where that is said, and orders add nothing', async () => {
    expect(await asText(books, 'ledger')).toEqual([
      // 1 - 0.25 BTC.
      'a1 cross BTC cash - 75000000',
      'a1 cross USDT cash - 700',
      'a1 cross ETH cash - 20000',
    ]);
  });

  it('rounds up to proof units, and says by how much', async () => {
    const { components, holdings } = await value({
      book_account: ACCOUNTS,
      stated_balance: [
        ['a1', USDT, '1.001'],
        ['a1', ETH, '-0.000000000000000001'],
      ],
    });
    expect(components.map(({ units, rounding }) => [units, rounding])).toEqual([
      // 100.1 cents: 0.9 added. -10^-14 units: 10^-14 added.
      [101n, 9n * 10n ** 29n],
      [0n, 10n ** 16n],
    ]);
    expect(holdings).toEqual([
      {
        user: 'ann',
        assetIndex: USDT,
        equity: 101n,
        debt: 0n,
        equityRounding: 9n * 10n ** 29n,
        debtRounding: 0n,
      },
      { user: 'ann', assetIndex: ETH, equity: 0n, debt: 0n, equityRounding: 0n, debtRounding: 10n ** 16n },
    ]);
  });

  it('takes the largest amounts that the books can have, and refuses none by overflow', async () => {
    const assets = [{ symbol: 'TINY', decimals: 18, collateralRatio: '1', maxPriceAgeNs: 10n ** 12n }];
    const { holdings } = await value(
      { book_account: ACCOUNTS, stated_balance: [['a1', 0, '18.446744073709551615']] },
      { assets },
    );
    expect(holdings.map(({ equity }) => equity)).toEqual([2n ** 64n - 1n]);
  });
});

describe('what is not cash', () => {
  it('is counted once: what cash has already changes nothing', async () => {
    const books: Books = {
      collateral: [
        ['a1', BTC, '1', 'posted', false, 'c1'],
        ['a1', BTC, '2', 'posted', true, 'c2'],
        ['a1', BTC, '0.25', 'received', false, 'c3'],
        ['a1', BTC, '4', 'received', true, 'c4'],
      ],
      settlement: [
        ['a1', USDT, 'realised', '10', false, 's1', null],
        ['a1', USDT, 'funding', '-3', false, 's2', null],
        ['a1', USDT, 'withdrawal', '5', false, 's3', null],
        ['a1', USDT, 'deposit', '6', false, 's4', null],
        ['a1', USDT, 'realised', '1000', true, 's5', null],
      ],
      loan: [['a1', 'l1', ETH, '2', '0.0001', 'all collateral', null]],
    };
    expect(await asText(books, 'balances-total')).toEqual([
      'a1 cross BTC collateral-posted c1 100000000',
      'a1 cross BTC collateral-received c3 -25000000',
      'a1 cross USDT deposit-in-flight s4 600',
      'a1 cross USDT funding s2 -300',
      'a1 cross USDT realised s1 1000',
      'a1 cross USDT withdrawal-in-flight s3 500',
      'a1 cross ETH interest l1 -1',
      'a1 cross ETH loan l1 -20000',
    ]);
  });

  it('nets within the cross account of one account, and not between accounts or assets', async () => {
    const { holdings } = await value({
      book_account: [
        ['a1', 'ann', 'user'],
        ['a2', 'ann', 'user'],
        ['b1', 'bob', 'user'],
      ],
      stated_balance: [
        ['a1', USDT, '100'],
        ['a2', USDT, '40'],
        ['b1', USDT, '1'],
      ],
      loan: [
        ['a1', 'l1', USDT, '70', '0', null, null],
        ['a2', 'l2', USDT, '60', '0', null, null],
        ['a2', 'l3', BTC, '1', '0', null, null],
      ],
    });
    // Ann: 100 - 70 = 30 in a1; 40 - 60 = -20 in a2, which a1 does not pay.
    expect(shortenHoldings(holdings)).toEqual([
      'ann BTC 0 100000000',
      'ann USDT 3000 2000',
      'bob USDT 100 0',
    ]);
  });

  it('is nothing of the house, insurance and fee accounts, and a user with nothing is a user', async () => {
    const { components, holdings, summary } = await value({
      book_account: [
        ['a1', 'ann', 'user'],
        ['h1', null, 'house'],
        ['i1', null, 'insurance'],
        ['f1', null, 'fee'],
      ],
      stated_balance: [
        ['h1', USDT, '5'],
        ['i1', USDT, '5'],
        ['f1', USDT, '5'],
      ],
    });
    expect(components).toEqual([]);
    expect(shortenHoldings(holdings)).toEqual(['ann BTC 0 0']);
    expect(summary).toEqual({
      positions: { positions: 0, modelled: 0 },
      instruments: { count: 0, oldestPricedAt: null },
      isolatedLosses: { policy: 'limited', positions: 0, lifted: [] },
      components: [],
    });
  });
});
