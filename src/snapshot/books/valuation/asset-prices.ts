import type { DuckDBDecimalValue } from '@duckdb/node-api';

import {
  derivePriceTable,
  parseDecimal,
  SolventError,
  type PricedAsset,
  type PriceTable,
  refuseProtocol,
  formatDecimal,
} from '../../../protocol/index.js';
import { adviseDecimals, findPriceRange } from '../../units/choose-decimals.js';
import type { Scratch } from '../../database/scratch.js';
import type { BooksConfig } from '../config.js';
import { formatInstantNs } from '../instant-ns.js';
import { RefusedNames } from './refusals.js';

/**
 * The price table of the assets of books.
 * @param configured the same as the configuration has them: which decimals were to be chosen.
 * @throws SolventError as `derivePriceTable`; one that is too small says which decimals its asset may have.
 */
export function deriveBookPrices(
  assets: readonly PricedAsset[],
  configured: BooksConfig['assets'],
): PriceTable {
  try {
    return derivePriceTable(assets);
  } catch (error) {
    if (!(error instanceof SolventError) || error.code !== 'price-too-small') throw error;
    const symbol = error.details.asset as string;
    const asset = assets.find((other) => other.symbol === symbol)!;
    const others = assets.filter((other) => other !== asset);
    const open = configured.filter(({ hasOpenDecimals }) => hasOpenDecimals === true);
    const isOpen = open.some((other) => other.symbol === symbol);
    const areAllOpen = open.length === configured.length;
    const range = findPriceRange(
      parseDecimal(asset.price),
      others.map(({ price, decimals }) => ({ price: parseDecimal(price), decimals })),
    );
    throw refuseProtocol('price-too-small', {
      expected: 'a price of one proof unit that rounding leaves as it is beside the others',
      found: `a smaller one for ${symbol}`,
      advice: adviseDecimals(range, { isOpen, areAllOpen }),
      details: { asset: symbol },
      cause: error,
    });
  }
}

type MarkKind = 'mark' | 'settlement' | 'forward' | 'volatility';

/** The last mark of its kind up to the instant; it may be too old. */
export type Mark = {
  /** 18 fraction digits. */
  readonly coefficient: bigint;
  /** A symbol; empty for volatilities. */
  readonly asset: string;
  readonly atNs: bigint;
  readonly source: string;
};

/** The last marks of one instrument, by kind. */
export type Marks = ReadonlyMap<MarkKind, Mark>;

/** The last marks up to the instant of every instrument that users have open positions in. The variable `at_ns` is set. */
export async function loadMarks(scratch: Scratch): Promise<ReadonlyMap<string, Marks>> {
  const found = new Map<string, Map<MarkKind, Mark>>();
  for await (const rows of scratch.stream('books/valuation/select-marks-in-force')) {
    for (const [instrument, kind, price, asset, at, source] of rows) {
      const marks = found.get(instrument as string) ?? new Map<MarkKind, Mark>();
      found.set(instrument as string, marks);
      marks.set(kind as MarkKind, {
        coefficient: (price as DuckDBDecimalValue).value,
        asset: (asset as string | null) ?? '',
        atNs: at as bigint,
        source: source as string,
      });
    }
  }
  return found;
}

/** The price of an asset that is in force at the instant. */
export type InForcePrice = {
  readonly symbol: string;
  /** Of one whole unit in the quote currency, canonical decimal; 0 where it is worth nothing or has no price in force, and 1 for the quote currency. */
  readonly price: string;
  /** Null where there is no price in force. */
  readonly source: string | null;
  /** Canonical RFC 3339; null where there is no price in force. */
  readonly pricedAt: string | null;
};

/** Prices in force of whole units in the quote currency, canonical decimals by symbol, the quote currency itself included. */
export type AssetPrices = ReadonlyMap<string, string>;

/**
 * The last price of each asset up to the instant, where it is not older than permitted.
 * @param atNs the instant, nanoseconds since 1970 UTC.
 * @returns in the order of the configuration; an asset that nobody holds may have none (`loadAssetPrices`).
 */
export async function priceAssets(
  scratch: Scratch,
  config: BooksConfig,
  atNs: bigint,
): Promise<InForcePrice[]> {
  const found = await loadPrices(scratch, config, atNs);
  return found.map(({ symbol, inForce }) => {
    if (typeof inForce === 'string') {
      const price = symbol === config.quote ? '1' : '0';
      return { symbol, price, source: null, pricedAt: null };
    }
    return {
      symbol,
      price: inForce.price,
      source: inForce.source,
      pricedAt: formatInstantNs(inForce.pricedAtNs),
    };
  });
}

/**
 * The same prices by symbol. The quote currency is worth 1, listed or not.
 * @param used the symbols of the assets that must have a price.
 * @throws SolventError of class `source`: `price-missing`, `price-stale`, `quote-price-not-one`; details list the assets.
 */
export async function loadAssetPrices(
  scratch: Scratch,
  config: BooksConfig,
  { atNs, used }: { atNs: bigint; used: ReadonlySet<string> },
): Promise<AssetPrices> {
  const prices = new Map<string, string>();
  const refused = new RefusedNames('assets');
  for (const { symbol, inForce } of await loadPrices(scratch, config, atNs)) {
    if (typeof inForce !== 'string') {
      if (symbol === config.quote && inForce.price !== '1') refused.add('quote-price-not-one', symbol);
      prices.set(symbol, inForce.price);
    } else if (used.has(symbol)) refused.add(inForce, symbol);
  }
  refused.throwIfAny();
  return prices.set(config.quote, '1');
}

type FoundPrice = {
  readonly symbol: string;
  /** The price in force, or why there is none. */
  readonly inForce:
    | { readonly price: string; readonly source: string; readonly pricedAtNs: bigint }
    | 'price-missing'
    | 'price-stale';
};

async function loadPrices(scratch: Scratch, config: BooksConfig, atNs: bigint): Promise<FoundPrice[]> {
  await scratch.set('at_ns', atNs);
  const found: FoundPrice[] = [];
  for await (const rows of scratch.stream('books/valuation/select-prices-in-force')) {
    for (const [assetIndex, price, at, source] of rows) {
      const { symbol, maxPriceAgeNs } = config.assets[assetIndex as number]!;
      const coefficient = (price as DuckDBDecimalValue | null)?.value;
      const pricedAtNs = at as bigint;
      if (coefficient === undefined) found.push({ symbol, inForce: 'price-missing' });
      else if (atNs - pricedAtNs > maxPriceAgeNs) found.push({ symbol, inForce: 'price-stale' });
      else
        found.push({
          symbol,
          inForce: {
            price: formatDecimal({ coefficient, fractionDigits: 18 }),
            source: source as string,
            pricedAtNs,
          },
        });
    }
  }
  return found;
}
