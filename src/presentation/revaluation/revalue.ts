import { parseInstantNs, type StatementLine } from '../../protocol/index.js';
import {
  assetOfQuote,
  comesOutInCoin,
  countYears,
  PublishedPrices,
  type PositionValuation,
  type PublishedValuation,
} from '../../protocol/valuation/index.js';
import {
  approximateBlack76,
  deriveGreeks,
  implyVolatility,
  type ApproximateTerms,
  type OptionGreeks,
} from './black-76.js';

/** What might be otherwise: the price of one asset, and the volatility of the options on it. */
export type Scenario = {
  /** The symbol of the asset whose price moves. */
  readonly asset: string;
  /** What its price is multiplied by, above 0; 1 leaves it. */
  readonly factor: number;
  /** What is added to volatilities: 0.1 is ten percent points. They stay above 0. */
  readonly volatilityShift: number;
};

/** A line that is ready to be revalued many times. */
export type RevaluedLine = {
  readonly line: StatementLine;
  /** Its value in whole units of its asset under a scenario, approximately. */
  readonly revalue: (scenario: Scenario) => number;
  /** What its value is the difference of, in whole units of its asset: what a double's error is in proportion to. */
  readonly exposure: number;
  /** Of the whole line, in the currency of the forward; null where it is no option that a model prices. */
  readonly greeks: OptionGreeks | null;
};

const LEAST_VOLATILITY = 1e-4;
/** Years of a mark whose volatility is implied are counted like this. */
const DAY_COUNT = 'act/365';

/**
 * Makes lines ready to be revalued in doubles, for a reader's own look at what might be: nothing that is proven follows
 * from it. An option at its mark is moved by the volatility that its mark implies at the published price of its
 * underlying. Where there is none, its mark stays as it is.
 */
export function prepareLines(lines: readonly StatementLine[], published: PublishedValuation): RevaluedLine[] {
  const prices = new PublishedPrices(published);
  return lines.map((line) => prepareLine(line, { prices, takenAt: published.takenAt }));
}

type Context = { readonly prices: PublishedPrices; readonly takenAt: string };

function prepareLine(line: StatementLine, context: Context): RevaluedLine {
  const { valuation } = line;
  const stated = Number(line.value);
  if (valuation.of !== 'position') {
    return { line, revalue: () => stated, exposure: Math.abs(stated), greeks: null };
  }
  const size = Number(valuation.quantity) * Number(valuation.instrument.contractSize);
  const entry = Number(valuation.entryPrice ?? '0');
  const { priceAt, greeks } = preparePrice(valuation, context);
  const convert = prepareConversion(valuation);
  const revalue =
    valuation.instrument.style === 'inverse'
      ? (scenario: Scenario) => size * (1 / entry - 1 / priceAt(scenario))
      : (scenario: Scenario) => size * (priceAt(scenario) - entry) * convert(scenario);
  const exposure =
    valuation.instrument.style === 'inverse'
      ? Math.abs(size) * (1 / entry + 1 / priceAt(UNCHANGED))
      : Math.abs(size) * (priceAt(UNCHANGED) + entry) * convert(UNCHANGED);
  return { line, revalue, exposure, greeks: greeks && scaleGreeks(greeks, size) };
}

/** Nothing moves. */
export const UNCHANGED: Scenario = { asset: '', factor: 1, volatilityShift: 0 };
/** Of the exposure of a line: how far what is approximate may be from what is exact. */
const TOLERANCE = 1e-9;

/**
 * Whether lines that are revalued come to what they state where nothing moves, to 10^-9 of their exposure and the proof
 * unit that they are rounded up to.
 */
export function isHeldToLines(
  lines: readonly RevaluedLine[],
  assets: readonly { readonly symbol: string; readonly decimals: number }[],
): boolean {
  const decimals = new Map(assets.map((asset) => [asset.symbol, asset.decimals]));
  return lines.every(({ line, revalue, exposure }) => {
    const unit = 10 ** -decimals.get(line.asset)!;
    return Math.abs(revalue(UNCHANGED) - Number(line.value)) <= unit + TOLERANCE * exposure;
  });
}

/** The factor of an asset's price under a scenario. */
function factorOf(symbol: string, { asset, factor }: Scenario): number {
  return symbol === asset ? factor : 1;
}

