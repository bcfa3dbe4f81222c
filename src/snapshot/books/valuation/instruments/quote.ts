import { formatDecimal, MAX_ID_BYTES, type Decimal } from '../../../../protocol/index.js';
import type { BooksConfig } from '../../config.js';
import type { AssetPrices } from '../asset-prices.js';
import type { Mark, Marks } from '../marks.js';
import { ONE, reduce, type Rational } from '../rational.js';
import type { ValuationCode } from '../refusals.js';

/** What every position in one instrument is valued at. */
export type Quote = {
  /** Of one unit of the underlying (linear), of the coin (inverse), or of an option on one unit. */
  readonly price: Rational;
  /** What one unit of the price's currency is in the settlement asset. */
  readonly conversion: Rational;
  /** As a statement shows it: the mark, delivery price or model price that the value follows from. */
  readonly shown: {
    readonly price: string;
    readonly priceAsset: string;
    readonly source: string;
    readonly atNs: bigint;
  };
  /** Whether the price is a model's. */
  readonly modelled: boolean;
};

/** What quotes are made under: the configuration, the instant and the prices of assets in force. */
export type QuoteContext = {
  readonly config: BooksConfig;
  /** Nanoseconds since 1970 UTC. */
  readonly atNs: bigint;
  readonly prices: AssetPrices;
};

/** Whether an instrument has expired at the instant; one without an expiry never does. */
export function hasExpired(expiryNs: bigint | null, { atNs }: QuoteContext): expiryNs is bigint {
  return expiryNs !== null && expiryNs <= atNs;
}

/** The delivery price: a price of kind settlement from before the expiry settled something else, like a day. */
export function deliveryOf(expiryNs: bigint, marks: Marks): Mark | ValuationCode {
  const settlement = marks.get('settlement');
  if (settlement === undefined || settlement.atNs < expiryNs) return 'settlement-price-missing';
  return { ...settlement, source: fitSource(`settlement: ${settlement.source}`, settlement.source) };
}

/** The mark in force. */
export function markOf(marks: Marks, context: QuoteContext): Mark | ValuationCode {
  const mark = marks.get('mark');
  if (mark === undefined) return 'mark-missing';
  return isInForce(mark, context) ? mark : 'mark-stale';
}

/** Whether a mark is there and not too old. */
export function isInForce(mark: Mark | undefined, { config, atNs }: QuoteContext): mark is Mark {
  return mark !== undefined && atNs - mark.atNs <= config.maxMarkAgeNs;
}

/** A quote at a mark. @returns `mark-asset-unusable` where its currency cannot be converted. */
export function makeQuote(
  mark: Mark,
  { price, conversion }: { price: Rational; conversion: Rational | undefined },
): Quote | ValuationCode {
  if (conversion === undefined) return 'mark-asset-unusable';
  return {
    price: reduce(price),
    conversion: reduce(conversion),
    shown: {
      price: formatDecimal(toDecimal(mark.coefficient)),
      priceAsset: mark.asset,
      source: mark.source,
      atNs: mark.atNs,
    },
    modelled: false,
  };
}

/** For what is in the settlement asset already: refuses a price of the coin in the coin, and unknown currencies. */
export function keepForeign(
  asset: string,
  settlementAsset: string,
  prices: AssetPrices,
): Rational | undefined {
  return asset !== settlementAsset && prices.has(asset) ? ONE : undefined;
}

/** A statement has no room for more than that. */
export function fitSource(full: string, short: string): string {
  return Buffer.byteLength(full) <= MAX_ID_BYTES ? full : short;
}

/** A price of 18 fraction digits. */
export function toDecimal(coefficient: bigint): Decimal {
  return { coefficient, fractionDigits: 18 };
}
