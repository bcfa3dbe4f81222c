import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { SourceRole } from '../../../../src/snapshot/books/config.js';
import type { Scratch } from '../../../../src/snapshot/database/scratch.js';
import { SourceError } from '../../../../src/snapshot/reading/source-problems.js';
import { load, readTable, refusalOf, shorten, SOUND, writeCsvVenue, type Sources } from './venue.js';

const amount = (text: string) => text.replace(/(\.[0-9]*?)0+$/, '$1').replace(/\.$/, '');

/** The rows of a table as texts with bars, amounts without their zeros, absent values as nothing. */
async function listRows(sources: Sources, table: string): Promise<string[]> {
  const { scratch } = await load(await writeCsvVenue(sources));
  return listTable(scratch, table);
}

async function listTable(scratch: Scratch, table: string): Promise<string[]> {
  const rows = await readTable(scratch, table);
  return rows.map((row) =>
    Object.values(row)
      .map((value) => {
        const text = (value as string | null) ?? '';
        return /^-?[0-9]+\.[0-9]{18}$/.test(text) ? amount(text) : text;
      })
      .join('|'),
  );
}

describe('the books of a venue', () => {
  const EXPECTED: readonly (readonly [table: string, rows: readonly string[]])[] = [
    ['book_asset', ['0|BTC|8', '1|USD|2']],
    ['book_account', ['a1|ann|user', 'a2|ann|user', 'b1|bob|user', 'h1||house']],
    [
      'instrument',
      [
        'BTC-C|option|BTC|0|0.1|premium-paid|100000|1772179200000000000|call|false',
        'BTC-PERP|perpetual|BTC|1|1|linear||||true',
      ],
    ],
    ['stated_balance', ['a1|0|1.5', 'a2|1|-20.25', 'b1|1|1000', 'h1|1|5']],
    ['opening_balance', ['a1|0|1']],
    ['control_balance', ['0|1.5', '1|984.75']],
    ['open_order', ['b1|o1|1|10']],
    ['open_position', ['a1|p1|BTC-PERP|2|99000|isolated|50|true', 'b1|p2|BTC-PERP|-2|99000|cross||false']],
    ['settlement', ['a1|1|funding|-0.5|false|s1|p1', 'b1|1|withdrawal|3|true|s2|']],
    ['collateral', ['b1|0|0.5|posted|false|c1']],
    ['loan', ['a1|l1|1|100|0.125|margin|p1']],
    ['asset_price', ['0|100000|1769817540000000000|feed', '1|1|1769817540000000000|feed']],
    [
      'mark',
      [
        'BTC-C|volatility|0.6||1769817599000000000|engine',
        'BTC-PERP|mark|100001|USD|1769817599000000000|engine',
      ],
    ],
    [
      'ledger',
      [
        'a1|0|-0.25|trade|1769770800000000001|r2|1.5',
        'a1|0|0.75|deposit|1769767200000000000|r1|1.75',
        'b1|1|1000|deposit|1769817600000000000|r3|',
      ],
    ],
    ['ledger_sum', ['a1|0|0.5', 'b1|1|1000']],
  ];

  it('come into their tables', async () => {
    const { scratch } = await load(await writeCsvVenue(SOUND));
    for (const [table, rows] of EXPECTED)
      expect([table, await listTable(scratch, table)]).toEqual([table, rows]);
  });

  it('are described with their hashes, rows and instants', async () => {
    const { sources } = await load(await writeCsvVenue(SOUND));
    expect(sources.find(({ role }) => role === 'ledger')).toEqual({
      role: 'ledger',
      files: [{ fileName: 'ledger.csv', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string }],
      query: null,
      rows: 3,
      rowsAfterInstant: 1,
      ignoredColumns: [],
      completeTo: '2026-01-31T00:05:00Z',
      firstAt: '2026-01-30T10:00:00Z',
      lastAt: '2026-01-31T00:00:00Z',
    });
    expect(sources.find(({ role }) => role === 'positions')).toMatchObject({ rows: 2, rowsAfterInstant: 1 });
    expect(sources.find(({ role }) => role === 'balances')).toMatchObject({
      rows: 4,
      rowsAfterInstant: 0,
      firstAt: null,
    });
    expect(sources.map(({ role }) => role)).toContain('opening');
  });

  it('have an empty ledger where there is no source of one', async () => {
    const { balances, prices } = SOUND;
    expect(await listRows({ balances: balances!, prices: prices! }, 'ledger')).toEqual([]);
  });

  it('make every account a user of its own where no source lists accounts', async () => {
    const { balances, ledger, prices } = SOUND;
    const rows = await listRows(
      {
        balances: `${balances!}rene\u0301,USD,1\n`,
        ledger: `${ledger!}c1,USD,1,deposit,2026-01-01T00:00:00Z,r5,\n`,
        prices: prices!,
      },
      'book_account',
    );
    expect(rows).toEqual([
      'a1|a1|user',
      'a2|a2|user',
      'b1|b1|user',
      'c1|c1|user',
      'h1|h1|user',
      'rene\u0301|ren\u00e9|user',
    ]);
  });

  it('bring user ids into the form that is proven', async () => {
    const accounts = 'account,user_id,class\na1,rene\u0301,user\na2,rene\u0301,user\nb1,b,user\nh1,,house\n';
    expect(await listRows({ ...SOUND, accounts }, 'book_account')).toEqual([
      'a1|ren\u00e9|user',
      'a2|ren\u00e9|user',
      'b1|b|user',
      'h1||house',
    ]);
  });

  it.each<[string, Sources, string[]]>([
    [
      'in one source',
      { balances: 'account,asset,amount\nrene\u0301,USD,1\nren\u00e9,BTC,1\n', prices: SOUND.prices! },
      ['balances.csv:2 account name-ambiguous', 'balances.csv:3 account name-ambiguous'],
    ],
    [
      'in two sources, none of which lists accounts',
      {
        balances: 'account,asset,amount\nK,USD,1\n',
        loans: 'account,loan_id,asset,principal,interest\n\u212a,l1,USD,1,0\n',
        prices: SOUND.prices!,
      },
      ['loans.csv:2 account name-ambiguous'],
    ],
    [
      'in the list of accounts',
      {
        ...SOUND,
        accounts: 'account,user_id,class\na1,rene\u0301,user\na2,ann,user\nb1,ren\u00e9,user\nh1,,house\n',
      },
      ['accounts.csv:2 user_id name-ambiguous', 'accounts.csv:4 user_id name-ambiguous'],
    ],
  ])('are refused where a user is in two Unicode forms, %s', async (_, sources, problems) => {
    const error = await refusalOf(await writeCsvVenue(sources));
    expect(error).toBeInstanceOf(SourceError);
    expect((error as SourceError).problems.map(shorten)).toEqual(problems);
    expect((error as SourceError).message).toContain('NFC');
  });

  it('take accounts for users where accounts are listed without user ids', async () => {
    const accounts = 'account,class\na1,user\na2,user\nb1,user\nh1,house\n';
    expect(await listRows({ ...SOUND, accounts }, 'book_account')).toEqual([
      'a1|a1|user',
      'a2|a2|user',
      'b1|b1|user',
      'h1||house',
    ]);
  });

  it('may have sources without rows', async () => {
    const empty: SourceRole[] = ['orders', 'positions', 'settlements', 'collateral', 'loans', 'ledger'];
    const headers = empty.map((role) => [role, `${SOUND[role]!.split('\n')[0]!}\n`]);
    expect(await listRows({ ...SOUND, ...(Object.fromEntries(headers) as Sources) }, 'ledger_sum')).toEqual(
      [],
    );
  });
});

