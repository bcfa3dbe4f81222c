import { formatDecimal } from '../../../../protocol/index.js';
import { convert } from '../asset-prices.js';
import { countYears, priceBlack76, type OptionRight } from '../black-76.js';
import { formatInstantNs } from '../../instant-ns.js';
import type { Mark, Marks } from '../marks.js';
import { divide, multiply, subtract, toRational, ZERO, type Rational } from '../rational.js';
import type { ValuationCode } from '../refusals.js';
import { valueLinear } from './future.js';
import type { Instrument, InstrumentRow } from './instrument.js';
import {
  deliveryOf,
  fitSource,
  hasExpired,
  isInForce,
  keepForeign,
  makeQuote,
  markOf,
  toDecimal,
  type Quote,
  type QuoteContext,
} from './quote.js';

/** What a European option is quoted by; it is coin-settled where it settles in the asset that it is on. */
type OptionTerms = {
  readonly settlementAsset: string;
  readonly isCoinSettled: boolean;
  readonly right: OptionRight;
  /** 18 fraction digits, above 0; in the currency of forward and delivery price. */
  readonly strike: bigint;
  readonly expiryNs: bigint;
};

/** A European option: worth its price where its premium was paid, and its unrealised result where it is like a future. */
export function parseOption(row: InstrumentRow): Instrument | undefined {
  const { name, underlying, settlementIndex, settlementAsset, contractSize, style, strike, expiryNs, right } =
    row;
  if (style !== 'premium-paid' && style !== 'futures-style') return undefined;
  if (right !== 'call' && right !== 'put') return undefined;
  if (expiryNs === null || strike === null || strike <= 0n) return undefined;
  const isCoinSettled = underlying === settlementAsset;
  const terms: OptionTerms = { settlementAsset, isCoinSettled, right, strike, expiryNs };
  const isPremiumPaid = style === 'premium-paid';
  return {
    name,
    settlementIndex,
    lineKind: 'options',
    hasEntry: !isPremiumPaid,
    quote: (marks, context) => quoteOption(terms, marks, context),
    value: ({ price: mark, conversion }, position) => {
      const open = { ...position, contractSize, mark };
      return multiply(isPremiumPaid ? valuePremiumPaid(open) : valueLinear(open), conversion);
    },
  };
}

function quoteOption(terms: OptionTerms, marks: Marks, context: QuoteContext): Quote | ValuationCode {
  if (hasExpired(terms.expiryNs, context)) {
    const delivery = deliveryOf(terms.expiryNs, marks);
    return typeof delivery === 'string' ? delivery : quoteExpired(terms, delivery, context);
  }
  const mark = markOf(marks, context);
  if (typeof mark !== 'string') return quoteMarked(terms, mark, context);
  return quoteModelled(terms, marks, context) ?? mark;
}

function quoteMarked(terms: OptionTerms, mark: Mark, { prices }: QuoteContext): Quote | ValuationCode {
  if (mark.coefficient < 0n) return 'price-not-positive';
  const conversion = convert(prices, mark.asset, terms.settlementAsset);
  return makeQuote(mark, { price: toRational(mark.coefficient), conversion });
}

function quoteExpired(terms: OptionTerms, delivery: Mark, { prices }: QuoteContext): Quote | ValuationCode {
  if (delivery.coefficient <= 0n) return 'price-not-positive';
  const [settled, strike] = [toRational(delivery.coefficient), toRational(terms.strike)];
  if (!terms.isCoinSettled) {
    const conversion = convert(prices, delivery.asset, terms.settlementAsset);
    return makeQuote(delivery, { price: intrinsicOf(terms.right, settled, strike), conversion });
  }
  const conversion = keepForeign(delivery.asset, terms.settlementAsset, prices);
  return makeQuote(delivery, { price: intrinsicInCoin(terms.right, settled, strike), conversion });
}

/** Undefined where the configuration allows no model prices, or forward and volatility are not both in force. */
function quoteModelled(
  terms: OptionTerms,
  marks: Marks,
  context: QuoteContext,
): Quote | ValuationCode | undefined {
  const { modelPrices } = context.config;
  const [forward, volatility] = [marks.get('forward'), marks.get('volatility')];
  if (!modelPrices.allowed || !isInForce(forward, context) || !isInForce(volatility, context))
    return undefined;
  if (forward.coefficient <= 0n || volatility.coefficient <= 0n) return 'price-not-positive';
  const inCoin = terms.isCoinSettled;
  const conversion = inCoin
    ? keepForeign(forward.asset, terms.settlementAsset, context.prices)
    : convert(context.prices, forward.asset, terms.settlementAsset);
  const price = priceBlack76({
    right: terms.right,
    forward: toDecimal(forward.coefficient),
    strike: toDecimal(terms.strike),
    volatility: toDecimal(volatility.coefficient),
    rate: modelPrices.rate,
    years: countYears(context.atNs, terms.expiryNs, modelPrices.dayCount),
    inCoin,
  });
  const inputs = [
    `forward ${formatDecimal(toDecimal(forward.coefficient))} ${forward.asset} ${formatInstantNs(forward.atNs)}`,
    `volatility ${formatDecimal(toDecimal(volatility.coefficient))} ${formatInstantNs(volatility.atNs)}`,
    `rate ${formatDecimal(modelPrices.rate)} ${modelPrices.dayCount}`,
  ];
  const modelled: Mark = {
    coefficient: price.coefficient,
    asset: inCoin ? terms.settlementAsset : forward.asset,
    atNs: forward.atNs < volatility.atNs ? forward.atNs : volatility.atNs,
    source: fitSource(`black-76: ${inputs.join(', ')}`, 'black-76'),
  };
  const quote = makeQuote(modelled, { price: toRational(price.coefficient), conversion });
  return typeof quote === 'string' ? quote : { ...quote, modelled: true };
}

/** The worth of options whose premium was paid when they were opened: `q·size·mark`, negative for short ones. */
export function valuePremiumPaid(position: {
  readonly quantity: Rational;
  /** Of one contract, in units of the underlying. */
  readonly contractSize: Rational;
  /** The price of an option on one unit of the underlying. */
  readonly mark: Rational;
}): Rational {
  return multiply(multiply(position.quantity, position.contractSize), position.mark);
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
