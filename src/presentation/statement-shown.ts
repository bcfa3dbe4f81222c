import { formatDecimal, parseInstantNs, type StatementLine } from '../protocol/index.js';
import {
  assetOfPrice,
  assetOfQuote,
  priceModel,
  type PositionQuote,
  type PositionValuation,
} from '../protocol/valuation/index.js';

/** What is shown of a line besides its kind and value. Null where there is nothing to show. */
export type ShownLine = {
  /** The name of the instrument. */
  readonly instrument: string | null;
  /** In contracts. */
  readonly quantity: string | null;
  readonly entryPrice: string | null;
  /** The mark, the delivery price, or what the model makes of its inputs. */
  readonly price: string | null;
  readonly priceAsset: string | null;
  readonly priceSource: string | null;
  /** The instant of the price, or of the older of a model's observed inputs. */
  readonly pricedAt: string | null;
};

const NOTHING: ShownLine = {
  instrument: null,
  quantity: null,
  entryPrice: null,
  price: null,
  priceAsset: null,
  priceSource: null,
  pricedAt: null,
};

/** What a position line says in the words of its reader; nothing of all other lines. */
export function showLine({ valuation }: StatementLine): ShownLine {
  if (valuation.of !== 'position') return NOTHING;
  const { instrument, quantity, entryPrice } = valuation;
  return { instrument: instrument.name, quantity, entryPrice, ...showPrice(valuation) };
}

type ShownPrice = Pick<ShownLine, 'price' | 'priceAsset' | 'priceSource' | 'pricedAt'>;

function showPrice({ instrument, quote }: PositionValuation): ShownPrice {
  if (quote.kind !== 'black-76') {
    const priceSource = quote.kind === 'settlement' ? `settlement: ${quote.source}` : quote.source;
    return { price: quote.price, priceAsset: assetOfQuote(quote), priceSource, pricedAt: quote.at };
  }
  const price = priceModel(instrument, quote);
  return {
    price: price === undefined ? null : formatDecimal(price),
    priceAsset: assetOfPrice({ instrument, quote }),
    priceSource: describeModel(quote),
    pricedAt: findOlder(quote.forward.at, quote.volatility.at),
  };
}

function describeModel({
  forward,
  volatility,
  rate,
  dayCount,
}: Extract<PositionQuote, { kind: 'black-76' }>): string {
  const inputs = [
    `forward ${forward.price} ${forward.asset} (${forward.source})`,
    `volatility ${volatility.value} (${volatility.source})`,
    `rate ${rate} ${dayCount}`,
  ];
  return `black-76: ${inputs.join(', ')}`;
}

function findOlder(a: string, b: string): string {
  return parseInstantNs(a) < parseInstantNs(b) ? a : b;
}
