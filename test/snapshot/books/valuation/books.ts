import {
  BIGINT,
  BOOLEAN,
  DECIMAL,
  DuckDBDecimalValue,
  INTEGER,
  VARCHAR,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parseDecimal, SolventError } from '../../../../src/protocol/index.js';
import type { BooksConfig } from '../../../../src/snapshot/books/config.js';
import { valueBooks, type ValuationSummary } from '../../../../src/snapshot/books/valuation/value-books.js';
import { Scratch } from '../../../../src/snapshot/database/scratch.js';

/** 2026-01-31T00:00:00Z. */
export const AT_NS = 1_769_817_600_000_000_000n;
export const MINUTE_NS = 60_000_000_000n;
export const DAY_NS = 1440n * MINUTE_NS;

const AMOUNT = DECIMAL(38, 18);
/** The columns of the tables that the sources fill. */
const TABLES: Readonly<Record<string, readonly DuckDBType[]>> = {
  book_asset: [INTEGER, VARCHAR, INTEGER],
  book_account: [VARCHAR, VARCHAR, VARCHAR],
  stated_balance: [VARCHAR, INTEGER, AMOUNT],
  opening_balance: [VARCHAR, INTEGER, AMOUNT],
  ledger_sum: [VARCHAR, INTEGER, AMOUNT],
  open_order: [VARCHAR, VARCHAR, INTEGER, AMOUNT],
  open_position: [VARCHAR, VARCHAR, VARCHAR, AMOUNT, AMOUNT, VARCHAR, AMOUNT, BOOLEAN],
  settlement: [VARCHAR, INTEGER, VARCHAR, AMOUNT, BOOLEAN, VARCHAR, VARCHAR],
  instrument: [VARCHAR, VARCHAR, VARCHAR, INTEGER, AMOUNT, VARCHAR, AMOUNT, BIGINT, VARCHAR, BOOLEAN],
  collateral: [VARCHAR, INTEGER, AMOUNT, VARCHAR, BOOLEAN, VARCHAR],
  loan: [VARCHAR, VARCHAR, INTEGER, AMOUNT, AMOUNT, VARCHAR, VARCHAR],
  asset_price: [INTEGER, AMOUNT, BIGINT, VARCHAR],
  mark: [VARCHAR, VARCHAR, AMOUNT, VARCHAR, BIGINT, VARCHAR],
};

type Cell = string | bigint | number | boolean | null;
/** Rows by table, in the order of its columns; amounts are decimals as text. */
export type Books = Readonly<Record<string, readonly (readonly Cell[])[]>>;

/** BTC in satoshis, a stablecoin a little below one dollar in cents, ETH in 4 decimals. */
export const ASSETS: BooksConfig['assets'] = [
  { symbol: 'BTC', decimals: 8, collateralRatio: '0.95', maxPriceAgeNs: 10n * MINUTE_NS },
  { symbol: 'USDT', decimals: 2, collateralRatio: '1', maxPriceAgeNs: 10n * MINUTE_NS },
  { symbol: 'ETH', decimals: 4, collateralRatio: '0.9', maxPriceAgeNs: 10n * MINUTE_NS },
];
export const BTC = 0;
export const USDT = 1;
export const ETH = 2;

export const CONFIG: BooksConfig = {
  platform: 'Example Options',
  quote: 'USD',
  assets: ASSETS,
  cash: 'balances-total',
  underwater: 'fail',
  isolatedLoss: 'limited',
  maxMarkAgeNs: 10n * MINUTE_NS,
  modelPrices: { allowed: false },
  connections: new Map(),
  sources: [],
  sha256: '0'.repeat(64),
};

/** The prices that all books have which name no others: BTC 50000, USDT 0.8, ETH 2500. */
const PRICES: Books = {
  asset_price: [
    [BTC, '50000', AT_NS - MINUTE_NS, 'index'],
    [USDT, '0.8', AT_NS - MINUTE_NS, 'index'],
    [ETH, '2500', AT_NS - MINUTE_NS, 'index'],
  ],
};

/** A scratch database with the books in it. Close it and remove its directory. */
export async function openBooks(
  books: Books,
  config: BooksConfig,
): Promise<{ scratch: Scratch; close: () => Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'solvent-valuation-'));
  const scratch = await Scratch.open(directory);
  const all: Books = {
    ...PRICES,
    ...books,
    book_asset: config.assets.map(({ symbol, decimals }, index) => [index, symbol, decimals]),
  };
  for (const [table, types] of Object.entries(TABLES)) {
    await scratch.run(`books/sources/create-${table.replaceAll('_', '-')}`);
    const rows = (all[table] ?? []).map((row) => row.map((cell, column) => toValue(cell, types[column]!)));
    await scratch.append(table, types, [rows]);
  }
  const close = async () => {
    scratch.close();
    await rm(directory, { recursive: true, force: true });
  };
  return { scratch, close };
}

