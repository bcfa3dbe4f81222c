import type { DuckDBDecimalValue, DuckDBValue } from '@duckdb/node-api';

import { type ComponentKind, formatSignedDecimal } from '../../../../protocol/index.js';
import type { Instrument } from '../../../../protocol/valuation/index.js';
import type { Scratch } from '../../../database/scratch.js';
import type { BooksConfig } from '../../config.js';
import { formatInstantNs } from '../../instant-ns.js';
import { RefusedNames } from '../refusals.js';

/** What the source says of an instrument, of whatever kind. */
type InstrumentRow = {
  readonly name: string;
  readonly kind: string;
  /** The symbol of the asset that the contract is on. */
  readonly underlying: string;
  readonly settlementAsset: string;
  /** Of one contract, above 0; canonical decimal. */
  readonly contractSize: string;
  readonly style: string;
  /** Canonical decimal; null where none is stated. */
  readonly strike: string | null;
  /** Canonical RFC 3339; null where it never expires. */
  readonly expiry: string | null;
  readonly right: string | null;
};

/** An instrument that users hold, whose terms fit together. */
export type HeldInstrument = {
  readonly settlementIndex: number;
  /** As statements state them, and as values follow from them. */
  readonly terms: Instrument;
};

/** The kind of line that a position in an instrument makes. */
export function lineKindOf({ kind }: Instrument): ComponentKind {
  return kind === 'option' ? 'options' : 'futures';
}

/** The terms of an instrument; undefined where they do not fit together. */
function parseTerms(row: InstrumentRow): Instrument | undefined {
  return row.kind === 'option' ? parseOption(row) : parseFuture(row);
}

/** A future has an expiry and a perpetual has none. */
function parseFuture({ kind, style, expiry, ...row }: InstrumentRow): Instrument | undefined {
  if (style !== 'linear' && style !== 'inverse') return undefined;
  const terms = { ...pickCommon(row), style } as const;
  if (kind === 'perpetual') return expiry === null ? { ...terms, kind } : undefined;
  return kind === 'future' && expiry !== null ? { ...terms, kind, expiry } : undefined;
}

function parseOption({ style, right, strike, expiry, ...row }: InstrumentRow): Instrument | undefined {
  if (style !== 'premium-paid' && style !== 'futures-style') return undefined;
  if (right !== 'call' && right !== 'put') return undefined;
  if (expiry === null || strike === null || strike === '0' || strike.startsWith('-')) return undefined;
  return { ...pickCommon(row), kind: 'option', style, right, strike, expiry };
}

type CommonTerms = Pick<InstrumentRow, 'name' | 'underlying' | 'settlementAsset' | 'contractSize'>;

function pickCommon({ name, underlying, settlementAsset, contractSize }: CommonTerms): CommonTerms {
  return { name, underlying, settlementAsset, contractSize };
}

/**
 * Every instrument that users have open positions in.
 * @throws SolventError `instrument-malformed`.
 */
export async function loadInstruments(scratch: Scratch, config: BooksConfig): Promise<HeldInstrument[]> {
  const found: HeldInstrument[] = [];
  const refused = new RefusedNames('instruments');
  for await (const rows of scratch.stream('books/valuation/select-held-instruments')) {
    for (const row of rows) {
      const instrument = parseInstrument(row, config);
      if (instrument === undefined) refused.add('instrument-malformed', row[0] as string);
      else found.push(instrument);
    }
  }
  refused.throwIfAny();
  return found;
}

/** Undefined where the terms do not fit together. */
function parseInstrument(row: readonly DuckDBValue[], config: BooksConfig): HeldInstrument | undefined {
  const [name, kind, underlying, settlement, size, style, strike, expiryNs, right] = row;
  const settlementAsset = config.assets[settlement as number]?.symbol;
  const contractSize = formatAmount(size as DuckDBDecimalValue);
  if (settlementAsset === undefined || contractSize === '0' || contractSize.startsWith('-')) return undefined;
  const terms = parseTerms({
    name: name as string,
    kind: kind as string,
    underlying: underlying as string,
    settlementAsset,
    contractSize,
    style: style as string,
    strike: strike === null ? null : formatAmount(strike as DuckDBDecimalValue),
    expiry: expiryNs === null ? null : formatInstantNs(expiryNs as bigint),
    right: right as string | null,
  });
  return terms && { settlementIndex: settlement as number, terms };
}

/** A DECIMAL(38, 18) as a canonical signed decimal. */
function formatAmount({ value }: Pick<DuckDBDecimalValue, 'value'>): string {
  return formatSignedDecimal({ coefficient: value, fractionDigits: 18 });
}
