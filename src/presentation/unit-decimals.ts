import { formatMoney } from './money.js';

/** The decimals of each asset's proof unit, by its symbol. */
export type UnitDecimals = ReadonlyMap<string, number>;

/** The decimals of the proof units of assets as a manifest lists them. */
export function listUnitDecimals(
  assets: readonly { readonly symbol: string; readonly decimals: number }[],
): UnitDecimals {
  return new Map(assets.map(({ symbol, decimals }) => [symbol, decimals]));
}

/** An amount of an asset in proof units as money. */
export function describeUnits(units: string, asset: string, decimals: UnitDecimals): string {
  return formatMoney(units, decimals.get(asset) ?? 0);
}
