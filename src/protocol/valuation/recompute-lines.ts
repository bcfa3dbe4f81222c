import type { StatementLine } from '../formats/statement.js';
import type { PositionValuation } from '../formats/valuation.js';
import { parseUnits } from '../statement.js';
import { assertNetLines } from './net-lines.js';
import { assertPublishedPrices, PublishedPrices, type PublishedValuation } from './published-prices.js';
import { assertQuoteInForce } from './quote-in-force.js';
import { refuseLine, type NumberedLine } from './refuse-line.js';
import { parseRational, roundUpToUnits, ZERO, type Rational } from './rational.js';
import { priceInstrument, valuePosition, type PricedInstrument } from './value-position.js';

/** A line whose value was made again. */
export type RecomputedLine = {
  readonly line: StatementLine;
  /** Its value in proof units. */
  readonly units: bigint;
  /** What its instrument was priced at; null where it is no position. */
  readonly priced: PricedInstrument | null;
};

/**
 * Makes the value of every line of a statement again, from what the line states and what is published: an amount and a
 * position are rounded up to the proof unit, a net takes the lines of its account, bucket and asset to nothing. It does not
 * look at the order of lines: `sumStatement` does.
 * @throws SolventError of class `verification`, with the place of the line in its details: `statement-line-differs` where
 * the value is another; `statement-price-differs` where a price is not the published one, or one of an asset that is not
 * listed; `statement-quote-unfit` where a price is from after the instant, or not of the kind that an instrument has before
 * or after its expiry; `statement-instrument-differs` where an instrument has other terms or another price than in a line
 * before; `statement-model-unfit` where the model has no price for its inputs; as `sumStatement` for values that are of no
 * listed asset or no whole number of proof units.
 */
export function recomputeLines(
  lines: readonly StatementLine[],
  published: PublishedValuation,
): RecomputedLine[] {
  const prices = new PublishedPrices(published);
  const instruments = new Map<string, PricedTerms>();
  const recomputed = lines.map((line, index): RecomputedLine => {
    const placed = { line, position: index + 1 };
    const decimals = prices.decimalsOf(placed);
    const units = parseUnits(line.value, decimals);
    const { valuation } = line;
    if (valuation.of === 'net') return { line, units, priced: null };
    if (valuation.of === 'amount') {
      assertUnits(placed, { units, value: parseRational(valuation.quantity), decimals });
      return { line, units, priced: null };
    }
    const priced = priceLine(placed, valuation, { instruments, prices, published });
    assertUnits(placed, { units, value: valueOf(valuation, priced), decimals });
    return { line, units, priced };
  });
  assertNetLines(recomputed, prices);
  return recomputed;
}

/** How a position's instrument was priced in the first line that is of it. */
type PricedTerms = { readonly stated: string; readonly priced: PricedInstrument };

function priceLine(
  placed: NumberedLine,
  valuation: PositionValuation,
  context: {
    readonly instruments: Map<string, PricedTerms>;
    readonly prices: PublishedPrices;
    readonly published: PublishedValuation;
  },
): PricedInstrument {
  const { instrument, quote, conversion } = valuation;
  const stated = JSON.stringify([instrument, quote, conversion]);
  const known = context.instruments.get(instrument.name);
  if (known !== undefined) {
    if (known.stated === stated) return known.priced;
    throw refuseLine(
      'statement-instrument-differs',
      placed,
      'the terms and the price that its instrument has in lines before',
    );
  }
  assertPublishedPrices(placed, valuation, context.prices);
  assertQuoteInForce(placed, valuation, context.published);
  const priced = priceInstrument(valuation);
  if (typeof priced === 'string') {
    throw refuseLine('statement-model-unfit', placed, 'inputs that the model has a price for');
  }
  context.instruments.set(instrument.name, { stated, priced });
  return priced;
}

function valueOf(
  { instrument, quantity, entryPrice }: PositionValuation,
  priced: PricedInstrument,
): Rational {
  const entry = entryPrice === null ? ZERO : parseRational(entryPrice);
  return valuePosition(instrument, priced, { quantity: parseRational(quantity), entry });
}

function assertUnits(
  placed: NumberedLine,
  { units, value, decimals }: { readonly units: bigint; readonly value: Rational; readonly decimals: number },
): void {
  if (roundUpToUnits(value, decimals).units === units) return;
  throw refuseLine('statement-line-differs', placed, 'the value that follows from what the line states');
}
