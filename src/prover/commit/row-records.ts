import {
  assertRow,
  SIDE,
  sideOf,
  type IdentifiedRow,
  type RowLayout,
  type Slot,
} from '../../protocol/index.js';

const ID_BYTES = 32;
const NET_BYTES = 16;
const COUNT_BYTES = 2;
const HEAD_BYTES = ID_BYTES + NET_BYTES + COUNT_BYTES;
/** Amount, index and side. */
const SLOT_BYTES = 8 + 4 + 1;
const WORD = 64n;
/** Records that are allocated at a time. */
const BLOCK_RECORDS = 4096;

/** Bytes of the record of a row: its id, V, how many slots are used, and room for all k. */
export function rowRecordBytes({ slots }: RowLayout): number {
  return HEAD_BYTES + slots * SLOT_BYTES;
}

/**
 * Writes a row as a record.
 * @param record all 0.
 * @throws SolventError where the row is not canonical: a record would hold another.
 */
export function writeRow(layout: RowLayout, row: IdentifiedRow, record: Uint8Array): void {
  assertRow(layout, row, 2 ** layout.indexBits);
  const view = viewOf(record);
  record.set(row.id);
  view.setBigUint64(ID_BYTES, row.netValue >> WORD);
  view.setBigUint64(ID_BYTES + 8, row.netValue);
  view.setUint16(ID_BYTES + NET_BYTES, row.slots.length);
  row.slots.forEach((slot, index) => {
    const at = HEAD_BYTES + index * SLOT_BYTES;
    view.setBigUint64(at, slot.amountUnits);
    view.setUint32(at + 8, slot.assetIndex);
    view.setUint8(at + 12, sideOf(slot));
  });
}

/** Reads the row of a record; its id is a copy. @throws RangeError where more slots are used than there are. */
export function readRow(layout: RowLayout, record: Uint8Array): IdentifiedRow {
  const view = viewOf(record);
  const count = view.getUint16(ID_BYTES + NET_BYTES);
  if (count > layout.slots) throw new RangeError(`expected at most ${layout.slots} slots, got ${count}`);
  const slots: Slot[] = [];
  for (let at = HEAD_BYTES; slots.length < count; at += SLOT_BYTES) {
    const slot = { amountUnits: view.getBigUint64(at), assetIndex: view.getUint32(at + 8) };
    const side = view.getUint8(at + 12);
    if (side !== SIDE.equity && side !== SIDE.debt) throw new RangeError(`expected a side, got ${side}`);
    slots.push(layout.kind === 'margin' ? { ...slot, side } : slot);
  }
  return {
    slots,
    netValue: (view.getBigUint64(ID_BYTES) << WORD) | view.getBigUint64(ID_BYTES + 8),
    id: record.slice(0, ID_BYTES),
  };
}

/** Records of one size in large blocks: a small part of the memory that as many objects take. */
export class RecordList {
  readonly #recordBytes: number;
  readonly #blocks: Uint8Array[] = [];
  #count = 0;

  constructor(recordBytes: number) {
    this.#recordBytes = recordBytes;
  }

  /** How many there are. */
  get length(): number {
    return this.#count;
  }

  /** A new record at the end, all 0. */
  append(): Uint8Array {
    if (this.#count % BLOCK_RECORDS === 0) {
      this.#blocks.push(new Uint8Array(BLOCK_RECORDS * this.#recordBytes));
    }
    return this.at(this.#count++);
  }

  /** The record of an index below `length`. */
  at(index: number): Uint8Array {
    const first = (index % BLOCK_RECORDS) * this.#recordBytes;
    return this.#blocks[Math.floor(index / BLOCK_RECORDS)]!.subarray(first, first + this.#recordBytes);
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
