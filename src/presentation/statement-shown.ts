import type { PositionQuote, StatementLine } from '../protocol/index.js';

/** What is shown of a line besides its kind and value. Null where there is nothing to show. */
export type ShownLine = {
  /** The name of the instrument. */
  readonly instrument: string | null;
  /** In contracts. */
  readonly quantity: string | null;
  readonly entryPrice: string | null;
  /** The mark or the delivery price; null where a model makes it from its inputs. */
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
  const { instrument, quantity, entryPrice, quote } = valuation;
  return { instrument: instrument.name, quantity, entryPrice, ...showPrice(quote) };
}

function showPrice(
  quote: PositionQuote,
): Pick<ShownLine, 'price' | 'priceAsset' | 'priceSource' | 'pricedAt'> {
  if (quote.kind === 'black-76') {
    const { forward, volatility } = quote;
    const pricedAt = forward.at < volatility.at ? forward.at : volatility.at;
    return { price: null, priceAsset: null, priceSource: describeModel(quote), pricedAt };
  }
  const { price, asset, source, at, kind } = quote;
  const priceSource = kind === 'settlement' ? `settlement: ${source}` : source;
  return { price, priceAsset: asset, priceSource, pricedAt: at };
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
