import { z } from 'zod';

import { utf8ToBytes } from '../bytes.js';
import { isCanonicalDecimal, isCanonicalSignedDecimal } from '../decimal.js';
import { MAX_ID_BYTES } from '../limits.js';
import { DAY_COUNTS } from '../valuation/black-76.js';
import * as p from './primitives.js';

const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;
/** Digits that amounts and prices of books have: at most 20 before the point and 18 behind it. */
const BOOK_DIGITS = /^-?[0-9]{1,20}(?:\.[0-9]{1,18})?$/;

/** Names and references of the platform's own: at most 256 bytes of UTF-8 without control characters. */
export const text = z
  .string()
  .max(MAX_ID_BYTES)
  .refine(
    (value) => !UNPRINTABLE.test(value) && utf8ToBytes(value).length <= MAX_ID_BYTES,
    'expected at most 256 bytes without control characters',
  );
export const nonEmptyText = text.min(1);
export const signedDecimal = z
  .string()
  .refine(isCanonicalSignedDecimal, 'expected a canonical signed decimal');
const bookDecimal = signedDecimal.regex(
  BOOK_DIGITS,
  'expected at most 20 digits before the point and 18 behind it',
);
const price = bookDecimal.refine(isCanonicalDecimal, 'expected a canonical decimal');
const positive = price.refine((value) => value !== '0', 'expected a canonical decimal above 0');

/** Values are rounded up to the proof unit, in the account's favour. */
const rounding = z.literal('up');

const common = {
  name: nonEmptyText,
  underlying: nonEmptyText,
  settlementAsset: p.assetSymbol,
  contractSize: positive,
};
const future = { ...common, style: z.enum(['linear', 'inverse']) };

const instrument = z.discriminatedUnion('kind', [
  z.strictObject({ ...future, kind: z.literal('perpetual') }),
  z.strictObject({ ...future, kind: z.literal('future'), expiry: p.instant }),
  z.strictObject({
    ...common,
    kind: z.literal('option'),
    style: z.enum(['premium-paid', 'futures-style']),
    right: z.enum(['call', 'put']),
    strike: positive,
    expiry: p.instant,
  }),
]);

/** The terms of an instrument, as far as the value of a position follows from them. */
export type Instrument = z.infer<typeof instrument>;

const observed = { at: p.instant, source: nonEmptyText };

const quote = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('mark'), price, asset: p.assetSymbol, ...observed }),
  z.strictObject({ kind: z.literal('settlement'), price: positive, asset: p.assetSymbol, ...observed }),
  z.strictObject({
    kind: z.literal('black-76'),
    forward: z.strictObject({ price: positive, asset: p.assetSymbol, ...observed }),
    volatility: z.strictObject({ value: positive, ...observed }),
    rate: signedDecimal,
    dayCount: z.enum(DAY_COUNTS),
    valuedAt: p.instant,
  }),
]);

/** What a position is valued at: a mark, the delivery price of what has expired, or what a model makes its price from. */
export type PositionQuote = z.infer<typeof quote>;

const position = z
  .strictObject({
    of: z.literal('position'),
    instrument,
    quantity: bookDecimal,
    entryPrice: price.nullable(),
    quote,
    conversion: z.strictObject({ fromPrice: positive, toPrice: positive }).nullable(),
    rounding,
  })
  .refine(({ instrument: { style }, entryPrice }) => (style === 'premium-paid') === (entryPrice === null), {
    path: ['entryPrice'],
    error: 'expected an entry price exactly where the premium is not paid at the opening',
  })
  .refine(({ instrument: { kind }, entryPrice }) => kind === 'option' || entryPrice !== '0', {
    path: ['entryPrice'],
    error: 'expected an entry price above 0 of a future',
  })
  .refine(isQuoteOfInstrument, { path: ['quote'], error: 'expected a quote that the instrument can have' })
  .refine((line) => needsConversion(line) === (line.conversion !== null), {
    path: ['conversion'],
    error: 'expected prices to convert with exactly where the price is in another currency than the value',
  });

const amount = z.strictObject({ of: z.literal('amount'), quantity: bookDecimal, rounding });
const net = z.strictObject({ of: z.literal('net') });

/** The inputs of a line's value; the schema of lines that hold them. */
export const valuation = z.discriminatedUnion('of', [amount, position, net]);

/**
 * Everything that the value of a line follows from. An amount is its quantity of the line's asset. A net is what takes
 * the other lines of its account, bucket and asset to 0. A position is its quantity of contracts, the terms of the
 * instrument, the entry price (null where the premium was paid), the quote, and two prices in the quote currency. These
 * take it from the quote's asset to the settlement asset, and are null where it is there already. Decimals; quantities
 * and rates are signed.
 */
export type Valuation = z.infer<typeof valuation>;

/** The valuation of a position. */
export type PositionValuation = Extract<Valuation, { of: 'position' }>;

/** The terms of an instrument and what it is valued at. */
export type QuotedTerms = { readonly instrument: Instrument; readonly quote: PositionQuote };

/** The asset that a quote's price is in: of a model that is its forward's. */
export function assetOfQuote(priced: PositionQuote): string {
  return priced.kind === 'black-76' ? priced.forward.asset : priced.asset;
}

/**
 * Whether a value comes out in the settlement asset by itself, from a price in another currency: that of an inverse
 * contract, and of an expired or modelled option in its own coin.
 */
export function comesOutInCoin({ instrument: terms, quote: priced }: QuotedTerms): boolean {
  if (terms.kind !== 'option') return terms.style === 'inverse';
  return terms.underlying === terms.settlementAsset && priced.kind !== 'mark';
}

function needsConversion(terms: QuotedTerms): boolean {
  return !comesOutInCoin(terms) && assetOfQuote(terms.quote) !== terms.instrument.settlementAsset;
}

/** A model prices options; a delivery price is one of an instrument with an expiry; a future's mark is above 0. */
function isQuoteOfInstrument({ instrument: terms, quote: priced }: QuotedTerms): boolean {
  // What comes out in the coin has its price in something else.
  if (comesOutInCoin({ instrument: terms, quote: priced }) && assetOfQuote(priced) === terms.settlementAsset)
    return false;
  if (priced.kind === 'black-76') return terms.kind === 'option';
  if (priced.kind === 'settlement') return terms.kind !== 'perpetual';
  return terms.kind === 'option' || priced.price !== '0';
}
