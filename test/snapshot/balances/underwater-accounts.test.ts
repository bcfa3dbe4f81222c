import { describe, expect, it } from 'vitest';

import { balances, collectAccounts, refusalOf, shorten, takeSnapshot } from '../venue.js';

// AAA: a unit (0.01) is worth 0.1, as collateral half of it. BBB: a unit is worth 3, all of it as collateral.

describe('accounts under water', () => {
  it('lets an account pass whose collateral covers its debt exactly', async () => {
    // 6 AAA = 600 units · 0.05 = 30 = 10 BBB · 3.
    const snapshot = await takeSnapshot({ balances: balances('ann,AAA,6,0', 'ann,BBB,0,10') });
    expect(snapshot.totals[1]!.debt).toBe('10');
  });

  it('refuses one that lacks a single unit, by the lines of its rows', async () => {
    const error = await refusalOf({
      balances: balances('ann,AAA,6,0', 'bob,AAA,1,0', 'ann,BBB,0,10', 'cyd,AAA,5.99,0', 'cyd,BBB,0,10'),
    });
    expect(shorten(error.problems)).toEqual(['5 - account-underwater']);
    expect(error.problems[0]!.message).toContain('line 5, 6');
    expect(error.problems[0]!.message).not.toMatch(/cyd|5\.99/);
  });

  it('counts the haircut on what is held, and none on what is owed', async () => {
    const own = await refusalOf({ balances: balances('ann,AAA,10,5.01') });
    expect(own.code).toBe('account-underwater');
    const covered = await takeSnapshot({ balances: balances('ann,AAA,10,5') });
    expect(covered.totals[0]).toEqual({ asset: 'AAA', equity: '1000', debt: '500' });
  });

  it('lists the first hundred and counts the rest', async () => {
    const rows = Array.from({ length: 130 }, (_, at) => `user${at},BBB,1,2`);
    const error = await refusalOf({ balances: balances(...rows) });
    expect(error.problemCount).toBe(130);
    expect(error.problems.map(({ line }) => line)).toEqual(Array.from({ length: 100 }, (_, at) => at + 2));
  });

  it('is exact where products fill 128 bits and sums more', async () => {
    // A price of 2^64 - 1 at scale 0: p = q = 2^64 - 1, so that p · equity takes 128 bits.
    const most = 2n ** 64n - 1n;
    const assets = ['A', 'B', 'C', 'D'].map((symbol) => `${symbol},0,${most},1`).join('\n');
    const sources = (...rows: string[]) => ({
      balances: balances(...rows),
      assets: `symbol,decimals,price,collateral_ratio\n${assets}\n`,
    });
    const covered = await takeSnapshot(
      sources(`ann,A,${most},0`, `ann,B,${most},0`, `ann,C,0,${most}`, `ann,D,0,${most}`),
    );
    expect(covered.scale).toBe(0);
    const error = await refusalOf(
      sources(`ann,A,${most},0`, `ann,B,${most - 1n},0`, `ann,C,0,${most}`, `ann,D,0,${most}`),
    );
    expect(shorten(error.problems)).toEqual(['2 - account-underwater']);
  });

  it('keeps their equity and drops their debt where they are written off', async () => {
    const snapshot = await takeSnapshot(
      {
        balances: balances(
          'ann,AAA,1,0',
          'ann,BBB,2,10.5', // 0.5 of a unit is rounded away, 10 are written off
          'bob,AAA,6,0',
          'bob,BBB,0,10', // covered: stays
          'cyd,BBB,0,7', // nothing is left of the account
        ),
      },
      { underwater: 'write-off' },
    );
    expect(snapshot.writeOffs).toEqual({ accounts: 2, debts: [{ asset: 'BBB', debt: '17' }] });
    expect(snapshot.totals).toEqual([
      { asset: 'AAA', equity: '700', debt: '0' },
      { asset: 'BBB', equity: '2', debt: '10' },
    ]);
    expect(snapshot.rounding[1]).toEqual({ asset: 'BBB', equity: '0', debt: '0.5' });
    expect(snapshot).toMatchObject({ accountCount: 3, holdingCount: 4 });
    const accounts = await collectAccounts(snapshot);
    expect(accounts.at(-1)).toEqual({ userId: 'cyd', holdings: [] });
    expect(accounts[0]!.holdings[1]).toEqual({ assetIndex: 1, equityUnits: 2n, debtUnits: 0n });
  });
});
