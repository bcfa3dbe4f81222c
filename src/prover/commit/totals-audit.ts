import { SIDE, sideOf, type Manifest } from '../../protocol/index.js';
import type { PlannedPart } from '../../plan/index.js';
import { refuseProver } from '../errors.js';

/** Adds up what rows hold, and holds it to what a snapshot states. */
export class TotalsAudit {
  readonly #stated: Manifest['totals'];
  readonly #equity: bigint[];
  readonly #debt: bigint[];

  constructor(stated: Manifest['totals']) {
    this.#stated = stated;
    this.#equity = stated.map(() => 0n);
    this.#debt = stated.map(() => 0n);
  }

  /** Adds the parts of an account. */
  take(parts: readonly PlannedPart[]): void {
    for (const slot of parts.flatMap(({ row }) => row.slots)) {
      const sums = sideOf(slot) === SIDE.equity ? this.#equity : this.#debt;
      sums[slot.assetIndex]! += slot.amountUnits;
    }
  }

  /** @throws SolventError `snapshot-mismatch` unless all totals are those stated. */
  assertEqual(): void {
    const isEqual = this.#stated.every(
      ({ equity, debt }, index) =>
        BigInt(equity) === this.#equity[index] && BigInt(debt) === this.#debt[index],
    );
    if (isEqual) return;
    throw refuseProver('snapshot-mismatch', {
      expected: 'accounts that add up to the totals of the snapshot',
      found: 'others',
    });
  }
}