function prepareConversion({
  instrument,
  quote,
  conversion,
}: PositionValuation): (scenario: Scenario) => number {
  if (conversion === null) return () => 1;
  const [from, to] = [assetOfQuote(quote), instrument.settlementAsset];
  const rate = Number(conversion.fromPrice) / Number(conversion.toPrice);
  return (scenario) => (rate * factorOf(from, scenario)) / factorOf(to, scenario);
}

type Priced = { readonly priceAt: (scenario: Scenario) => number; readonly greeks: OptionGreeks | null };

/** The price of one unit under a scenario, as the exact value has it: in the coin where it comes out in that. */
function preparePrice(valuation: PositionValuation, context: Context): Priced {
  const { instrument, quote } = valuation;
  if (quote.kind === 'settlement') {
    const paid = deliveredOf(valuation);
    return { priceAt: () => paid, greeks: null };
  }
  if (instrument.kind !== 'option') {
    const mark = Number((quote as { price: string }).price);
    return { priceAt: (scenario) => mark * factorOf(instrument.underlying, scenario), greeks: null };
  }
  return quote.kind === 'mark' ? prepareMarked(valuation, context) : prepareModelled(valuation, context);
}

function deliveredOf({ instrument, quote }: PositionValuation): number {
  const delivery = Number((quote as { price: string }).price);
  if (instrument.kind !== 'option') return delivery;
  const gain = (delivery - Number(instrument.strike)) * (instrument.right === 'call' ? 1 : -1);
  return Math.max(0, gain) / (comesOutInCoin({ instrument, quote }) ? delivery : 1);
}

type OptionTerms = Extract<PositionValuation['instrument'], { kind: 'option' }>;

function prepareModelled({ instrument, quote }: PositionValuation, { takenAt }: Context): Priced {
  const terms = instrument as OptionTerms;
  const model = quote as Extract<PositionValuation['quote'], { kind: 'black-76' }>;
  const stated: ApproximateTerms = {
    isCall: terms.right === 'call',
    forward: Number(model.forward.price),
    strike: Number(terms.strike),
    volatility: Number(model.volatility.value),
    rate: Number(model.rate),
    years: yearsOf(terms, takenAt, model.dayCount),
  };
  const inCoin = comesOutInCoin({ instrument, quote });
  return {
    priceAt: (scenario) => {
      const moved = moveTerms(stated, terms.underlying, scenario);
      return approximateBlack76(moved) / (inCoin ? moved.forward : 1);
    },
    greeks: deriveGreeks(stated),
  };
}

/** An option at a mark: the volatility that the mark implies, at the published price of the underlying as its forward. */
function prepareMarked({ instrument, quote }: PositionValuation, { prices, takenAt }: Context): Priced {
  const terms = instrument as OptionTerms;
  const mark = Number((quote as { price: string }).price);
  const stays: Priced = { priceAt: () => mark, greeks: null };
  const [forward, unit] = [prices.priceOf(terms.underlying), prices.priceOf(assetOfQuote(quote))].map(
    Number,
  ) as [number, number];
  // Number(undefined) is not a number: what is not listed has no price to imply from.
  if (!(forward > 0 && unit > 0)) return stays;
  const common = {
    isCall: terms.right === 'call',
    forward,
    strike: Number(terms.strike),
    rate: 0,
    years: yearsOf(terms, takenAt, DAY_COUNT),
  };
  const volatility = implyVolatility(common, mark * unit);
  if (volatility === undefined) return stays;
  const stated = { ...common, volatility };
  const asset = assetOfQuote(quote);
  return {
    priceAt: (scenario) =>
      approximateBlack76(moveTerms(stated, terms.underlying, scenario)) / (unit * factorOf(asset, scenario)),
    greeks: deriveGreeks(stated),
  };
}

function moveTerms(stated: ApproximateTerms, underlying: string, scenario: Scenario): ApproximateTerms {
  if (underlying !== scenario.asset) return stated;
  return {
    ...stated,
    forward: stated.forward * scenario.factor,
    volatility: Math.max(LEAST_VOLATILITY, stated.volatility + scenario.volatilityShift),
  };
}

function yearsOf(
  { expiry }: OptionTerms,
  takenAt: string,
  dayCount: Parameters<typeof countYears>[2],
): number {
  const { numerator, denominator } = countYears(parseInstantNs(takenAt), parseInstantNs(expiry), dayCount);
  return Number(numerator) / Number(denominator);
}

function scaleGreeks({ delta, gamma, vega, theta }: OptionGreeks, size: number): OptionGreeks {
  return { delta: size * delta, gamma: size * gamma, vega: size * vega, theta: size * theta };
}