function toValue(cell: Cell, type: DuckDBType): DuckDBValue {
  if (type !== AMOUNT || cell === null) return cell;
  return new DuckDBDecimalValue(toCoefficient(cell as string), 38, 18);
}

/** The signed integer of a decimal text, with 18 fraction digits. */
export function toCoefficient(text: string): bigint {
  const { coefficient, fractionDigits } = parseDecimal(text.replace(/^-/, ''));
  const scaled = coefficient * 10n ** BigInt(18 - fractionDigits);
  return text.startsWith('-') ? -scaled : scaled;
}

export type ComponentRow = {
  readonly account: string;
  readonly bucket: string;
  readonly assetIndex: number;
  readonly kind: string;
  readonly reference: string;
  readonly instrument: string | null;
  readonly quantity: string | null;
  readonly price: string | null;
  readonly priceAsset: string | null;
  readonly priceSource: string | null;
  readonly priceAtNs: bigint | null;
  readonly entryPrice: string | null;
  readonly units: bigint;
  readonly rounding: bigint;
};

export type HoldingRow = {
  readonly user: string;
  readonly assetIndex: number;
  readonly equity: bigint;
  readonly debt: bigint;
  readonly equityRounding: bigint;
  readonly debtRounding: bigint;
};

export type Valued = {
  readonly components: readonly ComponentRow[];
  readonly holdings: readonly HoldingRow[];
  readonly summary: ValuationSummary;
};

/** Statements of the tests stand beside them. */
const HERE = '../../../test/snapshot/books/valuation';

/** Values books, and reads everything back. */
export async function value(books: Books, changes: Partial<BooksConfig> = {}): Promise<Valued> {
  const config = { ...CONFIG, ...changes };
  const { scratch, close } = await openBooks(books, config);
  try {
    const summary = await valueBooks(scratch, config, AT_NS);
    const components = await readRows(scratch, `${HERE}/queries/select-components`);
    const holdings = await readRows(scratch, `${HERE}/queries/select-holdings`);
    return {
      summary,
      components: components.map((row) => toComponent(row)),
      holdings: holdings.map(([user, assetIndex, equity, debt, equityRounding, debtRounding]) => ({
        user: user as string,
        assetIndex: assetIndex as number,
        equity: equity as bigint,
        debt: debt as bigint,
        equityRounding: equityRounding as bigint,
        debtRounding: debtRounding as bigint,
      })),
    };
  } finally {
    await close();
  }
}

async function readRows(scratch: Scratch, query: string): Promise<DuckDBValue[][]> {
  const all: DuckDBValue[][] = [];
  for await (const rows of scratch.stream(query)) all.push(...rows);
  return all;
}

function toComponent(row: readonly DuckDBValue[]): ComponentRow {
  const text = (column: number) => row[column] as string | null;
  return {
    account: text(0)!,
    bucket: text(1)!,
    assetIndex: row[2] as number,
    kind: text(3)!,
    reference: text(4)!,
    instrument: text(5),
    quantity: text(6),
    price: text(7),
    priceAsset: text(8),
    priceSource: text(9),
    priceAtNs: row[10] as bigint | null,
    entryPrice: text(11),
    units: row[12] as bigint,
    rounding: row[13] as bigint,
  };
}

/** Components in short: `account bucket asset kind reference units`. */
export function shorten(components: readonly ComponentRow[]): string[] {
  return components.map(({ account, bucket, assetIndex, kind, reference, units }) =>
    [account, bucket, ASSETS[assetIndex]!.symbol, kind, reference || '-', units].join(' '),
  );
}

/** Holdings in short: `user asset equity debt`. */
export function shortenHoldings(holdings: readonly HoldingRow[]): string[] {
  return holdings.map(({ user, assetIndex, equity, debt }) =>
    [user, ASSETS[assetIndex]!.symbol, equity, debt].join(' '),
  );
}

/** The refusal of books that cannot be valued. */
export async function refusalOf(books: Books, changes: Partial<BooksConfig> = {}): Promise<SolventError> {
  const error: unknown = await value(books, changes).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof SolventError))
    throw new Error('expected a SolventError, got none', { cause: error });
  return error;
}
