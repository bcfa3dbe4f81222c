const VALUE_WORDS = 8;
const INITIAL_SLOTS = 2 ** 12;
/** An odd constant with mixed bits: 2^32 divided by the golden ratio. */
const MULTIPLIER = 0x9e3779b1;

/** Values of 32 bytes, each kept once: a hash table with open addressing, at most half full. */
export class ValueTable {
  #values = new Uint32Array((VALUE_WORDS * INITIAL_SLOTS) / 2);
  /** The index of a value plus one, or 0. */
  #slots = new Uint32Array(INITIAL_SLOTS);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** The index of the value in `words[at … at + 8)`, which is added where it is new. */
  indexOf(words: Uint32Array, at: number): number {
    const slot = this.#findSlot(words, at);
    const found = this.#slots[slot]!;
    if (found !== 0) return found - 1;
    if (2 * (this.#count + 1) > this.#slots.length) {
      this.#grow();
      return this.indexOf(words, at);
    }
    this.#values.set(words.subarray(at, at + VALUE_WORDS), this.#count * VALUE_WORDS);
    this.#slots[slot] = ++this.#count;
    return this.#count - 1;
  }

  /** All values, in the order of their indices. */
  bytes(): Uint8Array {
    return new Uint8Array(this.#values.buffer, 0, this.#count * VALUE_WORDS * 4);
  }

  #findSlot(words: Uint32Array, at: number): number {
    const mask = this.#slots.length - 1;
    let slot = hashValue(words, at) & mask;
    for (;;) {
      const found = this.#slots[slot]!;
      if (found === 0 || this.#isEqual(found - 1, words, at)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #isEqual(index: number, words: Uint32Array, at: number): boolean {
    for (let word = 0; word < VALUE_WORDS; word++) {
      if (this.#values[index * VALUE_WORDS + word] !== words[at + word]) return false;
    }
    return true;
  }

  #grow(): void {
    const values = this.#values;
    this.#values = new Uint32Array(2 * values.length);
    this.#values.set(values);
    this.#slots = new Uint32Array(2 * this.#slots.length);
    for (let index = 0; index < this.#count; index++) {
      this.#slots[this.#findSlot(this.#values, index * VALUE_WORDS)] = index + 1;
    }
  }
}

function hashValue(words: Uint32Array, at: number): number {
  let hash = 0;
  for (let word = 0; word < VALUE_WORDS; word++) {
    hash = Math.imul(hash ^ words[at + word]!, MULTIPLIER);
    hash ^= hash >>> 15;
  }
  return hash >>> 0;
}
