import type { InclusionFile, StatementLine } from '../../src/protocol/index.js';
import { makeLine, makeStatement, type User } from './world.js';
import { FILES, type InclusionCase } from './case.js';
import { forgeLeaf } from './inclusion.js';

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
  changed('value moved between two lines', 'batch-digest-differs', ([balance, future]) => {
    balance.value = '2';
    future.value = '-0.5';
  }),
  changed('a line left out', 'statement-does-not-add-up', (all) => {
    all.pop();
  }),
  changed('a line left out, and its value in another', 'batch-digest-differs', (all) => {
    all.pop();
    all[2].value = '0.00002';
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
  changed('another price', 'batch-digest-differs', ([, future]) => {
    future.price = '61234.6';
  }),
  changed('another entry price', 'batch-digest-differs', ([, future]) => {
    future.entryPrice = null;
  }),
  changed('another instant of a price', 'batch-digest-differs', ([, future]) => {
    future.pricedAt = '2026-06-29T23:59:59Z';
  }),
  changed('lines and holdings changed alike', 'batch-digest-differs', ([balance], { holdings }) => {
    balance.value = '2.75';
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
    (file.statement as { format: string }).format = 'solvent/statement/v2';
  }),
];

const byThePlatform: InclusionCase[] = [
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
