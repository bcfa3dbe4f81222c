import {
  BIGINT,
  DECIMAL,
  HUGEINT,
  INTEGER,
  VARCHAR,
  type DuckDBDecimalValue,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';

import { formatDecimal } from '../../../protocol/index.js';
import type { Scratch } from '../../database/scratch.js';
import type { BooksConfig } from '../config.js';
import type { QuotedInstrument } from './instruments/quote-instruments.js';
import { roundUpToUnits, toRational } from './rational.js';

/** The columns of the table `component`. */
export const COMPONENT_TYPES: readonly DuckDBType[] = [
  ...[VARCHAR, VARCHAR, INTEGER, VARCHAR, VARCHAR, VARCHAR, DECIMAL(38, 18)],
  ...[VARCHAR, VARCHAR, VARCHAR, BIGINT, VARCHAR, HUGEINT, HUGEINT],
];

/** Far above what a holding may be, far below where a sum overflows; `find-components-too-large` refuses it. */
const UNITS_CAP = 10n ** 28n;

/** How many positions were valued, and how many of them at a model price. */
export type PositionCounts = { readonly positions: number; readonly modelled: number };

/** Adds a component for each open position of users, at the quote of its instrument. */
export async function insertPositionComponents(
  scratch: Scratch,
  config: BooksConfig,
  quotes: ReadonlyMap<string, QuotedInstrument>,
): Promise<PositionCounts> {
  let [positions, modelled] = [0, 0];
  async function* components(): AsyncGenerator<DuckDBValue[][]> {
    for await (const rows of scratch.stream('books/valuation/select-open-positions')) {
      yield rows.map((row) => {
        const quoted = quotes.get(row[3] as string)!;
        positions += 1;
        if (quoted.quote.modelled) modelled += 1;
        return makeComponent(row, quoted, config);
      });
    }
  }
  await scratch.append('component', COMPONENT_TYPES, components());
  return { positions, modelled };
}

function makeComponent(
  row: readonly DuckDBValue[],
  { instrument, quote }: QuotedInstrument,
  config: BooksConfig,
): DuckDBValue[] {
  const [account, bucket, positionId, name, quantity, entryPrice] = row;
  const { settlementIndex, lineKind, hasEntry } = instrument;
  const { shown } = quote;
  const entry = (entryPrice as DuckDBDecimalValue).value;
  const value = instrument.value(quote, {
    quantity: toRational((quantity as DuckDBDecimalValue).value),
    entry: toRational(entry),
  });
  const { units, rounding } = roundUpToUnits(value, config.assets[settlementIndex]!.decimals);
  return [
    account!,
    bucket!,
    settlementIndex,
    lineKind,
    positionId!,
    name!,
    quantity!,
    shown.price,
    shown.priceAsset,
    shown.source,
    shown.atNs,
    hasEntry ? formatDecimal({ coefficient: entry, fractionDigits: 18 }) : null,
    capUnits(units),
    rounding,
  ];
}

function capUnits(units: bigint): bigint {
  if (units > UNITS_CAP) return UNITS_CAP;
  return units < -UNITS_CAP ? -UNITS_CAP : units;
}
