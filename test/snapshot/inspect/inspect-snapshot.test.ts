import { Command } from 'commander';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, describe, expect, it, vi } from 'vitest';

import { addSnapshotInspectCommand } from '../../../src/cli/commands/snapshot.js';
import { renderInspection, renderReconciliation } from '../../../src/cli/render-inspect.js';
import { inspectSnapshot } from '../../../src/snapshot/inspect/inspect-snapshot.js';
import { balances, breakSeal, takeSnapshot } from '../venue.js';
import { takeBooksSnapshot } from './small-books.js';

/** AAA has 2 decimals and costs 10, BBB none and costs 3. */
const ROWS = [
  'ann,AAA,0.09,0', // worth 0.9: below 1
  'bob,AAA,0.10,0', // worth 1: below 100
  'cyd,AAA,9.99,0',
  'cyd,BBB,0,1', // worth 99.9, and owes 3
  'dan,AAA,1000,0', // worth 10,000: below 1,000,000
  'eva,BBB,1000000,0', // worth 3,000,000
  'fay,AAA,0,0',
];

describe('inspectSnapshot', () => {
  it('sums up assets and accounts, in exact values', async () => {
    const { directory, hash } = await takeSnapshot({ balances: balances(...ROWS) });
    const unknown = { priceSource: null, pricedAt: null, priceAgeNs: null, maxPriceAgeMs: null };
    expect(await inspectSnapshot(directory)).toEqual({
      platform: 'Example Exchange',
      takenAt: '2026-01-31T00:00:00Z',
      quote: 'USD',
      hash,
      accountCount: 6,
      holdingCount: 6,
      writeOffs: { accounts: 0, debts: [] },
      sources: [
        { role: 'assets', rows: 2, rowsAfterInstant: 0, ignoredColumns: [], completeTo: null },
        { role: 'balances', rows: 7, rowsAfterInstant: 0, ignoredColumns: [], completeTo: null },
      ],
      assets: [
        {
          ...unknown,
          symbol: 'AAA',
          decimals: 2,
          price: '10',
          collateralRatio: '0.5',
          equity: '101018',
          debt: '0',
          equityValue: '10101.8',
          debtValue: '0',
          holders: 4,
          borrowers: 0,
        },
        {
          ...unknown,
          symbol: 'BBB',
          decimals: 0,
          price: '3',
          collateralRatio: '1',
          equity: '1000000',
          debt: '1',
          equityValue: '3000000',
          debtValue: '3',
          holders: 1,
          borrowers: 1,
        },
      ],
      accounts: {
        withDebt: 1,
        withoutDebt: 5,
        byHoldings: [
          { holdings: 0, accounts: 1 },
          { holdings: 1, accounts: 4 },
          { holdings: 2, accounts: 1 },
        ],
        byTier: [
          { below: '1', accounts: 2 },
          { below: '100', accounts: 2 },
          { below: '10000', accounts: 0 },
          { below: '1000000', accounts: 1 },
          { below: null, accounts: 1 },
        ],
      },
      compared: null,
      acceptedBreaks: [],
    });
  });

  it('shows the account of one user, who may have nothing in it', async () => {
    const { directory } = await takeSnapshot({ balances: balances(...ROWS, 'gé,AAA,1,0') });
    const accountOf = async (userId: string) => (await inspectSnapshot(directory, { userId })).account;
    expect(await accountOf('cyd')).toEqual({
      userId: 'cyd',
      holdings: [
        { asset: 'AAA', equity: '999', debt: '0', equityValue: '99.9', debtValue: '0' },
        { asset: 'BBB', equity: '0', debt: '1', equityValue: '0', debtValue: '3' },
      ],
      statement: null,
    });
    expect(await accountOf('fay')).toEqual({ userId: 'fay', holdings: [], statement: null });
    expect((await accountOf(' ge\u0301 '))!.holdings).toHaveLength(1);
  });

  it('refuses a user who is not there, and an id that is none, without repeating it', async () => {
    const { directory } = await takeSnapshot({ balances: balances(...ROWS) });
    const refusalOf = (userId: string) =>
      inspectSnapshot(directory, { userId }).then(
        () => undefined,
        (error: unknown) => error as Error,
      );
    const refusal = await refusalOf('Ann');
    expect(refusal).toMatchObject({ errorClass: 'usage', code: 'user-not-in-snapshot' });
    expect(refusal!.message).not.toContain('Ann');
    expect(await refusalOf('')).toMatchObject({ errorClass: 'usage', code: 'user-id-malformed' });
  });

  it('refuses a snapshot whose files were changed', async () => {
    const { directory } = await takeSnapshot({ balances: balances(...ROWS) });
    await breakSeal(directory);
    await appendFile(join(directory, 'accounts.parquet'), 'x');
    await expect(inspectSnapshot(directory)).rejects.toMatchObject({ code: 'snapshot-file-changed' });
  });

  it('shows the price ages, breaks and statements of a snapshot of books', async () => {
    const { directory } = await takeBooksSnapshot();
    const inspection = await inspectSnapshot(directory, { userId: 'ann@example.net' });
    // Priced a day and five minutes before the instant, and two and a half seconds.
    expect(inspection.assets.map(({ priceAgeNs }) => priceAgeNs)).toEqual(['86700000000000', '2500000000']);
    expect(inspection.assets.map(({ priceSource }) => priceSource)).toEqual(['index of three venues', 'mid']);
    expect(inspection.compared).toEqual({ balances: 4, control: 2, positions: null });
    // One bitcoin is worth more than one dollar.
    expect(inspection.acceptedBreaks).toEqual([
      { kind: 'balance-differs', asset: 'BTC', count: 1, difference: '1', magnitude: '1', value: '64000' },
      { kind: 'control-differs', asset: 'USDT', count: 1, difference: '-1', magnitude: '1', value: '0.999' },
    ]);
    expect(inspection.account!.holdings.map(({ equity, debt }) => [equity, debt])).toEqual([
      ['50000000', '1010000'],
      ['2000000000', '0'],
    ]);
    expect(inspection.account!.statement!.map(({ kind, value }) => [kind, value])).toEqual([
      ['cash', '0.5'],
      ['loan', '-0.01'],
      ['interest', '-0.0001'],
      ['cash', '2000'],
    ]);
  });

  it('says how many accounts it has read, of all', async () => {
    const { directory } = await takeSnapshot({ balances: balances(...ROWS) });
    const events: number[][] = [];
    await inspectSnapshot(directory, { onProgress: (done, total) => events.push([done, total]) });
    expect(events).toEqual([[6, 6]]);
  });
});

