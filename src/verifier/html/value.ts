import { multiplyDecimals, parseDecimal } from '../../protocol/index.js';
import type { ReportedTotal, Stated } from '../report.js';

/** What the equity of one asset is worth at the stated price. */
export type AssetValue = {
  readonly asset: string;
  /** Whole units of the quote currency, rounded down. */
  readonly quoteUnits: bigint;
  /** Parts of 10,000 of the value of all assets, rounded down; 0 where all of it is worth nothing. */
  readonly shareBasisPoints: number;
};

/** The equities at the stated prices, the most valuable first. Sums are exact; only what is shown is rounded. */
export function valueEquities(
  totals: readonly ReportedTotal[],
  { assets }: Pick<Stated, 'assets'>,
): AssetValue[] {
  const listed = new Map(assets.map((asset) => [asset.symbol, asset]));
  const exact = totals.map(({ asset, equity }) => {
    const { price, decimals } = listed.get(asset)!;
    const amount = { coefficient: BigInt(equity), fractionDigits: decimals };
    return { asset, value: multiplyDecimals(amount, parseDecimal(price)) };
  });
  const digits = Math.max(0, ...exact.map(({ value }) => value.fractionDigits));
  const scaled = exact.map(({ asset, value: { coefficient, fractionDigits } }) => ({
    asset,
    value: coefficient * 10n ** BigInt(digits - fractionDigits),
  }));
  const sum = scaled.reduce((total, { value }) => total + value, 0n);
  return scaled
    .sort((a, b) => (a.value === b.value ? (a.asset < b.asset ? -1 : 1) : a.value < b.value ? 1 : -1))
    .map(({ asset, value }) => ({
      asset,
      quoteUnits: value / 10n ** BigInt(digits),
      shareBasisPoints: sum === 0n ? 0 : Number((value * 10_000n) / sum),
    }));
}
