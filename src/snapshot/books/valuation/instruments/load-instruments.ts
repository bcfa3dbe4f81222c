import type { DuckDBDecimalValue, DuckDBValue } from '@duckdb/node-api';

import { formatSignedDecimal } from '../../../../protocol/index.js';
import type { Scratch } from '../../../database/scratch.js';
import type { BooksConfig } from '../../config.js';
import { formatInstantNs } from '../../instant-ns.js';
import { RefusedNames } from '../refusals.js';
import { parseTerms, type HeldInstrument } from './instrument.js';

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
export function formatAmount({ value }: Pick<DuckDBDecimalValue, 'value'>): string {
  return formatSignedDecimal({ coefficient: value, fractionDigits: 18 });
}
