import { convert } from '../asset-prices.js';
import { divide, multiply, subtract, toRational, type Rational } from '../rational.js';
import type { Instrument, InstrumentRow, Position } from './instrument.js';
import { deliveryOf, hasExpired, keepForeign, makeQuote, markOf } from './quote.js';

/** A future or perpetual: the worth of a position is its unrealised result. */
export function parseFuture(row: InstrumentRow): Instrument | undefined {
  const { name, settlementIndex, settlementAsset, contractSize, style, expiryNs } = row;
  if (style !== 'linear' && style !== 'inverse') return undefined;
  const isInverse = style === 'inverse';
  return {
    name,
    settlementIndex,
    lineKind: 'futures',
    hasEntry: true,
    quote: (marks, context) => {
      const mark = hasExpired(expiryNs, context) ? deliveryOf(expiryNs, marks) : markOf(marks, context);
      if (typeof mark === 'string') return mark;
      if (mark.coefficient <= 0n) return 'price-not-positive';
      // The size of an inverse contract is in the currency of its price, so its result is in the coin as it is.
      const conversion = isInverse
        ? keepForeign(mark.asset, settlementAsset, context.prices)
        : convert(context.prices, mark.asset, settlementAsset);
      return makeQuote(mark, { price: toRational(mark.coefficient), conversion });
    },
    value: ({ price: mark, conversion }, position) => {
      const open = { ...position, contractSize, mark };
      return isInverse ? valueInverse(open) : multiply(valueLinear(open), conversion);
    },
  };
}

/** What the result of an open position follows from. */
export type OpenResult = Position & {
  /** Of one contract, above 0: in units of the underlying for linear contracts, in the currency of the price for inverse ones. */
  readonly contractSize: Rational;
  /** In the same currency as the entry price; above 0 for inverse contracts. */
  readonly mark: Rational;
};

/** The unrealised result of a linear contract in the currency of its price: `q·size·(mark − entry)`. */
export function valueLinear({ quantity, contractSize, mark, entry }: OpenResult): Rational {
  return multiply(multiply(quantity, contractSize), subtract(mark, entry));
}

/** The unrealised result of an inverse contract in the coin: `q·size·(1/entry − 1/mark)`. */
export function valueInverse({ quantity, contractSize, mark, entry }: OpenResult): Rational {
  const gain = divide(subtract(mark, entry), multiply(entry, mark));
  return multiply(multiply(quantity, contractSize), gain);
}
