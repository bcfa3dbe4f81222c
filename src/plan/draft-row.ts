import { NET_BITS, SIDE, type Row } from '../protocol/index.js';
import type { PlannedHolding } from './positions.js';

/** Units of one position in a row; never more than the position has. */
export type DraftSlot = { readonly position: PlannedHolding; units: bigint };

const NET_LIMIT = 1n << BigInt(NET_BITS);

/** A margin row while it is filled: each position in at most one slot. */
export class DraftRow {
  readonly slots: DraftSlot[] = [];
  /** V so far; negative while the row is behind. */
  netValue = 0n;

  /** Units of a position in a slot of their own. */
  open(position: PlannedHolding, units: bigint): DraftSlot {
    const slot = { position, units };
    this.slots.push(slot);
    this.netValue += valueOf(position, units);
    return slot;
  }

  /** More units in a slot of this row, or fewer where they are negative. */
  change(slot: DraftSlot, units: bigint): void {
    slot.units += units;
    this.netValue += valueOf(slot.position, units);
  }

  /** Takes a slot out; its units are no longer in the row. */
  remove(slot: DraftSlot): void {
    this.slots.splice(this.slots.indexOf(slot), 1);
    this.netValue -= valueOf(slot.position, slot.units);
  }

  /** The slot of a position, where the row has one. */
  find(position: PlannedHolding): DraftSlot | undefined {
    return this.slots.find((slot) => slot.position === position);
  }

  /** Whether V stays below 2^126 with so many units of equity more. */
  hasRoomFor(position: PlannedHolding, units: bigint): boolean {
    return this.netValue + valueOf(position, units) < NET_LIMIT;
  }

  /** The row in its canonical form: slots by rising code, equities before debts. */
  finish(): Row {
    const slots = this.slots
      .map(({ position: { assetIndex, side }, units }) => ({ amountUnits: units, assetIndex, side }))
      .sort((a, b) => a.side - b.side || a.assetIndex - b.assetIndex);
    return { slots, netValue: this.netValue };
  }
}

function valueOf({ side, unitPrice }: PlannedHolding, units: bigint): bigint {
  return side === SIDE.debt ? -units * unitPrice : units * unitPrice;
}
