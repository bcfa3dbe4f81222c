import type { Marks } from '../marks.js';
import { RefusedNames } from '../refusals.js';
import type { Instrument } from './instrument.js';
import type { Quote, QuoteContext } from './quote.js';

/** An instrument at its quote. */
export type QuotedInstrument = { readonly instrument: Instrument; readonly quote: Quote };

const NO_MARKS: Marks = new Map();

/**
 * The quotes of instruments, by name.
 * @throws SolventError of class `source`: `settlement-price-missing`, `mark-missing`, `mark-stale`,
 * `price-not-positive`, `mark-asset-unusable`; details list the instruments.
 */
export function quoteInstruments(
  instruments: readonly Instrument[],
  marks: ReadonlyMap<string, Marks>,
  context: QuoteContext,
): ReadonlyMap<string, QuotedInstrument> {
  const quotes = new Map<string, QuotedInstrument>();
  const refused = new RefusedNames('instruments');
  for (const instrument of instruments) {
    const quote = instrument.quote(marks.get(instrument.name) ?? NO_MARKS, context);
    if (typeof quote === 'string') refused.add(quote, instrument.name);
    else quotes.set(instrument.name, { instrument, quote });
  }
  refused.throwIfAny();
  return quotes;
}
