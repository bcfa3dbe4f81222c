import { CROSS_BUCKET, type StatementLine } from '../formats/statement.js';
import { parseInstantNs } from '../instant.js';
import type { PositionQuote, PositionValuation } from '../formats/valuation.js';
import { parseUnits } from '../statement.js';
import { PublishedPrices, type PublishedValuation, assertPublishedPrices } from './published-prices.js';
import { add, multiply, toRational, ZERO, type Rational, parseRational, roundUpToUnits } from './rational.js';
import { refuseLine, type NumberedLine } from './refuse-line.js';
import { priceInstrument, valuePosition, type PricedInstrument } from './value-position.js';

/** A line whose value was read in proof units. */
type ReadLine = { readonly line: StatementLine; readonly units: bigint };

/** What the lines of an account, bucket and asset add up to, by what they are of. */
type Net = { readonly asset: string; stated: bigint; limits: bigint; writeOffs: bigint };

/**
 * That lines which follow from other lines do. An isolated-loss limit takes an isolated bucket that is worth less than
 * nothing at the published prices to exactly nothing, in all of its assets. A write-off takes what is left of a debt to
 * nothing.
 * @throws SolventError `statement-line-differs`.
 */
function assertNetLines(lines: readonly ReadLine[], prices: PublishedPrices): void {
  if (!lines.some(({ line }) => line.valuation.of === 'net')) return;
  const buckets = addUp(lines);
  lines.forEach(({ line }, index) => {
    if (line.valuation.of !== 'net') return;
    const placed = { line, position: index + 1 };
    const nets = buckets.get(bucketOf(line))!;
    if (line.kind === 'write-off') assertWriteOff(placed, nets.get(line.asset)!);
    else assertLossLimit(placed, [...nets.values()], prices);
  });
}

function addUp(lines: readonly ReadLine[]): ReadonlyMap<string, ReadonlyMap<string, Net>> {
  const buckets = new Map<string, Map<string, Net>>();
  for (const { line, units } of lines) {
    const key = bucketOf(line);
    const nets = buckets.get(key) ?? new Map<string, Net>();
    buckets.set(key, nets);
    const net = nets.get(line.asset) ?? { asset: line.asset, stated: 0n, limits: 0n, writeOffs: 0n };
    nets.set(line.asset, net);
    if (line.kind === 'write-off') net.writeOffs += units;
    else if (line.valuation.of === 'net') net.limits += units;
    else net.stated += units;
  }
  return buckets;
}

function bucketOf({ account, bucket }: StatementLine): string {
  return JSON.stringify([account, bucket]);
}

function assertWriteOff(placed: NumberedLine, { stated, limits, writeOffs }: Net): void {
  const left = stated + limits;
  if (left < 0n && writeOffs === -left) return;
  throw refuseLine('statement-line-differs', placed, 'a write-off that takes a debt to nothing');
}

function assertLossLimit(placed: NumberedLine, nets: readonly Net[], prices: PublishedPrices): void {
  const isNothing = nets.every(({ stated, limits }) => stated + limits === 0n);
  const worth = nets.reduce<Rational>(
    (sum, { asset, stated }) => add(sum, multiply(toRational(stated, 0), prices.unitPriceOf(asset))),
    ZERO,
  );
  if (placed.line.bucket !== CROSS_BUCKET && isNothing && worth.numerator < 0n) return;
  throw refuseLine(
    'statement-line-differs',
    placed,
    'a limit that takes an isolated position which has lost more than its margin to nothing',
  );
}

const NS_PER_MS = 1_000_000n;

/**
 * That a quote is of the kind that its instrument has at the instant. An instrument that has expired, and no other, has
 * a delivery price from the expiry or later. Before the expiry it has a mark or a model's inputs. Nothing is from after
 * the instant, and a model is computed for the instant itself. A mark and a model's inputs are no older than the
 * published greatest age. Where no age is published there are none.
 */
function assertQuoteInForce(
  placed: NumberedLine,
  { instrument, quote }: PositionValuation,
  { takenAt, maxMarkAgeMs }: Pick<PublishedValuation, 'takenAt' | 'maxMarkAgeMs'>,
): void {
  const atNs = parseInstantNs(takenAt);
  const expiryNs = instrument.kind === 'perpetual' ? null : parseInstantNs(instrument.expiry);
  const hasExpired = expiryNs !== null && expiryNs <= atNs;
  const observedNs = listInstants(quote).map(parseInstantNs);
  const isOfKind = (quote.kind === 'settlement') === hasExpired;
  const isDelivery = !hasExpired || observedNs.every((ns) => ns >= expiryNs);
  const isOfInstant = quote.kind !== 'black-76' || quote.valuedAt === takenAt;
  const oldestNs = atNs - BigInt(maxMarkAgeMs ?? 0) * NS_PER_MS;
  const isFresh = hasExpired || (maxMarkAgeMs !== null && observedNs.every((ns) => ns >= oldestNs));
  const isKnown = observedNs.every((ns) => ns <= atNs);
  if (isOfKind && isDelivery && isOfInstant && isFresh && isKnown) return;
  throw refuseLine('statement-quote-unfit', placed, 'a price that its instrument has at the instant');
}

function listInstants(quote: PositionQuote): string[] {
  return quote.kind === 'black-76' ? [quote.forward.at, quote.volatility.at] : [quote.at];
}

/** A line whose value was made again. */
export type RecomputedLine = {
  readonly line: StatementLine;
  /** Its value in proof units. */
  readonly units: bigint;
  /** What its instrument was priced at; null where it is no position. */
  readonly priced: PricedInstrument | null;
};

/**
 * Makes the value of every line of a statement again, from what the line states and what is published. An amount and a
 * position are rounded up to the proof unit. A net takes the lines of its account, bucket and asset to nothing.
 * `sumStatement` looks at the order of lines.
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
