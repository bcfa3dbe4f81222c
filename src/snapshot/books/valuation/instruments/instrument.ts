import type { ComponentKind } from '../../../../protocol/index.js';
import type { Instrument } from '../../../../protocol/valuation/index.js';

/** What the source says of an instrument, of whatever kind. */
export type InstrumentRow = {
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
export function parseTerms(row: InstrumentRow): Instrument | undefined {
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
