const KEY_BYTES = 32;
/** Bytes of a key that a double holds exactly. */
const PREFIX_BYTES = 6;
const FIRST_CAPACITY = 1024;

/** What one row of a batch is made of: a record of the spool, or a dummy. */
export type ShuffledRow = {
  /** Which circuit of the profile. */
  readonly circuit: number;
  readonly source: { readonly offset: number; readonly length: number } | { readonly dummy: number };
};

/** Marks the row of a dummy, whose offset is its number. */
const NO_RECORD = 0;

/**
 * The rows of all batches by the keys that they are sorted by: about 60 bytes a row, in flat arrays, so that a
 * million accounts fit where a million objects would not.
 */
export class ShuffleIndex {
  #count = 0;
  #keys = Buffer.alloc(FIRST_CAPACITY * KEY_BYTES);
  #circuits = new Uint8Array(FIRST_CAPACITY);
  #offsets = new Float64Array(FIRST_CAPACITY);
  #lengths = new Uint32Array(FIRST_CAPACITY);

  get rowCount(): number {
    return this.#count;
  }

  /** Adds a row. `key` has 32 bytes; a record is never empty. */
  add(key: Uint8Array, { circuit, source }: ShuffledRow): void {
    if (this.#count === this.#circuits.length) this.#grow();
    this.#keys.set(key, this.#count * KEY_BYTES);
    this.#circuits[this.#count] = circuit;
    this.#offsets[this.#count] = 'dummy' in source ? source.dummy : source.offset;
    this.#lengths[this.#count] = 'dummy' in source ? NO_RECORD : source.length;
    this.#count += 1;
  }

  /** The positions of all rows in the order of their keys, and whether two rows have the same key. */
  sort(): { order: Uint32Array; hasEqualKeys: boolean } {
    const prefixes = new Float64Array(this.#count);
    for (let row = 0; row < this.#count; row++) {
      prefixes[row] = this.#keys.readUIntBE(row * KEY_BYTES, PREFIX_BYTES);
    }
    const order = Uint32Array.from({ length: this.#count }, (_, row) => row);
    order.sort((a, b) => prefixes[a]! - prefixes[b]! || this.#compareKeys(a, b));
    let hasEqualKeys = false;
    for (let at = 1; at < order.length; at++) {
      if (this.#compareKeys(order[at - 1]!, order[at]!) === 0) hasEqualKeys = true;
    }
    return { order, hasEqualKeys };
  }

  rowAt(position: number): ShuffledRow {
    const length = this.#lengths[position]!;
    const offset = this.#offsets[position]!;
    return {
      circuit: this.#circuits[position]!,
      source: length === NO_RECORD ? { dummy: offset } : { offset, length },
    };
  }

  keyAt(position: number): Buffer {
    return this.#keys.subarray(position * KEY_BYTES, (position + 1) * KEY_BYTES);
  }

  #compareKeys(a: number, b: number): number {
    const [startA, startB] = [a * KEY_BYTES, b * KEY_BYTES];
    return this.#keys.compare(this.#keys, startB, startB + KEY_BYTES, startA, startA + KEY_BYTES);
  }

  #grow(): void {
    const capacity = this.#circuits.length * 2;
    const keys = Buffer.alloc(capacity * KEY_BYTES);
    keys.set(this.#keys);
    const circuits = new Uint8Array(capacity);
    circuits.set(this.#circuits);
    const offsets = new Float64Array(capacity);
    offsets.set(this.#offsets);
    const lengths = new Uint32Array(capacity);
    lengths.set(this.#lengths);
    this.#keys = keys;
    this.#circuits = circuits;
    this.#offsets = offsets;
    this.#lengths = lengths;
  }
}
