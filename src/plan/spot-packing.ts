import type { RowLayout } from '../protocol/index.js';

/** A spot layout and its place in the list of layouts. */
export type PlacedLayout = { readonly position: number; readonly layout: RowLayout };

/** The cheapest rows for so many slots: a row of a circuit of N rows costs 1/N of a proof. */
export class SpotPacking {
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
