import type { DuckDBDecimalValue, DuckDBValue } from '@duckdb/node-api';

import type { Scratch } from '../../database/scratch.js';
import type { BooksConfig } from '../config.js';
import type { OptionRight } from './options.js';
import { toRational, type Rational } from './rational.js';
import { RefusedNames } from './refusals.js';

type Terms = {
  readonly instrument: string;
  /** The symbol of the asset that the contract is on. */
  readonly underlying: string;
  readonly settlementIndex: number;
  readonly settlementAsset: string;
  /** Above 0. */
  readonly contractSize: Rational;
};

/** A dated or perpetual future. */
export type FutureTerms = Terms & {
  readonly type: 'future';
  readonly style: 'linear' | 'inverse';
  /** Null for perpetuals. */
  readonly expiryNs: bigint | null;
};

/** A European option; it is coin-settled where it settles in the asset that it is on. */
export type OptionTerms = Terms & {
  readonly type: 'option';
  readonly style: 'premium-paid' | 'futures-style';
  readonly right: OptionRight;
  /** 18 fraction digits, above 0; in the currency of forward and delivery price. */
  readonly strike: bigint;
  readonly expiryNs: bigint;
};

export type InstrumentTerms = FutureTerms | OptionTerms;

/**
 * The terms of every instrument that users have open positions in, by name.
 * @throws SolventError `instrument-malformed`.
 */
export async function loadInstruments(scratch: Scratch, config: BooksConfig): Promise<InstrumentTerms[]> {
  const found: InstrumentTerms[] = [];
  const refused = new RefusedNames('instruments');
  for await (const rows of scratch.stream('books/valuation/select-held-instruments')) {
    for (const row of rows) {
      const terms = parseTerms(row, config);
      if (terms === undefined) refused.add('instrument-malformed', row[0] as string);
      else found.push(terms);
    }
  }
  refused.throwIfAny();
  return found;
}

/** Undefined where the terms do not fit together. */
function parseTerms(row: readonly DuckDBValue[], config: BooksConfig): InstrumentTerms | undefined {
  const [instrument, kind, underlying, settlement, size, style, strike, expiryNs, right] = row;
  const settlementAsset = config.assets[settlement as number]?.symbol;
  const contractSize = (size as DuckDBDecimalValue).value;
  if (settlementAsset === undefined || contractSize <= 0n) return undefined;
  const terms = {
    instrument: instrument as string,
    underlying: underlying as string,
    settlementIndex: settlement as number,
    settlementAsset,
    contractSize: toRational(contractSize),
  };
  if (kind === 'option') {
    const strikeCoefficient = (strike as DuckDBDecimalValue | null)?.value ?? 0n;
    if (style !== 'premium-paid' && style !== 'futures-style') return undefined;
    if (right !== 'call' && right !== 'put') return undefined;
    if (typeof expiryNs !== 'bigint' || strikeCoefficient <= 0n) return undefined;
    return { ...terms, type: 'option', style, right, strike: strikeCoefficient, expiryNs };
  }
  if (kind !== 'future' && kind !== 'perpetual') return undefined;
  if (style !== 'linear' && style !== 'inverse') return undefined;
  return { ...terms, type: 'future', style, expiryNs: expiryNs as bigint | null };
}
