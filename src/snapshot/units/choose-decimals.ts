import {
  AMOUNT_BITS,
  MAX_SCALE,
  MAX_UNIT_DECIMALS,
  MIN_UNIT_PRICE,
  scaleUp,
  type Decimal,
} from '../../protocol/index.js';

const LIMIT = 1n << BigInt(AMOUNT_BITS);

/** A price of a whole unit and the decimals of the proof unit. */
export type PricedUnit = { readonly price: Decimal; readonly decimals: number };

/** The decimals that fit, both ends included; between them every number does. */
type DecimalsRange = { readonly least: number; readonly most: number };

/** The largest scale at which the price of one proof unit is below 2^64; -1 where none is. */
function largestScale({ price, decimals }: PricedUnit): number {
  let scale = MAX_SCALE;
  while (scale >= 0 && scaleUp(price, scale - decimals) >= LIMIT) scale -= 1;
  return scale;
}

/** The least scale at which the price of one proof unit is large enough to be rounded; 31 where none is. */
function leastScale({ price, decimals }: PricedUnit): number {
  let scale = MAX_SCALE + 1;
  while (scale > 0 && scaleUp(price, scale - 1 - decimals) >= MIN_UNIT_PRICE) scale -= 1;
  return scale;
}

/** Assets with a price above 0: the others take part in no price table's scale. */
function onlyPriced<T extends { readonly price: Decimal }>(units: readonly T[]): T[] {
  return units.filter(({ price }) => price.coefficient > 0n);
}

/**
 * The decimals with which an asset of a price has a place in one price table with others.
 * @returns undefined where none has.
 */
export function findPriceRange(price: Decimal, others: readonly PricedUnit[]): DecimalsRange | undefined {
  if (price.coefficient === 0n) return { least: 0, most: MAX_UNIT_DECIMALS };
  const priced = onlyPriced(others);
  const largest = Math.min(MAX_SCALE, ...priced.map(largestScale));
  const least = Math.max(0, ...priced.map(leastScale));
  const fitting = Array.from({ length: MAX_UNIT_DECIMALS + 1 }, (_, decimals) => decimals).filter(
    (decimals) => {
      const unit = { price, decimals };
      const scale = Math.min(largest, largestScale(unit));
      return scale >= Math.max(least, leastScale(unit));
    },
  );
  return fitting.length === 0 ? undefined : { least: fitting[0]!, most: fitting.at(-1)! };
}

/** The most decimals, up to 24, with which an amount of whole units is below 2^64 proof units; -1 where none are. */
export function mostDecimalsOf(amount: Decimal): number {
  let decimals = MAX_UNIT_DECIMALS;
  while (decimals >= 0 && scaleUp(amount, decimals) >= LIMIT) decimals -= 1;
  return decimals;
}

/** Whether the decimals of an asset, and of all others, are those that were chosen for it. */
export type OpenDecimals = { readonly isOpen: boolean; readonly areAllOpen: boolean };

/**
 * Which decimals to give an asset whose amount or price does not fit: what its price allows and what its largest
 * amount allows, as far as they are known.
 */
export function adviseDecimals(
  byPrice: DecimalsRange | undefined,
  { isOpen, areAllOpen, largest }: OpenDecimals & { readonly largest?: Decimal | undefined },
): string {
  const byAmount = largest === undefined ? MAX_UNIT_DECIMALS : mostDecimalsOf(largest);
  if (byPrice === undefined) {
    const fault = 'no number of decimals fits its price beside the others';
    return areAllOpen
      ? `${fault}, though all were chosen for that: correct its price or the highest one, or leave one of the two out`
      : `${fault}: give the asset with the highest price more decimals, or write decimals auto for all`;
  }
  const most = Math.min(byAmount, byPrice.most);
  if (most < byPrice.least) {
    return `its price takes ${formatRange(byPrice)} decimals and its largest amount at most ${byAmount}, so that none fit: correct the amount or the price`;
  }
  const fitting = formatRange({ least: byPrice.least, most });
  return `give it at most ${most} decimals (${fitting} fit)${isOpen ? '' : ', or write auto'}`;
}

function formatRange({ least, most }: DecimalsRange): string {
  return least === most ? String(least) : `${least} to ${most}`;
}

/** An asset whose decimals may be chosen. */
type UnitChoice = {
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
 * Chooses the decimals of the proof units that are not stated: 8, or as many as the largest amount leaves below 2^64.
 * Then it takes fewer where a price would be too small beside the largest, and more for the largest where that is not
 * enough. Where nothing fits, the price table of the result is refused with what to do.
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
