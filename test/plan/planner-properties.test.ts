import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { computeNetValue, SolventError, type RowLayout } from '../../src/protocol/index.js';
import { coverInOrder } from '../../src/plan/north-west.js';
import { AccountPlanner, type PlannedPart } from '../../src/plan/index.js';
import { splitAccount } from '../../src/plan/positions.js';
import { layoutsWith, pricedAccount, type PricedAccount } from './accounts.js';
import { expectExactPlan, marginRowsOf } from './plan-checks.js';

const SEED = 20261128;
const KEY = new Uint8Array(32).fill(3);
const MAX_ASSETS = 9;
/** With SOLVENT_TEST_LARGE=1 as many accounts as a venue has. */
const RUNS = { seed: SEED, numRuns: process.env.SOLVENT_TEST_LARGE === '1' ? 100_000 : 1_500 };

/** Wide enough for every account: 2A slots. */
const COMPLETE = layoutsWith(2 * MAX_ASSETS);
const NARROW = layoutsWith();

function plan({ holdings, prices }: PricedAccount, layouts: readonly RowLayout[]): PlannedPart[] {
  return new AccountPlanner(layouts, { prices, orderKey: KEY }).plan(holdings);
}

/** The refusal for want of a plan, or undefined where there is one. */
function refusalOf(account: PricedAccount, layouts: readonly RowLayout[]): SolventError | undefined {
  try {
    plan(account, layouts);
    return undefined;
  } catch (error) {
    if (error instanceof SolventError && error.code === 'account-without-plan') return error;
    throw error;
  }
}

/** ceil((debts + coins - 1)/(k - 1)), and a slack that is enough for so many rows. */
function boundsOf({ holdings, prices }: PricedAccount, slots: number) {
  const { debts, coins } = splitAccount(holdings, prices);
  const rows = Math.ceil((debts.length + coins.length - 1) / (slots - 1));
  const unit = [...debts, ...coins].reduce(
    (most, { unitPrice }) => (unitPrice > most ? unitPrice : most),
    0n,
  );
  return { rows, slack: BigInt(Math.max(0, rows - 1)) * unit };
}

const account = pricedAccount(MAX_ASSETS);
const owes = ({ holdings }: PricedAccount) => holdings.some(({ debtUnits }) => debtUnits > 0n);

describe('a plan', () => {
  it('exists for every covered account where a row has 2A slots, is canonical and covered, and adds up to the unit', () => {
    fc.assert(
      fc.property(account, (sample) => {
        expectExactPlan(plan(sample, COMPLETE), { ...sample, layouts: COMPLETE });
      }),
      RUNS,
    );
  });

  it('is the same whatever was planned before it, and whichever planner makes it', () => {
    fc.assert(
      fc.property(account.filter(owes), (sample) => {
        const options = { prices: sample.prices, orderKey: KEY };
        const first = new AccountPlanner(COMPLETE, options);
        const fresh = new AccountPlanner(COMPLETE, options).plan(sample.holdings);
        for (const { assetIndex } of sample.holdings) {
          first.plan([{ assetIndex, equityUnits: 5n, debtUnits: 0n }]);
        }
        expect(first.plan(sample.holdings)).toEqual(fresh);
        expect(first.plan(sample.holdings)).toEqual(fresh);
      }),
      { ...RUNS, numRuns: 300 },
    );
  });

  it('adds up under every key of the random orders', () => {
    const sample = pricedAccount(MAX_ASSETS).filter(owes);
    fc.assert(
      fc.property(sample, fc.uint8Array({ minLength: 32, maxLength: 32 }), (entry, orderKey) => {
        const { prices, holdings } = entry;
        const parts = new AccountPlanner(COMPLETE, { prices, orderKey }).plan(holdings);
        expectExactPlan(parts, { ...entry, layouts: COMPLETE });
      }),
      { ...RUNS, numRuns: 200 },
    );
  });

  it('has one wide row where narrow ones are not found', () => {
    fc.assert(
      fc.property(account, (sample) => {
        if (refusalOf(sample, NARROW) === undefined) {
          expect(plan(sample, COMPLETE)).toEqual(plan(sample, NARROW));
        } else {
          expect(marginRowsOf(plan(sample, COMPLETE), COMPLETE)).toEqual({ slots: 2 * MAX_ASSETS, count: 1 });
        }
      }),
      RUNS,
    );
  });

  it('shows equity in spot rows only where no slot of its margin rows is free, but for the bound on V', () => {
    const small = account.filter(
      ({ holdings, prices }) => computeNetValue(prices, holdings) < 1n << 125n && owes({ holdings, prices }),
    );
    fc.assert(
      fc.property(small, (sample) => {
        const parts = plan(sample, COMPLETE);
        const hasSpot = parts.some(({ circuit }) => COMPLETE[circuit]!.kind === 'spot');
        const isFree = ({ circuit, row }: PlannedPart) =>
          COMPLETE[circuit]!.kind === 'margin' && row.slots.length < COMPLETE[circuit]!.slots;
        expect(hasSpot && parts.some(isFree)).toBe(false);
      }),
      { ...RUNS, numRuns: 500 },
    );
  });
});

