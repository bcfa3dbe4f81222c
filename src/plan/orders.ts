import {
  encodeCanonicalJson,
  hashLabelled,
  type Manifest,
  authenticateLabelled,
  utf8ToBytes,
  SIDE,
} from '../protocol/index.js';
import type { PlannedHolding } from './positions.js';

/** What a snapshot and its manifest both state, before and after it is sealed. */
export type PlannedSnapshot = Pick<Manifest, 'platform' | 'takenAt'> & {
  readonly assets: readonly Pick<
    Manifest['assets'][number],
    'symbol' | 'decimals' | 'price' | 'collateralRatio'
  >[];
};

/**
 * The 32 bytes that a snapshot's random orders come from: sha("solvent/plan-key/v2", canonical JSON of {assets, platform,
 * takenAt}), an asset being its symbol, decimals, price and collateral ratio. Whoever checks a snapshot and whoever proves it
 * come to the same; nobody who holds an account knows it before the prices.
 */
export function derivePlanKey({ platform, takenAt, assets }: PlannedSnapshot): Uint8Array {
  const listed = assets.map(({ symbol, decimals, price, collateralRatio }) => ({
    symbol,
    decimals,
    price,
    collateralRatio,
  }));
  return hashLabelled('solvent/plan-key/v2', encodeCanonicalJson({ assets: listed, platform, takenAt }));
}

/** In which order rows take an account's debts and coins. */
export type PositionOrder = {
  readonly debts: readonly PlannedHolding[];
  readonly coins: readonly PlannedHolding[];
};

/**
 * How many orders are tried. A few are tried to save a row where rows are found. Many are tried before rows are given
 * up, since an order takes microseconds, and a wide row a proof of its own. `positions` bounds the work. Accounts where
 * all of them would take up more positions than that get fewer orders, but never fewer than `toSave`.
 */
export const ORDER_LIMITS = { toSave: 12, toFind: 256, positions: 16_384 } as const;

const LABEL = 'solvent/plan-order/v2';
/** Orders that come first for every account. */
const FIXED_ORDERS = 3;
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
   * As many orders as `ORDER_LIMITS` permits. Fixed ones come first: big values first, small debts before big coins,
   * coarse units before fine ones. Then come random ones, or all orders in place of most of these, where there are no
   * more than that. Sorting is stable: positions that compare equal stand by asset index.
   */
  *list({ debts, coins }: PositionOrder): Generator<PositionOrder> {
    const { toSave } = ORDER_LIMITS;
    const toFind = countOrdersToFind(debts.length + coins.length);
    const biggest = { debts: debts.toSorted(byFallingValue), coins: coins.toSorted(byFallingValue) };
    yield biggest;
    yield { debts: biggest.debts.toReversed(), coins: biggest.coins };
    yield { debts: debts.toSorted(byFallingUnitPrice), coins: coins.toSorted(byFallingUnitPrice) };
    const isFew = countOrders(debts.length) * countOrders(coins.length) <= toFind - toSave;
    const draws = (isFew ? toSave : toFind) - FIXED_ORDERS;
    for (let draw = 0; draw < draws; draw++) yield this.#shuffle({ debts, coins }, draw);
    if (!isFew) return;
    for (const debtOrder of permute(debts)) {
      for (const coinOrder of permute(coins)) yield { debts: debtOrder, coins: coinOrder };
    }
  }

  #shuffle({ debts, coins }: PositionOrder, draw: number): PositionOrder {
    const ranks = (this.#ranks[draw] ??= this.#draw(draw));
    const rankOf = ({ assetIndex, side }: PlannedHolding) =>
      ranks[side === SIDE.debt ? this.#assetCount + assetIndex : assetIndex]!;
    const byRank = (a: PlannedHolding, b: PlannedHolding) => rankOf(a) - rankOf(b);
    return { debts: debts.toSorted(byRank), coins: coins.toSorted(byRank) };
  }

  /** Ranks of the `draw`-th random order: 32 bits a code, of HMAC-SHA-256 under the key. */
  #draw(draw: number): Uint32Array {
    const ranks = new Uint32Array(2 * this.#assetCount);
    for (let first = 0; first < ranks.length; first += RANKS_PER_MAC) {
      const mac = authenticateLabelled(this.#key, LABEL, utf8ToBytes(`${draw}/${first}`));
      const words = new DataView(mac.buffer, mac.byteOffset, mac.byteLength);
      const count = Math.min(RANKS_PER_MAC, ranks.length - first);
      for (let index = 0; index < count; index++) ranks[first + index] = words.getUint32(4 * index);
    }
    return ranks;
  }
}

function byFallingValue(a: PlannedHolding, b: PlannedHolding): number {
  return compareFalling(a.value, b.value);
}

function byFallingUnitPrice(a: PlannedHolding, b: PlannedHolding): number {
  return compareFalling(a.unitPrice, b.unitPrice);
}

function compareFalling(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a > b ? -1 : 1;
}

function countOrdersToFind(positions: number): number {
  const affordable = Math.floor(ORDER_LIMITS.positions / positions);
  return Math.max(ORDER_LIMITS.toSave, Math.min(ORDER_LIMITS.toFind, affordable));
}

/** count!, infinity where a double cannot hold it. */
function countOrders(count: number): number {
  return count <= 1 ? 1 : count * countOrders(count - 1);
}

/** Every order of some values. */
function* permute<T>(values: readonly T[]): Generator<T[]> {
  if (values.length === 0) yield [];
  for (const [index, value] of values.entries()) {
    for (const others of permute(values.toSpliced(index, 1))) yield [value, ...others];
  }
}
