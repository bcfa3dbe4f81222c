/**
 * Random numbers that a seed determines, on every machine alike: xoshiro128** of Blackman and Vigna (2018), seeded by
 * splitmix32. For made-up books only, never for secrets.
 */
export class SeededRandom {
  readonly #state: [number, number, number, number];

  /** @param seed 0 <= seed < 2^32. */
  constructor(seed: number) {
    let word = seed >>> 0;
    const split = () => {
      word = (word + 0x9e3779b9) >>> 0;
      let mixed = Math.imul(word ^ (word >>> 16), 0x21f0aaad);
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
      return (mixed ^ (mixed >>> 15)) >>> 0;
    };
    this.#state = [split(), split(), split(), split()];
  }

  /** An integer from 0 to bound - 1; 1 <= bound <= 2^20, so that the product with 32 bits is exact. */
  below(bound: number): number {
    return Math.floor((this.#next() * bound) / 2 ** 32);
  }

  /** An integer from first to last, both included. */
  between(first: number, last: number): number {
    return first + this.below(last - first + 1);
  }

  /** True in `numerator` of `denominator` cases. */
  chance(numerator: number, denominator: number): boolean {
    return this.below(denominator) < numerator;
  }

  /** One of the values. */
  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }

  /** The place of one of the weights, each as likely as it is heavy; their sum is at most 2^20. */
  weighted(weights: readonly number[]): number {
    let left = this.below(weights.reduce((sum, weight) => sum + weight, 0));
    return weights.findIndex((weight) => (left -= weight) < 0);
  }

  #next(): number {
    const state = this.#state;
    const scrambled = Math.imul(rotate(Math.imul(state[1], 5), 7), 9) >>> 0;
    const shifted = state[1] << 9;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = rotate(state[3], 11);
    return scrambled;
  }
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
