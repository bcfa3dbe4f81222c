import { refuseProtocol } from '../errors.js';
import { assetOfQuote, type PositionValuation } from '../formats/valuation.js';
import { parseRational, type Rational } from './rational.js';
import { refuseLine, type NumberedLine } from './refuse-line.js';

/** What is published about a snapshot, as far as the value of a line follows from it. */
export type PublishedValuation = {
  /** All listed assets: decimals of the proof unit, and the price of one whole unit in the quote currency. */
  readonly assets: readonly { readonly symbol: string; readonly decimals: number; readonly price: string }[];
  /** The currency of the prices. */
  readonly quote: string;
  /** The snapshot's instant, canonical RFC 3339. */
  readonly takenAt: string;
  /** How old marks and a model's inputs may be at the instant, in milliseconds; null where there are none. */
  readonly maxMarkAgeMs: number | null;
};

/** The published assets by symbol. */
export class PublishedPrices {
  readonly #assets: ReadonlyMap<string, { readonly decimals: number; readonly price: string }>;
  readonly #quote: string;

  constructor({ assets, quote }: PublishedValuation) {
    this.#assets = new Map(assets.map(({ symbol, decimals, price }) => [symbol, { decimals, price }]));
    this.#quote = quote;
  }

  /** The decimals of the asset of a line. @throws SolventError `statement-asset-not-listed`. */
  decimalsOf({ line, position }: NumberedLine): number {
    const listed = this.#assets.get(line.asset);
    if (listed !== undefined) return listed.decimals;
    throw refuseProtocol('statement-asset-not-listed', {
      expected: 'lines of listed assets',
      found: 'one of another asset',
      details: { line: position },
    });
  }

  /** The price of one whole unit in the quote currency, which is 1 of itself; undefined where it is not listed. */
  priceOf(symbol: string): string | undefined {
    return symbol === this.#quote ? '1' : this.#assets.get(symbol)?.price;
  }

  /** The price of one proof unit of a listed asset. */
  unitPriceOf(symbol: string): Rational {
    const { decimals } = this.#assets.get(symbol)!;
    const { numerator, denominator } = parseRational(this.priceOf(symbol)!);
    return { numerator, denominator: denominator * 10n ** BigInt(decimals) };
  }
}

/** That the currency of a quote is a published one, and that what it is converted with are the published prices. */
export function assertPublishedPrices(
  placed: NumberedLine,
  { instrument, quote, conversion }: PositionValuation,
  prices: PublishedPrices,
): void {
  const from = prices.priceOf(assetOfQuote(quote));
  const to = prices.priceOf(instrument.settlementAsset);
  const isPublished = from !== undefined && to !== undefined;
  if (isPublished && (conversion === null || (conversion.fromPrice === from && conversion.toPrice === to)))
    return;
  throw refuseLine('statement-price-differs', placed, 'prices that the manifest publishes');
}
