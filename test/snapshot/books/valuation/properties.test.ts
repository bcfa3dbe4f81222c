import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { ASSETS, AT_NS, CONFIG, DAY_NS, value, type Books } from './books.js';
import { valueTwin } from './twin.js';

const SEED = 20260131;
const PRICES = { BTC: '61234.56789', USDT: '0.9987', ETH: '2468.013' };

/** The last belongs to the house. */
const ACCOUNTS = [
  ['a1', 'ann', 'user'],
  ['a2', 'ann', 'user'],
  ['b1', 'bob', 'user'],
  ['c1', 'cay', 'user'],
  ['h1', null, 'house'],
];
const USERS = ['ann', 'bob', 'cay'];

/** One instrument of each kind and style, in each currency that its mark can be in. */
const INSTRUMENTS = [
  ['LIN-SETTLED', 'perpetual', 'BTC', 1, '0.001', 'linear', null, null, null, true],
  ['LIN-QUOTE', 'future', 'BTC', 1, '0.1', 'linear', null, AT_NS + DAY_NS, null, true],
  ['LIN-PAIR', 'perpetual', 'ETH', 0, '1', 'linear', null, null, null, true],
  ['INV', 'perpetual', 'BTC', 0, '100', 'inverse', null, null, null, true],
  ['OPT-COIN', 'option', 'BTC', 0, '0.1', 'premium-paid', '60000', AT_NS + DAY_NS, 'call', true],
  ['OPT-QUOTE', 'option', 'ETH', 2, '1', 'premium-paid', '2500', AT_NS + DAY_NS, 'put', true],
  ['OPT-FUTURES', 'option', 'BTC', 1, '0.01', 'futures-style', '60000', AT_NS + DAY_NS, 'put', true],
];
const MARKS = [
  ['LIN-SETTLED', '61250.123456789', 'USDT', '60000'],
  ['LIN-QUOTE', '61300.7', 'USD', '61000.3'],
  ['LIN-PAIR', '0.0403', 'BTC', '0.0411'],
  ['INV', '61249.9', 'USD', '58000.7'],
  ['OPT-COIN', '0.0512345678', 'BTC', '0'],
  ['OPT-QUOTE', '123.4567', 'USD', '0'],
  ['OPT-FUTURES', '1234.5', 'USDT', '1500.25'],
];

const account = fc.constantFrom(...ACCOUNTS.map((row) => row[0]!));
const assetIndex = fc.constantFrom(0, 1, 2);
const digits = (pattern: string) => fc.stringMatching(new RegExp(`^${pattern}$`));
const positive = fc.oneof(
  digits('[0-9]{1,4}'),
  digits('[0-9]{1,4}[.][0-9]{1,18}'),
  digits('0[.]0{0,9}[0-9]{1,8}'),
);
const signed = fc.tuple(fc.constantFrom('', '-'), positive).map((parts) => parts.join(''));
const rows = <T>(row: fc.Arbitrary<T>, maxLength = 12) => fc.array(row, { maxLength });
/** Each account and asset at most once. */
const balances = fc.uniqueArray(fc.tuple(account, assetIndex, signed), {
  maxLength: 12,
  selector: ([name, index]) => `${name} ${index}`,
});

const position = fc.record({
  account,
  mark: fc.constantFrom(...MARKS),
  quantity: signed,
  isolated: fc.boolean(),
  margin: positive,
  outside: fc.boolean(),
});

