import { SolventError, refuseProtocol } from '../errors.js';
import type { FieldElement } from '../field.js';
import { AMOUNT_BITS, WORD_BITS } from '../limits.js';
import { NET_BITS, slotBits, type RowLayout } from './layout.js';

const AMOUNT_SHIFT = BigInt(AMOUNT_BITS);
const WORD_SHIFT = BigInt(WORD_BITS);

/** Which sum an amount of a margin slot counts in; one bit of its code. */
export const SIDE = { equity: 0, debt: 1 } as const;

export type Side = (typeof SIDE)[keyof typeof SIDE];

/** A used slot of a spot row: equity in one asset. */
export type SpotSlot = {
  /** In the asset's proof units; 0 < amount < 2^64. */
  readonly amountUnits: bigint;
  /** 0 <= index < A. */
  readonly assetIndex: number;
};

/** A used slot of a margin row: equity (0) or debt (1) in one asset. */
export type MarginSlot = SpotSlot & { readonly side: Side };

export type Slot = SpotSlot | MarginSlot;

/** One row: its used slots, by rising code, and V, which is 0 in spot rows. The unused slots are not listed. */
export type Row = {
  readonly slots: readonly Slot[];
  /** V = sum of sigma*amount over the slots; 0 <= V < 2^126, 0 in spot rows. */
  readonly netValue: bigint;
};

export type SlotCode =
  | 'slots-too-many'
  | 'slot-amount-out-of-range'
  | 'slot-index-out-of-range'
  | 'slot-side-malformed'
  | 'slots-not-rising'
  | 'net-value-out-of-range'
  | 'row-count-differs';

/** The row of a dummy: no slot is used, V is 0. */
export const EMPTY_ROW: Row = { slots: [], netValue: 0n };

/** The side of a slot; 0 (equity) where it has none. */
export function sideOf(slot: Slot): Side {
  return 'side' in slot ? slot.side : SIDE.equity;
}

/** code = index + 2^B*side of a slot, B the index bits of its layout. */
export function codeOf(indexBits: number, slot: Slot): bigint {
  return BigInt(slot.assetIndex) + (BigInt(sideOf(slot)) << BigInt(indexBits));
}

/**
 * Holds slots to their one canonical form: at most k, every amount from 1 to 2^64 - 1, every index below `assetCount`,
 * a side in margin rows alone, codes strictly rising. Words are packed only from slots that pass.
 * @param assetCount A, the listed assets; 1 <= A <= 2^B.
 * @throws SolventError of one of `SlotCode`.
 */
export function assertSlots(layout: RowLayout, slots: readonly Slot[], assetCount: number): void {
  if (slots.length > layout.slots) {
    throw refuse('slots-too-many', `at most ${layout.slots} used slots, got ${slots.length}`);
  }
  let previous = -1n;
  for (const slot of slots) {
    assertSlot(layout, slot, assetCount);
    const code = codeOf(layout.indexBits, slot);
    if (code <= previous) throw refuse('slots-not-rising', 'distinct codes in rising order, got others');
    previous = code;
  }
}

/**
 * Holds a row to its canonical form: its slots, and a V from 0 to 2^126 - 1 that is 0 in spot rows. That V is the
 * value of the slots at the published prices is not looked at.
 * @throws SolventError of one of `SlotCode`.
 */
export function assertRow(layout: RowLayout, row: Row, assetCount: number): void {
  assertSlots(layout, row.slots, assetCount);
  const bound = layout.kind === 'margin' ? 1n << BigInt(NET_BITS) : 1n;
  if (row.netValue < 0n || row.netValue >= bound) {
    throw refuse('net-value-out-of-range', 'a net value from 0 to 2^126 - 1, 0 in spot rows, got another');
  }
}

/**
 * The W words that a row's point opens to: the bits of its k slots, little-endian, without V, cut every 252 bits.
 * @throws SolventError where the slots are not canonical.
 */
export function packWords(layout: RowLayout, slots: readonly Slot[]): FieldElement[] {
  assertSlots(layout, slots, 2 ** layout.indexBits);
  return cutWords(slotFields(layout, slots));
}

/**
 * The n_e elements that the digest binds: row by row, the bits of its k slots and then of V, cut every 252 bits across
 * rows.
 * @param rows all N rows of the batch, dummies included.
 * @throws SolventError `row-count-differs`; as `assertRow` where a row is not canonical.
 */
export function packElements(layout: RowLayout, rows: readonly Row[]): FieldElement[] {
  if (rows.length !== layout.rows) {
    throw refuse('row-count-differs', `${layout.rows} rows of a batch, got ${rows.length}`);
  }
  return cutWords(
    rows.flatMap((row) => {
      assertRow(layout, row, 2 ** layout.indexBits);
      return [...slotFields(layout, row.slots), { value: row.netValue, bits: layout.netBits }];
    }),
  );
}

function assertSlot(layout: RowLayout, slot: Slot, assetCount: number): void {
  const { amountUnits, assetIndex } = slot;
  if (amountUnits <= 0n || amountUnits >= 1n << BigInt(AMOUNT_BITS)) {
    throw refuse('slot-amount-out-of-range', 'amounts from 1 to 2^64 - 1, got another');
  }
  if (!Number.isSafeInteger(assetIndex) || assetIndex < 0 || assetIndex >= assetCount) {
    throw refuse('slot-index-out-of-range', `indexes from 0 to ${assetCount - 1}, got another`);
  }
  const side: unknown = 'side' in slot ? slot.side : undefined;
  const isSideRight = layout.kind === 'margin' ? side === 0 || side === 1 : side === undefined;
  if (!isSideRight) {
    throw refuse(
      'slot-side-malformed',
      'a side of 0 or 1 in margin slots and none in spot slots, got another',
    );
  }
}

type BitField = { readonly value: bigint; readonly bits: number };

/** The bits of all k slots of a row, one field a slot: amount, index, and in margin rows the side. */
function slotFields(layout: RowLayout, slots: readonly Slot[]): BitField[] {
  const bits = slotBits(layout);
  return Array.from({ length: layout.slots }, (_, index) => {
    const slot = slots[index];
    if (slot === undefined) return { value: 0n, bits };
    return { value: slot.amountUnits | (codeOf(layout.indexBits, slot) << AMOUNT_SHIFT), bits };
  });
}

/** Fields one behind the other, the first in the lowest bits, cut every 252 bits. */
function cutWords(fields: readonly BitField[]): FieldElement[] {
  const words: FieldElement[] = [];
  let open = 0n;
  let width = 0;
  for (const { value, bits } of fields) {
    if (value !== 0n) open |= value << BigInt(width);
    width += bits;
    while (width >= WORD_BITS) {
      words.push(BigInt.asUintN(WORD_BITS, open) as FieldElement);
      open >>= WORD_SHIFT;
      width -= WORD_BITS;
    }
  }
  if (width > 0) words.push(open as FieldElement);
  return words;
}

function refuse(code: SlotCode, expected: string): SolventError<SlotCode> {
  return refuseProtocol(code, `expected ${expected}`);
}
