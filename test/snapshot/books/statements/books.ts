import {
  BIGINT,
  DECIMAL,
  DuckDBDecimalValue,
  HUGEINT,
  INTEGER,
  VARCHAR,
  type DuckDBType,
} from '@duckdb/node-api';
import { join } from 'node:path';

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
  readonly price: string | null;
  readonly priceAsset: string | null;
  readonly priceSource: string | null;
  readonly priceAtNs: bigint | null;
  readonly entryPrice: string | null;
  readonly valueUnits: bigint;
};

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
  VARCHAR,
  VARCHAR,
  VARCHAR,
  BIGINT,
  VARCHAR,
  HUGEINT,
  HUGEINT,
];

/** A component of nothing but cash, changed. */
export function makeComponent(changes: Partial<Component>): Component {
  return {
    account: 'a-1',
    bucket: 'cross',
    assetIndex: 1,
    kind: 'cash',
    reference: '',
    instrument: null,
    quantity: null,
    price: null,
    priceAsset: null,
    priceSource: null,
    priceAtNs: null,
    entryPrice: null,
    valueUnits: 1n,
    ...changes,
  };
}

/** A scratch database with these accounts and components, as valuation leaves them. Close it. */
export async function openBooks(
  directory: string,
  { accounts, components }: { accounts: readonly BookAccount[]; components: readonly Component[] },
): Promise<Scratch> {
  const scratch = await Scratch.open(join(directory, 'scratch'));
  for (const name of [
    'sources/create-book-asset',
    'sources/create-book-account',
    'valuation/create-component',
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
  return scratch;
}

function toRow(component: Component) {
  const { account, bucket, assetIndex, kind, reference, instrument, quantity } = component;
  const { price, priceAsset, priceSource, priceAtNs, entryPrice, valueUnits } = component;
  const amount = quantity === null ? null : new DuckDBDecimalValue(quantity, 38, 18);
  const subject = [account, bucket, assetIndex, kind, reference, instrument, amount];
  return [...subject, price, priceAsset, priceSource, priceAtNs, entryPrice, valueUnits, 0n];
}