const venue = fc
  .record({
    positions: rows(position, 16),
    stated: balances,
    opening: balances,
    ledger: balances,
    orders: rows(fc.tuple(account, assetIndex, positive)),
    collateral: rows(
      fc.tuple(account, assetIndex, positive, fc.constantFrom('posted', 'received'), fc.boolean()),
    ),
    unsettled: rows(
      fc.tuple(
        assetIndex,
        fc.constantFrom('realised', 'funding'),
        signed,
        fc.boolean(),
        fc.nat({ max: 20 }),
        account,
      ),
    ),
    loans: rows(fc.tuple(assetIndex, positive, positive, fc.nat({ max: 20 }), account)),
  })
  .map(({ positions, ...rest }): Books => {
    const owner = (at: number, other: string) => positions[at]?.account ?? other;
    const named = (at: number) => (at < positions.length ? `p${at}` : null);
    return {
      book_account: ACCOUNTS,
      asset_price: ASSETS.map(({ symbol }, index) => [
        index,
        PRICES[symbol as keyof typeof PRICES],
        AT_NS,
        'index',
      ]),
      instrument: INSTRUMENTS,
      mark: MARKS.map(([name, price, asset]) => [name!, 'mark', price!, asset!, AT_NS, 'feed']),
      open_position: positions.map(({ account: name, mark, quantity, isolated, margin, outside }, at) => [
        ...[name, `p${at}`, mark[0]!, quantity, mark[3]!],
        ...(isolated ? ['isolated', margin, outside] : ['cross', null, false]),
      ]),
      stated_balance: rest.stated,
      opening_balance: rest.opening,
      ledger_sum: rest.ledger,
      open_order: rest.orders.map(([name, index, amount], at) => [name, `o${at}`, index, amount]),
      collateral: rest.collateral.map((row, at) => [...row, `c${at}`]),
      settlement: rest.unsettled.map(([index, kind, amount, inCash, at, other], row) => [
        ...[owner(at, other), index, kind, amount, inCash, `s${row}`, named(at)],
      ]),
      loan: rest.loans.map(([index, principal, interest, at, other], row) => [
        ...[owner(at, other), `l${row}`, index, principal, interest, null, named(at)],
      ]),
    };
  });

const policy = fc.record({
  cash: fc.constantFrom('balances-total' as const, 'balances-available' as const, 'ledger' as const),
  isolatedLoss: fc.constantFrom('limited' as const, 'recourse' as const),
});

describe('the holdings of random venues', () => {
  it('are what fractions of plain integers say, and their lines add up to them', async () => {
    let [lifted, inDebt] = [0, 0];
    await fc.assert(
      fc.asyncProperty(venue, policy, async (books, changes) => {
        const { components, holdings, summary } = await value(books, changes);
        const twin = valueTwin(books, { ...CONFIG, ...changes }, PRICES);
        lifted += components.filter(({ kind }) => kind === 'isolated-loss-limit').length;
        inDebt += holdings.filter(({ debt }) => debt > 0n).length;
        expect(new Set(holdings.map(({ user }) => user))).toEqual(new Set(USERS));
        for (const user of USERS) {
          for (const [index] of ASSETS.entries()) {
            const found = holdings.find((row) => row.user === user && row.assetIndex === index);
            const expected = twin.get(`${user} ${index}`) ?? { equity: 0n, debt: 0n, exactE30: 0n, lines: 0 };
            const { equity, debt, equityRounding, debtRounding } = found ?? NOTHING;
            expect([equity, debt]).toEqual([expected.equity, expected.debt]);
            const own = components.filter(
              (row) =>
                row.assetIndex === index &&
                ACCOUNTS.some(([name, of]) => name === row.account && of === user),
            );
            expect(own.reduce((sum, { units }) => sum + units, 0n)).toBe(equity - debt);
            // Each rounding is stated rounded down, and the twin's sum of each line too.
            const exact = (equity - debt) * 10n ** 30n - equityRounding - debtRounding;
            const error = exact - expected.exactE30;
            expect(error >= 0n && error <= BigInt(expected.lines)).toBe(true);
          }
        }
        const total = (sums: readonly { units: bigint }[]) =>
          sums.reduce((sum, { units }) => sum + units, 0n);
        expect(total(summary.components)).toBe(total(components));
        expect(summary.components.reduce((sum, { lines }) => sum + lines, 0)).toBe(components.length);
      }),
      { seed: SEED, numRuns: 60 },
    );
    expect(Math.min(lifted, inDebt)).toBeGreaterThan(10);
  });
});

const NOTHING = { equity: 0n, debt: 0n, equityRounding: 0n, debtRounding: 0n };
