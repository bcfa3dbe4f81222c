import { multiplyDecimals, parseDecimal, type Manifest } from '../../protocol/index.js';

/** What one asset's liabilities are worth at the price that the platform states. */
export type AssetWorth = {
  readonly asset: string;
  /** Whole units of the quote currency, rounded down. */
  readonly worth: bigint;
  /** Parts of 10,000 of the worth of all, rounded down; 0 where all is worth nothing. */
  readonly shareBasisPoints: number;
};

/** The gross equities at the stated prices, exactly until they are rounded to be shown; the most valuable first. */
export function valueLiabilities({
  assets,
  totals,
}: Pick<Manifest, 'assets' | 'totals'>): readonly AssetWorth[] {
  const exact = totals.map(({ asset, equity }, index) => {
    const { price, decimals } = assets[index]!;
    const amount = { coefficient: BigInt(equity), fractionDigits: decimals };
    return { asset, ...multiplyDecimals(amount, parseDecimal(price)) };
  });
  const digits = Math.max(...exact.map(({ fractionDigits }) => fractionDigits));
  const values = exact.map(({ asset, coefficient, fractionDigits }) => ({
    asset,
    value: coefficient * 10n ** BigInt(digits - fractionDigits),
  }));
  const sum = values.reduce((total, { value }) => total + value, 0n);
  return values
    .sort((a, b) => (a.value === b.value ? 0 : a.value < b.value ? 1 : -1))
    .map(({ asset, value }) => ({
      asset,
      worth: value / 10n ** BigInt(digits),
      shareBasisPoints: sum === 0n ? 0 : Number((value * 10_000n) / sum),
    }));
}
