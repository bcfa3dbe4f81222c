import { describe, expect, it } from 'vitest';

import type { SourceRole } from '../../../../src/snapshot/books/config.js';
import { SourceError } from '../../../../src/snapshot/reading/source-problems.js';
import { problemsOf, refusalOf, SOUND, writeCsvVenue, type Sources } from './venue.js';

/** The sound source with one row more. */
function and(role: SourceRole, row: string): Sources {
  return { [role]: `${SOUND[role]!}${row}\n` };
}

describe('the faults of a source', () => {
  it('are judged also in rows after the instant', async () => {
    const row = 'b1,USD,x,deposit,2026-02-01T00:00:00Z,r9,';
    expect(await problemsOf(and('ledger', row))).toEqual(['ledger.csv:6 amount amount-malformed']);
  });

  it('may be doubled or unknown in rows after the instant', async () => {
    const late = '2026-01-31T00:00:00.000000001Z';
    const positions = `${SOUND.positions!}zz,p1,ETH-PERP,1,1,cross,,,${late}\n`;
    expect(await refusalOf(await writeCsvVenue({ ...SOUND, positions }))).toBeUndefined();
  });

  it('are all reported, in the order of lines, with the code of the first', async () => {
    const balances = `${SOUND.balances!}b1,ETH,x\n,USD,1\na1,USD,1e1\n`;
    const error = (await refusalOf(await writeCsvVenue({ ...SOUND, balances }))) as SourceError;
    expect(error.problems.map(({ line, column, code }) => `${line} ${column!} ${code}`)).toEqual([
      '6 amount amount-malformed',
      '6 asset asset-unknown',
      '7 account value-missing',
      '8 amount amount-malformed',
    ]);
    expect(error).toMatchObject({ errorClass: 'source', code: 'amount-malformed', problemCount: 4 });
  });

  it('are listed a hundred times and counted', async () => {
    const rows = Array.from({ length: 1000 }, (_, index) => `b${index},USD,${index % 2 ? 'x' : '1'}`);
    const balances = `account,asset,amount\n${rows.join('\n')}\n`;
    const error = (await refusalOf(await writeCsvVenue({ balances, prices: SOUND.prices! }))) as SourceError;
    expect(error.problemCount).toBe(500);
    expect(error.problems.map(({ line }) => line)).toEqual(
      Array.from({ length: 100 }, (_, index) => 3 + 2 * index),
    );
  });

  it('show neither accounts, users nor amounts', async () => {
    const venues: Sources[] = [
      { accounts: 'account,user_id,class\nsecret-1, secret-user,user\n' },
      {
        balances: 'account,asset,amount\nsecret-1,secret-asset,4711x\nsecret-1,USD,4711\nsecret-1,USD,4711\n',
      },
      and('positions', 'secret-1,p1,BTC-PERP,4711,1,cross,,,2026-01-30T00:00:00Z'),
    ];
    for (const sources of venues) {
      const error = (await refusalOf(await writeCsvVenue({ ...SOUND, ...sources }))) as SourceError;
      expect(error).toBeInstanceOf(SourceError);
      const shown = JSON.stringify([error.message, error.problems, error.details, error.cause, error.stack]);
      expect(shown).not.toMatch(/secret|4711/);
    }
  });

  it('tell the first of two rows with one key', async () => {
    const error = (await refusalOf(
      await writeCsvVenue({ ...SOUND, ...and('orders', 'a1,o1,USD,1') }),
    )) as SourceError;
    expect(error.problems[0]!.message).toContain('the first is line 2 of orders.csv');
  });

  it('refuse user ids of accounts that no source lists, in the source that names them', async () => {
    const { balances, prices } = SOUND;
    const path = await writeCsvVenue({ balances: `${balances!} x,USD,1\n`, prices: prices! });
    const error = (await refusalOf(path)) as SourceError;
    expect(
      error.problems.map(({ file, line, column, code }) => `${file}:${line} ${column!} ${code}`),
    ).toEqual(['balances.csv:6 account name-not-normal']);
  });

  it('refuse sums of a ledger that no amount can hold', async () => {
    const row = (reference: string) =>
      `b1,USD,99999999999999999999,deposit,2026-01-30T10:00:00Z,${reference},\n`;
    const ledger = `${SOUND.ledger!}${row('x')}${row('y')}${row('z')}`;
    expect(await refusalOf(await writeCsvVenue({ ...SOUND, ledger }))).toMatchObject({
      errorClass: 'source',
      code: 'total-too-large',
    });
  });
});
