import { parseInstantNs } from '../instant.js';
import type { PositionQuote, PositionValuation } from '../formats/valuation.js';
import type { PublishedValuation } from './published-prices.js';
import { refuseLine, type NumberedLine } from './refuse-line.js';

const NS_PER_MS = 1_000_000n;

/**
 * That a quote is of the kind that its instrument has at the instant: a delivery price from the expiry or later where it has
 * expired, and only there; a mark or a model's inputs before. Nothing is from after the instant, and a model is computed for
 * the instant itself. A mark and a model's inputs are no older than the published greatest age; where none is published there
 * are none.
 */
export function assertQuoteInForce(
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
