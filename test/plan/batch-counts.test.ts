import { describe, expect, it } from 'vitest';

import { AccountPlanner, countBatches, RowCounter } from '../../src/plan/index.js';
import { holdingsOf, layoutsWith, pricesOf } from './accounts.js';

const LAYOUTS = layoutsWith(128);

describe('batches', () => {
  it('hold all rows, and are at least one of each circuit', () => {
    expect(countBatches(LAYOUTS, [0, 0, 0, 0])).toEqual([1, 1, 1, 1]);
    expect(countBatches(LAYOUTS, [2952, 995, 632, 1])).toEqual([1, 1, 1, 1]);
    expect(countBatches(LAYOUTS, [2953, 996, 633, 2])).toEqual([2, 2, 2, 2]);
  });

  it('are counted from the parts of accounts', () => {
    const counter = new RowCounter(LAYOUTS);
    const planner = new AccountPlanner(LAYOUTS, {
      prices: pricesOf([1, 1], [1, 1]),
      orderKey: new Uint8Array(1),
    });
    counter.take(planner.plan([]));
    counter.take(planner.plan(holdingsOf([3, 3], [])));
    counter.take(planner.plan(holdingsOf([3, 3], [2])));
    expect(counter.counts).toEqual([3, 0, 1, 0]);
  });
});
