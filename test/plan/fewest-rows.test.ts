import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { computeNetValue, SolventError } from '../../src/protocol/index.js';
import { AccountPlanner } from '../../src/plan/index.js';
import { holdingsOf, layoutsWith, pricesOf, type PricedAccount } from './accounts.js';
import { marginRowsOf } from './plan-checks.js';
import { fewestRowsByTrial, fewestRowsInAnyOrder } from './slow-twin.js';

const SEED = 5;
const SLOTS = 3;
const LAYOUTS = layoutsWith();
const INSTANCES = 250;

/** Tiny accounts: up to 4 coins and 2 debts of a few coarse units each, the hardest there are. */
const tiny = fc
  .record({
    prices: fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 8 })), {
      minLength: 4,
      maxLength: 4,
    }),
    equities: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 4, maxLength: 4 }),
    debts: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 2 }),
  })
  .map(({ prices, equities, debts }): PricedAccount => ({
    prices: pricesOf(...prices.map(([p, more]) => [p, p + more] as const)),
    holdings: holdingsOf(equities, debts),
  }));

/** Margin rows that the planner gives without a wide circuit; undefined where it refuses. */
function plannedRows({ holdings, prices }: PricedAccount): number | undefined {
  const planner = new AccountPlanner(LAYOUTS, { prices, orderKey: new Uint8Array(32) });
  try {
    return marginRowsOf(planner.plan(holdings), LAYOUTS).count;
  } catch (error) {
    if (error instanceof SolventError && error.code === 'account-without-plan') return undefined;
    throw error;
  }
}

describe('tiny accounts with little slack', () => {
  const accounts = fc
    .sample(tiny, { seed: SEED, numRuns: 40_000 })
    .filter(({ prices, holdings }) => {
      const net = computeNetValue(prices, holdings);
      return net >= 0n && net <= 12n && holdings.length > 2;
    })
    .slice(0, INSTANCES);
  const outcomes = accounts.map((account) => ({
    planned: plannedRows(account),
    inAnyOrder: fewestRowsInAnyOrder(account, SLOTS),
    byTrial: fewestRowsByTrial(account, SLOTS),
  }));

  it('are enough to judge by', () => {
    expect(outcomes).toHaveLength(INSTANCES);
    expect(outcomes.filter(({ byTrial }) => byTrial === undefined).length).toBeGreaterThan(1);
  });

  it('never get rows where a trial of every row says that there are none, nor fewer than it finds', () => {
    for (const { planned, inAnyOrder, byTrial } of outcomes) {
      if (planned !== undefined) expect(planned).toBeGreaterThanOrEqual(byTrial!);
      if (inAnyOrder !== undefined) expect(inAnyOrder).toBeGreaterThanOrEqual(byTrial!);
    }
  });

  it('get a wide row only where no order of debts and coins gives narrow ones', () => {
    for (const { planned, inAnyOrder } of outcomes)
      expect(planned === undefined).toBe(inAnyOrder === undefined);
  });

  it('get the fewest rows that there are, with few exceptions', () => {
    const found = outcomes.filter(({ planned }) => planned !== undefined);
    const more = found.filter(({ planned, byTrial }) => planned! > byTrial!);
    expect(more.length / found.length).toBeLessThan(0.05);
    const missed = outcomes.filter(({ planned, byTrial }) => planned === undefined && byTrial !== undefined);
    expect(missed.length / outcomes.length).toBeLessThan(0.2);
  });
});
