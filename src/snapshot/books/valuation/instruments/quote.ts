import { formatDecimal, formatSignedDecimal } from '../../../../protocol/index.js';
import {
  assetOfQuote,
  comesOutInCoin,
  priceInstrument,
  type Instrument,
  type PositionQuote,
  type PositionValuation,
  type PricedInstrument,
} from '../../../../protocol/valuation/index.js';
import { parseInstantNs, formatInstantNs } from '../../instant-ns.js';
import type { BooksConfig } from '../../config.js';
import type { Marks, AssetPrices, Mark } from '../asset-prices.js';
import { RefusedNames, type ValuationCode } from '../refusals.js';
import type { HeldInstrument } from './load-instruments.js';

/** What every position in one instrument is valued at, and what that follows from. */
type Quote = Pick<PositionValuation, 'quote' | 'conversion'> & {
  readonly priced: PricedInstrument;
  /** The instant of the oldest of its prices, nanoseconds since 1970 UTC. */
  readonly oldestNs: bigint;
};

/** What quotes are made under: the configuration, the instant and the prices of assets in force. */
type QuoteContext = {
  readonly config: BooksConfig;
  /** Nanoseconds since 1970 UTC. */
  readonly atNs: bigint;
  readonly prices: AssetPrices;
};

/** A quote as it is observed, and the oldest instant in it. */
type Observed = { readonly quote: PositionQuote; readonly oldestNs: bigint };

/**
 * What an instrument is valued at: its mark or, for an option without one, its model price where that is allowed. One
 * that has expired has its delivery price and nothing else.
 * @param expiryNs null where it never expires.
 * @returns the code where it has none.
 */
function quoteInstrument(
  instrument: Instrument,
  { marks, expiryNs }: { readonly marks: Marks; readonly expiryNs: bigint | null },
  context: QuoteContext,
): Quote | ValuationCode {
  const observed =
    expiryNs !== null && expiryNs <= context.atNs
      ? observeDelivery(marks, expiryNs)
      : observeOpen(instrument, marks, context);
  if (typeof observed === 'string') return observed;
  const { quote, oldestNs } = observed;
  const conversion = findConversion({ instrument, quote }, context.prices);
  if (conversion === undefined) return 'mark-asset-unusable';
  const priced = priceInstrument({ instrument, quote, conversion });
  return typeof priced === 'string' ? priced : { quote, conversion, priced, oldestNs };
}

/** A price of kind settlement from before the expiry settled something else, like a day. */
function observeDelivery(marks: Marks, expiryNs: bigint): Observed | ValuationCode {
  const settlement = marks.get('settlement');
  if (settlement === undefined || settlement.atNs < expiryNs) return 'settlement-price-missing';
  if (settlement.coefficient <= 0n) return 'price-not-positive';
  return { quote: { kind: 'settlement', ...statePrice(settlement) }, oldestNs: settlement.atNs };
}

function observeOpen({ kind }: Instrument, marks: Marks, context: QuoteContext): Observed | ValuationCode {
  const mark = marks.get('mark');
  if (isInForce(mark, context)) {
    if (mark.coefficient < 0n || (mark.coefficient === 0n && kind !== 'option')) return 'price-not-positive';
    return { quote: { kind: 'mark', ...statePrice(mark) }, oldestNs: mark.atNs };
  }
  const modelled = kind === 'option' ? observeModel(marks, context) : undefined;
  return modelled ?? (marks.has('mark') ? 'mark-stale' : 'mark-missing');
}

/** Undefined where the configuration allows no model prices, or forward and volatility are not both in force. */
function observeModel(marks: Marks, context: QuoteContext): Observed | ValuationCode | undefined {
  const { modelPrices } = context.config;
  const [forward, volatility] = [marks.get('forward'), marks.get('volatility')];
  if (!modelPrices.allowed || !isInForce(forward, context) || !isInForce(volatility, context))
    return undefined;
  if (forward.coefficient <= 0n || volatility.coefficient <= 0n) return 'price-not-positive';
  const { price: value, at, source } = statePrice(volatility);
  const quote: PositionQuote = {
    kind: 'black-76',
    forward: statePrice(forward),
    volatility: { value, at, source },
    rate: formatSignedDecimal(modelPrices.rate),
    dayCount: modelPrices.dayCount,
    valuedAt: formatInstantNs(context.atNs),
  };
  return { quote, oldestNs: forward.atNs < volatility.atNs ? forward.atNs : volatility.atNs };
}

function isInForce(mark: Mark | undefined, { config, atNs }: QuoteContext): mark is Mark {
  return mark !== undefined && atNs - mark.atNs <= config.maxMarkAgeNs;
}

/**
 * The prices that take a quote to the settlement asset, null where it is there already or comes out in it.
 * @returns undefined where a currency has no price in force, or 0, or where the price of a coin is in the coin itself.
 */
function findConversion(
  { instrument, quote }: Pick<PositionValuation, 'instrument' | 'quote'>,
  prices: AssetPrices,
): PositionValuation['conversion'] | undefined {
  const asset = assetOfQuote(quote);
  const isInSettlementAsset = asset === instrument.settlementAsset;
  if (comesOutInCoin({ instrument, quote }))
    return !isInSettlementAsset && prices.has(asset) ? null : undefined;
  if (isInSettlementAsset) return null;
  const [fromPrice, toPrice] = [prices.get(asset), prices.get(instrument.settlementAsset)];
  if (fromPrice === undefined || toPrice === undefined) return undefined;
  return fromPrice === '0' || toPrice === '0' ? undefined : { fromPrice, toPrice };
}

function statePrice({ coefficient, asset, atNs, source }: Mark) {
  const price = formatDecimal({ coefficient, fractionDigits: 18 });
  return { price, asset, at: formatInstantNs(atNs), source };
}

/** An instrument at its quote. */
export type QuotedInstrument = HeldInstrument & { readonly quoted: Quote };

const NO_MARKS: Marks = new Map();

/**
 * The quotes of instruments, by name.
 * @throws SolventError of class `source`: `settlement-price-missing`, `mark-missing`, `mark-stale`,
 * `price-not-positive`, `mark-asset-unusable`, `model-inputs-out-of-range`, `model-price-undecided`; details list the
 * instruments.
 */
export function quoteInstruments(
  instruments: readonly HeldInstrument[],
  marks: ReadonlyMap<string, Marks>,
  context: QuoteContext,
): ReadonlyMap<string, QuotedInstrument> {
  const quotes = new Map<string, QuotedInstrument>();
  const refused = new RefusedNames('instruments');
  for (const instrument of instruments) {
    const { terms } = instrument;
    const expiryNs = terms.kind === 'perpetual' ? null : parseInstantNs(terms.expiry);
    const held = { marks: marks.get(terms.name) ?? NO_MARKS, expiryNs };
    const quoted = quoteInstrument(terms, held, context);
    if (typeof quoted === 'string') refused.add(quoted, terms.name);
    else quotes.set(terms.name, { ...instrument, quoted });
  }
  refused.throwIfAny();
  return quotes;
}
