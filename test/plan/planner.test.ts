import { describe, expect, it } from 'vitest';

import { SolventError, type Holding, type UnitPrice, type RowLayout } from '../../src/protocol/index.js';
import { AccountPlanner, type PlannedPart } from '../../src/plan/index.js';
import { holdingsOf, layoutOf, layoutsWith, pricesOf, type PricedAccount } from './accounts.js';
import { expectExactPlan, marginRowsOf } from './plan-checks.js';

const KEY = new Uint8Array(32).fill(7);
const MAX_UNITS = (1n << 64n) - 1n;
const SPOT_1 = 0;
const SPOT_3 = 1;
const MARGIN_3 = 2;
const WIDE = 3;

/** Plans an account, and holds the plan to all that is checked of any. */
function plan({ holdings, prices }: PricedAccount, layouts: readonly RowLayout[]): PlannedPart[] {
  const parts = new AccountPlanner(layouts, { prices, orderKey: KEY }).plan(holdings);
  expectExactPlan(parts, { holdings, prices, layouts });
  return parts;
}

function refusalOf(account: PricedAccount, layouts: readonly RowLayout[]): SolventError {
  try {
    plan(account, layouts);
  } catch (error) {
    if (error instanceof SolventError) return error as SolventError;
    throw error;
  }
  throw new Error('expected a refusal, got a plan');
}

const circuitsOf = (parts: readonly PlannedPart[]) => parts.map(({ circuit }) => circuit);
const same = (count: number, price: readonly [number, number]): UnitPrice[] =>
  pricesOf(...Array.from({ length: count }, () => price));
const times = (count: number, units: number | bigint) => Array.from({ length: count }, () => units);

describe('an account without debt', () => {
  it('that holds nothing is one empty row of the cheapest spot circuit', () => {
    const parts = plan({ holdings: [], prices: pricesOf([1, 1]) }, layoutsWith(128));
    expect(parts).toEqual([{ circuit: SPOT_1, row: { slots: [], netValue: 0n } }]);
  });

  it.each([
    [1, [SPOT_1]],
    [2, [SPOT_1, SPOT_1]],
    [3, [SPOT_3]],
    [4, [SPOT_3, SPOT_1]],
    [5, [SPOT_3, SPOT_1, SPOT_1]],
    [6, [SPOT_3, SPOT_3]],
  ])('of %i assets takes the rows that cost least to prove', (count, circuits) => {
    const account = { holdings: holdingsOf(times(count, 5), []), prices: same(count, [1, 1]) };
    expect(circuitsOf(plan(account, layoutsWith(128)))).toEqual(circuits);
  });

  it('of two assets takes one wider row where that costs less than two narrow ones', () => {
    const layouts = [layoutOf('spot', 1, 60), layoutOf('spot', 3, 40), layoutOf('margin', 3, 20)];
    const account = { holdings: holdingsOf([5, 5], []), prices: same(2, [1, 1]) };
    expect(circuitsOf(plan(account, layouts))).toEqual([1]);
  });

  it('may hold the largest amount of each of 1,024 assets', () => {
    const account = { holdings: holdingsOf(times(1024, MAX_UNITS), []), prices: same(1024, [1, 1]) };
    expect(plan(account, layoutsWith(128))).toHaveLength(342);
  });
});

