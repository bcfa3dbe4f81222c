import type { AccountStatement, StatementLine } from '../../src/protocol/index.js';
import { debt, equity, makeLine, makePosition, makeRow, ownerOf, spot } from './exchange.js';
import { MARGIN_3, SPOT_1 } from './platform.js';
import type { InclusionCase } from './case.js';
import { changed } from './files.js';
import { planned, type Swap } from './rows.js';

type Lines = [StatementLine, StatementLine, StatementLine, StatementLine];

/** A change of the lines of ann’s file, whose hash is in her row: cash and a future of BTC, cash and orders of USDT. */
const bent = (
  name: string,
  code: InclusionCase['code'],
  change: (lines: Lines, statement: AccountStatement) => unknown,
) =>
  changed(`statement, ${name}`, [
    code,
    ({ statement }) => change(statement!.lines as Lines, statement!),
    'ann',
  ]);

const lines: InclusionCase[] = [
  bent('value moved between two lines', 'id-commitment', ([cash, future]) => {
    cash.value = '2';
    future.value = '-0.5';
  }),
  bent('a line left out', 'id-commitment', (all) => all.pop()),
  bent('a line twice', 'id-commitment', (all) => all.push(structuredClone(all[3]))),
  bent('two lines that cancel each other added', 'id-commitment', (all) =>
    all.push(makeLine({ asset: 'OLD', value: '5' }), makeLine({ asset: 'OLD', value: '-5', kind: 'loan' })),
  ),
  bent('two lines in another order', 'id-commitment', (all) => all.unshift(all.splice(1, 1)[0]!)),
  bent('another reference', 'id-commitment', ([, future]) => (future.reference = 'p-18')),
  bent('another account', 'id-commitment', ([cash]) => (cash.account = 'sub-1')),
  bent('another bucket', 'id-commitment', ([cash]) => (cash.bucket = 'p-1')),
  bent('another kind', 'id-commitment', ([cash]) => (cash.kind = 'interest')),
  bent('another mark', 'id-commitment', ([, { valuation }]) => {
    if (valuation.of === 'position') Object.assign(valuation.quote, { price: '61000' });
  }),
  bent('another source of a mark', 'id-commitment', ([, { valuation }]) => {
    if (valuation.of === 'position') Object.assign(valuation.quote, { source: 'another venue' });
  }),
  bent('another quantity', 'id-commitment', ([cash]) => {
    cash.valuation = { of: 'amount', quantity: '1', rounding: 'up' };
  }),
  changed('statement, none in a file whose row has one', [
    'id-commitment',
    (file) => (file.statement = null),
    'ann',
  ]),
  changed('statement, one in a file whose row has none', [
    'id-commitment',
    (file) => {
      file.statement = { format: 'solvent/statement/v2', lines: [makeLine({ asset: 'USDT', value: '5' })] };
    },
    'bob',
  ]),
  changed('statement, no lines', ['id-commitment', (file) => (file.statement!.lines = []), 'ann']),
];

const forms: InclusionCase[] = [
  bent('another version', 'schema-violated', (_, statement) =>
    Object.assign(statement, { format: 'solvent/statement/v1' }),
  ),
  bent('an unknown kind', 'schema-violated', ([cash]) => Object.assign(cash, { kind: 'gift' })),
  bent('an unknown field', 'schema-violated', ([cash]) => Object.assign(cash, { note: '' })),
  bent('no valuation', 'schema-violated', ([cash]) => Reflect.deleteProperty(cash, 'valuation')),
  bent(
    'a position in a line of cash',
    'schema-violated',
    ([cash]) => (cash.valuation = makePosition('BTC', '1')),
  ),
  bent(
    'an amount in a line of a future',
    'schema-violated',
    ([cash, future]) => (future.valuation = cash.valuation),
  ),
  bent(
    'a position settled in another asset',
    'schema-violated',
    ([, future]) => (future.valuation = makePosition('ETH', '1')),
  ),
  bent('a value with a zero at its end', 'schema-violated', ([cash]) => (cash.value = '1.750')),
  bent('a value of -0', 'schema-violated', ([cash]) => (cash.value = '-0')),
  bent('a value with a plus sign', 'schema-violated', ([cash]) => (cash.value = '+1.75')),
  bent('a value with an exponent', 'schema-violated', ([cash]) => (cash.value = '175e-2')),
  bent('rounding down', 'schema-violated', ([cash]) => Object.assign(cash.valuation, { rounding: 'down' })),
  bent('an empty account', 'schema-violated', ([cash]) => (cash.account = '')),
  bent('a line break in a reference', 'schema-violated', ([cash]) => (cash.reference = 'a\nb')),
  bent(
    '10,001 lines',
    'schema-violated',
    (all, statement) => (statement.lines = Array.from({ length: 10_001 }, () => all[0])),
  ),
];

