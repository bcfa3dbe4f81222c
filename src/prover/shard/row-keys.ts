import { open } from 'node:fs/promises';

/** Bytes kept of each shuffle key: two users share so many with a probability of about 2^-88 among a million. */
const KEPT_BYTES = 16;
const FIRST_CAPACITY = 1024;

/** The shuffle keys of a circuit's rows in rising order, by which a user's row is found without reading others. */
export class RowKeys {
  #count = 0;
  #bytes = Buffer.alloc(FIRST_CAPACITY * KEPT_BYTES);

  append(key: Uint8Array): void {
    if (this.#count * KEPT_BYTES === this.#bytes.length) {
      this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(this.#bytes.length)]);
    }
    this.#bytes.set(key.subarray(0, KEPT_BYTES), this.#count * KEPT_BYTES);
    this.#count += 1;
  }

  encode(): Buffer {
    return this.#bytes.subarray(0, this.#count * KEPT_BYTES);
  }
}

/** The row among all rows of a circuit that has a shuffle key, found by halving: twenty reads among a million. */
export async function findRow(path: string, key: Uint8Array): Promise<number | undefined> {
  const wanted = Buffer.from(key.subarray(0, KEPT_BYTES));
  const handle = await open(path, 'r');
  try {
    const found = Buffer.alloc(KEPT_BYTES);
    let low = 0;
    let high = Math.floor((await handle.stat()).size / KEPT_BYTES);
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      await handle.read(found, 0, KEPT_BYTES, middle * KEPT_BYTES);
      const order = wanted.compare(found);
      if (order === 0) return middle;
      if (order < 0) high = middle;
      else low = middle + 1;
    }
    return undefined;
  } finally {
    await handle.close();
  }
}