describe('the amounts of a source', () => {
  const limits = [
    '99999999999999999999.999999999999999999',
    '-99999999999999999999.999999999999999999',
    '0.000000000000000001',
    '-0.000000000000000001',
    '123456789.123456789',
    '-1234567890.1234567891',
    '999999999999999999.999999999999999999',
    '-0.5',
    '00012.5',
  ];

  it('are exact up to 20 digits before the point and 18 behind it', async () => {
    const rows = limits.map((text, index) => `acc${index},USD,${text}`);
    const listed = await listRows(
      { balances: `account,asset,amount\n${rows.join('\n')}\n`, prices: SOUND.prices! },
      'stated_balance',
    );
    expect(listed.map((row) => row.split('|')[2])).toEqual([...limits.slice(0, -1), '12.5']);
  });

  /** A text of the signs of decimals, most of which are decimals. */
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'.split('')), minLength: 1, maxLength: 21 });
  const text = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.tuple(fc.constantFrom('', '-'), digits, digits).map(([sign, a, b]) => `${sign}${a}.${b}`),
    },
    { weight: 3, arbitrary: fc.tuple(fc.constantFrom('', '-'), digits).map(([sign, a]) => `${sign}${a}`) },
    {
      weight: 1,
      arbitrary: fc.string({ unit: fc.constantFrom(...'0129.-+e _'.split('')), minLength: 1, maxLength: 8 }),
    },
  );
  const texts = fc.sample(text, { numRuns: 3000, seed: 20260131 });
  const isTaken = (stated: string) => /^-?0*[0-9]{1,20}(?:\.[0-9]{1,18}0*)?$/.test(stated);
  const balancesOf = (stated: readonly string[]) =>
    `account,asset,amount\n${stated.map((one, index) => `acc${index},USD,${one}\n`).join('')}`;

  it('are those that a plain reading gives', async () => {
    const taken = texts.filter(isTaken);
    expect(taken.length).toBeGreaterThan(1000);
    const { scratch } = await load(
      await writeCsvVenue({ balances: balancesOf(taken), prices: SOUND.prices! }),
    );
    const found = new Map(
      (await readTable(scratch, 'stated_balance')).map(({ account, amount: value }) => [account, value]),
    );
    for (const [index, stated] of taken.entries()) {
      const [whole, fraction = ''] = stated.replace('-', '').split('.');
      const units =
        BigInt(whole! + fraction.padEnd(18, '0').slice(0, 18)) * (stated.startsWith('-') ? -1n : 1n);
      expect([stated, BigInt((found.get(`acc${index}`) as string).replace('.', ''))]).toEqual([
        stated,
        units,
      ]);
    }
  });

  it('are refused where a plain reading does not take them', async () => {
    const refused = texts.filter((stated) => !isTaken(stated));
    expect(refused.length).toBeGreaterThan(100);
    const error = await refusalOf(
      await writeCsvVenue({ balances: balancesOf(refused), prices: SOUND.prices! }),
    );
    expect(error).toMatchObject({ problemCount: refused.length });
  });
});