/** A platform that puts the hash of these lines into a row of 1 BTC and -2 USDT, and proves it. */
export const proven = (
  name: string,
  code: InclusionCase['code'],
  all: readonly StatementLine[],
): InclusionCase =>
  planned(`statement, ${name}, and proven`, [
    code,
    'leo',
    [3, 2, makeRow(MARGIN_3, ownerOf('leo', [1, 1], all), HOLDINGS)],
  ]);

export const HOLDINGS = [equity(0, 100_000_000n), debt(1, 2_000_000n)];
const CASH = makeLine({ asset: 'BTC', value: '1' });
export const LOAN = makeLine({ asset: 'USDT', value: '-2', kind: 'loan', reference: 'l-1' });
const last = (row: number, part: number, all: readonly StatementLine[]): Swap => [
  row,
  4,
  makeRow(SPOT_1, ownerOf('leo', [part, 2], all), [spot(0, 1n)]),
];

const sums: InclusionCase[] = [
  proven('without the debt', 'sums', [CASH]),
  proven('with more equity than the row', 'sums', [makeLine({ asset: 'BTC', value: '1.00000001' }), LOAN]),
  proven('with less equity than the row', 'sums', [makeLine({ asset: 'BTC', value: '0.99999999' }), LOAN]),
  proven('with less debt than the row', 'sums', [CASH, { ...LOAN, value: '-1.999999' }]),
  proven('with the debt as equity', 'sums', [CASH, { ...LOAN, value: '2' }]),
  proven('of an asset more than the row', 'sums', [CASH, LOAN, makeLine({ asset: 'OLD', value: '1' })]),
  proven('without lines', 'sums', []),
  proven('with a debt in another bucket than the equity that would net it', 'sums', [
    makeLine({ asset: 'BTC', value: '2' }),
    LOAN,
    makeLine({ account: 'sub-1', asset: 'BTC', value: '-1', kind: 'loan' }),
  ]),
  proven('of an asset that is not listed', 'statement-asset-not-listed', [
    CASH,
    LOAN,
    makeLine({ asset: 'DOGE', value: '1' }),
  ]),
  proven('of two lines of it that cancel each other', 'statement-asset-not-listed', [
    CASH,
    LOAN,
    makeLine({ asset: 'DOGE', value: '1' }),
    makeLine({ asset: 'DOGE', value: '-1', kind: 'loan' }),
  ]),
  proven('in fractions of a proof unit', 'statement-value-too-fine', [
    makeLine({ asset: 'BTC', value: '1.000000001' }),
    LOAN,
  ]),
  proven('with a line twice', 'statement-not-sorted', [
    makeLine({ asset: 'BTC', value: '0.5' }),
    makeLine({ asset: 'BTC', value: '0.5' }),
    LOAN,
  ]),
  proven('with assets in another order than listed', 'statement-not-sorted', [LOAN, CASH]),
  proven('with kinds in another order', 'statement-not-sorted', [
    makeLine({ asset: 'BTC', value: '0.5', kind: 'interest' }),
    makeLine({ asset: 'BTC', value: '0.5' }),
    LOAN,
  ]),
  proven('with accounts in another order', 'statement-not-sorted', [
    makeLine({ asset: 'BTC', value: '0.5', account: 'sub-2' }),
    makeLine({ asset: 'BTC', value: '0.5', account: 'sub-10' }),
    { ...LOAN, account: 'sub-2' },
  ]),
  proven('with buckets in another order', 'statement-not-sorted', [
    makeLine({ asset: 'BTC', value: '0.5', bucket: 'p-2' }),
    makeLine({ asset: 'BTC', value: '0.5', bucket: 'p-1' }),
    LOAN,
  ]),
  proven('with references in the order of JavaScript and not of their bytes', 'statement-not-sorted', [
    makeLine({ asset: 'BTC', value: '0.5', reference: '\u{1F600}' }),
    makeLine({ asset: 'BTC', value: '0.5', reference: '\uFF01' }),
    LOAN,
  ]),
  planned('statement, of one part alone, and proven', [
    'sums',
    'leo',
    last(0, 1, [makeLine({ asset: 'BTC', value: '0.00000001' })]),
    last(1, 2, [makeLine({ asset: 'BTC', value: '0.00000001' })]),
  ]),
  planned('statement, another in each part, and proven', [
    'id-commitment',
    'leo',
    last(0, 1, [makeLine({ asset: 'BTC', value: '0.00000002' })]),
    last(1, 2, [makeLine({ asset: 'BTC', value: '0.00000001' })]),
  ]),
  planned('statement, in one part and not in the other, and proven', [
    'id-commitment',
    'leo',
    last(0, 1, [makeLine({ asset: 'BTC', value: '0.00000002' })]),
    [1, 4, makeRow(SPOT_1, ownerOf('leo', [2, 2]), [spot(0, 1n)])],
  ]),
];

export const STATEMENT_CASES: readonly InclusionCase[] = [...lines, ...forms, ...sums];
