import { parseDecimal, type Account, type Decimal } from '../../protocol/index.js';
import type { Snapshot } from '../sealed/load-snapshot.js';

/** Where tiers end, in whole units of the quote currency: what an account holds is below the first that it fits under. */
export const TIER_LIMITS = ['1', '100', '10000', '1000000'] as const;

/** Accounts whose equity, at full prices, is below a limit and not below the one before; null: no limit. */
export type Tier = { readonly below: string | null; readonly accounts: number };

/** How accounts are distributed. */
export type AccountDistribution = {
  readonly withDebt: number;
  readonly withoutDebt: number;
  /** By the number of assets that an account holds or owes, rising; numbers that no account has are left out. */
  readonly byHoldings: readonly { readonly holdings: number; readonly accounts: number }[];
  /** Rising; all tiers. */
  readonly byTier: readonly Tier[];
};

/** How many accounts hold, and how many owe, an asset. */
export type AssetUse = { readonly holders: number; readonly borrowers: number };

/** Counts the accounts of a snapshot, one at a time, in exact values. */
export class Census {
  readonly #unitValues: readonly bigint[];
  readonly #limits: readonly bigint[];
  readonly #tierCounts: number[];
  readonly #holdersByAsset: number[];
  readonly #borrowersByAsset: number[];
  readonly #accountsByHoldings = new Map<number, number>();
  #withDebt = 0;
  #withoutDebt = 0;

  constructor({ assets }: Pick<Snapshot, 'assets'>) {
    const prices = assets.map(({ price, decimals }) => priceOfUnit(price, decimals));
    const fractionDigits = Math.max(...prices.map((price) => price.fractionDigits));
    this.#unitValues = prices.map(
      (price) => price.coefficient * 10n ** BigInt(fractionDigits - price.fractionDigits),
    );
    this.#limits = TIER_LIMITS.map((limit) => BigInt(limit) * 10n ** BigInt(fractionDigits));
    this.#tierCounts = new Array<number>(TIER_LIMITS.length + 1).fill(0);
    this.#holdersByAsset = assets.map(() => 0);
    this.#borrowersByAsset = assets.map(() => 0);
  }

  /** Counts one account. */
  push({ holdings }: Account): void {
    let value = 0n;
    let owes = false;
    for (const { assetIndex, equityUnits, debtUnits } of holdings) {
      value += this.#unitValues[assetIndex]! * equityUnits;
      if (equityUnits > 0n) this.#holdersByAsset[assetIndex]! += 1;
      if (debtUnits === 0n) continue;
      this.#borrowersByAsset[assetIndex]! += 1;
      owes = true;
    }
    if (owes) this.#withDebt += 1;
    else this.#withoutDebt += 1;
    const tier = this.#limits.findIndex((limit) => value < limit);
    this.#tierCounts[tier < 0 ? TIER_LIMITS.length : tier]! += 1;
    const count = this.#accountsByHoldings.get(holdings.length) ?? 0;
    this.#accountsByHoldings.set(holdings.length, count + 1);
  }

  /** How the accounts that were counted are distributed. */
  get distribution(): AccountDistribution {
    return {
      withDebt: this.#withDebt,
      withoutDebt: this.#withoutDebt,
      byHoldings: [...this.#accountsByHoldings]
        .map(([holdings, accounts]) => ({ holdings, accounts }))
        .sort((a, b) => a.holdings - b.holdings),
      byTier: this.#tierCounts.map((accounts, tier) => ({ below: TIER_LIMITS[tier] ?? null, accounts })),
    };
  }

  /** Who uses the asset of an index. */
  useOf(assetIndex: number): AssetUse {
    return {
      holders: this.#holdersByAsset[assetIndex]!,
      borrowers: this.#borrowersByAsset[assetIndex]!,
    };
  }
}

/** The price of one proof unit, exactly. @param price that of one whole unit; @param decimals of the proof unit. */
export function priceOfUnit(price: string, decimals: number): Decimal {
  const { coefficient, fractionDigits } = parseDecimal(price);
  return { coefficient, fractionDigits: fractionDigits + decimals };
}
