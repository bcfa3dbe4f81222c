import { parseDecimal, parseSignedDecimal, multiplyDecimals, type StatementLine } from '../protocol/index.js';
import type { PositionValuation } from '../protocol/valuation/index.js';
import { formatQuote } from './account-worth.js';
import { formatInstant, typesetAmount } from './durations.js';
import { say } from './language.js';
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
  const unit = instrument.style === 'inverse' ? say('units of the quote currency') : instrument.underlying;
  const count = typesetAmount(quantity.replace(/^-/, ''));
  return isShort
    ? say('Short {count} contracts, each of {size} {unit}.', { count, size, unit })
    : say('Long {count} contracts, each of {size} {unit}.', { count, size, unit });
}

function phraseGain({ quantity, instrument, quote }: PositionValuation): string {
  const isShort = quantity.startsWith('-');
  const { underlying } = instrument;
  if (quote.kind === 'settlement') return say('It has expired and is worth what it pays.');
  if (instrument.kind !== 'option') {
    return isShort
      ? say('It gains as {underlying} falls.', { underlying })
      : say('It gains as {underlying} rises.', { underlying });
  }
  const terms = {
    ...{ underlying, strike: typesetAmount(instrument.strike), expiry: formatInstant(instrument.expiry) },
  };
  if (instrument.right === 'call') {
    return isShort
      ? say('Its buyer may buy {underlying} at {strike}, until {expiry}, and you stand for that.', terms)
      : say('You may buy {underlying} at {strike}, until {expiry}.', terms);
  }
  return isShort
    ? say('Its buyer may sell {underlying} at {strike}, until {expiry}, and you stand for that.', terms)
    : say('You may sell {underlying} at {strike}, until {expiry}.', terms);
}

function phrasePrices(line: StatementLine): string {
  const shown = showLine(line);
  return shown.price === null ? '' : say('Now at {price}.', { price: describePrice(shown, typesetAmount) });
}
