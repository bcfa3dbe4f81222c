import {
  type RowLayout,
  type Slot,
  SolventError,
  type Holding,
  type UnitPrice,
  assertLayout,
  EMPTY_ROW,
  type Row,
} from '../protocol/index.js';
import type { DraftRow } from './draft-row.js';
import { type AccountPositions, type PlannedHolding, splitAccount } from './positions.js';
import { type PlanCode, refusePlan } from './errors.js';
import { coverInOrder } from './north-west.js';
import { ORDER_LIMITS, OrderSource } from './orders.js';

/** A spot layout and its place in the list of layouts. */
type PlacedLayout = { readonly position: number; readonly layout: RowLayout };

/** The cheapest rows for so many slots: a row of a circuit of N rows costs 1/N of a proof. */
class SpotPacking {
  readonly #circuits: readonly PlacedLayout[];
  /** For s slots, from 0: what they cost, and the circuit of their widest row. */
  readonly #costs = [0];
  readonly #choices: (PlacedLayout | undefined)[] = [undefined];

  /** @param circuits at least one; where rows cost the same, fewer are better. */
  constructor(circuits: readonly PlacedLayout[]) {
    this.#circuits = circuits.toSorted((a, b) => b.layout.slots - a.layout.slots);
  }

  /** Shares of proofs that the rows for `slots >= 0` slots take. */
  cost(slots: number): number {
    for (let count = this.#costs.length; count <= slots; count++) {
      let least = Infinity;
      let choice: PlacedLayout | undefined;
      for (const circuit of this.#circuits) {
        const cost = this.#costs[Math.max(0, count - circuit.layout.slots)]! + 1 / circuit.layout.rows;
        if (cost >= least) continue;
        least = cost;
        choice = circuit;
      }
      this.#costs.push(least);
      this.#choices.push(choice);
    }
    return this.#costs[slots]!;
  }

  /** The circuit of each row, the widest first. */
  choose(slots: number): PlacedLayout[] {
    this.cost(slots);
    const chosen: PlacedLayout[] = [];
    for (let left = slots; left > 0; left -= chosen.at(-1)!.layout.slots) chosen.push(this.#choices[left]!);
    return chosen.sort((a, b) => b.layout.slots - a.layout.slots);
  }

  /** The circuit of a row without a used slot. */
  get cheapest(): PlacedLayout {
    this.cost(1);
    return this.#choices[1]!;
  }
}

/** Equity that is in no margin row; 0 < units <= the position's. */
type Rest = { readonly position: PlannedHolding; readonly units: bigint };

/**
 * Puts what rows do not need into the slots that they have anyway, as long as V stays below 2^126. The rest of a coin
 * goes back to a row that holds it, other equity to slots that no position uses.
 * @param rows that cover the account's debts; changed in place.
 * @returns what must go to spot rows, at most one entry a position, by rising asset index.
 */
function placeRests(
  rows: readonly DraftRow[],
  { slots, positions }: { slots: number; positions: AccountPositions },
): Rest[] {
  const free = rows.filter((row) => row.slots.length < slots);
  return listRests(rows, positions).filter((rest) => {
    if (addToItsCoin(rows, rest)) return false;
    const index = free.findIndex((row) => row.find(rest.position) === undefined && fits(row, rest));
    const row = free[index];
    if (row === undefined) return true;
    row.open(rest.position, rest.units);
    if (row.slots.length === slots) free.splice(index, 1);
    return false;
  });
}

/** Spot slots of rests. */
function toSpotSlots(rests: readonly Rest[]): Slot[] {
  return rests.map(({ position: { assetIndex }, units }) => ({ amountUnits: units, assetIndex }));
}

function listRests(rows: readonly DraftRow[], { coins, idle }: AccountPositions): Rest[] {
  const used = new Map<PlannedHolding, bigint>();
  for (const { slots } of rows) {
    for (const { position, units } of slots) used.set(position, (used.get(position) ?? 0n) + units);
  }
  return [...coins, ...idle]
    .map((position) => ({ position, units: position.units - (used.get(position) ?? 0n) }))
    .filter(({ units }) => units > 0n)
    .sort((a, b) => a.position.assetIndex - b.position.assetIndex);
}

function addToItsCoin(rows: readonly DraftRow[], rest: Rest): boolean {
  for (const row of rows) {
    const slot = row.find(rest.position);
    if (slot === undefined || !fits(row, rest)) continue;
    row.change(slot, rest.units);
    return true;
  }
  return false;
}

function fits(row: DraftRow, { position, units }: Rest): boolean {
  return row.hasRoomFor(position, units);
}

/** One part of an account: a row, and the place of its circuit in the list of layouts. */
export type PlannedPart = { readonly circuit: number; readonly row: Row };

/** What the rows of accounts are planned with; the same for every account of a snapshot. */
export type PlannerOptions = {
  /** Of all A listed assets, in their order. */
  readonly prices: readonly UnitPrice[];
  /**
   * What random orders are drawn from. Whether an account has a plan may hang on it, so whoever checks a snapshot and
   * whoever proves it must pass the same bytes. It hides nothing and need not be secret.
   */
  readonly orderKey: Uint8Array;
};

/** Margin rows that cover an account, its rests placed, and what all of its rows cost. */
type MarginPlan = {
  readonly rows: readonly DraftRow[];
  readonly rests: readonly Rest[];
  readonly cost: number;
};

/**
 * Cuts accounts into rows. Rows that cover debt are in the margin circuit with the fewest slots where such rows exist,
 * else in the next one. Everything else is in spot rows. Amounts add up to the account's to the unit; no clock and no
 * randomness has a part in it.
 */
export class AccountPlanner {
  readonly #prices: readonly UnitPrice[];
  readonly #orders: OrderSource;
  readonly #spot: SpotPacking;
  /** By rising number of slots. */
  readonly #margin: readonly PlacedLayout[];

