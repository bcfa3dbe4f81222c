import type { SourceRole } from '../config.js';
import { INSTRUMENT_KINDS } from '../instrument-kinds.js';

/** How the values of a column are read. `key` is a text that is checked where it is defined, `text` one that is checked here. */
export type ColumnKind =
  | 'key'
  | 'text'
  | 'asset'
  | 'amount'
  | 'amount-not-negative'
  | 'amount-positive'
  | 'instant'
  | 'boolean'
  | 'choice';

/** One column of a source. */
export type ColumnShape = {
  readonly kind: ColumnKind;
  /** The texts that a choice allows. */
  readonly choices?: readonly string[];
  /** What may be absent: nothing, the column, or also its value in a row that has the column. */
  readonly absent?: 'column' | 'value';
};

/** A check of a row's typed values by each other: the macro gives the column and code of what is wrong, or null. */
type RowRule = { readonly macro: string; readonly columns: readonly string[] };

/** What a source of one role looks like, and the table that it fills. */
export type SourceShape = {
  /** Our columns in their order. Instants are read into `<column>_ns`. */
  readonly columns: Readonly<Record<string, ColumnShape>>;
  readonly table: string;
  /** The columns that name a row, each combination at most once; none where rows have no name. */
  readonly key: readonly string[];
  /** The column that names a row to its owner without saying whose it is. */
  readonly shownKey?: string;
  readonly rule?: RowRule;
};

const KEY: ColumnShape = { kind: 'key' };
const TEXT: ColumnShape = { kind: 'text' };
const ASSET: ColumnShape = { kind: 'asset' };
const AMOUNT: ColumnShape = { kind: 'amount' };
const NOT_NEGATIVE: ColumnShape = { kind: 'amount-not-negative' };
const POSITIVE: ColumnShape = { kind: 'amount-positive' };
const INSTANT: ColumnShape = { kind: 'instant' };
const BOOLEAN: ColumnShape = { kind: 'boolean' };
/** When a row came to be; sources that know it leave out what is later than the instant. */
const ORIGIN: ColumnShape = { kind: 'instant', absent: 'column' };

function choice(...choices: string[]): ColumnShape {
  return { kind: 'choice', choices };
}

function optional(shape: ColumnShape): ColumnShape {
  return { ...shape, absent: 'value' };
}

/** What a row of the ledger is. */
const LEDGER_KINDS = [
  ...['deposit', 'withdrawal', 'transfer', 'adjustment', 'trade', 'realised'],
  ...['fee', 'funding', 'interest', 'settlement'],
] as const;

/** The sources of a platform's books, in the order in which they are read: what others name comes first. */
export const SOURCE_SHAPES: Readonly<Record<SourceRole, SourceShape>> = {
  accounts: {
    columns: {
      account: TEXT,
      user_id: optional(KEY),
      class: choice('user', 'house', 'insurance', 'fee'),
    },
    table: 'book_account',
    key: ['account'],
    rule: { macro: 'account_fault', columns: ['class', 'user_id'] },
  },
  instruments: {
    columns: {
      instrument: TEXT,
      kind: choice(...INSTRUMENT_KINDS),
      underlying: TEXT,
      settlement_asset: ASSET,
      contract_size: POSITIVE,
      style: choice('linear', 'inverse', 'premium-paid', 'futures-style'),
      strike: optional(POSITIVE),
      expiry: optional(INSTANT),
      right: optional(choice('call', 'put')),
      netted: BOOLEAN,
    },
    table: 'instrument',
    key: ['instrument'],
    shownKey: 'instrument',
    rule: { macro: 'instrument_fault', columns: ['kind', 'style', 'strike', 'expiry_ns', 'right'] },
  },
  balances: {
    columns: { account: KEY, asset: ASSET, amount: AMOUNT },
    table: 'stated_balance',
    key: ['account', 'asset'],
  },
  opening: {
    columns: { account: KEY, asset: ASSET, amount: AMOUNT },
    table: 'opening_balance',
    key: ['account', 'asset'],
  },
  control: {
    columns: { asset: ASSET, amount: AMOUNT },
    table: 'control_balance',
    key: ['asset'],
    shownKey: 'asset',
  },
  orders: {
    columns: { account: KEY, order_id: TEXT, asset: ASSET, reserved: NOT_NEGATIVE, at: ORIGIN },
    table: 'open_order',
    key: ['order_id'],
    shownKey: 'order_id',
  },
  positions: {
    columns: {
      account: KEY,
      position_id: TEXT,
      instrument: KEY,
      quantity: AMOUNT,
      entry_price: NOT_NEGATIVE,
      margin_mode: choice('cross', 'isolated'),
      margin: optional(NOT_NEGATIVE),
      margin_outside_cash: optional(BOOLEAN),
      at: ORIGIN,
    },
    table: 'open_position',
    key: ['position_id'],
    shownKey: 'position_id',
    rule: { macro: 'position_fault', columns: ['margin_mode', 'margin', 'margin_outside_cash'] },
  },
  settlements: {
    columns: {
      account: KEY,
      asset: ASSET,
      kind: choice('realised', 'funding', 'withdrawal', 'deposit'),
      amount: AMOUNT,
      in_cash: BOOLEAN,
      reference: TEXT,
      position_id: optional(KEY),
      at: ORIGIN,
    },
    table: 'settlement',
    key: ['reference'],
    shownKey: 'reference',
  },
  collateral: {
    columns: {
      account: KEY,
      asset: ASSET,
      amount: NOT_NEGATIVE,
      direction: choice('posted', 'received'),
      in_cash: BOOLEAN,
      reference: TEXT,
      at: ORIGIN,
    },
    table: 'collateral',
    key: ['reference'],
    shownKey: 'reference',
  },
  loans: {
    columns: {
      account: KEY,
      loan_id: TEXT,
      asset: ASSET,
      principal: NOT_NEGATIVE,
      interest: NOT_NEGATIVE,
      secured_by: optional(TEXT),
      position_id: optional(KEY),
      at: ORIGIN,
    },
    table: 'loan',
    key: ['loan_id'],
    shownKey: 'loan_id',
  },
  prices: {
    columns: { asset: ASSET, price: NOT_NEGATIVE, at: INSTANT, source: TEXT },
    table: 'asset_price',
    key: ['asset', 'at'],
    shownKey: 'asset',
  },
  marks: {
    columns: {
      instrument: KEY,
      kind: choice('mark', 'settlement', 'forward', 'volatility'),
      price: NOT_NEGATIVE,
      price_asset: optional(KEY),
      at: INSTANT,
      source: TEXT,
    },
    table: 'mark',
    key: ['instrument', 'kind', 'at'],
    shownKey: 'instrument',
    rule: { macro: 'mark_fault', columns: ['kind', 'price', 'price_asset'] },
  },
  ledger: {
    columns: {
      account: KEY,
      asset: ASSET,
      amount: AMOUNT,
      kind: choice(...LEDGER_KINDS),
      at: INSTANT,
      reference: KEY,
      balance_after: optional(AMOUNT),
    },
    table: 'ledger_sum',
    key: [],
    shownKey: 'reference',
  },
};

/** The roles in the order in which they are read. */
export const LOADING_ORDER = Object.keys(SOURCE_SHAPES) as SourceRole[];

/** The roles whose rows have no time, and so no watermark. */
export const TIMELESS_ROLES: readonly SourceRole[] = ['accounts', 'instruments', 'opening'];
