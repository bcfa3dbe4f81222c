import type { Holding } from './account.js';
import { multiplyDecimals, parseDecimal, scaleDown, scaleUp } from './decimal.js';
import { SolventError, refuseProtocol } from './errors.js';
import { AMOUNT_BITS, MAX_SCALE, MIN_UNIT_PRICE } from './limits.js';

/** What the value of an asset follows from, as published: decimals in canonical form. */
export type PricedAsset = {
  readonly symbol: string;
  /** Decimals of the proof unit: one whole unit is 10^decimals proof units. */
  readonly decimals: number;
  /** Price of one whole unit in the quote currency; 0 for an asset that is worth nothing, which nobody may owe. */
  readonly price: string;
  /** The share of the price that counts as collateral, 0 to 1. */
  readonly collateralRatio: string;
};

/** Prices of one proof unit in units of 10^-scale of the quote currency; 0 <= collateral <= full < 2^64, 1 <= full. */
export type UnitPrice = {
  /** q: rounded up, and 1 where the price is 0. What debt is valued at. */
  readonly full: bigint;
  /** p: after the haircut, rounded down. What equity is valued at. */
  readonly collateral: bigint;
};

/** The price table of a snapshot: one row for each listed asset, in order. */
export type PriceTable = { readonly scale: number; readonly prices: readonly UnitPrice[] };

export type PriceCode =
  | 'debt-without-price'
  | 'quote-price-not-one'
  | 'price-too-small'
  | 'price-too-large'
  | 'collateral-ratio-out-of-range';

const PRICE_LIMIT = 1n << BigInt(AMOUNT_BITS);
/** Of an asset of price 0: no collateral, and a debt is not free even before it is refused. */
const WORTHLESS: UnitPrice = { full: 1n, collateral: 0n };

/**
 * The price table that a list of assets determines: `q = ceil(price · 10^(s − decimals))`,
 * `p = floor(price · ratio · 10^(s − decimals))`, `s` the largest up to 30 with every `q < 2^64`. An asset of price 0
 * has `q = 1` and `p = 0`: it is owed and covers nothing, and nobody may owe it (`assertDebtsPriced`).
 * @throws SolventError `price-too-small` (q below 10^4 at that scale), `price-too-large`,
 * `collateral-ratio-out-of-range`, `decimal-malformed`; details name the asset.
 */
export function derivePriceTable(assets: readonly PricedAsset[]): PriceTable {
  const parsed = assets.map(parsePrices);
  for (let scale = MAX_SCALE; scale >= 0; scale--) {
    const prices = parsed.map((asset) => priceUnit(asset, scale));
    if (prices.some(({ full }) => full >= PRICE_LIMIT)) continue;
    const tooSmall = prices.findIndex((price) => price !== WORTHLESS && price.full < MIN_UNIT_PRICE);
    if (tooSmall >= 0) {
      throw refusePrice(
        'price-too-small',
        assets[tooSmall]!.symbol,
        `a price of one proof unit of at least ${MIN_UNIT_PRICE.toString()} at scale ${scale}: give the asset fewer decimals`,
      );
    }
    return { scale, prices };
  }
  throw refusePrice('price-too-large', assets[0]?.symbol ?? '', 'prices below 2^64 quote units');
}

/**
 * Makes sure that nobody owes an asset of price 0: every debt is at least 0, so a total of 0 says that there is none.
 * @param totals the debts of all accounts, in the order of the assets.
 * @throws SolventError `debt-without-price`; details name the asset.
 */
export function assertDebtsPriced(
  assets: readonly Pick<PricedAsset, 'symbol' | 'price'>[],
  totals: readonly { readonly debt: string }[],
): void {
  const refused = assets.find(({ price }, index) => price === '0' && totals[index]?.debt !== '0');
  if (refused === undefined) return;
  throw refusePrice('debt-without-price', refused.symbol, 'no debt in an asset of price 0');
}

/**
 * Makes sure that the quote currency, where it is listed, has the price 1 of itself: lines of statements are converted at
 * that, and totals are valued at what is listed.
 * @throws SolventError `quote-price-not-one`; details name the asset.
 */
export function assertQuotePrice(
  assets: readonly Pick<PricedAsset, 'symbol' | 'price'>[],
  quote: string,
): void {
  if (assets.every(({ symbol, price }) => symbol !== quote || price === '1')) return;
  throw refusePrice('quote-price-not-one', quote, 'the price 1 of the quote currency');
}

/** V = Σ p·equity − Σ q·debt, in units of 10^-scale: negative where collateral does not cover the debt. */
export function computeNetValue(prices: readonly UnitPrice[], holdings: readonly Holding[]): bigint {
  let net = 0n;
  for (const { assetIndex, equityUnits, debtUnits } of holdings) {
    const { collateral, full } = prices[assetIndex]!;
    net += collateral * equityUnits - full * debtUnits;
  }
  return net;
}

function parsePrices({ symbol, decimals, price, collateralRatio }: PricedAsset) {
  const parsedPrice = parseDecimal(price);
  const ratio = parseDecimal(collateralRatio);
  if (ratio.coefficient > 10n ** BigInt(ratio.fractionDigits)) {
    throw refusePrice('collateral-ratio-out-of-range', symbol, 'a collateral ratio from 0 to 1');
  }
  return { price: parsedPrice, collateralPrice: multiplyDecimals(parsedPrice, ratio), decimals };
}

function priceUnit(
  { price, collateralPrice, decimals }: ReturnType<typeof parsePrices>,
  scale: number,
): UnitPrice {
  if (price.coefficient === 0n) return WORTHLESS;
  return {
    full: scaleUp(price, scale - decimals),
    collateral: scaleDown(collateralPrice, scale - decimals).units,
  };
}

function refusePrice(code: PriceCode, symbol: string, expected: string): SolventError<PriceCode> {
  return refuseProtocol(code, {
    expected,
    found: `another for ${symbol}`,
    details: { asset: symbol },
  });
}
