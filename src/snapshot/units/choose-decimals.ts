import { MAX_UNIT_DECIMALS, type Decimal } from '../../protocol/index.js';
import { largestScale, leastScale, mostDecimalsOf, type PricedUnit } from './price-window.js';

/** An asset whose decimals may be chosen. */
export type UnitChoice = {
  /** Of a whole unit; 0 where it has none. */
  readonly price: Decimal;
  /** The largest amount that anybody holds or owes, in whole units. */
  readonly largest: Decimal;
  /** Null: to be chosen. */
  readonly decimals: number | null;
};

/** What is chosen where nothing speaks against it: a hundred-millionth, as of most coins. */
const USUAL_DECIMALS = 8;

/**
 * Chooses the decimals of the proof units that are not stated: 8, or as many as the largest amount leaves below 2^64;
 * then fewer where a price would be too small beside the largest, and more for the largest where that is not enough.
 * Where nothing fits, the price table of the result is refused with what to do.
 * @returns the decimals of all assets in their order.
 */
export function chooseDecimals(assets: readonly UnitChoice[]): number[] {
  const most = assets.map(({ largest }) => mostDecimalsOf(largest));
  const decimals = assets.map(
    (asset, index) => asset.decimals ?? Math.max(0, Math.min(USUAL_DECIMALS, most[index]!)),
  );
  const priced = assets.flatMap(({ price }, index) => (price.coefficient > 0n ? [index] : []));
  const unitOf = (index: number): PricedUnit => ({ price: assets[index]!.price, decimals: decimals[index]! });
  const isFree = (index: number) => assets[index]!.decimals === null;
  // Each turn takes decimals from an asset or gives some to the dearest, which never changes places with the cheapest.
  for (let turn = 0; turn <= 2 * MAX_UNIT_DECIMALS; turn++) {
    const scales = priced.map((index) => largestScale(unitOf(index)));
    const scale = Math.min(...scales);
    const small = priced.filter((index) => leastScale(unitOf(index)) > scale);
    if (small.length === 0) break;
    const lowered = small.filter((index) => isFree(index) && decimals[index]! > 0);
    for (const index of lowered) decimals[index]! -= 1;
    if (lowered.length > 0) continue;
    const dearest = priced.filter((_, position) => scales[position] === scale);
    const raised = dearest.filter((index) => isFree(index) && decimals[index]! < most[index]!);
    if (raised.length < dearest.length) break;
    for (const index of raised) decimals[index]! += 1;
  }
  return decimals;
}
