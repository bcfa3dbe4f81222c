import { describe, expect, it } from 'vitest';

import { coverInOrder } from '../../src/plan/north-west.js';
import { splitAccount } from '../../src/plan/positions.js';
import { holdingsOf, pricesOf } from './accounts.js';

/** Each row as [asset, side, units] of its slots in the order they were opened; undefined where coins run out. */
function cover(
  slots: number,
  { equities, debts, prices }: { equities: number[]; debts: number[]; prices: [number, number][] },
): string[][] | undefined {
  const account = splitAccount(holdingsOf(equities, debts), pricesOf(...prices));
  return coverInOrder(account, slots)?.map((row) =>
    row.slots.map(
      ({ position, units }) => `${position.side === 1 ? 'debt' : 'coin'} ${position.assetIndex}: ${units}`,
    ),
  );
}

describe('the north-west corner', () => {
  it('takes of a coin only what the row needs, rounded up, and goes on with the rest of it', () => {
    const account = {
      equities: [10, 0, 0, 9],
      debts: [0, 5, 4, 4],
      prices: [
        [3, 3],
        [2, 2],
        [2, 2],
        [2, 2],
      ] as [number, number][],
    };
    expect(cover(3, account)).toEqual([
      ['debt 1: 5', 'coin 0: 6', 'debt 2: 4'],
      ['debt 3: 4', 'coin 0: 3'],
    ]);
  });

  it('gives back what the last debt of a full row is behind, rounded up', () => {
    const account = {
      equities: [3, 3, 3],
      debts: [0, 0, 0, 4],
      prices: [
        [1, 1],
        [1, 1],
        [2, 2],
        [2, 2],
      ] as [number, number][],
    };
    // 8 of debt stand against 6: one unit of 2 goes back.
    expect(cover(3, account)).toEqual([
      ['debt 3: 3', 'coin 0: 3', 'coin 1: 3'],
      ['debt 3: 1', 'coin 2: 1'],
    ]);
  });

  it('makes no row of coins that are worth less than one unit of the debt', () => {
    const account = {
      equities: [1, 1, 9],
      debts: [0, 0, 0, 1],
      prices: [
        [1, 1],
        [1, 1],
        [9, 9],
        [7, 7],
      ] as [number, number][],
    };
    expect(cover(3, account)).toEqual([['debt 3: 1', 'coin 2: 1']]);
  });

  it('ends where coins run out', () => {
    const account = {
      equities: [1, 1, 1],
      debts: [0, 0, 0, 1],
      prices: [
        [1, 1],
        [1, 1],
        [1, 1],
        [3, 3],
      ] as [number, number][],
    };
    expect(cover(3, account)).toBeUndefined();
    expect(cover(4, account)).toEqual([['debt 3: 1', 'coin 0: 1', 'coin 1: 1', 'coin 2: 1']]);
  });

  it('has nothing to do without debt', () => {
    expect(cover(3, { equities: [1], debts: [], prices: [[1, 1]] })).toEqual([]);
  });
});
