import { describe, expect, it } from 'vitest';

import { parseDecimal } from '../../../../src/protocol/index.js';
import type { BooksConfig } from '../../../../src/snapshot/books/config.js';
import { ASSETS, AT_NS, BTC, DAY_NS, MINUTE_NS, refusalOf, USDT, value, type Books } from './books.js';

const LIMIT_NS = 10n * MINUTE_NS;
const modelPrices = { allowed: true, rate: parseDecimal('0'), dayCount: 'act/365' } as const;

async function shortRefusal(books: Books, changes: Partial<BooksConfig> = {}) {
  const { errorClass, code, details } = await refusalOf(books, changes);
  return { errorClass, code, details };
}

type Changes = {
  readonly instrument?: readonly (string | number | bigint | boolean | null)[];
  readonly mark?: Books['mark'];
};

/** A user's position in one instrument, and one of the house in another that has no mark. */
function position({ instrument, mark = [] }: Changes = {}): Books {
  const terms = instrument ?? ['perpetual', 'BTC', USDT, '1', 'linear', null, null, null, true];
  return {
    book_account: [
      ['a1', 'ann', 'user'],
      ['h1', null, 'house'],
    ],
    instrument: [
      ['X', ...terms],
      ['UNMARKED', 'perpetual', 'BTC', USDT, '1', 'linear', null, null, null, true],
    ],
    mark,
    open_position: [
      ['a1', 'p1', 'X', '1', '60000', 'cross', null, false],
      ['h1', 'p2', 'UNMARKED', '1', '60000', 'cross', null, false],
    ],
  };
}

const future = (changes: { style?: string; expiryNs?: bigint; size?: string; settlement?: number } = {}) => [
  ...['future', 'BTC', changes.settlement ?? USDT, changes.size ?? '1', changes.style ?? 'linear'],
  ...[null, changes.expiryNs ?? AT_NS + DAY_NS, null, true],
];
const option = (
  changes: { settlement?: number; expiryNs?: bigint; strike?: string; right?: string } = {},
) => [
  ...['option', 'BTC', changes.settlement ?? BTC, '1', 'premium-paid', changes.strike ?? '60000'],
  ...[changes.expiryNs ?? AT_NS + DAY_NS, changes.right ?? 'call', true],
];
const at = (kind: string, price: string, asset: string | null, atNs = AT_NS) => [
  'X',
  kind,
  price,
  asset,
  atNs,
  'feed',
];

describe('marks', () => {
  it('are needed only for what users have positions in, and may be as old as permitted', async () => {
    const { summary } = await value(position({ mark: [at('mark', '60000', 'USDT', AT_NS - LIMIT_NS)] }));
    expect(summary.instruments).toEqual({ count: 1, oldestPricedAt: '2026-01-30T23:50:00Z' });
  });

  it.each<[string, string, Changes]>([
    ['mark-missing', 'there is none', {}],
    ['mark-missing', 'they are later', { mark: [at('mark', '60000', 'USDT', AT_NS + 1n)] }],
    ['mark-missing', 'they are of another kind', { mark: [at('settlement', '60000', 'USDT')] }],
    [
      'mark-stale',
      'they are older than permitted',
      { mark: [at('mark', '1', 'USDT', AT_NS - LIMIT_NS - 1n)] },
    ],
    ['price-not-positive', 'a future has 0', { mark: [at('mark', '0', 'USDT')] }],
    [
      'price-not-positive',
      'an option has less than 0',
      { instrument: option(), mark: [at('mark', '-1', 'BTC')] },
    ],
    ['mark-asset-unusable', 'their asset is not listed', { mark: [at('mark', '60000', 'EUR')] }],
    [
      'mark-asset-unusable',
      'an inverse future has the coin in the coin',
      { instrument: future({ style: 'inverse', settlement: BTC }), mark: [at('mark', '1', 'BTC')] },
    ],
    [
      'settlement-price-missing',
      'it is at the expiry',
      { instrument: future({ expiryNs: AT_NS }), mark: [at('mark', '1', 'USDT')] },
    ],
    [
      'settlement-price-missing',
      'the settlement is of a day before the expiry',
      { instrument: future({ expiryNs: AT_NS - 5n }), mark: [at('settlement', '1', 'USDT', AT_NS - 6n)] },
    ],
    [
      'mark-asset-unusable',
      'a coin is delivered at a price in the coin',
      { instrument: option({ expiryNs: AT_NS }), mark: [at('settlement', '1', 'BTC')] },
    ],
    [
      'price-not-positive',
      'the delivery price is 0',
      { instrument: option({ expiryNs: AT_NS }), mark: [at('settlement', '0', 'USD')] },
    ],
  ])('are refused as %s where %s', async (code, _, changes) => {
    expect(await shortRefusal(position(changes))).toEqual({
      errorClass: 'source',
      code,
      details: { instruments: ['X'], count: 1 },
    });
  });

  it('are named, five of them and then their number', async () => {
    const names = ['A', 'B', 'C', 'D', 'E', 'F', 'G'];
    const error = await refusalOf({
      book_account: [['a1', 'ann', 'user']],
      instrument: names.map((name) => [
        name,
        'perpetual',
        'BTC',
        USDT,
        '1',
        'linear',
        null,
        null,
        null,
        true,
      ]),
      open_position: names.map((name) => ['a1', name, name, '123456', '60000', 'cross', null, false]),
    });
    expect(error.message).toContain('got none for A, B, C, D, E and 2 more: add one to the source marks');
    expect(error.details).toEqual({ instruments: names, count: 7 });
    expect(error.message).not.toMatch(/a1|ann|123456/);
  });
});

