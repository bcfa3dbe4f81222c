import type { DuckDBDecimalValue } from '@duckdb/node-api';

import type { Scratch } from '../../database/scratch.js';

export type MarkKind = 'mark' | 'settlement' | 'forward' | 'volatility';

/** The last mark of its kind up to the instant; it may be too old. */
export type Mark = {
  /** 18 fraction digits. */
  readonly coefficient: bigint;
  /** A symbol; empty for volatilities. */
  readonly asset: string;
  readonly atNs: bigint;
  readonly source: string;
};

/** The last marks of one instrument, by kind. */
export type Marks = ReadonlyMap<MarkKind, Mark>;

/** The last marks up to the instant of every instrument that users have open positions in. The variable `at_ns` is set. */
export async function loadMarks(scratch: Scratch): Promise<ReadonlyMap<string, Marks>> {
  const found = new Map<string, Map<MarkKind, Mark>>();
  for await (const rows of scratch.stream('books/valuation/select-marks-in-force')) {
    for (const [instrument, kind, price, asset, at, source] of rows) {
      const marks = found.get(instrument as string) ?? new Map<MarkKind, Mark>();
      found.set(instrument as string, marks);
      marks.set(kind as MarkKind, {
        coefficient: (price as DuckDBDecimalValue).value,
        asset: (asset as string | null) ?? '',
        atNs: at as bigint,
        source: source as string,
      });
    }
  }
  return found;
}
