import { formatDecimal, MAX_ID_BYTES, type Decimal } from '../../../protocol/index.js';
import type { BooksConfig } from '../config.js';
import { convert, type AssetPrices } from './asset-prices.js';
import { countYears, priceBlack76 } from './black-76.js';
import { formatInstantNs } from '../instant-ns.js';
import type { FutureTerms, InstrumentTerms, OptionTerms } from './instruments.js';
import type { Mark, Marks } from './marks.js';
import { intrinsicInCoin, intrinsicOf } from './options.js';
import { ONE, reduce, toRational, type Rational } from './rational.js';
import { RefusedNames, type ValuationCode } from './refusals.js';

/** What every position in one instrument is valued at. */
export type Quote = {
  readonly terms: InstrumentTerms;
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

const NO_MARKS: Marks = new Map();

/**
 * The quotes of instruments, by name. An open instrument has its mark, or an option a model price where that is allowed;
 * an expired one has its delivery price and nothing else.
 * @throws SolventError of class `source`: `settlement-price-missing`, `mark-missing`, `mark-stale`,
 * `price-not-positive`, `mark-asset-unusable`; details list the instruments.
 */
export function quoteInstruments(
  instruments: readonly InstrumentTerms[],
  marks: ReadonlyMap<string, Marks>,
  context: QuoteContext,
): ReadonlyMap<string, Quote> {
  const quotes = new Map<string, Quote>();
  const refused = new RefusedNames('instruments');
  for (const terms of instruments) {
    const quote = quoteInstrument(terms, marks.get(terms.instrument) ?? NO_MARKS, context);
    if (typeof quote === 'string') refused.add(quote, terms.instrument);
    else quotes.set(terms.instrument, quote);
  }
  refused.throwIfAny();
  return quotes;
}

function quoteInstrument(terms: InstrumentTerms, marks: Marks, context: QuoteContext): Quote | ValuationCode {
  const expired = terms.expiryNs !== null && terms.expiryNs <= context.atNs;
  if (terms.type === 'future') {
    const mark = expired ? deliveryOf(terms.expiryNs, marks) : markOf(marks, context);
    return typeof mark === 'string' ? mark : quoteFuture(terms, mark, context);
  }
  if (expired) {
    const delivery = deliveryOf(terms.expiryNs, marks);
    return typeof delivery === 'string' ? delivery : quoteExpiredOption(terms, delivery, context);
  }
  const mark = markOf(marks, context);
  if (typeof mark !== 'string') return quoteMarkedOption(terms, mark, context);
  return quoteModelledOption(terms, marks, context) ?? mark;
}

/** The delivery price: a price of kind settlement from before the expiry settled something else, like a day. */
function deliveryOf(expiryNs: bigint, marks: Marks): Mark | ValuationCode {
  const settlement = marks.get('settlement');
  if (settlement === undefined || settlement.atNs < expiryNs) return 'settlement-price-missing';
  return { ...settlement, source: fitSource(`settlement: ${settlement.source}`, settlement.source) };
}

function markOf(marks: Marks, context: QuoteContext): Mark | ValuationCode {
  const mark = marks.get('mark');
  if (mark === undefined) return 'mark-missing';
  return isInForce(mark, context) ? mark : 'mark-stale';
}

function isInForce(mark: Mark | undefined, { config, atNs }: QuoteContext): mark is Mark {
  return mark !== undefined && atNs - mark.atNs <= config.maxMarkAgeNs;
}

function quoteFuture(terms: FutureTerms, mark: Mark, { prices }: QuoteContext): Quote | ValuationCode {
  if (mark.coefficient <= 0n) return 'price-not-positive';
  // The size of an inverse contract is in the currency of its price, so its result is in the coin as it is.
  const conversion =
    terms.style === 'inverse'
      ? keepForeign(mark.asset, terms, prices)
      : convert(prices, mark.asset, terms.settlementAsset);
  return makeQuote(terms, mark, { price: toRational(mark.coefficient), conversion });
}

function quoteMarkedOption(terms: OptionTerms, mark: Mark, { prices }: QuoteContext): Quote | ValuationCode {
  if (mark.coefficient < 0n) return 'price-not-positive';
  const conversion = convert(prices, mark.asset, terms.settlementAsset);
  return makeQuote(terms, mark, { price: toRational(mark.coefficient), conversion });
}

function quoteExpiredOption(
  terms: OptionTerms,
  delivery: Mark,
  { prices }: QuoteContext,
): Quote | ValuationCode {
  if (delivery.coefficient <= 0n) return 'price-not-positive';
  const [settled, strike] = [toRational(delivery.coefficient), toRational(terms.strike)];
  if (!isCoinSettled(terms)) {
    const conversion = convert(prices, delivery.asset, terms.settlementAsset);
    return makeQuote(terms, delivery, { price: intrinsicOf(terms.right, settled, strike), conversion });
  }
  const conversion = keepForeign(delivery.asset, terms, prices);
  return makeQuote(terms, delivery, { price: intrinsicInCoin(terms.right, settled, strike), conversion });
}

/** Undefined where the configuration allows no model prices, or forward and volatility are not both in force. */
function quoteModelledOption(
  terms: OptionTerms,
  marks: Marks,
  context: QuoteContext,
): Quote | ValuationCode | undefined {
  const { modelPrices } = context.config;
  const [forward, volatility] = [marks.get('forward'), marks.get('volatility')];
  if (!modelPrices.allowed || !isInForce(forward, context) || !isInForce(volatility, context))
    return undefined;
  if (forward.coefficient <= 0n || volatility.coefficient <= 0n) return 'price-not-positive';
  const inCoin = isCoinSettled(terms);
  const conversion = inCoin
    ? keepForeign(forward.asset, terms, context.prices)
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
  const quote = makeQuote(terms, modelled, { price: toRational(price.coefficient), conversion });
  return typeof quote === 'string' ? quote : { ...quote, modelled: true };
}

function makeQuote(
  terms: InstrumentTerms,
  mark: Mark,
  { price, conversion }: { price: Rational; conversion: Rational | undefined },
): Quote | ValuationCode {
  if (conversion === undefined) return 'mark-asset-unusable';
  return {
    terms,
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

function isCoinSettled(terms: OptionTerms): boolean {
  return terms.underlying === terms.settlementAsset;
}

/** For what is in the settlement asset already: refuses a price of the coin in the coin, and unknown currencies. */
function keepForeign(asset: string, terms: InstrumentTerms, prices: AssetPrices): Rational | undefined {
  return asset !== terms.settlementAsset && prices.has(asset) ? ONE : undefined;
}

/** A statement has no room for more than that. */
function fitSource(full: string, short: string): string {
  return Buffer.byteLength(full) <= MAX_ID_BYTES ? full : short;
}

function toDecimal(coefficient: bigint): Decimal {
  return { coefficient, fractionDigits: 18 };
}