describe('model prices', () => {
  const inputs = (forwardNs: bigint, volatilityNs: bigint, [forward, volatility] = ['60000', '0.5']) => [
    at('forward', forward, 'USD', forwardNs),
    at('volatility', volatility, null, volatilityNs),
  ];

  it('are refused unless they are allowed', async () => {
    const books = position({ instrument: option(), mark: inputs(AT_NS, AT_NS) });
    expect((await refusalOf(books)).code).toBe('mark-missing');
    const { summary } = await value(books, { modelPrices });
    expect(summary.positions).toEqual({ positions: 1, modelled: 1 });
  });

  it.each<[string, string, Books['mark']]>([
    ['mark-missing', 'the forward is missing', inputs(AT_NS, AT_NS).slice(1)],
    ['mark-missing', 'the volatility is missing', inputs(AT_NS, AT_NS).slice(0, 1)],
    ['mark-missing', 'the forward is too old', inputs(AT_NS - LIMIT_NS - 1n, AT_NS)],
    ['mark-missing', 'the volatility is too old', inputs(AT_NS, AT_NS - LIMIT_NS - 1n)],
    ['price-not-positive', 'the forward is 0', inputs(AT_NS, AT_NS, ['0', '0.5'])],
    ['price-not-positive', 'the volatility is 0', inputs(AT_NS, AT_NS, ['60000', '0'])],
  ])('are refused as %s where %s', async (code, _, mark) => {
    const error = await refusalOf(position({ instrument: option(), mark: mark }), { modelPrices });
    expect(error.code).toBe(code);
  });

  it('are none of futures, and none of what has expired', async () => {
    const mark = inputs(AT_NS, AT_NS);
    expect((await refusalOf(position({ instrument: future(), mark }), { modelPrices })).code).toBe(
      'mark-missing',
    );
    const expired = position({ instrument: option({ expiryNs: AT_NS }), mark });
    expect((await refusalOf(expired, { modelPrices })).code).toBe('settlement-price-missing');
  });
});

describe('instruments', () => {
  it.each<[string, Changes['instrument']]>([
    ['a contract size of 0', future({ size: '0' })],
    ['a future with the style of an option', future({ style: 'premium-paid' })],
    ['a settlement asset that is not listed', future({ settlement: 7 })],
    ['an option that is neither call nor put', option({ right: 'both' })],
    ['an option with a strike of 0', option({ strike: '0' })],
    ['an unknown kind', ['swap', 'BTC', USDT, '1', 'linear', null, null, null, true]],
    ['an option without an expiry', ['option', 'BTC', BTC, '1', 'premium-paid', '1', null, 'put', true]],
    ['an option with the style of a future', ['option', 'BTC', BTC, '1', 'inverse', '1', AT_NS, 'put', true]],
  ])('are refused with %s', async (_, instrument) => {
    expect(await shortRefusal(position({ instrument: instrument! }))).toEqual({
      errorClass: 'source',
      code: 'instrument-malformed',
      details: { instruments: ['X'], count: 1 },
    });
  });
});