describe('the number of margin rows', () => {
  it('is at most ceil((debts + coins - 1)/(k - 1))', () => {
    for (const layouts of [NARROW, layoutsWith(5), COMPLETE]) {
      fc.assert(
        fc.property(account.filter(owes), (sample) => {
          if (refusalOf(sample, layouts) !== undefined) return;
          const { slots, count } = marginRowsOf(plan(sample, layouts), layouts);
          expect(count).toBeLessThanOrEqual(boundsOf(sample, slots).rows);
        }),
        { ...RUNS, numRuns: 500 },
      );
    }
  });
});

describe('slack of a unit a row', () => {
  it('is enough in any order, for rows of any number of slots', () => {
    const orders = account.filter(owes).chain((sample) => {
      const { debts, coins } = splitAccount(sample.holdings, sample.prices);
      return fc.record({
        sample: fc.constant(sample),
        debts: fc.shuffledSubarray([...debts], { minLength: debts.length }),
        coins: fc.shuffledSubarray([...coins], { minLength: coins.length }),
        slots: fc.integer({ min: 2, max: 6 }),
      });
    });
    let enough = 0;
    fc.assert(
      fc.property(orders, ({ sample, debts, coins, slots }) => {
        const rows = coverInOrder({ debts, coins }, slots);
        const bounds = boundsOf(sample, slots);
        if (computeNetValue(sample.prices, sample.holdings) >= bounds.slack) {
          enough += 1;
          expect(rows).toBeDefined();
        }
        if (rows === undefined) return;
        expect(rows.length).toBeLessThanOrEqual(bounds.rows);
        expect(rows.every(({ netValue }) => netValue >= 0n)).toBe(true);
      }),
      { ...RUNS, numRuns: 3_000 },
    );
    expect(enough).toBeGreaterThan(500);
  });

  it('is what a refusal names, and enough; so are the slots that it names', () => {
    let refused = 0;
    fc.assert(
      fc.property(account.filter(owes), (sample) => {
        const error = refusalOf(sample, NARROW);
        if (error === undefined) return;
        const slotsNeeded = Number(error.details.slotsNeeded);
        expect(refusalOf(sample, layoutsWith(slotsNeeded))).toBeUndefined();
        expect(slotsNeeded).toBeGreaterThan(3);
        const slack = BigInt(String(error.details.slackUnits));
        const repaid = repay(sample, slack);
        if (computeNetValue(repaid.prices, repaid.holdings) < slack) return;
        refused += 1;
        expect(refusalOf(repaid, NARROW)).toBeUndefined();
      }),
      { ...RUNS, numRuns: 3_000 },
    );
    expect(refused).toBeGreaterThan(30);
  });
});

/** The account with units of its debts paid back until its slack is what is asked for, or one of each is left. */
function repay({ holdings, prices }: PricedAccount, slack: bigint): PricedAccount {
  let missing = slack - computeNetValue(prices, holdings);
  const repaid = holdings.map((holding) => {
    const { full } = prices[holding.assetIndex]!;
    if (holding.debtUnits <= 1n || missing <= 0n) return holding;
    const wanted = (missing + full - 1n) / full;
    const units = wanted < holding.debtUnits ? wanted : holding.debtUnits - 1n;
    missing -= units * full;
    return { ...holding, debtUnits: holding.debtUnits - units };
  });
  return { prices, holdings: repaid };
}
