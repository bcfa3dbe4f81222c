import type { Marks } from '../marks.js';
import { RefusedNames } from '../refusals.js';
import { parseInstantNs } from '../../instant-ns.js';
import type { HeldInstrument } from './instrument.js';
import { quoteInstrument, type Quote, type QuoteContext } from './quote.js';

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
