import type {
  InclusionFile,
  PositionQuote,
  PositionValuation,
  StatementLine,
} from '../../src/protocol/index.js';
import { makeLine, makeStatement, type User } from './world.js';
import { FILES, type InclusionCase } from './case.js';
import { forgeLeaf } from './inclusion.js';

/** The valuation of a line that is a position, to be changed. */
function positionOf({ valuation }: StatementLine): PositionValuation {
  if (valuation.of !== 'position') throw new Error('expected a position, got another line');
  return valuation;
}

/** The mark of a line that is a position at its mark, to be changed. */
function quoteOf(line: StatementLine): Extract<PositionQuote, { kind: 'mark' }> {
  const { quote } = positionOf(line);
  if (quote.kind !== 'mark') throw new Error('expected a mark, got another quote');
  return quote;
}

/** Changes what a line is an amount of, and its value with it. */
function setAmount(line: StatementLine, quantity: string): void {
  line.value = quantity;
  line.valuation = { of: 'amount', quantity, rounding: 'up' };
}

type Lines = [StatementLine, StatementLine, StatementLine, StatementLine];

/** An attack on the lines of ann's file: balance and a future of BTC, balance and open orders of USDT. */
const changed = (
  name: string,
  code: InclusionCase['code'],
  change: (lines: Lines, file: InclusionFile) => void,
): InclusionCase => ({
  name: `statement: ${name}`,
  code,
  of: 'ann',
  attack: (file) => {
    change(file.statement!.lines as Lines, file);
    return undefined;
  },
});

/** A platform that proves a leaf with a statement that is none of its holdings. */
const proven = (
  name: string,
  code: InclusionCase['code'],
  lines: readonly StatementLine[],
): InclusionCase => ({
  name: `statement: ${name}, and proven`,
  code,
  attack: () => forgeLeaf({ ...OWNER, lines }, () => undefined),
});

const OWNER: User = {
  userId: 'max@example.org',
  circuit: 'margin-2',
  holdings: [
    { assetIndex: 0, equityUnits: 100_000_000n, debtUnits: 0n },
    { assetIndex: 1, equityUnits: 0n, debtUnits: 2_000_000n },
  ],
};
const BALANCE = makeLine({ asset: 'BTC', value: '1' });
const LOAN = makeLine({ asset: 'USDT', value: '-2', kind: 'loan', reference: 'l-1' });