describe('a snapshot as a table', () => {
  it('has totals, prices with their ages, accounts, breaks, and the account of a user', async () => {
    const { directory, hash } = await takeBooksSnapshot();
    const text = renderInspection(await inspectSnapshot(directory, { userId: 'ann@example.net' }));
    expect(text).toBe(`Snapshot of Example Options at 2026-01-31T00:00:00Z: 2 accounts, 3 holdings.

  asset        equity        debt  equity in USD  debt in USD  held by  owed by
  ─────  ────────────  ──────────  ─────────────  ───────────  ───────  ───────
  BTC      0.50000000  0.01010000         32,000       646.40        1        1
  USDT   2,012.500000    0.000000       2,010.48            0        2        0

  asset  price in USD  counts as collateral         age  source
  ─────  ────────────  ────────────────────  ──────────  ─────────────────────
  BTC          64,000                   0.9   1 d 5 min  index of three venues
  USDT          0.999                     1  2 s 500 ms  mid

  equity in USD       accounts   share
  ──────────────────  ────────  ──────
  below 1                    0   0.0 %
  below 100                  1  50.0 %
  below 10,000               0   0.0 %
  below 1,000,000            1  50.0 %
  1,000,000 and more         0   0.0 %

  assets held or owed  accounts   share
  ───────────────────  ────────  ──────
  none                        0   0.0 %
  1                           1  50.0 %
  2                           1  50.0 %

1 account with debt, 1 without.

  source    rows up to the instant  later, left out
  ────────  ──────────────────────  ───────────────
  ledger                         4                0
  balances                       4                0
  accounts                       4                0
  control                        2                0
  prices                         2                0
  loans                          1                0

  reconciled                          compared                    breaks
  ──────────────────────────────────  ──────────────────────────  ──────
  ledger with balances                4 balances                       1
  all accounts with control accounts  2 assets                         1
  longs with shorts                   not compared: no positions       –

  accepted breaks  asset  count  found less expected  worth in USD
  ───────────────  ─────  ─────  ───────────────────  ────────────
  balance-differs  BTC        1                    1        64,000
  control-differs  USDT       1                   -1          0.99

The account of ann@example.net:
  asset        equity        debt  equity in USD  debt in USD
  ─────  ────────────  ──────────  ─────────────  ───────────
  BTC      0.50000000  0.01010000         32,000       646.40
  USDT   2,000.000000    0.000000          1,998            0

  account  bucket  line      reference    value  asset
  ───────  ──────  ────────  ─────────  ───────  ─────
  a1       cross   cash                     0.5  BTC
  a2       cross   loan      loan-7       -0.01  BTC
  a2       cross   interest  loan-7     -0.0001  BTC
  a2       cross   cash                   2,000  USDT

Hash ${hash}.
`);
  });

  it('says what was not compared, and which source that would take', () => {
    const compared = { balances: null, control: null, positions: 1 };
    const breaks = [
      { kind: 'positions-not-netted', count: 1200 },
      { kind: 'positions-not-netted', count: 34 },
    ] as const;
    const lines = renderReconciliation({ compared, breaks }, ['balances', 'positions']).split('\n');
    expect(lines.slice(2).map((line) => line.trim().split(/ {2,}/))).toEqual([
      ['ledger with balances', 'not compared: no ledger', '–'],
      ['all accounts with control accounts', 'not compared: no control', '–'],
      ['longs with shorts', '1 instrument', '1,234'],
      [''],
    ]);
    expect(renderReconciliation({ compared, breaks }, ['ledger'])).toContain('not compared: no balances');
  });

  it('says of plain balances that they were not reconciled, and when prices are from is not known', async () => {
    const { directory } = await takeSnapshot({ balances: balances(...ROWS) });
    const text = renderInspection(await inspectSnapshot(directory, { userId: 'fay' }));
    expect(text).toContain('Not reconciled: balances were taken as they were stated.\n');
    expect(text).toMatch(/AAA +10 +0\.5 +not stated +not stated\n/);
    expect(text).toContain(
      'The account of fay holds nothing and owes nothing.\nIt has no itemised statement.\n',
    );
  });
});

describe('solvent snapshot inspect', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  /** What the command writes to standard output. */
  async function run(...args: string[]): Promise<string> {
    const program = new Command('solvent').exitOverride();
    addSnapshotInspectCommand(program.command('snapshot'));
    let output = '';
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      output += typeof text === 'string' ? text : Buffer.from(text).toString('utf8');
      return true;
    });
    await program.parseAsync(['snapshot', 'inspect', ...args], { from: 'user' });
    return output;
  }

  it('writes a table, or with --json what the table shows', async () => {
    const { directory } = await takeSnapshot({ balances: balances(...ROWS) });
    const inspection = await inspectSnapshot(directory, { userId: 'bob' });
    expect(await run(directory, '--user', 'bob')).toBe(renderInspection(inspection));
    vi.restoreAllMocks();
    const json = await run(directory, '--user', 'bob', '--json');
    expect(JSON.parse(json)).toEqual(inspection);
    expect(json.endsWith('}\n')).toBe(true);
  });
});
