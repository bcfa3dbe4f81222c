import { multiplyDecimals, parseDecimal, type Manifest } from '../protocol/index.js';
import { formatMoney } from './durations.js';
import { say } from './language.js';

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
  totals: readonly { readonly asset: string; readonly equity: string }[],
  { assets }: Pick<Manifest, 'assets'>,
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

/** The first values by themselves, and all behind them as one. */
export function joinSmallest(values: readonly AssetValue[], most: number): AssetValue[] {
  const rest = values.slice(most);
  if (rest.length === 0) return [...values];
  const joined = {
    asset: say('{count} others', { count: String(rest.length) }),
    quoteUnits: rest.reduce((total, { quoteUnits }) => total + quoteUnits, 0n),
    shareBasisPoints: rest.reduce((total, { shareBasisPoints }) => total + shareBasisPoints, 0),
  };
  return [...values.slice(0, most), joined];
}

/** A share of all in percent, which is never 0 for what is worth something. */
export function formatShare({ shareBasisPoints, quoteUnits }: AssetValue): string {
  if (shareBasisPoints === 0 && quoteUnits > 0n) return `< ${formatMoney('1', 2)} %`;
  return `${formatMoney(String(shareBasisPoints), 2)} %`;
}
