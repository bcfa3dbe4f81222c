import { SIDE } from '../protocol/index.js';
import { DraftRow, type DraftSlot } from './draft-row.js';
import type { PositionOrder } from './orders.js';
import type { PlannedHolding } from './positions.js';

/**
 * Covers all debts in rows of k slots, by the north-west corner rule of the transportation problem: debts and coins are
 * used up in their order, one cut at most where a row ends. A row that is covered takes the next debt whole. One that
 * is behind takes as much of the next coin as it needs. What is still uncovered when the slots are full is taken back
 * from the row's last debt. Each row but the last uses up k - 1 positions or more, so there are at most `ceil((debts +
 * coins - 1)/(k - 1))`. Each row loses less than one unit of a debt or a coin. So with a slack of (rows - 1) times the
 * most valuable unit it never fails. With slots for all debts and enough coins it gives one row.
 * @param slots k; at least 2.
 * @returns undefined where the coins run out first. Coins that are left over are in no row.
 */
export function coverInOrder(order: PositionOrder, slots: number): DraftRow[] | undefined {
  const debts = new Queue(order.debts);
  const coins = new Queue(order.coins);
  const rows: DraftRow[] = [];
  while (debts.head !== undefined) {
    const row = new DraftRow();
    if (!fillRow(row, { debts, coins, slots })) return undefined;
    // Where a row could not pay for one unit of its debt, its coins stay uncounted and the next ones are tried.
    if (row.slots.some(({ position }) => position.side === SIDE.debt)) rows.push(row);
  }
  return rows;
}

type Filling = { readonly debts: Queue; readonly coins: Queue; readonly slots: number };

/** Fills one row until it is covered and can take no more debt; false where coins run out. */
function fillRow(row: DraftRow, { debts, coins, slots }: Filling): boolean {
  let debtSlot: DraftSlot | undefined;
  let coinSlot: DraftSlot | undefined;
  for (;;) {
    if (row.netValue >= 0n) {
      if (debts.head === undefined || row.slots.length === slots) return true;
      debtSlot = row.open(debts.head, debts.takeAll());
      continue;
    }
    const coin = coins.head;
    if (coin === undefined) return false;
    const isOpen = coinSlot?.position === coin;
    if (!isOpen && row.slots.length === slots) {
      giveBack(row, debtSlot!, debts);
      return true;
    }
    const units = coins.take(divideUp(-row.netValue, coin.unitPrice));
    if (isOpen) row.change(coinSlot!, units);
    else coinSlot = row.open(coin, units);
  }
}

/** Takes as much of a debt out of a row as it is behind by, back to the head of the queue. */
function giveBack(row: DraftRow, slot: DraftSlot, debts: Queue): void {
  const units = divideUp(-row.netValue, slot.position.unitPrice);
  debts.returnToHead(slot.position, units);
  if (units === slot.units) row.remove(slot);
  else row.change(slot, -units);
}

/** Positions in an order, of which the first may be used in part. */
class Queue {
  readonly #positions: readonly PlannedHolding[];
  #next = 0;
  #left: bigint;

  constructor(positions: readonly PlannedHolding[]) {
    this.#positions = positions;
    this.#left = positions[0]?.units ?? 0n;
  }

  /** The position that is used next; undefined where all are used up. */
  get head(): PlannedHolding | undefined {
    return this.#positions[this.#next];
  }

  /** All that is left of the head, which is then used up. */
  takeAll(): bigint {
    const units = this.#left;
    this.#next += 1;
    this.#left = this.head?.units ?? 0n;
    return units;
  }

  /** So many units of the head, or all where it has no more. */
  take(units: bigint): bigint {
    if (units >= this.#left) return this.takeAll();
    this.#left -= units;
    return units;
  }

  /** Undoes a part of the last `takeAll`. */
  returnToHead(position: PlannedHolding, units: bigint): void {
    this.#next -= 1;
    if (this.head !== position) throw new TypeError('expected the position that was taken last');
    this.#left = units;
  }
}

/** ceil(a/b) for a >= 0, b > 0. */
function divideUp(a: bigint, b: bigint): bigint {
  return (a + b - 1n) / b;
}
