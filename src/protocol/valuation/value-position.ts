import type { Decimal } from '../decimal.js';
import { parseInstantNs } from '../instant.js';
import {
  assetOfQuote,
  comesOutInCoin,
  type Instrument,
  type PositionValuation,
  type QuotedTerms,
} from '../formats/valuation.js';
import { countYears, hasModelPrice, priceBlack76, type Black76Terms, type OptionRight } from './black-76.js';
import {
  divide,
  multiply,
  ONE,
  parseRational,
  reduce,
  subtract,
  toRational,
  ZERO,
  type Rational,
} from './rational.js';

/** Why an instrument has no price. */
export type PricingFault = 'model-inputs-out-of-range' | 'model-price-undecided';

/** What every position in one instrument is valued at. */
export type PricedInstrument = {
  /** Of one unit of the underlying (linear), of the coin (inverse), or of an option on one unit. */
  readonly price: Rational;
  /** What one unit of the price's currency is in the settlement asset. */
  readonly conversion: Rational;
};

type OptionTerms = Extract<Instrument, { kind: 'option' }>;
type ModelQuote = Extract<PositionValuation['quote'], { kind: 'black-76' }>;

/**
 * The price and the conversion that all positions in one instrument are valued at.
 * @returns the fault where a model has no price for its inputs.
 */
export function priceInstrument({
  instrument,
  quote,
  conversion,
}: Pick<PositionValuation, 'instrument' | 'quote' | 'conversion'>): PricedInstrument | PricingFault {
  const price = findPrice({ instrument, quote });
  if (typeof price === 'string') return price;
  const rate =
    conversion === null
      ? ONE
      : divide(parseRational(conversion.fromPrice), parseRational(conversion.toPrice));
  return { price: reduce(price), conversion: reduce(rate) };
}

/** The price of one unit in the currency of the quote, or in the coin where it comes out in that. */
function findPrice({ instrument, quote }: QuotedTerms): Rational | PricingFault {
  if (instrument.kind === 'option') {
    if (quote.kind === 'black-76') return findModelPrice(instrument, quote);
    if (quote.kind === 'settlement') return findIntrinsic(instrument, parseRational(quote.price));
  }
  if (quote.kind === 'black-76') return 'model-inputs-out-of-range';
  return parseRational(quote.price);
}

function findIntrinsic(terms: OptionTerms, delivery: Rational): Rational {
  const strike = parseRational(terms.strike);
  return terms.underlying === terms.settlementAsset
    ? intrinsicInCoin(terms.right, delivery, strike)
    : intrinsicOf(terms.right, delivery, strike);
}

function findModelPrice(terms: OptionTerms, quote: ModelQuote): Rational | PricingFault {
  const inputs = readModelTerms(terms, quote);
  if (!hasModelPrice(inputs)) return 'model-inputs-out-of-range';
  const price = priceBlack76(inputs);
  return price === undefined ? 'model-price-undecided' : toRational(price.coefficient, price.fractionDigits);
}

/** The model price of an option, with 18 fraction digits; undefined where there is none. */
export function priceModel(instrument: Instrument, quote: ModelQuote): Decimal | undefined {
  if (instrument.kind !== 'option') return undefined;
  const inputs = readModelTerms(instrument, quote);
  return hasModelPrice(inputs) ? priceBlack76(inputs) : undefined;
}

/** The terms of the model, from what a line states. */
export function readModelTerms(terms: OptionTerms, quote: ModelQuote): Black76Terms {
  return {
    right: terms.right,
    forward: parseRational(quote.forward.price),
    strike: parseRational(terms.strike),
    volatility: parseRational(quote.volatility.value),
    rate: parseRational(quote.rate),
    years: countYears(parseInstantNs(quote.valuedAt), parseInstantNs(terms.expiry), quote.dayCount),
    inCoin: comesOutInCoin({ instrument: terms, quote }),
  };
}

/** The asset that the price of an instrument is in: that of the quote, or the coin where it comes out in that. */
export function assetOfPrice({ instrument, quote }: QuotedTerms): string {
  const inCoin = instrument.kind === 'option' && comesOutInCoin({ instrument, quote });
  return inCoin ? instrument.settlementAsset : assetOfQuote(quote);
}

/** What a user has of an instrument. */
export type InstrumentPosition = {
  /** Signed number of contracts: negative is short. */
  readonly quantity: Rational;
  /** In the currency of the price, above 0 for futures; not looked at where the premium was paid at the opening. */
  readonly entry: Rational;
};

/** The worth of a position in whole units of the settlement asset, exactly. */
export function valuePosition(
  instrument: Instrument,
  { price, conversion }: PricedInstrument,
  { quantity, entry }: InstrumentPosition,
): Rational {
  const size = multiply(quantity, parseRational(instrument.contractSize));
  if (instrument.style === 'inverse') return multiply(size, gainInverse(price, entry));
  const gain = instrument.style === 'premium-paid' ? price : subtract(price, entry);
  return multiply(multiply(size, gain), conversion);
}

/** The gain of one quote unit of an inverse contract, in the coin: `1/entry − 1/mark`, both above 0. */
function gainInverse(mark: Rational, entry: Rational): Rational {
  return divide(subtract(mark, entry), multiply(entry, mark));
}

/**
 * What an option on one unit of the underlying pays at its expiry, in the currency of strike and delivery price:
 * `max(S − K, 0)` for a call and `max(K − S, 0)` for a put.
 */
export function intrinsicOf(right: OptionRight, deliveryPrice: Rational, strike: Rational): Rational {
  const gain = right === 'call' ? subtract(deliveryPrice, strike) : subtract(strike, deliveryPrice);
  return gain.numerator > 0n ? gain : ZERO;
}

/** What a coin-settled option pays: its intrinsic value divided by the delivery price, which is above 0. */
export function intrinsicInCoin(right: OptionRight, deliveryPrice: Rational, strike: Rational): Rational {
  return divide(intrinsicOf(right, deliveryPrice, strike), deliveryPrice);
}
