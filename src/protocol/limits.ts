/** Bits of an amount: every equity and debt is an integer of proof units below 2^64. */
export const AMOUNT_BITS = 64;
/** Bits of a published total: 2^24 batches of fewer than 2^18 amounts. */
export const GRAND_TOTAL_BITS = 108;
/** Bits of a word of packed bits: the largest multiple of four below the field's 253. */
export const WORD_BITS = 252;
/** Bytes of a user id or a platform name in UTF-8, after normalisation. */
export const MAX_ID_BYTES = 256;
/** The largest scale s of the price table. */
export const MAX_SCALE = 30;
/** The least positive price of one proof unit, in units of 10^-s: below it rounding would eat the price. */
export const MIN_UNIT_PRICE = 10_000n;
/** Digits after the point of a decimal that a source or a price table may state. */
export const MAX_FRACTION_DIGITS = 30;
/** Digits before the point of such a decimal. */
export const MAX_INTEGER_DIGITS = 30;
/** Decimals of a proof unit. */
export const MAX_UNIT_DECIMALS = 24;
