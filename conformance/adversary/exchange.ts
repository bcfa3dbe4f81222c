import {
  derivePriceTable,
  STATEMENT_FORMAT,
  valueSlots,
  type AccountStatement,
  type Manifest,
  type RowLayout,
  type Slot,
  type StatementLine,
} from '../../src/protocol/index.js';
import type { Owner, PlannedBatch, PlannedRow } from './batches.js';
import { MARGIN_3, MARGIN_4, SPOT_1, SPOT_3 } from './platform.js';

const asset = (
  symbol: string,
  [decimals, price, collateralRatio, pricedAt]: readonly [number, string, string, string | null],
): Manifest['assets'][number] => ({
  symbol,
  decimals,
  price,
  collateralRatio,
  priceSource: 'index of three venues',
  pricedAt,
  maxPriceAgeMs: pricedAt === null ? null : 60_000,
});

/** The listed assets; nobody may owe the last, which is worth nothing. */
export const LISTED: readonly Manifest['assets'][number][] = [
  asset('BTC', [8, '60000', '0.95', '2026-06-29T23:59:59.5Z']),
  asset('USDT', [6, '1', '1', null]),
  asset('XYZ', [2, '0.25', '0.5', '2026-06-29T23:59:00Z']),
  asset('ETH', [8, '3000', '0.9', '2026-06-30T00:00:00Z']),
  asset('OLD', [0, '0', '0', null]),
];

/** Prices of one proof unit, and their scale. */
export const TABLE = derivePriceTable(LISTED);

export const spot = (assetIndex: number, amountUnits: bigint): Slot => ({ assetIndex, amountUnits });
export const equity = (assetIndex: number, amountUnits: bigint): Slot => ({
  assetIndex,
  amountUnits,
  side: 0,
});
export const debt = (assetIndex: number, amountUnits: bigint): Slot => ({ assetIndex, amountUnits, side: 1 });

const DUMMY: PlannedRow = { slots: [], netValue: 0n };

/** A line of a statement: an amount of cash, unless something else is named. */
export function makeLine(
  line: Pick<StatementLine, 'asset' | 'value'> & Partial<StatementLine>,
): StatementLine {
  return {
    account: 'main',
    bucket: 'cross',
    kind: 'cash',
    reference: '',
    valuation: { of: 'amount', quantity: line.value, rounding: 'up' },
    ...line,
  };
}

/** What a position is valued by. */
export type PositionValuation = Extract<StatementLine['valuation'], { of: 'position' }>;

/** Prices that an inverse perpetual was opened at and is marked at. */
const OPENED: Readonly<Record<string, readonly [entry: string, mark: string]>> = {
  BTC: ['50000', '60000'],
  ETH: ['2500', '3000'],
};

/**
 * A position in an inverse perpetual of a coin, of 100 quote units a contract: 3,000 contracts of BTC, and 150 of ETH,
 * have gained 1 coin.
 */
export function makePosition(
  coin: string,
  quantity: string,
  change: Partial<PositionValuation> = {},
): PositionValuation {
  const [entryPrice, price] = OPENED[coin]!;
  return {
    of: 'position',
    instrument: {
      kind: 'perpetual',
      name: `${coin}-PERP`,
      underlying: coin,
      settlementAsset: coin,
      contractSize: '100',
      style: 'inverse',
    },
    quantity,
    entryPrice,
    quote: { kind: 'mark', price, asset: 'USDT', at: '2026-06-29T23:59:59.5Z', source: 'index' },
    conversion: null,
    rounding: 'up',
    ...change,
  };
}

/** A statement of some lines. */
export function makeStatement(lines: readonly StatementLine[]): AccountStatement {
  return { format: STATEMENT_FORMAT, lines: [...lines] };
}

const ANN_LINES = [
  makeLine({ asset: 'BTC', value: '1.75' }),
  makeLine({
    asset: 'BTC',
    value: '-0.25',
    kind: 'futures',
    reference: 'p-17',
    valuation: makePosition('BTC', '-750'),
  }),
  makeLine({ asset: 'USDT', value: '0.00001' }),
  makeLine({ asset: 'USDT', value: '0.00001', kind: 'open-orders' }),
];

