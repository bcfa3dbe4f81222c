import {
  DECIMAL,
  HUGEINT,
  INTEGER,
  LIST,
  listValue,
  VARCHAR,
  type DuckDBDecimalValue,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';

import { encodeCanonicalJson } from '../../../protocol/index.js';
import { roundUpToUnits, toRational, valuePosition } from '../../../protocol/valuation/index.js';
import type { Scratch } from '../../database/scratch.js';
import type { BooksConfig } from '../config.js';
import { lineKindOf } from './instruments/load-instruments.js';
import type { QuotedInstrument } from './instruments/quote.js';

/** The columns of the table `component`. */
export const COMPONENT_TYPES: readonly DuckDBType[] = [
  ...[VARCHAR, VARCHAR, INTEGER, VARCHAR, VARCHAR, VARCHAR],
  ...[DECIMAL(38, 18), DECIMAL(38, 18), HUGEINT, HUGEINT],
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
        if (quoted.quoted.quote.kind === 'black-76') modelled += 1;
        return makeComponent(row, quoted, config);
      });
    }
  }
  await scratch.append('component', COMPONENT_TYPES, components());
  await scratch.append(
    'quoted_instrument',
    [VARCHAR, VARCHAR, VARCHAR, VARCHAR, LIST(VARCHAR)],
    [[...quotes.values()].map(describeInstrument)],
  );
  return { positions, modelled };
}

/** What statements say of an instrument, as canonical JSON, and the texts in it that they may not hold. */
function describeInstrument({ terms, quoted: { quote, conversion } }: QuotedInstrument): DuckDBValue[] {
  const sources =
    quote.kind === 'black-76' ? [quote.forward.source, quote.volatility.source] : [quote.source];
  const texts = listValue([terms.name, terms.underlying, ...sources]);
  const jsons = [terms, quote, conversion].map((stated) =>
    Buffer.from(encodeCanonicalJson(stated)).toString('utf8'),
  );
  return [terms.name, ...jsons, texts];
}

function makeComponent(
  row: readonly DuckDBValue[],
  { settlementIndex, terms, quoted }: QuotedInstrument,
  config: BooksConfig,
): DuckDBValue[] {
  const [account, bucket, positionId, name, quantity, entryPrice] = row;
  const value = valuePosition(terms, quoted.priced, {
    quantity: toRational((quantity as DuckDBDecimalValue).value),
    entry: toRational((entryPrice as DuckDBDecimalValue).value),
  });
  const { units, rounding } = roundUpToUnits(value, config.assets[settlementIndex]!.decimals);
  return [
    account!,
    bucket!,
    settlementIndex,
    lineKindOf(terms),
    positionId!,
    name!,
    quantity!,
    terms.style === 'premium-paid' ? null : entryPrice!,
    capUnits(units),
    rounding,
  ];
}

function capUnits(units: bigint): bigint {
  if (units > UNITS_CAP) return UNITS_CAP;
  return units < -UNITS_CAP ? -UNITS_CAP : units;
}
