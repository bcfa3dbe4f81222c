import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { parseStatement, sumStatement } from '../../../../src/protocol/index.js';
import { recomputeLines } from '../../../../src/protocol/valuation/index.js';
import { writeGoldenBooks, type Change } from './golden-books.js';
import { listHoldings, refusalOf, takeSnapshot } from './snapshots.js';
import { makeDirectory } from '../../../directory.js';

const SYMBOLS = ['BTC', 'USDT'];

async function golden(...changes: Change[]): Promise<string> {
  return writeGoldenBooks(await makeDirectory(), changes);
}

async function holdingsOf(...changes: Change[]) {
  const { accounts } = await takeSnapshot(await golden(...changes));
  return listHoldings(accounts, SYMBOLS);
}

describe('a snapshot of the golden books', () => {
  it('has what each user holds and owes, as it can be worked out by hand', async () => {
    expect(await holdingsOf()).toEqual({
      // 0.5 + 1.75 - 0.25 of cash; long 3 · 0.1 from 90000 to 100000.
      ada: { BTC: '200000000', USDT: '3000000000' },
      // 10000; short 3 · 0.1 from 95000 to 100000: -1500.
      bob: { USDT: '8500000000' },
      // 1 + 500 · 100 · (1/80000 - 1/100000) = 1.125, and the other account; what its order reserves is in the 500.
      cora: { BTC: '112500000', USDT: '500000000' },
      // 1 - 500 · 100 · (1/125000 - 1/100000) = 1.1.
      dan: { BTC: '110000000' },
      // 0.5 + 10 · 0.1 · 0.05.
      eve: { BTC: '55000000' },
      // -10 · 0.1 · 0.05, against 20000 of collateral.
      fin: { BTC: '0 - 5000000', USDT: '20000000000' },
      // Long 0.1 from 130000: -3000 on a margin of 2000 outside cash, so that nothing is left of it.
      gus: { USDT: '700000000' },
      // 5000, of which 1000 is margin; short 0.1 from 104000: +400.
      hal: { USDT: '5400000000' },
      // 3000 + 250 posted; 0.01 borrowed, and half a unit of interest rounds in her favour.
      ida: { BTC: '0 - 1000000', USDT: '3250000000' },
      // 100 - 40.5 + 1.25.
      jon: { USDT: '60750000' },
      kim: {},
      // 2 · 0.1 · (100000 - 95000) / 100000.
      lea: { BTC: '1000000' },
      // 0.5 - 0.01.
      mia: { BTC: '49000000' },
      // 4 · 0.1 · (2500 - 2000).
      ned: { USDT: '200000000' },
    });
  });

  it('has the sums of them, the prices in force and what was compared', async () => {
    const { snapshot } = await takeSnapshot(await golden());
    expect(snapshot.totals).toEqual([
      // 2 + 1.125 + 1.1 + 0.55 + 0.01 + 0.49; 0.05 + 0.01.
      { asset: 'BTC', equity: '527500000', debt: '6000000' },
      // 3000 + 8500 + 500 + 20000 + 700 + 5400 + 3250 + 60.75 + 200.
      { asset: 'USDT', equity: '41610750000', debt: '0' },
    ]);
    expect(snapshot.accountCount).toBe(14);
    expect(snapshot.assets).toMatchObject([
      { symbol: 'BTC', price: '100000', priceSource: 'Index', pricedAt: '2026-01-30T23:59:00Z' },
      { symbol: 'USDT', price: '1', priceSource: 'Index', pricedAt: '2026-01-30T23:59:00Z' },
    ]);
    expect(snapshot.reconciliation).toEqual({
      compared: { balances: 13, control: 2, positions: 5 },
      acceptedBreaks: [],
    });
  });

  it('itemises an isolated position that lost more than its margin', async () => {
    const { accounts } = await takeSnapshot(await golden());
    const gus = accounts.find(({ userId }) => userId === 'gus@example.com')!;
    const { lines } = parseStatement(gus.statement!);
    expect(lines.map(({ bucket, kind, value }) => [bucket, kind, value])).toEqual([
      ['cross', 'cash', '700'],
      ['p7', 'isolated-margin', '2000'],
      ['p7', 'futures', '-3000'],
      ['p7', 'isolated-loss-limit', '1000'],
    ]);
    expect(lines[2]).toEqual({
      account: 'gus',
      asset: 'USDT',
      bucket: 'p7',
      kind: 'futures',
      reference: 'p7',
      valuation: {
        of: 'position',
        instrument: {
          kind: 'perpetual',
          name: 'LINEAR',
          underlying: 'BTC',
          settlementAsset: 'USDT',
          contractSize: '0.1',
          style: 'linear',
        },
        quantity: '1',
        entryPrice: '130000',
        quote: {
          kind: 'mark',
          price: '100000',
          asset: 'USDT',
          at: '2026-01-30T23:59:30Z',
          source: 'Venue',
        },
        conversion: null,
        rounding: 'up',
      },
      value: '-3000',
    });
  });

  it('is the same, byte for byte, when it is taken again', async () => {
    const configPath = await golden();
    const [first, second] = [await takeSnapshot(configPath), await takeSnapshot(configPath)];
    const names = await readdir(first.snapshot.directory);
    expect(names.sort()).toEqual([
      ...['accounts.parquet', 'components.parquet', 'house.parquet', 'instruments.parquet'],
      ...['snapshot.json', 'statements.parquet'],
    ]);
    for (const name of names) {
      const bytes = await readFile(join(first.snapshot.directory, name));
      expect(bytes.equals(await readFile(join(second.snapshot.directory, name)))).toBe(true);
    }
  });
});