  /**
   * @param layouts the circuits of the run, in their order: at least one of spot rows; margin rows have 2 slots or more.
   * @throws SolventError `layout-malformed`; TypeError where a circuit is missing or has too few slots or index bits.
   */
  constructor(layouts: readonly RowLayout[], { prices, orderKey }: PlannerOptions) {
    const placed = layouts.map((layout, position) => ({ layout, position }));
    for (const layout of layouts) {
      assertLayout(layout);
      if (prices.length > 2 ** layout.indexBits || (layout.kind === 'margin' && layout.slots < 2)) {
        throw new TypeError('expected index bits for all assets and margin rows of 2 slots or more');
      }
    }
    const spot = placed.filter(({ layout }) => layout.kind === 'spot');
    if (spot.length === 0) throw new TypeError('expected a circuit of spot rows');
    this.#prices = prices;
    this.#orders = new OrderSource(orderKey, prices.length);
    this.#spot = new SpotPacking(spot);
    this.#margin = placed
      .filter(({ layout }) => layout.kind === 'margin')
      .sort((a, b) => a.layout.slots - b.layout.slots);
  }

  /**
   * The parts of an account, 1 to 2A: margin rows, then spot rows, each in canonical form; an account that holds
   * nothing has one empty spot row.
   * @param holdings by rising asset index, amounts from 0 to 2^64 - 1 that are not both 0.
   * @throws SolventError `account-without-plan` with `slotsNeeded`, the slots of a margin row that would hold it whole,
   * and `slackUnits`, a slack of collateral over debt, in units of the price table, with which the present circuits
   * do; `account-not-covered`, `account-malformed`. None says who holds or owes how much.
   */
  plan(holdings: readonly Holding[]): PlannedPart[] {
    const positions = splitAccount(holdings, this.#prices);
    if (positions.debts.length === 0) {
      return this.#packSpot(placeRests([], { slots: 0, positions }));
    }
    for (const circuit of this.#margin) {
      const best = this.#cover(positions, circuit.layout);
      if (best === undefined) continue;
      const margin = best.rows.map((draft) => ({ circuit: circuit.position, row: draft.finish() }));
      return best.rests.length === 0 ? margin : [...margin, ...this.#packSpot(best.rests)];
    }
    throw this.#refuse(positions);
  }

  /**
   * Makes sure that an account has a plan, and makes none: as many orders are tried as `plan` tries.
   * @throws SolventError as `plan`.
   */
  assertPlan(holdings: readonly Holding[]): void {
    const positions = splitAccount(holdings, this.#prices);
    if (positions.debts.length === 0) return;
    for (const { layout } of this.#margin) {
      for (const order of this.#orders.list(positions)) {
        if (coverInOrder(order, layout.slots) !== undefined) return;
      }
    }
    throw this.#refuse(positions);
  }

  /** The cheapest plan of the orders that are tried; undefined where none covers the account. */
  #cover(positions: AccountPositions, { slots, rows }: RowLayout): MarginPlan | undefined {
    const bound = this.#boundCost(positions, { slots, rows });
    let best: MarginPlan | undefined;
    let tried = 0;
    for (const order of this.#orders.list(positions)) {
      if (best !== undefined && tried >= ORDER_LIMITS.toSave) return best;
      tried += 1;
      const drafts = coverInOrder(order, slots);
      if (drafts === undefined) continue;
      const rests = placeRests(drafts, { slots, positions });
      const cost = drafts.length / rows + this.#spot.cost(rests.length);
      if (best === undefined || cost < best.cost) best = { rows: drafts, rests, cost };
      if (best.cost <= bound) return best;
    }
    return best;
  }

  /** The cost of the fewest rows that could hold all debts and enough coins, as many positions in them as could be. */
  #boundCost(positions: AccountPositions, { slots, rows }: Pick<RowLayout, 'slots' | 'rows'>): number {
    const { debts, coins, idle } = positions;
    const needed = countNeededCoins(positions);
    const fewest = Math.ceil(
      Math.max((debts.length + needed) / slots, needed / (slots - 1), debts.length / (slots - 1)),
    );
    // Each row has a debt and a coin: what is in two rows takes two slots.
    const doubled = Math.max(0, fewest - debts.length) + Math.max(0, fewest - coins.length);
    const held = fewest * slots - doubled;
    const left = Math.max(0, debts.length + coins.length + idle.length - held);
    return fewest / rows + this.#spot.cost(left);
  }

  #packSpot(rests: readonly Rest[]): PlannedPart[] {
    if (rests.length === 0) return [{ circuit: this.#spot.cheapest.position, row: EMPTY_ROW }];
    const all = toSpotSlots(rests);
    let first = 0;
    return this.#spot.choose(all.length).map(({ position, layout }) => {
      const slots = all.slice(first, (first += layout.slots));
      return { circuit: position, row: { slots, netValue: 0n } };
    });
  }

