import { SolventError } from '../../../protocol/index.js';
import type { PricingFault } from '../../../protocol/valuation/index.js';
import { refuseSource } from '../../errors.js';

/** Why books cannot be valued. */
export type ValuationCode =
  | 'price-missing'
  | 'price-stale'
  | 'price-not-positive'
  | 'debt-without-price'
  | 'quote-price-not-one'
  | 'instrument-malformed'
  | 'settlement-price-missing'
  | 'mark-missing'
  | 'mark-stale'
  | 'mark-asset-unusable'
  | PricingFault
  | 'position-malformed'
  | 'account-unassigned'
  | 'amount-too-large';

/** What was expected, what was found, and what to do. */
type Words = { readonly expected: string; readonly got: string; readonly advice: string };

const WORDS: Readonly<Partial<Record<ValuationCode, Words>>> = {
  'price-missing': {
    expected: 'a price at or before the instant',
    got: 'none',
    advice: 'add one to the source prices, which is 0 where the asset is worth nothing',
  },
  'price-stale': {
    expected: 'a price that is not older at the instant than maxPriceAge',
    got: 'only older ones',
    advice: 'add a newer one to the source prices, or permit that age',
  },
  'price-not-positive': {
    expected: 'a mark above 0 (0 is allowed for an option)',
    got: 'another',
    advice: 'correct the source marks',
  },
  'debt-without-price': {
    expected: 'no debt in an asset of price 0',
    got: 'one',
    advice: 'take it out of the books, or give the asset a price',
  },
  'quote-price-not-one': {
    expected: 'the price 1 of the quote currency',
    got: 'another',
    advice: 'give it the price 1 in the source prices, or take another quote currency',
  },
  'instrument-malformed': {
    expected:
      'a future or perpetual that is linear or inverse, or an option that is premium-paid or futures-style and has a right, an expiry and a strike above 0; with a contract size above 0 and a listed settlement asset',
    got: 'something else',
    advice: 'correct the source instruments',
  },
  'settlement-price-missing': {
    expected: 'a mark of kind settlement (the delivery price) from the expiry or later, as it has expired',
    got: 'none',
    advice: 'add it to the source marks',
  },
  'mark-missing': {
    expected: 'a mark at or before the instant',
    got: 'none',
    advice:
      'add one to the source marks (or, for options, a forward and a volatility, and allow modelPrices in the configuration)',
  },
  'mark-stale': {
    expected: 'a mark that is not older at the instant than maxMarkAge',
    got: 'only older ones',
    advice: 'add a newer one to the source marks, or permit that age',
  },
  'mark-asset-unusable': {
    expected:
      'a mark in the quote currency or a listed asset, and for inverse and coin-settled contracts a forward, delivery price or mark of the future not in the coin itself',
    got: 'another',
    advice: 'correct price_asset in the source marks',
  },
  'model-inputs-out-of-range': {
    expected: 'a volatility of at most 100, a rate from -1 to 1 and at most 100 years for a model price',
    got: 'another',
    advice: 'correct the source marks or modelPrices, or give the option a mark',
  },
  'model-price-undecided': {
    expected: 'a model price that is not within 10^-60 of the middle between two of 18 digits',
    got: 'one',
    advice: 'give the option a mark',
  },
  'amount-too-large': {
    expected: 'less than 2^64 proof units of each asset for every user',
    got: 'more',
    advice: 'correct the amounts, or give the assets fewer decimals (or auto)',
  },
};

/** Names that a message shows, and that its details list. */
const MAX_SHOWN = 5;
const MAX_LISTED = 100;

/** Collects the assets or instruments that cannot be used, by what is wrong with them. */
export class RefusedNames {
  readonly #kind: 'assets' | 'instruments';
  readonly #names = new Map<ValuationCode, string[]>();
  readonly #advices: string[] = [];

  constructor(kind: 'assets' | 'instruments') {
    this.#kind = kind;
  }

  /** @param advice what to do about this one. */
  add(code: ValuationCode, name: string, advice?: string): void {
    if (advice !== undefined) this.#advices.push(advice);
    const names = this.#names.get(code) ?? [];
    names.push(name);
    this.#names.set(code, names);
  }

  /** @throws SolventError of class `source` with the first code that something was added under, and all its names. */
  throwIfAny(): void {
    const [first] = this.#names;
    if (first === undefined) return;
    const [code, names] = first;
    const { expected, got, advice } = WORDS[code]!;
    const shown = names.slice(0, MAX_SHOWN).join(', ');
    const more = names.length > MAX_SHOWN ? ` and ${names.length - MAX_SHOWN} more` : '';
    const advised = [advice, ...this.#advices.slice(0, MAX_SHOWN)].join('; ');
    const message = `expected ${expected}, got ${got} for ${shown}${more}: ${advised}`;
    throw refuseSource(code, message, {
      details: { [this.#kind]: names.slice(0, MAX_LISTED), count: names.length },
    });
  }
}

/** The refusal of rows that cannot be named without showing whose they are: only their count is told. */
export function refuseRows(
  code: ValuationCode,
  { expected, got, advice }: Words,
  details: Readonly<Record<string, string | number>>,
): SolventError<ValuationCode> {
  return refuseSource(code, { expected, found: got, advice, details });
}
