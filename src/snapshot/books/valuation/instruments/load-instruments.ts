import type { DuckDBDecimalValue, DuckDBValue } from '@duckdb/node-api';

import type { Scratch } from '../../../database/scratch.js';
import type { BooksConfig } from '../../config.js';
import type { InstrumentKind } from '../../instrument-kinds.js';
import { toRational } from '../rational.js';
import { RefusedNames } from '../refusals.js';
import { parseFuture } from './future.js';
import type { Instrument, ParseInstrument } from './instrument.js';
import { parseOption } from './option.js';

/** The modules of all kinds of instruments. */
const PARSERS: Readonly<Record<InstrumentKind, ParseInstrument>> = {
  future: parseFuture,
  perpetual: parseFuture,
  option: parseOption,
};

/**
 * Every instrument that users have open positions in.
 * @throws SolventError `instrument-malformed`.
 */
export async function loadInstruments(scratch: Scratch, config: BooksConfig): Promise<Instrument[]> {
  const found: Instrument[] = [];
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
function parseInstrument(row: readonly DuckDBValue[], config: BooksConfig): Instrument | undefined {
  const [name, kind, underlying, settlement, size, style, strike, expiryNs, right] = row;
  const settlementAsset = config.assets[settlement as number]?.symbol;
  const contractSize = (size as DuckDBDecimalValue).value;
  const isKnown = typeof kind === 'string' && Object.hasOwn(PARSERS, kind);
  if (settlementAsset === undefined || contractSize <= 0n || !isKnown) return undefined;
  return PARSERS[kind as InstrumentKind]({
    name: name as string,
    underlying: underlying as string,
    settlementIndex: settlement as number,
    settlementAsset,
    contractSize: toRational(contractSize),
    style: style as string,
    strike: (strike as DuckDBDecimalValue | null)?.value ?? null,
    expiryNs: expiryNs as bigint | null,
    right: right as string | null,
  });
}