const lines: InclusionCase[] = [
  changed('value moved between two lines', 'statement-line-differs', ([balance, future]) => {
    balance.value = '2';
    future.value = '-0.5';
  }),
  changed('an amount moved between two lines', 'batch-digest-differs', ([, , cash, orders]) => {
    setAmount(cash, '0.000011');
    setAmount(orders, '0.000009');
  }),
  changed('a line left out', 'statement-does-not-add-up', (all) => {
    all.pop();
  }),
  changed('a line left out, and its value in another', 'batch-digest-differs', (all) => {
    all.pop();
    setAmount(all[2], '0.00002');
  }),
  changed('a line twice', 'statement-not-sorted', (all) => {
    all.push(structuredClone(all[3]));
  }),
  changed('two lines that cancel each other added', 'batch-digest-differs', (all) => {
    all.push(makeLine({ asset: 'XYZ', value: '5' }));
    all.push(makeLine({ asset: 'XYZ', value: '-5', kind: 'loan' }));
  }),
  changed('a line of nothing added', 'batch-digest-differs', (all) => {
    all.push(makeLine({ asset: 'XYZ', value: '0' }));
  }),
  changed('two lines in another order', 'statement-not-sorted', (all) => {
    all.reverse();
  }),
  changed('two assets swapped', 'statement-does-not-add-up', ([balance, future, cash, orders]) => {
    [balance.value, cash.value] = [cash.value, balance.value];
    [future.value, orders.value] = ['0', '0'];
  }),
  changed('two kinds swapped', 'statement-not-sorted', ([, , cash, orders]) => {
    [cash.kind, orders.kind] = [orders.kind, cash.kind];
  }),
  changed('an asset that is not listed', 'statement-asset-not-listed', ([balance]) => {
    balance.asset = 'DOGE';
  }),
  changed('a part of a proof unit', 'statement-value-too-fine', ([balance, future]) => {
    balance.value = '1.750000001';
    future.value = '-0.250000001';
  }),
  changed('a loss in a bucket of its own', 'statement-does-not-add-up', (all) => {
    all.push({ ...all.splice(1, 1)[0]!, bucket: 'p-17' });
  }),
  changed('the sign of a loss', 'statement-does-not-add-up', ([, future]) => {
    future.value = '0.25';
  }),
  changed('another price', 'statement-line-differs', ([, future]) => {
    quoteOf(future).price = '61234.6';
  }),
  changed('a price so little different that the value is the same', 'batch-digest-differs', ([, future]) => {
    quoteOf(future).price = '61234.500000000000000001';
  }),
  changed('another quantity', 'statement-line-differs', ([, future]) => {
    positionOf(future).quantity = '-61234.6';
  }),
  changed('another entry price', 'statement-line-differs', ([, future]) => {
    positionOf(future).entryPrice = '48987.7';
  }),
  changed('no entry price', 'schema-violated', ([, future]) => {
    positionOf(future).entryPrice = null;
  }),
  changed('another contract size', 'statement-line-differs', ([, future]) => {
    positionOf(future).instrument.contractSize = '1.0000001';
  }),
  changed('another instant of a price', 'batch-digest-differs', ([, future]) => {
    quoteOf(future).at = '2026-06-29T23:59:59Z';
  }),
  changed('a price from after the instant', 'statement-quote-unfit', ([, future]) => {
    quoteOf(future).at = '2026-06-30T00:00:00.000000001Z';
  }),
  changed('a price in an asset that is not listed', 'statement-price-differs', ([, future]) => {
    quoteOf(future).asset = 'DOGE';
  }),
  changed('lines and holdings changed alike', 'batch-digest-differs', ([balance], { holdings }) => {
    setAmount(balance, '2.75');
    holdings[0]!.equity = '250000000';
  }),
  changed('a kind of its own', 'schema-violated', ([balance]) => {
    (balance as { kind: string }).kind = 'bonus';
  }),
  changed('minus nothing', 'schema-violated', ([balance]) => {
    balance.value = '-0';
  }),
  changed('a line feed in a reference', 'schema-violated', ([balance]) => {
    balance.reference = 'a\nb';
  }),
];

const whole: InclusionCase[] = [
  changed('none, where the leaf has one', 'batch-digest-differs', (_, file) => {
    file.statement = null;
  }),
  changed('one without lines', 'statement-does-not-add-up', (_, file) => {
    file.statement = makeStatement([]);
  }),
  {
    name: 'statement: one, where the leaf has none',
    code: 'batch-digest-differs',
    of: 'bob',
    attack: (file) => {
      file.statement = makeStatement([makeLine({ asset: 'USDT', value: '5' })]);
      return undefined;
    },
  },
  {
    name: 'statement: that of another user',
    code: 'statement-does-not-add-up',
    of: 'bob',
    attack: (file) => {
      file.statement = structuredClone(FILES.ann.statement);
      return undefined;
    },
  },
  changed('that of another user with the same sums', 'batch-digest-differs', (all) => {
    for (const line of all) line.account = 'other';
  }),
  changed('another version', 'schema-violated', (_, file) => {
    (file.statement as { format: string }).format = 'solvent/statement/v1';
  }),
];

/** A short future that lost one whole unit of USDT, as the platform states it. */
const LOSS = (stated: Partial<PositionValuation> = {}, changes: Partial<StatementLine> = {}): StatementLine =>
  makeLine({
    asset: 'USDT',
    value: '-2',
    kind: 'futures',
    reference: 'p-1',
    valuation: {
      of: 'position',
      instrument: {
        kind: 'perpetual',
        name: 'BTC-PERP',
        underlying: 'BTC',
        settlementAsset: 'USDT',
        contractSize: '0.01',
        style: 'linear',
      },
      quantity: '-2',
      entryPrice: '61134.5',
      quote: { kind: 'mark', price: '61234.5', asset: 'USD', at: '2026-06-30T00:00:00Z', source: 'index' },
      conversion: { fromPrice: '1', toPrice: '1' },
      rounding: 'up',
      ...stated,
    },
    ...changes,
  });

