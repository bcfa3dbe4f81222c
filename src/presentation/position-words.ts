import { parseDecimal, parseSignedDecimal, multiplyDecimals, type StatementLine } from '../protocol/index.js';
import type { PositionValuation } from '../protocol/valuation/index.js';
import { formatQuote } from './account-worth.js';
import { formatInstant, typesetAmount } from './durations.js';

import { describePrice, showLine } from './statement-shown.js';

/** A position as it is told to whoever has it. */
export type ShownPosition = {
  readonly instrument: string;
  /** What it is and how it gains, in words. */
  readonly sentences: readonly string[];
  /** Its value in whole units of its asset. */
  readonly worth: string;
  /** The same in the quote currency at the stated price, cut to two digits. */
  readonly worthInQuote: string;
  /** What it has made since its entry; null where what was paid for it is in no line. */
  readonly made: string | null;
};

/** Tells a position in words and amounts; null of a line that is none. */
export function showPosition(
  line: StatementLine,
  assets: readonly { readonly symbol: string; readonly decimals: number; readonly price: string }[],
): ShownPosition | null {
  const { valuation, asset, value } = line;
  if (valuation.of !== 'position') return null;
  const { decimals, price } = assets.find(({ symbol }) => symbol === asset)!;
  const worth = `${typesetAmount(value, decimals)} ${asset}`;
  const { coefficient, fractionDigits } = multiplyDecimals(parseSignedDecimal(value), parseDecimal(price));
  return {
    instrument: valuation.instrument.name,
    sentences: [phraseSide(valuation), phraseGain(valuation), phrasePrices(line)],
    worth,
    worthInQuote: formatQuote({ numerator: coefficient, denominator: 10n ** BigInt(fractionDigits) }),
    made: valuation.entryPrice === null ? null : worth,
  };
}

/** Said of a position whose premium was paid when it was opened. */
export const PREMIUM_NOT_STATED = 'not stated: the premium was paid or got at the opening';

function phraseSide({ quantity, instrument }: PositionValuation): string {
  const isShort = quantity.startsWith('-');
  const size = typesetAmount(instrument.contractSize);
  const unit = instrument.style === 'inverse' ? 'units of the quote currency' : instrument.underlying;
  const count = typesetAmount(quantity.replace(/^-/, ''));
  return `${isShort ? 'Short' : 'Long'} ${count} contracts, each of ${size} ${unit}.`;
}

function phraseGain({ quantity, instrument, quote }: PositionValuation): string {
  const isShort = quantity.startsWith('-');
  const { underlying } = instrument;
  if (quote.kind === 'settlement') return 'It has expired and is worth what it pays.';
  if (instrument.kind !== 'option') return `It gains as ${underlying} ${isShort ? 'falls' : 'rises'}.`;
  const at = `at ${typesetAmount(instrument.strike)}, until ${formatInstant(instrument.expiry)}`;
  const isCall = instrument.right === 'call';
  if (isShort) return `Its buyer may ${isCall ? 'buy' : 'sell'} ${underlying} ${at}, and you stand for that.`;
  return `You may ${isCall ? 'buy' : 'sell'} ${underlying} ${at}.`;
}

function phrasePrices(line: StatementLine): string {
  const shown = showLine(line);
  return shown.price === null ? '' : `Now at ${describePrice(shown, typesetAmount)}.`;
}
