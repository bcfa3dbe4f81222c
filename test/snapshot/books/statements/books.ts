import {
  DECIMAL,
  DuckDBDecimalValue,
  HUGEINT,
  INTEGER,
  LIST,
  listValue,
  VARCHAR,
  type DuckDBType,
} from '@duckdb/node-api';
import { join } from 'node:path';

import { encodeCanonicalJson, type PositionValuation } from '../../../../src/protocol/index.js';
import { Scratch } from '../../../../src/snapshot/database/scratch.js';

/** A row of the table `component`; quantities are in units of 10^-18. */
export type Component = {
  readonly account: string;
  readonly bucket: string;
  readonly assetIndex: number;
  readonly kind: string;
  readonly reference: string;
  readonly instrument: string | null;
  readonly quantity: bigint | null;
  /** In units of 10^-18. */
  readonly entryPrice: bigint | null;
  readonly valueUnits: bigint;
};

/** What valuation leaves of an instrument: terms, quote and conversion, which statements hold as they are. */
export type QuotedInstrument = Pick<PositionValuation, 'instrument' | 'quote' | 'conversion'>;

/** An account and whose it is; null for the house. */
export type BookAccount = { readonly account: string; readonly userId: string | null };

/** The assets of the books: many decimals, some, and none. */
export const ASSETS = [
  { symbol: 'ETH', decimals: 18 },
  { symbol: 'BTC', decimals: 8 },
  { symbol: 'JPY', decimals: 0 },
];

const COMPONENT: readonly DuckDBType[] = [
  VARCHAR,
  VARCHAR,
  INTEGER,
  VARCHAR,
  VARCHAR,
  VARCHAR,
  DECIMAL(38, 18),
  DECIMAL(38, 18),
  HUGEINT,
  HUGEINT,
];

/** A perpetual at its mark. */
export function quotePerpetual(
  name: string,
  changes: { source?: string; underlying?: string } = {},
): QuotedInstrument {
  const { source = 'feed', underlying = 'BTC' } = changes;
  return {
    instrument: {
      kind: 'perpetual',
      name,
      underlying,
      settlementAsset: 'JPY',
      contractSize: '0.1',
      style: 'linear',
    },
    quote: { kind: 'mark', price: '60000.5', asset: 'USD', at: '2026-01-30T23:59:30.5Z', source },
    conversion: { fromPrice: '1', toPrice: '0.0065' },
  };
}

/** A component of nothing but cash, changed. */
export function makeComponent(changes: Partial<Component>): Component {
  return {
    account: 'a-1',
    bucket: 'cross',
    assetIndex: 1,
    kind: 'cash',
    reference: '',
    instrument: null,
    quantity: 10n ** 18n,
    entryPrice: null,
    valueUnits: 1n,
    ...changes,
  };
}

/** A scratch database with these accounts and components, as valuation leaves them. Close it. */
export async function openBooks(
  directory: string,
  {
    accounts,
    components,
    instruments = [],
  }: {
    accounts: readonly BookAccount[];
    components: readonly Component[];
    instruments?: readonly QuotedInstrument[];
  },
): Promise<Scratch> {
  const scratch = await Scratch.open(join(directory, 'scratch'));
  for (const name of [
    'sources/create-book-asset',
    'sources/create-book-account',
    'valuation/create-component',
    'valuation/create-quoted-instrument',
  ])
    await scratch.run(`books/${name}`);
  await scratch.append(
    'book_asset',
    [INTEGER, VARCHAR, INTEGER],
    [ASSETS.map(({ symbol, decimals }, index) => [index, symbol, decimals])],
  );
  await scratch.append(
    'book_account',
    [VARCHAR, VARCHAR, VARCHAR],
    [accounts.map(({ account, userId }) => [account, userId, userId === null ? 'house' : 'user'])],
  );
  await scratch.append('component', COMPONENT, [components.map(toRow)]);
  await scratch.append(
    'quoted_instrument',
    [VARCHAR, VARCHAR, VARCHAR, VARCHAR, LIST(VARCHAR)],
    [instruments.map(toInstrumentRow)],
  );
  return scratch;
}

function toRow(component: Component) {
  const { account, bucket, assetIndex, kind, reference, instrument, quantity } = component;
  const { entryPrice, valueUnits } = component;
  const [amount, entry] = [quantity, entryPrice].map((value) =>
    value === null ? null : new DuckDBDecimalValue(value, 38, 18),
  );
  const subject = [account, bucket, assetIndex, kind, reference, instrument];
  return [...subject, amount!, entry!, valueUnits, 0n];
}

function toInstrumentRow({ instrument, quote, conversion }: QuotedInstrument) {
  const source = quote.kind === 'black-76' ? quote.forward.source : quote.source;
  const jsons = [instrument, quote, conversion].map((stated) =>
    Buffer.from(encodeCanonicalJson(stated)).toString(),
  );
  return [instrument.name, ...jsons, listValue([instrument.name, instrument.underlying, source])];
}