  #refuse(positions: AccountPositions): SolventError<PlanCode> {
    const slots = this.#margin.at(-1)?.layout.slots ?? 0;
    const slotsNeeded = positions.debts.length + countNeededCoins(positions);
    const slackUnits = slots === 0 ? undefined : sufficientSlack(positions, slots).toString();
    const remedy =
      slackUnits === undefined ? '' : `, or let its collateral exceed its debt by ${slackUnits} price units`;
    return refusePlan('account-without-plan', {
      expected: `debt that rows of at most ${slots} slots cover exactly`,
      found: `an account that needs ${slotsNeeded} in one`,
      advice: `set up a margin row of so many slots${remedy}`,
      details: { slots, slotsNeeded, ...(slackUnits === undefined ? {} : { slackUnits }) },
    });
  }
}

/** The fewest coins that cover all debts: the most valuable ones. */
function countNeededCoins({ debts, coins }: AccountPositions): number {
  let behind = debts.reduce((sum, { value }) => sum + value, 0n);
  const values = coins.map(({ value }) => value).sort(descending);
  let needed = 0;
  for (; behind > 0n; needed++) behind -= values[needed]!;
  return needed;
}

/** (rows - 1) times the most valuable unit: each row but the last loses less than one unit of a debt or a coin. */
function sufficientSlack({ debts, coins }: AccountPositions, slots: number): bigint {
  const rows = Math.ceil((debts.length + coins.length - 1) / (slots - 1));
  const largest = [...debts, ...coins].reduce((most: bigint, { unitPrice }: PlannedHolding) => {
    return unitPrice > most ? unitPrice : most;
  }, 0n);
  return BigInt(rows - 1) * largest;
}

function descending(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a > b ? -1 : 1;
}