const byThePlatform: InclusionCase[] = [
  proven('one with a line that follows from nothing it states', 'statement-line-differs', [
    BALANCE,
    LOSS({ entryPrice: '61134.4999' }),
  ]),
  proven('one converted at a price that is not published', 'statement-price-differs', [
    BALANCE,
    LOSS({ conversion: { fromPrice: '1', toPrice: '1.000001' } }),
  ]),
  proven('one at a delivery price before the expiry', 'statement-quote-unfit', [
    BALANCE,
    LOSS({
      instrument: {
        ...(LOSS().valuation as PositionValuation).instrument,
        kind: 'future',
        style: 'linear',
        expiry: '2026-06-30T00:00:00.000000001Z',
      },
      quote: {
        kind: 'settlement',
        price: '61234.5',
        asset: 'USD',
        at: '2026-06-30T00:00:00Z',
        source: 'index',
      },
    }),
  ]),
  proven('one with one instrument at two prices', 'statement-instrument-differs', [
    BALANCE,
    LOSS({ quantity: '-1' }, { value: '-1' }),
    LOSS(
      { quantity: '-1', quote: { ...quoteOf(LOSS()), source: 'another index' } },
      { value: '-1', reference: 'p-2' },
    ),
  ]),
  proven('one with an option beyond what the model prices', 'statement-model-unfit', [
    BALANCE,
    LOSS(
      {
        instrument: {
          kind: 'option',
          name: 'BTC-60000-C',
          underlying: 'BTC',
          settlementAsset: 'USDT',
          contractSize: '1',
          style: 'premium-paid',
          right: 'call',
          strike: '60000',
          expiry: '2026-07-31T08:00:00Z',
        },
        entryPrice: null,
        quote: {
          kind: 'black-76',
          forward: { price: '61234.5', asset: 'USD', at: '2026-06-30T00:00:00Z', source: 'index' },
          volatility: { value: '100.000001', at: '2026-06-30T00:00:00Z', source: 'surface' },
          rate: '0',
          dayCount: 'act/365',
          valuedAt: '2026-06-30T00:00:00Z',
        },
      },
      { kind: 'options' },
    ),
  ]),
  proven('one that writes off a part of a debt', 'statement-line-differs', [
    BALANCE,
    makeLine({ asset: 'USDT', value: '-4', kind: 'loan', reference: 'l-1' }),
    makeLine({ asset: 'USDT', value: '2', kind: 'write-off', valuation: { of: 'net' } }),
  ]),
  proven('one that states more than the holdings', 'statement-does-not-add-up', [
    makeLine({ asset: 'BTC', value: '1.00000001' }),
    LOAN,
  ]),
  proven('one that keeps a debt back', 'statement-does-not-add-up', [BALANCE]),
  proven('one that nets a debt away', 'statement-does-not-add-up', [
    BALANCE,
    makeLine({ asset: 'USDT', value: '1' }),
    LOAN,
  ]),
  proven('one in another order', 'statement-not-sorted', [LOAN, BALANCE]),
  proven('one of an unlisted asset besides', 'statement-asset-not-listed', [
    BALANCE,
    makeLine({ asset: 'DOGE', value: '1' }),
    LOAN,
  ]),
  proven('one with parts of proof units', 'statement-value-too-fine', [
    makeLine({ asset: 'BTC', value: '0.999999999' }),
    makeLine({ asset: 'BTC', value: '0.000000001', kind: 'open-orders' }),
    LOAN,
  ]),
];

/** Attacks on the itemised statement of an inclusion file. */
export const STATEMENT_CASES: readonly InclusionCase[] = [...lines, ...whole, ...byThePlatform];