describe('positions', () => {
  const row = (changes: Readonly<Record<number, string | boolean | null>>) =>
    ['a1', 'p1', 'X', '1', '60000', 'cross', null, false].map((cell, column) => changes[column] ?? cell);
  const marked = { ...position({ mark: [at('mark', '60000', 'USDT')] }) };

  it.each<[string, string, (string | boolean | null)[]]>([
    ['an isolated one without a margin', 'margin-missing', row({ 5: 'isolated' })],
    ['an isolated one with a margin below 0', 'margin-missing', row({ 5: 'isolated', 6: '-1' })],
    [
      'an isolated one with the name of the cross account',
      'position-id',
      row({ 1: 'cross', 5: 'isolated', 6: '1' }),
    ],
    ['a cross one with a margin outside cash', 'margin-stray', row({ 6: '5', 7: true })],
    ['an unknown margin mode', 'margin-mode', row({ 5: 'portfolio' })],
    ['an instrument that is not listed', 'instrument', row({ 2: 'Y' })],
    ['an entry price of 0', 'entry-price', row({ 4: '0' })],
  ])('are refused with %s', async (_, fault, cells) => {
    expect(await shortRefusal({ ...marked, open_position: [cells] })).toEqual({
      errorClass: 'source',
      code: 'position-malformed',
      details: { fault, count: 1 },
    });
  });

  it('are refused where a loan or settlement of another account names them', async () => {
    const books = {
      ...marked,
      book_account: [
        ['a1', 'ann', 'user'],
        ['b1', 'bob', 'user'],
        ['h1', null, 'house'],
      ],
    };
    const loan = [['b1', 'l1', BTC, '1', '0', null, 'p1']];
    expect((await refusalOf({ ...books, loan })).details).toEqual({ fault: 'foreign', count: 1 });
    const settlement = [['b1', BTC, 'funding', '1', false, 's1', 'p1']];
    expect((await refusalOf({ ...books, settlement })).details).toEqual({ fault: 'foreign', count: 1 });
  });
});

describe('accounts', () => {
  it('are refused where they belong to nobody', async () => {
    const stated_balance = [['a9', USDT, '5']];
    const error = await refusalOf({ stated_balance });
    expect(error).toMatchObject({ errorClass: 'source', code: 'account-unassigned', details: { count: 1 } });
    expect(error.message).not.toContain('a9');
    const nameless = await refusalOf({ stated_balance, book_account: [['a9', null, 'user']] });
    expect(nameless.code).toBe('account-unassigned');
  });
});

describe('amounts', () => {
  const book_account = [
    ['a1', 'ann', 'user'],
    ['a2', 'ann', 'user'],
  ];
  // 2^64 units of 8 decimals are 184467440737.09551616.
  const half = '92233720368.54775808';

  it('are refused from 2^64 proof units a user on, over all their accounts', async () => {
    const stated_balance = [
      ['a1', BTC, half],
      ['a2', BTC, half],
    ];
    expect(await shortRefusal({ book_account, stated_balance })).toEqual({
      errorClass: 'source',
      code: 'amount-too-large',
      details: { assets: ['BTC'], count: 1 },
    });
    const below = [stated_balance[0]!, ['a2', BTC, '92233720368.54775807']];
    const { holdings } = await value({ book_account, stated_balance: below });
    expect(holdings.map(({ equity }) => equity)).toEqual([2n ** 64n - 1n]);
    const debts = await refusalOf({
      book_account,
      loan: [['a1', 'l', BTC, '184467440737.09551616', '0', null, null]],
    });
    expect(debts.code).toBe('amount-too-large');
  });

  it.each([['99999999999999999999.999999999999999999'], ['-99999999999999999999.999999999999999999']])(
    'are refused where %s of them would overflow',
    async (amount) => {
      const assets = ASSETS.map((asset) => ({ ...asset, decimals: 24 }));
      const refusal = await shortRefusal({ book_account, stated_balance: [['a1', BTC, amount]] }, { assets });
      expect(refusal.code).toBe('amount-too-large');
    },
  );

  it('are refused where a position is worth more than can be counted', async () => {
    const books = position({ mark: [at('mark', '99999999999999999999', 'USDT')] });
    const open_position = [['a1', 'p1', 'X', '-99999999999999999999', '1', 'cross', null, false]];
    expect((await shortRefusal({ ...books, open_position })).code).toBe('amount-too-large');
  });
});
