import { z } from 'zod';

import { utf8ToBytes } from '../bytes.js';
import { isCanonicalDecimal, isCanonicalSignedDecimal } from '../decimal.js';
import * as p from './primitives.js';
import { MAX_ID_BYTES } from '../limits.js';

const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

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
const decimal = z.string().refine(isCanonicalDecimal, 'expected a canonical decimal');
const positive = p.positiveDecimal;

/** How a year is counted in a model price. */
export const DAY_COUNTS = ['act/365', 'act/365.25', 'act/360'] as const;

/** Values are rounded up to the proof unit, in the account's favour. */
const rounding = z.literal('up');

const common = {
  name: nonEmptyText,
  underlying: p.assetSymbol,
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
  z.strictObject({ kind: z.literal('mark'), price: decimal, asset: p.assetSymbol, ...observed }),
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
    quantity: signedDecimal,
    entryPrice: decimal.nullable(),
    quote,
    conversion: z.strictObject({ fromPrice: positive, toPrice: positive }).nullable(),
    rounding,
  })
  .refine(({ instrument: { style }, entryPrice }) => (style === 'premium-paid') === (entryPrice === null), {
    path: ['entryPrice'],
    error: 'expected an entry price exactly where the premium is not paid at the opening',
  })
  .refine(isQuoteOfInstrument, { path: ['quote'], error: 'expected a quote that the instrument can have' })
  .refine((line) => needsConversion(line) === (line.conversion !== null), {
    path: ['conversion'],
    error: 'expected prices to convert with exactly where the price is in another currency than the value',
  });

const amount = z.strictObject({ of: z.literal('amount'), quantity: signedDecimal, rounding });

/** The inputs of a line's value; the schema of lines that hold them. */
export const valuation = z.discriminatedUnion('of', [amount, position]);

/**
 * Everything that the value of a line follows from. An amount is its quantity of the line's asset. A position is its
 * quantity of contracts, the terms of the instrument, the entry price (null where the premium was paid), the quote, and
 * the two prices in the quote currency that take it from the quote's asset to the settlement asset, null where it is there
 * already. Decimals; quantities and rates are signed.
 */
export type Valuation = z.infer<typeof valuation>;

type PositionTerms = { readonly instrument: Instrument; readonly quote: PositionQuote };

/** An inverse contract and an expired or modelled option in its own coin come out in the settlement asset by themselves. */
function needsConversion({ instrument: terms, quote: priced }: PositionTerms): boolean {
  const asset = priced.kind === 'black-76' ? priced.forward.asset : priced.asset;
  if (asset === terms.settlementAsset || terms.style === 'inverse') return false;
  return !(terms.kind === 'option' && terms.underlying === terms.settlementAsset && priced.kind !== 'mark');
}

/** A model prices options; a delivery price is one of an instrument with an expiry; a future's mark is above 0. */
function isQuoteOfInstrument({ instrument: terms, quote: priced }: PositionTerms): boolean {
  if (priced.kind === 'black-76') return terms.kind === 'option';
  if (priced.kind === 'settlement') return terms.kind !== 'perpetual';
  return terms.kind === 'option' || priced.price !== '0';
}
