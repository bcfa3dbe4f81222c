import { describe, expect, it } from 'vitest';

import { balances, collectAccounts, refusalOf, shorten, takeSnapshot } from '../venue.js';

const SOUND = 'ann,AAA,1,0';

describe('the values of balances.csv', () => {
  it.each([
    ['an unknown asset', ['ann,CCC,1,0'], ['2 asset asset-unknown']],
    ['an asset in another case', ['ann,aaa,1,0'], ['2 asset asset-unknown']],
    ['an empty asset', ['ann,,1,0'], ['2 asset asset-unknown']],
    ['a negative equity', ['ann,AAA,-1,0'], ['2 equity amount-negative']],
    ['a negative debt', ['ann,AAA,1,-0.5'], ['2 debt amount-negative']],
    ['an exponent', ['ann,AAA,1e3,0'], ['2 equity amount-malformed']],
    ['a plus sign', ['ann,AAA,+1,0'], ['2 equity amount-malformed']],
    ['white space around an amount', ['ann,AAA, 1,0'], ['2 equity amount-malformed']],
    ['a point without digits before it', ['ann,AAA,.5,0'], ['2 equity amount-malformed']],
    ['a point without digits behind it', ['ann,AAA,5.,0'], ['2 equity amount-malformed']],
    ['two points', ['ann,AAA,1.000.000,0'], ['2 equity amount-malformed']],
    ['digits of another script', ['ann,AAA,１２,0'], ['2 equity amount-malformed']],
    ['NaN', ['ann,AAA,NaN,0'], ['2 equity amount-not-finite']],
    ['NULL', ['ann,AAA,1,NULL'], ['2 debt amount-malformed']],
    ['40 digits before the point', [`ann,AAA,${'9'.repeat(40)},0`], ['2 equity amount-too-large']],
    [
      'a negative amount of 40 digits behind the point',
      [`ann,AAA,-0.${'1'.repeat(40)},0`],
      ['2 equity amount-negative'],
    ],
    ['31 digits behind the point', [`ann,AAA,0.${'0'.repeat(30)}1,0`], ['2 equity amount-too-precise']],
    ['an equity of 2^64 units', ['ann,BBB,18446744073709551616,0'], ['2 equity amount-too-large']],
    ['an equity that rounds up to 2^64', ['ann,BBB,18446744073709551615.1,0'], ['2 equity amount-too-large']],
    ['a debt of 2^64 units', ['ann,AAA,1,184467440737095516.16'], ['2 debt amount-too-large']],
    ['an equity beyond 128 bits', [`ann,AAA,${'9'.repeat(30)}.99,0`], ['2 equity amount-too-large']],
    ['an empty user id', [',AAA,1,0'], ['2 user_id name-empty']],
    ['a user id of white space', ['  ,AAA,1,0'], ['2 user_id name-empty']],
    ['a control character in a user id', ['a\u0007b,AAA,1,0'], ['2 user_id name-has-control-character']],
    ['a line separator in a user id', ['a\u2028b,AAA,1,0'], ['2 user_id name-has-control-character']],
    ['white space before a user id', [' ann,AAA,1,0'], ['2 user_id name-not-normal']],
    ['a no-break space behind a user id', ['ann\u00a0,AAA,1,0'], ['2 user_id name-has-invisible-character']],
    ['a user id of 257 bytes', [`${'a'.repeat(257)},AAA,1,0`], ['2 user_id name-too-long']],
    ['a user id of 129 characters in 258 bytes', [`${'é'.repeat(129)},AAA,1,0`], ['2 user_id name-too-long']],
    ['the same user and asset twice', [SOUND, 'ann,BBB,1,0', 'ann,AAA,2,0'], ['4 asset holding-doubled']],
  ])('refuses %s', async (_, rows, problems) => {
    const error = await refusalOf({ balances: balances(...rows) });
    expect(shorten(error.problems)).toEqual(problems);
    expect(error).toMatchObject({ errorClass: 'source', code: error.problems[0]!.code, problemCount: 1 });
  });

  it.each([
    ['with an asset each', ['ren\u00e9,AAA,1,0', 'rene\u0301,BBB,1,0'], [2, 3]],
    ['with the same asset', ['ren\u00e9,AAA,1,0', 'rene\u0301,AAA,1,0'], [2, 3]],
    ['one of them plain', ['K,AAA,1,0', '\u212a,BBB,1,0'], [3]],
  ])('refuses a user in two Unicode forms, %s', async (_, rows, lines) => {
    const error = await refusalOf({ balances: balances(...rows) });
    expect(shorten(error.problems)).toEqual(lines.map((line) => `${line} user_id name-ambiguous`));
    expect(error.message).toContain('NFC');
  });

  it('takes user ids up to 256 bytes, with spaces inside and in any script', async () => {
    const users = [
      'a'.repeat(256),
      'é'.repeat(128),
      'a b',
      '李小龙',
      '"',
      "o'brien",
      '1=1;--',
      '*',
      'NULL',
      '\\N',
    ];
    const rows = users.map((user) => `"${user.replaceAll('"', '""')}",AAA,1,0`);
    const accounts = await collectAccounts(await takeSnapshot({ balances: balances(...rows) }));
    expect(new Set(accounts.map(({ userId }) => userId))).toEqual(new Set(users));
  });

  it('names both lines of a doubled holding', async () => {
    const error = await refusalOf({ balances: balances(SOUND, 'bob,AAA,1,0', SOUND, SOUND) });
    expect(shorten(error.problems)).toEqual(['4 asset holding-doubled', '5 asset holding-doubled']);
    for (const { message } of error.problems) expect(message).toContain('line 2');
  });

  it('reports every problem of a file, in the order of its lines', async () => {
    const error = await refusalOf({
      balances: balances('ann,CCC,-1,x', SOUND, ',AAA,1,0', 'ann,AAA,2,0', 'bob,BBB,18446744073709551616,0'),
    });
    expect(shorten(error.problems)).toEqual([
      '2 asset asset-unknown',
      '2 debt amount-malformed',
      '2 equity amount-negative',
      '4 user_id name-empty',
      '5 asset holding-doubled',
      '6 equity amount-too-large',
    ]);
    expect(error.code).toBe('asset-unknown');
    expect(error.problems.map(({ file }) => file)).toEqual(Array(6).fill('balances.csv'));
  });

  it('lists the first hundred problems and counts the rest', async () => {
    const rows = Array.from({ length: 1000 }, (_, index) => `user${index},AAA,${index % 2 ? '1' : '-1'},0`);
    const error = await refusalOf({ balances: balances(...rows) });
    expect(error.problemCount).toBe(500);
    expect(error.problems.map(({ line }) => line)).toEqual(
      Array.from({ length: 100 }, (_, at) => 2 + 2 * at),
    );
    expect(error.message).toContain('500 problems');
  });

  it('shows neither user ids nor amounts', async () => {
    const error = await refusalOf({
      balances: balances('secret-user ,AAA,-4711,0', 'secret-user,secret-asset,4711x,0', ',AAA,1,4711e1'),
    });
    const shown = JSON.stringify([error.message, error.problems, error.details, error.cause, error.stack]);
    expect(shown).not.toMatch(/secret|4711/);
  });
});
