import { authenticateLabelled, utf8ToBytes } from '../../protocol/index.js';
import { SIDE } from '../../protocol/rows/index.js';
import type { Position } from './positions.js';

/** In which order rows take an account's debts and coins. */
export type PositionOrder = { readonly debts: readonly Position[]; readonly coins: readonly Position[] };

/** Orders that are tried where rows are found, to save one; and before rows are given up. */
export const ORDER_LIMITS = { toSave: 8, toFind: 64 } as const;

const LABEL = 'solvent/plan-order/v2';
/** 32-bit ranks in one HMAC-SHA-256. */
const RANKS_PER_MAC = 8;

/** The orders that rows are tried in: the same for the same key, whatever was planned before. */
export class OrderSource {
  readonly #key: Uint8Array;
  readonly #assetCount: number;
  /** One list for each random order drawn so far: a rank for each of the 2A codes, debts behind equities. */
  readonly #ranks: Uint32Array[] = [];

  /** @param key any bytes; who knows them knows the orders, which hide nothing. */
  constructor(key: Uint8Array, assetCount: number) {
    this.#key = key;
    this.#assetCount = assetCount;
  }

  /**
   * Big values first, small debts before big coins, coarse units before fine ones, then random orders without end.
   * Sorting is stable, so positions that compare equal stand by asset index.
   */
  *list({ debts, coins }: PositionOrder): Generator<PositionOrder, never> {
    const biggest = { debts: debts.toSorted(byFallingValue), coins: coins.toSorted(byFallingValue) };
    yield biggest;
    yield { debts: biggest.debts.toReversed(), coins: biggest.coins };
    yield { debts: debts.toSorted(byFallingUnitPrice), coins: coins.toSorted(byFallingUnitPrice) };
    for (let draw = 0; ; draw++) {
      const ranks = (this.#ranks[draw] ??= this.#draw(draw));
      const rankOf = ({ assetIndex, side }: Position) =>
        ranks[side === SIDE.debt ? this.#assetCount + assetIndex : assetIndex]!;
      const byRank = (a: Position, b: Position) => rankOf(a) - rankOf(b);
      yield { debts: debts.toSorted(byRank), coins: coins.toSorted(byRank) };
    }
  }

  /** Ranks of the `draw`-th random order: 32 bits a code, of HMAC-SHA-256 under the key. */
  #draw(draw: number): Uint32Array {
    const ranks = new Uint32Array(2 * this.#assetCount);
    for (let first = 0; first < ranks.length; first += RANKS_PER_MAC) {
      const mac = authenticateLabelled(this.#key, LABEL, utf8ToBytes(`${draw}/${first}`));
      const words = new DataView(mac.buffer, mac.byteOffset, mac.byteLength);
      const count = Math.min(RANKS_PER_MAC, ranks.length - first);
      for (let place = 0; place < count; place++) ranks[first + place] = words.getUint32(4 * place);
    }
    return ranks;
  }
}

function byFallingValue(a: Position, b: Position): number {
  return compareFalling(a.value, b.value);
}

function byFallingUnitPrice(a: Position, b: Position): number {
  return compareFalling(a.unitPrice, b.unitPrice);
}

function compareFalling(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a > b ? -1 : 1;
}
