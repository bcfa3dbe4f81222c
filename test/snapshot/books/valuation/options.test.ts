import { describe, expect, it } from 'vitest';

import { parseDecimal } from '../../../../src/protocol/index.js';
import type { BooksConfig } from '../../../../src/snapshot/books/config.js';
import { AT_NS, BTC, DAY_NS, MINUTE_NS, USDT, value, type Books, type ComponentRow } from './books.js';

const MARKED_NS = AT_NS - 2n * MINUTE_NS;
const EXPIRY_NS = AT_NS + 27n * DAY_NS;

type Option = {
  readonly style?: 'premium-paid' | 'futures-style';
  readonly size?: string;
  readonly settlement: number;
  readonly right?: 'call' | 'put';
  readonly strike?: string;
  readonly expiryNs?: bigint;
  readonly quantity: string;
  readonly entry?: string;
};

/** One position of one user in one option on BTC. */
function option(
  { style = 'premium-paid', size = '1', settlement, right = 'call', strike = '60000', ...rest }: Option,
  mark: Books['mark'],
): Books {
  const { expiryNs = EXPIRY_NS, quantity, entry = '0' } = rest;
  return {
    book_account: [['a1', 'ann', 'user']],
    instrument: [['OPT', 'option', 'BTC', settlement, size, style, strike, expiryNs, right, true]],
    mark: mark,
    open_position: [['a1', 'p1', 'OPT', quantity, entry, 'cross', null, false]],
  };
}

const markAt = (price: string, asset: string) => [['OPT', 'mark', price, asset, MARKED_NS, 'mark feed']];
const deliveryAt = (price: string, asset: string) => [
  ['OPT', 'settlement', price, asset, AT_NS - DAY_NS, 'delivery'],
];

async function componentOf(books: Books, changes: Partial<BooksConfig> = {}): Promise<ComponentRow> {
  const { components } = await value(books, changes);
  expect(components.map(({ kind }) => kind)).toEqual(['options']);
  return components[0]!;
}

describe('premium-paid options', () => {
  it('are worth q·size·mark, and that negative for short ones', async () => {
    // 4 · 0.1 · 0.0512345678 BTC = 0.02049382712 BTC: 2049382.712 satoshis.
    const marks = markAt('0.0512345678', 'BTC');
    const terms = { settlement: BTC, size: '0.1' };
    const long = await componentOf(option({ ...terms, quantity: '4' }, marks));
    expect(long).toMatchObject({ units: 2_049_383n, rounding: 288n * 10n ** 27n, entryPrice: null });
    const short = await componentOf(option({ ...terms, quantity: '-4' }, marks));
    expect(short).toMatchObject({ units: -2_049_382n, rounding: 712n * 10n ** 27n });
  });

  it('take a mark in the quote currency to the coin at the price of the coin', async () => {
    // 2 · 2500 USD = 5000 USD = 0.1 BTC at 50000.
    const component = await componentOf(option({ settlement: BTC, quantity: '2' }, markAt('2500', 'USD')));
    expect(component).toMatchObject({ units: 10_000_000n, price: '2500', priceAsset: 'USD' });
  });

  it('take a mark in the coin to a stablecoin through both prices', async () => {
    // 2 · 0.05 BTC = 0.1 BTC = 5000 USD = 6250 USDT at 0.8.
    const component = await componentOf(option({ settlement: USDT, quantity: '2' }, markAt('0.05', 'BTC')));
    expect(component).toMatchObject({ units: 625_000n, price: '0.05', priceAsset: 'BTC' });
  });

  it('may have a mark of zero', async () => {
    const component = await componentOf(option({ settlement: BTC, quantity: '-2' }, markAt('0', 'BTC')));
    expect(component).toMatchObject({ units: 0n, price: '0' });
  });
});

describe('futures-style options', () => {
  const terms = { style: 'futures-style', settlement: USDT, size: '0.01' } as const;

  it('are worth q·size·(mark - entry)', async () => {
    // 5 · 0.01 · (3100 - 3000) = 5 USDT.
    const long = await componentOf(
      option({ ...terms, quantity: '5', entry: '3000' }, markAt('3100', 'USDT')),
    );
    expect(long).toMatchObject({ units: 500n, entryPrice: '3000' });
    const short = await componentOf(
      option({ ...terms, quantity: '-5', entry: '3000' }, markAt('3100', 'USDT')),
    );
    expect(short.units).toBe(-500n);
  });

  it('take a result in the quote currency to the settlement asset', async () => {
    // 5 · 0.01 · (3100 - 3000) = 5 USD = 6.25 USDT at 0.8.
    const component = await componentOf(
      option({ ...terms, quantity: '5', entry: '3000' }, markAt('3100', 'USD')),
    );
    expect(component.units).toBe(625n);
  });
});

