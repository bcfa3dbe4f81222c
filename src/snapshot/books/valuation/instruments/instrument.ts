import type { ComponentKind } from '../../../../protocol/index.js';
import type { Marks } from '../marks.js';
import type { Rational } from '../rational.js';
import type { ValuationCode } from '../refusals.js';
import type { Quote, QuoteContext } from './quote.js';

/** What the source says of an instrument, of whatever kind. */
export type InstrumentRow = {
  readonly name: string;
  /** The symbol of the asset that the contract is on. */
  readonly underlying: string;
  readonly settlementIndex: number;
  readonly settlementAsset: string;
  /** Of one contract, above 0. */
  readonly contractSize: Rational;
  readonly style: string;
  /** 18 fraction digits; null where none is stated. */
  readonly strike: bigint | null;
  /** Null where it never expires. */
  readonly expiryNs: bigint | null;
  readonly right: string | null;
};

/** What a user has of an instrument. */
export type Position = {
  /** Signed number of contracts: negative is short. */
  readonly quantity: Rational;
  /** In the currency of the mark; that of an expired option in its settlement asset. */
  readonly entry: Rational;
};

/** An instrument whose terms fit together. */
export type Instrument = {
  readonly name: string;
  readonly settlementIndex: number;
  /** The kind of line that a position in it makes. */
  readonly lineKind: ComponentKind;
  /** Whether what a position was opened at counts, and is shown. */
  readonly hasEntry: boolean;
  /**
   * An open instrument has its mark, or an option a model price where that is allowed; an expired one has its delivery
   * price and nothing else.
   * @returns the code where it has none.
   */
  readonly quote: (marks: Marks, context: QuoteContext) => Quote | ValuationCode;
  /** The worth of a position in whole units of the settlement asset, exactly. */
  readonly value: (quote: Quote, position: Position) => Rational;
};

/** How one kind of instrument is parsed. @returns undefined where its terms do not fit together. */
export type ParseInstrument = (row: InstrumentRow) => Instrument | undefined;
