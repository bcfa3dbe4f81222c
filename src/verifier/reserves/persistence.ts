import type { ReservesReport } from './report.js';

/** What was held of an asset at two instants, in proof units at the level that was asked for. */
export type HeldTwice = {
  readonly asset: string;
  readonly decimals: number;
  readonly first: string;
  readonly second: string;
  /** Second less first: what was there for the first instant alone where it is negative. */
  readonly difference: string;
};

/** Sets what was held at a second instant beside the first, asset by asset. Both reports are valid, of one manifest and one level. */
export function compareInstants(first: ReservesReport, second: ReservesReport): HeldTwice[] {
  const later = new Map(second.assets.map((asset) => [asset.asset, asset.held]));
  return first.assets.map(({ asset, decimals, held }) => {
    const other = later.get(asset) ?? '0';
    const difference = (BigInt(other) - BigInt(held)).toString();
    return { asset, decimals, first: held, second: other, difference };
  });
}