describe('an account with debt', () => {
  it('of three positions is one row, whatever its slack', () => {
    const prices = pricesOf([2, 3], [5, 5], [1, 1]);
    for (const debt of [0, 1, 2, 20, 21].map((less) => 21 - less).filter((units) => units > 0)) {
      const parts = plan({ holdings: holdingsOf([3, 3], [0, 0, debt]), prices }, layoutsWith(128));
      expect(circuitsOf(parts)).toEqual([MARGIN_3]);
    }
  });

  it('fills slots that cover does not need with other equity, collateral or not, before it takes spot rows', () => {
    const prices = pricesOf([9, 10], [0, 10], [9, 10]);
    expect(circuitsOf(plan({ holdings: holdingsOf([5, 5], [0, 0, 1]), prices }, layoutsWith(128)))).toEqual([
      MARGIN_3,
    ]);
    const parts = plan({ holdings: holdingsOf([5, 5, 5], [0, 0, 1]), prices }, layoutsWith(128));
    expect(circuitsOf(parts)).toEqual([MARGIN_3, SPOT_1]);
  });

  it('is never covered by what is no collateral', () => {
    const prices = pricesOf([0, 10], [10, 10]);
    const error = refusalOf({ holdings: holdingsOf([500, 1], [0, 2]), prices }, layoutsWith(128));
    expect(error).toMatchObject({ errorClass: 'invariant', code: 'account-not-covered' });
  });

  it('holds the same asset on both sides in one row, equity first', () => {
    const [part] = plan({ holdings: holdingsOf([10], [9]), prices: pricesOf([9, 10]) }, layoutsWith(128));
    expect(part!.row.slots).toEqual([
      { amountUnits: 10n, assetIndex: 0, side: 0 },
      { amountUnits: 9n, assetIndex: 0, side: 1 },
    ]);
  });

  it('keeps V below 2^126 where a coin is worth more, and shows the rest in a spot row', () => {
    const prices = pricesOf([MAX_UNITS, MAX_UNITS], [1, 1]);
    const parts = plan({ holdings: holdingsOf([MAX_UNITS], [0, 1]), prices }, layoutsWith(128));
    expect(circuitsOf(parts)).toEqual([MARGIN_3, SPOT_1]);
    expect(parts[0]!.row.slots).toContainEqual({ amountUnits: 1n, assetIndex: 0, side: 0 });
  });

  it('takes a coin back up to a V of 2^126 - 1, and not to 2^126', () => {
    const half = 1n << 63n;
    const prices = pricesOf([half, half], [1, 1]);
    const whole = plan({ holdings: holdingsOf([half], [0, 1]), prices }, layoutsWith(128));
    expect(whole.map(({ row }) => row.netValue)).toEqual([(1n << 126n) - 1n]);
    const cut = plan({ holdings: holdingsOf([half, 1], [0, 1]), prices }, layoutsWith(128));
    expect(circuitsOf(cut)).toEqual([MARGIN_3, SPOT_1]);
  });

  it('of the largest amounts at the largest prices on every side is covered to the unit', () => {
    const prices = times(8, 0).map(() => ({ collateral: MAX_UNITS, full: MAX_UNITS }));
    const holdings = holdingsOf(times(8, MAX_UNITS), times(8, MAX_UNITS));
    const parts = plan({ holdings, prices }, layoutsWith(128));
    expect(parts.every(({ row }) => row.netValue === 0n)).toBe(true);
  });

  it('puts the coins aside that are too small for one unit of its debt', () => {
    // The fine coins alone are worth less than one unit of the debt; in some orders they come first.
    const prices = pricesOf([1, 1], [1, 1], [1, 1], [1, 1], [100, 100], [1000, 1000]);
    const holdings = holdingsOf([1, 1, 1, 1, 50], [0, 0, 0, 0, 0, 5]);
    expect(marginRowsOf(plan({ holdings, prices }, layoutsWith()), layoutsWith()).count).toBe(1);
  });
});

describe('an account that needs more slots than a margin row has', () => {
  /** One debt worth 100 and 100 coins worth 1: no fewer than all of them cover it. */
  const hundred: PricedAccount = {
    holdings: holdingsOf(times(100, 1), [...times(100, 0), 1]),
    prices: [...same(100, [1, 1]), ...pricesOf([100, 100])],
  };

  it('is one wide row where its debt cannot be cut', () => {
    const parts = plan(hundred, layoutsWith(128));
    expect(circuitsOf(parts)).toEqual([WIDE]);
    expect(parts[0]!.row.slots).toHaveLength(101);
  });

  it('is refused without a wide row, and with one slot too few', () => {
    for (const layouts of [layoutsWith(), layoutsWith(64), layoutsWith(100)]) {
      expect(refusalOf(hundred, layouts)).toMatchObject({
        errorClass: 'source',
        code: 'account-without-plan',
        details: { slotsNeeded: 101 },
      });
    }
    expect(circuitsOf(plan(hundred, layoutsWith(101)))).toEqual([WIDE]);
  });

  it('of 129 needed holdings is refused with 128 slots and held whole by 2,048', () => {
    const account = {
      holdings: holdingsOf(times(128, 1), [...times(128, 0), 1]),
      prices: [...same(128, [1, 1]), ...pricesOf([128, 128])],
    };
    expect(refusalOf(account, layoutsWith(128)).details).toEqual({
      slots: 128,
      slotsNeeded: 129,
      slackUnits: '128',
    });
    const parts = plan(account, layoutsWith(2048));
    expect(circuitsOf(parts)).toEqual([WIDE]);
    expect(parts[0]!.row.slots).toHaveLength(129);
  });

  it('takes several wide rows where its debts can be cut', () => {
    // 150 debts and 150 coins, each of another price, and half of the collateral to spare: rows of 3 do.
    const prices = times(150, 0).map((_, at) => ({
      collateral: 900n + BigInt(at),
      full: 1000n + BigInt(at),
    }));
    const holdings = holdingsOf(times(150, 2_000), times(150, 1_000));
    expect(marginRowsOf(plan({ holdings, prices }, layoutsWith(128)), layoutsWith(128)).slots).toBe(3);
    const wideOnly = [layoutOf('spot', 1), layoutOf('margin', 128)];
    expect(marginRowsOf(plan({ holdings, prices }, wideOnly), wideOnly).count).toBe(2);
  });

  it.each([64, 1024])('may hold and owe each of %i assets, with slack and without', (assets) => {
    // Each unit is worth a prime or so: nothing divides.
    const prices = times(assets, 0).map((_, at) => {
      const full = BigInt(10_007 + 7919 * at);
      return { collateral: (full * 9n) / 10n, full };
    });
    const equities = times(assets, 0).map((_, at) => BigInt(1_000_000 + 77_777 * ((at * 37) % 101)));
    const collateral = equities.reduce((sum, units, at) => sum + units * prices[at]!.collateral, 0n);
    const share = collateral / BigInt(assets);
    const tight = prices.map(({ full }) => share / full);
    const layouts = layoutsWith(2 * assets);
    for (const debts of [tight, tight.map((units) => units / 2n)]) {
      plan({ holdings: holdingsOf(equities, debts), prices }, layouts);
    }
  });
});

