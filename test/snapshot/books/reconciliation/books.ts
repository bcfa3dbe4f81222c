import { join } from 'node:path';

import { BIGINT, BOOLEAN, DECIMAL, decimalValue, INTEGER, VARCHAR, type DuckDBValue } from '@duckdb/node-api';
import { onTestFinished } from 'vitest';

import type { BreakKind } from '../../../../src/protocol/index.js';
import type { BooksConfig, SourceRole } from '../../../../src/snapshot/books/config.js';
import { reconcile, type Reconciliation } from '../../../../src/snapshot/books/reconciliation/reconcile.js';
import { Scratch } from '../../../../src/snapshot/database/scratch.js';
import { makeDirectory } from '../../../directory.js';

/** Account, asset index, amount. */
export type Amount = readonly [account: string, assetIndex: number, amount: string];
/** Account, asset index, amount, instant in nanoseconds, reference, and the balance that the row left. */
export type LedgerRow = readonly [
  account: string,
  assetIndex: number,
  amount: string,
  atNs: number,
  reference: string,
  balanceAfter?: string,
];
/** Account, instrument, quantity. */
export type Position = readonly [account: string, instrument: string, quantity: string];

/** The books of a small venue; a part that is absent is a source that the configuration does not have. */
export type Books = {
  readonly assets?: readonly string[];
  readonly opening?: readonly Amount[];
  readonly ledger?: readonly LedgerRow[];
  readonly balances?: readonly Amount[];
  readonly orders?: readonly Amount[];
  readonly control?: readonly (readonly [assetIndex: number, amount: string])[];
  /** Instruments that are declared netted, and those that are not. */
  readonly netted?: readonly string[];
  readonly notNetted?: readonly string[];
  readonly positions?: readonly Position[];
  readonly cash?: BooksConfig['cash'];
};

export type Break = {
  readonly kind: BreakKind;
  readonly account: string | null;
  readonly asset: string | null;
  readonly instrument: string | null;
  readonly expected: string;
  readonly found: string;
  readonly difference: string;
  readonly first_differing: string | null;
};

const AMOUNT = DECIMAL(38, 18);
const TESTS = '../../../test/snapshot/books/reconciliation/queries';

/** The tables of some books, as the sources would fill them, in a database that is thrown away after the test. */
export async function openBooks(books: Books): Promise<{ scratch: Scratch; config: BooksConfig }> {
  const scratch = await Scratch.open(join(await makeDirectory(), 'scratch'));
  onTestFinished(() => {
    scratch.close();
  });
  for (const table of TABLES) await scratch.run(`books/sources/${table}`);
  await scratch.run(`${TESTS}/create-ledger`);
  const symbols = books.assets ?? ['BTC', 'ETH', 'USDT'];
  const assets = symbols.map((symbol, index) => [index, symbol, 8]);
  await scratch.append('book_asset', [INTEGER, VARCHAR, INTEGER], [assets]);
  await fillAmounts(scratch, books);
  await fillPositions(scratch, books);
  return { scratch, config: makeConfig(symbols, books) };
}

/** Reconciles some books. */
export async function reconcileBooks(books: Books): Promise<Reconciliation & { scratch: Scratch }> {
  const { scratch, config } = await openBooks(books);
  return { ...(await reconcile(scratch, config)), scratch };
}

/** Every break that reconciliation found, in the order in which they are listed. */
export async function findBreaks(books: Books): Promise<Break[]> {
  const { scratch } = await reconcileBooks(books);
  return selectBreaks(scratch);
}

export async function selectBreaks(scratch: Scratch): Promise<Break[]> {
  return (await scratch.select(`${TESTS}/select-breaks`)) as unknown as Break[];
}

/** The rows of a breaks.parquet. */
export async function readBreaksParquet(scratch: Scratch, path: string): Promise<Break[]> {
  await scratch.set('breaks_path', path);
  return (await scratch.select(`${TESTS}/read-breaks-parquet`)) as unknown as Break[];
}

const TABLES = [
  'create-book-asset',
  'create-book-account',
  'create-opening-balance',
  'create-ledger-sum',
  'create-stated-balance',
  'create-open-order',
  'create-control-balance',
  'create-instrument',
  'create-open-position',
];