describe('what the configuration of the golden books declares', () => {
  const config = (from: string, to: string): Change => ({ file: 'snapshot.yaml', from, to });

  it('decides whether what an order reserves is added to a balance', async () => {
    const changes = [
      config('cash: balances-total', 'cash: balances-available'),
      { file: 'balances.csv', from: 'cora-2,USDT,500', to: 'cora-2,USDT,400' },
    ];
    expect(await holdingsOf(...changes)).toEqual(await holdingsOf());
  });

  it('decides whether cash is what the ledger says', async () => {
    expect(await holdingsOf(config('cash: balances-total', 'cash: ledger'))).toEqual(await holdingsOf());
  });

  it('decides whether an isolated loss beyond the margin is owed', async () => {
    const margin: Change = { file: 'positions.csv', from: 'isolated,2000', to: 'isolated,2400' };
    const recourse = config('isolatedLoss: limited', 'isolatedLoss: recourse');
    expect((await holdingsOf(margin)).gus).toEqual({ USDT: '700000000' });
    expect((await holdingsOf(margin, recourse)).gus).toEqual({ USDT: '700000000 - 600000000' });
    // 700 do not cover 1000.
    expect(await refusalOf(await golden(recourse))).toMatchObject({ code: 'account-underwater' });
  });

  it('decides whether a debt that nothing covers is written off, with a line that says so', async () => {
    const recourse = config('isolatedLoss: limited', 'isolatedLoss: recourse');
    const writeOff = config('underwater: fail', 'underwater: write-off');
    const { snapshot, accounts } = await takeSnapshot(await golden(recourse, writeOff));
    expect(snapshot.writeOffs).toEqual({ accounts: 1, debts: [{ asset: 'USDT', debt: '1000000000' }] });
    expect(listHoldings(accounts, SYMBOLS).gus).toEqual({ USDT: '700000000' });
    const gus = accounts.find(({ userId }) => userId.startsWith('gus@'))!;
    const { lines } = parseStatement(gus.statement!);
    expect(lines.filter(({ kind }) => kind === 'write-off')).toMatchObject([
      { asset: 'USDT', value: '1000' },
    ]);
    expect(sumStatement(lines, snapshot.assets)).toEqual(gus.holdings);
    expect(recomputeLines(lines, snapshot)).toHaveLength(lines.length);
    // The command may say so in place of the configuration.
    const flagged = await takeSnapshot(await golden(recourse), { underwater: 'write-off' });
    expect(flagged.accounts).toEqual(accounts);
  });

  it('decides whether an option without a mark has the price of a model', async () => {
    const withoutMark: Change = {
      file: 'marks.csv',
      from: 'CALL,mark,0.05,BTC,2026-01-30T23:59:30Z\nEXPIRED',
      to: 'CALL,forward,101000,USD,2026-01-30T23:59:30Z\nCALL,volatility,0.5,,2026-01-30T23:59:30Z\nEXPIRED',
    };
    expect(await refusalOf(await golden(withoutMark))).toMatchObject({ code: 'mark-missing' });
    const rate = config('maxMarkAge: 10m', 'maxMarkAge: 10m\nmodelPrices: {rate: "0", dayCount: act/365}');
    const { eve } = await holdingsOf(withoutMark, rate);
    // 55 days and 8 hours of 365: d1 = -0.788 and d2 = -0.983, so that N(d1) - 120/101 · N(d2) is 0.0218.
    expect(eve!.BTC).toMatch(/^5218[0-9]{4}$/);
  });
});