describe('a refusal', () => {
  it.each([
    ['an asset that is not listed', [{ assetIndex: 1, equityUnits: 1n, debtUnits: 0n }]],
    ['a fraction as index', [{ assetIndex: 0.5, equityUnits: 1n, debtUnits: 0n }]],
    ['an amount below 0', [{ assetIndex: 0, equityUnits: -1n, debtUnits: 0n }]],
    ['an amount of 2^64', [{ assetIndex: 0, equityUnits: 1n << 64n, debtUnits: 0n }]],
    ['a debt of 2^64', [{ assetIndex: 0, equityUnits: 0n, debtUnits: 1n << 64n }]],
    ['neither equity nor debt', [{ assetIndex: 0, equityUnits: 0n, debtUnits: 0n }]],
    [
      'one asset twice',
      [
        { assetIndex: 0, equityUnits: 1n, debtUnits: 0n },
        { assetIndex: 0, equityUnits: 1n, debtUnits: 0n },
      ],
    ],
  ] satisfies [string, Holding[]][])('meets %s', (_, holdings) => {
    const error = refusalOf({ holdings, prices: pricesOf([1, 1]) }, layoutsWith(128));
    expect(error).toMatchObject({ errorClass: 'invariant', code: 'account-malformed' });
  });

  it('says no amount', () => {
    const error = refusalOf(
      {
        holdings: holdingsOf([31_337, 27_182, 16_180], [0, 0, 0, 1]),
        prices: pricesOf([1, 1], [1, 1], [1, 1], [74_699, 74_699]),
      },
      layoutsWith(),
    );
    expect(error.code).toBe('account-without-plan');
    expect(`${error.message} ${JSON.stringify(error.details)}`).not.toMatch(/31337|27182|16180/);
  });

  it('meets an account that owes where no circuit has margin rows', () => {
    const error = refusalOf({ holdings: holdingsOf([5], [1]), prices: pricesOf([1, 1]) }, [
      layoutOf('spot', 3),
    ]);
    expect(error).toMatchObject({ code: 'account-without-plan', details: { slots: 0, slotsNeeded: 2 } });
  });

  it('meets circuits that no account could be cut for', () => {
    const options = { prices: pricesOf([1, 1]), orderKey: KEY };
    expect(() => new AccountPlanner([layoutOf('margin', 3)], options)).toThrow(TypeError);
    expect(() => new AccountPlanner([layoutOf('spot', 1), layoutOf('margin', 1)], options)).toThrow(
      TypeError,
    );
    expect(
      () => new AccountPlanner([layoutOf('spot', 1)], { prices: same(1025, [1, 1]), orderKey: KEY }),
    ).toThrow(TypeError);
    expect(() => new AccountPlanner([layoutOf('spot', 2049)], options)).toThrow(SolventError);
  });
});
