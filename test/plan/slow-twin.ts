import type { Holding, UnitPrice } from '../../src/protocol/index.js';
import type { DraftRow } from '../../src/plan/draft-row.js';
import { coverInOrder } from '../../src/plan/north-west.js';
import { splitAccount } from '../../src/plan/positions.js';

const MAX_ROWS = 6;

/** What is left of an account: units of each debt and of each coin, with what a unit of it counts for. */
type Left = { readonly debts: readonly number[]; readonly coins: readonly number[] };

/**
 * The fewest margin rows of `slots` slots that cover an account, by trying every set of slots and every amount; of the
 * last coin of a row only as much as it needs, since what stays with other rows never harms. For amounts below ten.
 * @returns undefined where there are none.
 */
export function fewestRowsByTrial(
  { holdings, prices }: { holdings: readonly Holding[]; prices: readonly UnitPrice[] },
  slots: number,
): number | undefined {
  const debtPrices: number[] = [];
  const coinPrices: number[] = [];
  const debts: number[] = [];
  const coins: number[] = [];
  for (const { assetIndex, equityUnits, debtUnits } of holdings) {
    const { collateral, full } = prices[assetIndex]!;
    if (debtUnits > 0n) {
      debts.push(Number(debtUnits));
      debtPrices.push(Number(full));
    }
    if (equityUnits > 0n && collateral > 0n) {
      coins.push(Number(equityUnits));
      coinPrices.push(Number(collateral));
    }
  }
  let states = new Map([['', { debts, coins }]]);
  for (let rows = 1; rows <= MAX_ROWS; rows++) {
    const next = new Map<string, { debts: number[]; coins: number[] }>();
    for (const state of states.values()) {
      for (const after of rowsFrom(state, { debtPrices, coinPrices, slots })) {
        if (after.debts.every((units) => units === 0)) return rows;
        next.set(`${after.debts.join()};${after.coins.join()}`, after);
      }
    }
    states = next;
  }
  return undefined;
}

/** The fewest rows that the north-west corner gives in any order of debts and coins; undefined where none does. */
export function fewestRowsInAnyOrder(
  { holdings, prices }: { holdings: readonly Holding[]; prices: readonly UnitPrice[] },
  slots: number,
): number | undefined {
  const { debts, coins } = splitAccount(holdings, prices);
  const plans: DraftRow[][] = [];
  for (const debtOrder of permute(debts)) {
    for (const coinOrder of permute(coins)) {
      const rows = coverInOrder({ debts: debtOrder, coins: coinOrder }, slots);
      if (rows !== undefined) plans.push(rows);
    }
  }
  return plans.length === 0 ? undefined : Math.min(...plans.map(({ length }) => length));
}

type Bounds = {
  readonly debtPrices: readonly number[];
  readonly coinPrices: readonly number[];
  readonly slots: number;
};

function* rowsFrom(
  left: Left,
  { debtPrices, coinPrices, slots }: Bounds,
): Generator<{ debts: number[]; coins: number[] }> {
  for (const taken of amountsUpTo(left.debts, slots - 1)) {
    const owed = taken.reduce((sum, units, at) => sum + units * debtPrices[at]!, 0);
    if (owed === 0) continue;
    const room = slots - taken.filter((units) => units > 0).length;
    const debts = left.debts.map((units, at) => units - taken[at]!);
    for (const used of amountsUpTo(left.coins, room)) {
      const behind = owed - used.reduce((sum, units, at) => sum + units * coinPrices[at]!, 0);
      // One unit less of some coin would do as well: a smaller amount comes up by itself.
      if (behind > 0 || used.some((units, at) => units > 0 && behind + coinPrices[at]! <= 0)) continue;
      yield { debts, coins: left.coins.map((units, at) => units - used[at]!) };
    }
  }
}

/** Every way to take units of each, of `places` of them at most. */
function* amountsUpTo(limits: readonly number[], indexes: number, at = 0): Generator<number[]> {
  if (at === limits.length) {
    yield [];
    return;
  }
  for (let units = 0; units <= (indexes > 0 ? limits[at]! : 0); units++) {
    for (const others of amountsUpTo(limits, units > 0 ? indexes - 1 : indexes, at + 1)) {
      yield [units, ...others];
    }
  }
}

function* permute<T>(values: readonly T[]): Generator<T[]> {
  if (values.length === 0) yield [];
  for (const [at, value] of values.entries()) {
    for (const others of permute(values.toSpliced(at, 1))) yield [value, ...others];
  }
}
