import { parseInstantNs } from '../instant.js';
import type { PositionQuote, PositionValuation } from '../formats/valuation.js';
import { refuseLine, type PlacedLine } from './refuse-line.js';

/**
 * That a quote is of the kind that its instrument has at the instant: a delivery price from the expiry or later where it has
 * expired, and only there; a mark or a model's inputs before. Nothing is from after the instant, and a model is computed for
 * the instant itself. How old a quote may be is not published.
 */
export function assertQuoteInForce(
  placed: PlacedLine,
  { instrument, quote }: PositionValuation,
  takenAt: string,
): void {
  const atNs = parseInstantNs(takenAt);
  const expiryNs = instrument.kind === 'perpetual' ? null : parseInstantNs(instrument.expiry);
  const hasExpired = expiryNs !== null && expiryNs <= atNs;
  const observedNs = listInstants(quote).map(parseInstantNs);
  const isOfKind = (quote.kind === 'settlement') === hasExpired;
  const isDelivery = !hasExpired || observedNs.every((ns) => ns >= expiryNs);
  const isOfInstant = quote.kind !== 'black-76' || quote.valuedAt === takenAt;
  if (isOfKind && isDelivery && isOfInstant && observedNs.every((ns) => ns <= atNs)) return;
  throw refuseLine('statement-quote-unfit', placed, 'a price that its instrument has at the instant');
}

function listInstants(quote: PositionQuote): string[] {
  return quote.kind === 'black-76' ? [quote.forward.at, quote.volatility.at] : [quote.at];
}