/** Amounts are texts of up to 18 fraction digits. */
function parseAmount(text: string): DuckDBValue {
  const [whole, fraction = ''] = text.replace('-', '').split('.');
  const coefficient = BigInt(whole! + fraction.padEnd(18, '0'));
  return decimalValue(text.startsWith('-') ? -coefficient : coefficient, 38, 18);
}

async function fillAmounts(scratch: Scratch, books: Books): Promise<void> {
  const toRow = ([account, assetIndex, amount]: Amount) => [account, assetIndex, parseAmount(amount)];
  const types = [VARCHAR, INTEGER, AMOUNT];
  await scratch.append('opening_balance', types, [(books.opening ?? []).map(toRow)]);
  await scratch.append('stated_balance', types, [(books.balances ?? []).map(toRow)]);
  const orders = (books.orders ?? []).map(([account, assetIndex, reserved], at) => {
    return [account, `order-${at}`, assetIndex, parseAmount(reserved)];
  });
  await scratch.append('open_order', [VARCHAR, VARCHAR, INTEGER, AMOUNT], [orders]);
  const ledger = (books.ledger ?? []).map(([account, assetIndex, amount, atNs, reference, after]) => {
    const balanceAfter = after === undefined ? null : parseAmount(after);
    return [account, assetIndex, parseAmount(amount), 'trade', BigInt(atNs), reference, balanceAfter];
  });
  const ledgerTypes = [VARCHAR, INTEGER, AMOUNT, VARCHAR, BIGINT, VARCHAR, AMOUNT];
  await scratch.append('ledger', ledgerTypes, [ledger]);
  await scratch.run(`${TESTS}/sum-ledger`);
  const control = (books.control ?? []).map(([assetIndex, amount]) => [assetIndex, parseAmount(amount)]);
  await scratch.append('control_balance', [INTEGER, AMOUNT], [control]);
}

async function fillPositions(
  scratch: Scratch,
  { netted = [], notNetted = [], positions }: Books,
): Promise<void> {
  const instruments = [...netted, ...notNetted].map((name, at) => {
    return [name, 'perpetual', 'BTC', 0, parseAmount('1'), 'linear', null, null, null, at < netted.length];
  });
  const types = [VARCHAR, VARCHAR, VARCHAR, INTEGER, AMOUNT, VARCHAR, AMOUNT, BIGINT, VARCHAR, BOOLEAN];
  await scratch.append('instrument', types, [instruments]);
  const rows = (positions ?? []).map(([account, instrument, quantity], at) => {
    const [size, price] = [parseAmount(quantity), parseAmount('100')];
    return [account, `position-${at}`, instrument, size, price, 'cross', null, false];
  });
  const positionTypes = [VARCHAR, VARCHAR, VARCHAR, AMOUNT, AMOUNT, VARCHAR, AMOUNT, BOOLEAN];
  await scratch.append('open_position', positionTypes, [rows]);
}

function makeConfig(symbols: readonly string[], books: Books): BooksConfig {
  const roles = (['ledger', 'opening', 'balances', 'orders', 'control', 'positions'] as const).filter(
    (role: SourceRole & keyof Books) => books[role] !== undefined,
  );
  return {
    platform: 'Example Options',
    quote: 'USD',
    assets: symbols.map((symbol) => ({
      symbol,
      decimals: 8,
      collateralRatio: '1',
      maxPriceAgeNs: 600_000_000_000n,
    })),
    cash: books.cash ?? 'balances-total',
    underwater: 'fail',
    isolatedLoss: 'limited',
    maxMarkAgeNs: 600_000_000_000n,
    modelPrices: { allowed: false },
    connections: new Map(),
    sources: roles.map((role) => ({
      role,
      origin: { from: 'files', patterns: [`/books/${role}.csv`], format: 'csv' },
      completeTo: '2026-01-31T00:05:00Z',
      columns: new Map(),
      constants: new Map(),
      ignored: [],
      timeZone: null,
    })),
    sha256: '0'.repeat(64),
  };
}
