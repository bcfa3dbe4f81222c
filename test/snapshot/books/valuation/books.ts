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

import { expect } from 'vitest';

import { showLine } from '../../../../src/presentation/index.js';
import {
  formatSignedDecimal,
  parseDecimal,
  parseInstantNs,
  SolventError,
  type ComponentKind,
  type PositionValuation,
  type StatementLine,
  type Valuation,
} from '../../../../src/protocol/index.js';
import { recomputeLines } from '../../../../src/protocol/valuation/index.js';
import type { BooksConfig } from '../../../../src/snapshot/books/config.js';
import { formatInstantNs } from '../../../../src/snapshot/books/instant-ns.js';
import { priceAssets } from '../../../../src/snapshot/books/valuation/asset-prices.js';
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
  /** As its statement states it. */
  readonly line: StatementLine;
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
    const rows = components.map((row) => toComponent(row, config));
    await assertRecomputed(scratch, rows, config);
    const holdings = await readRows(scratch, `${HERE}/queries/select-holdings`);
    return {
      summary,
      components: rows,
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

function toComponent(row: readonly DuckDBValue[], config: BooksConfig): ComponentRow {
  const line = toLine(row, config);
  const { pricedAt, ...shown } = showLine(line);
  return {
    account: line.account,
    bucket: line.bucket,
    assetIndex: row[2] as number,
    kind: line.kind,
    reference: line.reference,
    ...shown,
    priceAtNs: pricedAt === null ? null : parseInstantNs(pricedAt),
    units: row[8] as bigint,
    rounding: row[9] as bigint,
    line,
  };
}

/** The line of a statement that a component makes. */
function toLine(row: readonly DuckDBValue[], config: BooksConfig): StatementLine {
  const { symbol, decimals } = config.assets[row[2] as number]!;
  return {
    account: row[0] as string,
    asset: symbol,
    bucket: row[1] as string,
    kind: row[3] as ComponentKind,
    reference: row[4] as string,
    valuation: toValuation(row),
    value: formatSignedDecimal({ coefficient: row[8] as bigint, fractionDigits: decimals }),
  };
}

function toValuation(row: readonly DuckDBValue[]): Valuation {
  const amount = (column: number) =>
    formatSignedDecimal({ coefficient: (row[column] as DuckDBDecimalValue).value, fractionDigits: 18 });
  const stated = (column: number): unknown => JSON.parse(row[column] as string);
  if (row[6] === null) return { of: 'net' };
  if (row[5] === null) return { of: 'amount', quantity: amount(6), rounding: 'up' };
  return {
    of: 'position',
    instrument: stated(10) as PositionValuation['instrument'],
    quantity: amount(6),
    entryPrice: row[7] === null ? null : amount(7),
    quote: stated(11) as PositionValuation['quote'],
    conversion: stated(12) as PositionValuation['conversion'],
    rounding: 'up',
  };
}

/** Each user's lines are such as a reader makes again from what they state and the published prices. */
async function assertRecomputed(
  scratch: Scratch,
  components: readonly ComponentRow[],
  config: BooksConfig,
): Promise<void> {
  const prices = await priceAssets(scratch, config, AT_NS);
  const assets = config.assets.map(({ symbol, decimals }, index) => ({
    symbol,
    decimals,
    price: prices[index]!.price,
  }));
  const maxMarkAgeMs = Number(config.maxMarkAgeNs / 1_000_000n);
  const published = { assets, quote: config.quote, takenAt: formatInstantNs(AT_NS), maxMarkAgeMs };
  const recomputed = recomputeLines(
    components.map(({ line }) => line),
    published,
  );
  expect(recomputed.map(({ units }) => units)).toEqual(components.map(({ units }) => units));
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