describe('expired options', () => {
  const expired = { expiryNs: AT_NS - DAY_NS };

  it('pay max(S - K, 0) for a call and max(K - S, 0) for a put, at the delivery price S', async () => {
    const call = { ...expired, settlement: USDT, quantity: '2', size: '0.1', strike: '60000' } as const;
    const put = { ...call, right: 'put' } as const;
    // 2 · 0.1 · (61000.5 - 60000) = 200.1 USDT, and nothing for the put.
    const inTheMoney = await componentOf(option(call, deliveryAt('61000.5', 'USDT')));
    expect(inTheMoney).toMatchObject({
      units: 20_010n,
      price: '61000.5',
      priceAsset: 'USDT',
      priceSource: 'settlement: delivery',
      priceAtNs: AT_NS - DAY_NS,
    });
    expect((await componentOf(option(put, deliveryAt('61000.5', 'USDT')))).units).toBe(0n);
    // 2 · 0.1 · (60000 - 59000) = 200 USDT; at 0.8 USD each, 200 USD are 250 USDT.
    expect((await componentOf(option(put, deliveryAt('59000', 'USDT')))).units).toBe(20_000n);
    expect((await componentOf(option(put, deliveryAt('59000', 'USD')))).units).toBe(25_000n);
    expect((await componentOf(option(call, deliveryAt('59000', 'USDT')))).units).toBe(0n);
  });

  it('pay coin at the delivery price, not at the price in force, where they settle in it', async () => {
    // (75000 - 60000) / 75000 = 0.2 BTC, although BTC is at 50000 now.
    const call = { ...expired, settlement: BTC, quantity: '1' };
    expect((await componentOf(option(call, deliveryAt('75000', 'USD')))).units).toBe(20_000_000n);
    // Short, and a price that no decimal divides by: -(61000 - 60000)/61000 = -0.01639344262… BTC.
    const short = { ...call, quantity: '-1' };
    expect((await componentOf(option(short, deliveryAt('61000', 'USD')))).units).toBe(-1_639_344n);
  });

  it('are worth what they pay less the entry where they are futures-style', async () => {
    // 2 · (1000 - 1200) = -400 USDT.
    const terms = {
      ...expired,
      style: 'futures-style',
      settlement: USDT,
      quantity: '2',
      entry: '1200',
    } as const;
    expect((await componentOf(option(terms, deliveryAt('61000', 'USDT')))).units).toBe(-40_000n);
  });

  it('are never at a mark', async () => {
    const books = option({ ...expired, settlement: BTC, quantity: '1' }, [
      ['OPT', 'mark', '0.9', 'BTC', AT_NS - 1n, 'mark feed'],
      ...deliveryAt('75000', 'USD'),
    ]);
    expect((await componentOf(books)).units).toBe(20_000_000n);
  });
});

describe('options without a mark', () => {
  const modelPrices = { allowed: true, rate: parseDecimal('0.05'), dayCount: 'act/365' } as const;
  const inputs = [
    ['OPT', 'forward', '61234.5', 'USD', MARKED_NS, 'forward feed'],
    ['OPT', 'volatility', '0.62', null, MARKED_NS - MINUTE_NS, 'surface'],
  ];
  // 27 days of 365 at a strike of 60000: the reference prices of the tests of Black-76.
  const inCash = '4702.468498315610142333';
  const inCoin = '0.076794429583251437';

  it('have a model price in coin where they settle in it', async () => {
    const component = await componentOf(option({ settlement: BTC, quantity: '10' }, inputs), { modelPrices });
    expect(component).toMatchObject({
      // 10 · 0.076794429583251437 BTC = 76794429.583… satoshis.
      units: 76_794_430n,
      price: inCoin,
      priceAsset: 'BTC',
      priceSource:
        'black-76: forward 61234.5 USD (forward feed), volatility 0.62 (surface), rate 0.05 act/365',
      priceAtNs: MARKED_NS - MINUTE_NS,
    });
  });

  it('have one in the currency of the forward elsewhere, taken to the settlement asset', async () => {
    const terms = { settlement: USDT, quantity: '-1', style: 'futures-style', entry: '4000' } as const;
    const component = await componentOf(option(terms, inputs), { modelPrices });
    // -(4702.468498… - 4000) USD / 0.8 = -878.0856… USDT.
    expect(component).toMatchObject({
      units: -87_808n,
      price: inCash,
      priceAsset: 'USD',
      entryPrice: '4000',
    });
  });

  it('have the mark where there is one, and the model again where it is stale', async () => {
    const marked = option({ settlement: BTC, quantity: '10' }, [...inputs, ...markAt('0.07', 'BTC')]);
    const { summary } = await value(marked, { modelPrices });
    expect(summary.positions).toEqual({ positions: 1, modelled: 0 });
    const stale = [['OPT', 'mark', '0.07', 'BTC', AT_NS - 11n * MINUTE_NS, 'mark feed']];
    const modelled = await value(option({ settlement: BTC, quantity: '10' }, [...inputs, ...stale]), {
      modelPrices,
    });
    expect(modelled.components[0]!.price).toBe(inCoin);
    expect(modelled.summary.positions).toEqual({ positions: 1, modelled: 1 });
  });
});
