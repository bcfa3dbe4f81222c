import type { DuckDBDecimalValue } from '@duckdb/node-api';

import { formatDecimal } from '../../../protocol/index.js';
import type { Scratch } from '../../database/scratch.js';
import type { BooksConfig } from '../config.js';
import { formatInstantNs } from '../instant-ns.js';
import { divide, ONE, toRational, type Rational } from './rational.js';
import { RefusedNames } from './refusals.js';

/** The price of an asset that is in force at the instant. */
export type InForcePrice = {
  readonly symbol: string;
  /** Of one whole unit in the quote currency, canonical decimal, above 0. */
  readonly price: string;
  readonly source: string;
  /** Canonical RFC 3339. */
  readonly pricedAt: string;
};

/** Prices in force for computing with: of whole units in the quote currency, by symbol, the quote currency itself included. */
export type AssetPrices = ReadonlyMap<string, Rational>;

/**
 * The last price of each asset up to the instant.
 * @param atNs the instant, nanoseconds since 1970 UTC.
 * @returns in the order of the configuration.
 * @throws SolventError of class `source`: `price-missing`, `price-stale`, `price-not-positive`; details list the assets.
 */
export async function priceAssets(
  scratch: Scratch,
  config: BooksConfig,
  atNs: bigint,
): Promise<InForcePrice[]> {
  const found = await loadPrices(scratch, config, atNs);
  return found.map(({ symbol, coefficient, source, pricedAtNs }) => ({
    symbol,
    price: formatDecimal({ coefficient, fractionDigits: 18 }),
    source,
    pricedAt: formatInstantNs(pricedAtNs),
  }));
}

/**
 * The same prices for computing with. The quote currency is worth 1, listed or not.
 * @throws SolventError as `priceAssets`.
 */
export async function loadAssetPrices(
  scratch: Scratch,
  config: BooksConfig,
  atNs: bigint,
): Promise<AssetPrices> {
  const found = await loadPrices(scratch, config, atNs);
  const prices = new Map(found.map(({ symbol, coefficient }) => [symbol, toRational(coefficient)]));
  return prices.set(config.quote, ONE);
}

/** How many whole units of one asset one whole unit of another is worth; undefined where either has no price. */
export function convert(prices: AssetPrices, from: string, to: string): Rational | undefined {
  if (from === to) return ONE;
  const [fromPrice, toPrice] = [prices.get(from), prices.get(to)];
  return fromPrice === undefined || toPrice === undefined ? undefined : divide(fromPrice, toPrice);
}

type FoundPrice = {
  readonly symbol: string;
  readonly coefficient: bigint;
  readonly source: string;
  readonly pricedAtNs: bigint;
};

async function loadPrices(scratch: Scratch, config: BooksConfig, atNs: bigint): Promise<FoundPrice[]> {
  await scratch.set('at_ns', atNs);
  const found: FoundPrice[] = [];
  const refused = new RefusedNames('assets');
  for await (const rows of scratch.stream('books/valuation/select-prices-in-force')) {
    for (const [assetIndex, price, at, source] of rows) {
      const { symbol, maxPriceAgeNs } = config.assets[assetIndex as number]!;
      const coefficient = (price as DuckDBDecimalValue | null)?.value;
      const pricedAtNs = at as bigint;
      if (coefficient === undefined) refused.add('price-missing', symbol);
      else if (atNs - pricedAtNs > maxPriceAgeNs) refused.add('price-stale', symbol);
      else if (coefficient <= 0n) refused.add('price-not-positive', symbol);
      else found.push({ symbol, coefficient, source: source as string, pricedAtNs });
    }
  }
  refused.throwIfAny();
  return found;
}
