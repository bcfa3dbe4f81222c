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
import { valueInverse, valueLinear, type OpenResult } from './futures.js';
import { valuePremiumPaid } from './options.js';
import type { Quote } from './quotes.js';
import { multiply, roundUpToUnits, toRational, type Rational } from './rational.js';

/** The columns of the table `component`. */
export const COMPONENT_TYPES: readonly DuckDBType[] = [
  ...[VARCHAR, VARCHAR, INTEGER, VARCHAR, VARCHAR, VARCHAR, DECIMAL(38, 18)],
  ...[VARCHAR, VARCHAR, VARCHAR, BIGINT, VARCHAR, HUGEINT, HUGEINT],
];

/** Far above what a holding may be, far below where a sum overflows; `find-components-too-large` refuses it. */
const UNITS_CAP = 10n ** 28n;

/** How many positions were valued, and how many of them at a model price. */
export type PositionCounts = { readonly positions: number; readonly modelled: number };

/**
 * The worth of a signed number of contracts in whole units of the settlement asset, exactly: the unrealised result of
 * futures and futures-style options, and the worth of premium-paid options.
 * @param entry in the currency of the mark; that of an expired option in its settlement asset.
 */
export function valuePosition(quote: Quote, quantity: Rational, entry: Rational): Rational {
  const { terms, price: mark, conversion } = quote;
  const open: OpenResult = { quantity, contractSize: terms.contractSize, mark, entry };
  if (terms.style === 'inverse') return valueInverse(open);
  const value = terms.style === 'premium-paid' ? valuePremiumPaid(open) : valueLinear(open);
  return multiply(value, conversion);
}

/** Adds a component for each open position of users, at the quote of its instrument. */
export async function insertPositionComponents(
  scratch: Scratch,
  config: BooksConfig,
  quotes: ReadonlyMap<string, Quote>,
): Promise<PositionCounts> {
  let [positions, modelled] = [0, 0];
  async function* components(): AsyncGenerator<DuckDBValue[][]> {
    for await (const rows of scratch.stream('books/valuation/select-open-positions')) {
      yield rows.map((row) => {
        const quote = quotes.get(row[3] as string)!;
        positions += 1;
        if (quote.modelled) modelled += 1;
        return makeComponent(row, quote, config);
      });
    }
  }
  await scratch.append('component', COMPONENT_TYPES, components());
  return { positions, modelled };
}

function makeComponent(row: readonly DuckDBValue[], quote: Quote, config: BooksConfig): DuckDBValue[] {
  const [account, bucket, positionId, instrument, quantity, entryPrice] = row;
  const { terms, shown } = quote;
  const entry = (entryPrice as DuckDBDecimalValue).value;
  const value = valuePosition(quote, toRational((quantity as DuckDBDecimalValue).value), toRational(entry));
  const { units, rounding } = roundUpToUnits(value, config.assets[terms.settlementIndex]!.decimals);
  return [
    account!,
    bucket!,
    terms.settlementIndex,
    terms.type === 'future' ? 'futures' : 'options',
    positionId!,
    instrument!,
    quantity!,
    shown.price,
    shown.priceAsset,
    shown.source,
    shown.atNs,
    terms.style === 'premium-paid' ? null : formatDecimal({ coefficient: entry, fractionDigits: 18 }),
    capUnits(units),
    rounding,
  ];
}

function capUnits(units: bigint): bigint {
  if (units > UNITS_CAP) return UNITS_CAP;
  return units < -UNITS_CAP ? -UNITS_CAP : units;
}