const MAX_LINES = [
  makeLine({ asset: 'BTC', value: '1.5' }),
  makeLine({
    asset: 'BTC',
    value: '0.5',
    kind: 'futures',
    reference: 'p-1',
    valuation: makePosition('BTC', '1500'),
  }),
  makeLine({ asset: 'USDT', value: '-50000', kind: 'loan', reference: 'l-1' }),
  makeLine({ asset: 'OLD', value: '7' }),
  makeLine({ account: 'sub-1', asset: 'XYZ', value: '-4000', kind: 'loan', reference: 'l-2' }),
  makeLine({ account: 'sub-1', bucket: 'p-2', asset: 'ETH', value: '11', kind: 'isolated-margin' }),
  makeLine({
    ...{ account: 'sub-1', bucket: 'p-2', asset: 'ETH', value: '-1', kind: 'futures', reference: 'p-2' },
    valuation: makePosition('ETH', '-150'),
  }),
];

/** A row of a user, with the net value that follows from its slots. */
export function makeRow(layout: RowLayout, owner: Owner, slots: readonly Slot[]): PlannedRow {
  return { owner, slots, netValue: layout.kind === 'margin' ? valueSlots(slots, TABLE.prices) : 0n };
}

/** The whole id of a user, by its first three letters. */
export const idOfUser = (name: string): string => `${name}@example.org`;

/** Part i of n of a user. */
export function ownerOf(
  name: string,
  [part, partCount]: readonly [number, number] = [1, 1],
  lines?: readonly StatementLine[],
): Owner {
  return { userId: idOfUser(name), part, partCount, lines };
}

/** Rows of users, then dummies until the batch is full. */
export function makeBatch(layout: RowLayout, label: string, rows: readonly PlannedRow[]): PlannedBatch {
  const dummies = Array.from({ length: layout.rows - rows.length }, () => DUMMY);
  return { layout, label, rows: [...rows, ...dummies] };
}

/** The batches of the honest exchange: two of them hold the same, one holds nothing, three have several parts. */
export function planExchange(): PlannedBatch[] {
  const one = (owner: Owner, ...slots: Slot[]) => makeRow(SPOT_1, owner, slots);
  const three = (owner: Owner, ...slots: Slot[]) => makeRow(SPOT_3, owner, slots);
  const margin = (owner: Owner, ...slots: Slot[]) => makeRow(MARGIN_3, owner, slots);
  return [
    makeBatch(SPOT_1, 'first', [
      one(ownerOf('bob'), spot(1, 5_000_000n)),
      one(ownerOf('eve'), spot(1, 5_000_000n)),
      one(ownerOf('nil')),
      one(ownerOf('dan', [2, 2]), spot(4, 7n)),
    ]),
    makeBatch(SPOT_1, 'second', [
      one(ownerOf('kim'), spot(2, (1n << 64n) - 1n)),
      one(ownerOf('max', [3, 3], MAX_LINES), spot(4, 7n)),
      one(ownerOf('gus', [1, 2]), spot(3, 3n)),
      one(ownerOf('gus', [2, 2]), spot(0, 4n)),
    ]),
    makeBatch(SPOT_3, 'third', [
      three(ownerOf('ann', [1, 1], ANN_LINES), spot(0, 150_000_000n), spot(1, 20n)),
      three(ownerOf('dan', [1, 2]), spot(0, 1n), spot(1, 2n), spot(2, 3n)),
    ]),
    makeBatch(MARGIN_3, 'fourth', [
      margin(ownerOf('lea'), equity(0, 100_000_000n), debt(1, 40_000_000_000n)),
      margin(ownerOf('max', [1, 3], MAX_LINES), equity(0, 200_000_000n), debt(1, 50_000_000_000n)),
    ]),
    makeBatch(MARGIN_3, 'fifth', [
      margin(ownerOf('ivy'), equity(1, 9_000_000n), debt(0, 1000n)),
      margin(ownerOf('max', [2, 3], MAX_LINES), equity(3, 1_000_000_000n), debt(2, 400_000n)),
    ]),
    makeBatch(MARGIN_4, 'sixth', [
      makeRow(MARGIN_4, ownerOf('wid'), [
        equity(0, 100_000_000n),
        equity(3, 200_000_000n),
        debt(1, 10_000_000_000n),
        debt(2, 10_000n),
      ]),
    ]),
  ];
}
