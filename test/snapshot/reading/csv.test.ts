import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { scanCsv } from '../../../src/snapshot/reading/csv-scan.js';
import { balances, collectAccounts, makeVenue, refusalOf, shorten, takeSnapshot } from '../venue.js';

const HEADER = 'user_id,asset,equity,debt';

describe('the header of balances.csv', () => {
  it.each([
    ['an empty file', '', ['1 - file-empty']],
    [
      'a file with only a byte-order mark',
      '\ufeff',
      ['1 - column-unknown', '1 asset column-missing', '1 equity column-missing', '1 user_id column-missing'],
    ],
    ['no rows', `${HEADER}\n`, ['1 - rows-missing']],
    ['no rows but blank lines', `${HEADER}\n\n\n`, ['1 - rows-missing']],
    ['a missing column', 'user_id,asset,debt\nann,AAA,0\n', ['1 equity column-missing']],
    ['an unknown column', `${HEADER},note\nann,AAA,1,0,x\n`, ['1 - column-unknown']],
    ['a column in another case', 'User_Id,asset,equity\nann,AAA,1\n', ['1 user_id column-unknown']],
    ['a column twice', `${HEADER},equity\nann,AAA,1,0,1\n`, ['1 equity column-doubled']],
    [
      'another delimiter',
      'user_id|asset|equity\nann|AAA|1\n',
      ['1 - column-unknown', '1 asset column-missing', '1 equity column-missing', '1 user_id column-missing'],
    ],
    ['a header that never closes a quote', '"user_id,asset\nann,AAA\n', ['1 - quote-unclosed']],
  ])('refuses %s', async (_, text, problems) => {
    const error = await refusalOf({ balances: text });
    expect(shorten(error.problems)).toEqual(problems);
  });

  it('does not show the first row of a file that has no header', async () => {
    const error = await refusalOf({ balances: 'secret-user,AAA,4711,0\n' });
    expect(JSON.stringify([error.message, error.problems])).not.toMatch(/secret|4711/);
  });
});

describe('the shape of balances.csv', () => {
  const rows = ['ann,AAA,1,0', 'bob,AAA,2,0', 'cyd,BBB,3,0'];

  it.each([
    ['CRLF', [HEADER, ...rows, ''].join('\r\n')],
    ['CRLF and no line ending at the end', [HEADER, ...rows].join('\r\n')],
    ['LF and CRLF mixed', `${HEADER}\r\n${rows.join('\n')}\r\n`],
    ['no line ending at the end', [HEADER, ...rows].join('\n')],
    ['blank lines at the end', `${HEADER}\n${rows.join('\n')}\n\n\r\n\n`],
    ['a byte-order mark, as Excel writes it', `\ufeff${[HEADER, ...rows, ''].join('\r\n')}`],
    [
      'quotes around each field',
      `${[HEADER, ...rows].map((row) => `"${row.replaceAll(',', '","')}"`).join('\n')}\n`,
    ],
    ['quotes around some fields', `${HEADER}\nann,"AAA",1,0\n"bob",AAA,2,"0"\ncyd,BBB,3,0`],
  ])('reads a file with %s like any other', async (_, text) => {
    const expected = await takeSnapshot({ balances: balances(...rows) });
    expect((await takeSnapshot({ balances: text })).files).toEqual(expected.files);
  });

  it('keeps commas, quotes and backslashes inside quotes', async () => {
    const snapshot = await takeSnapshot({ balances: balances('"Doe, ""J\\""",AAA,1,0') });
    expect((await collectAccounts(snapshot))[0]!.userId).toBe('Doe, "J\\"');
  });

  const latin1 = (text: string) => Buffer.from(text, 'latin1');
  it.each([
    ['a row with a field missing', balances('ann,AAA,1'), ['2 - row-ragged']],
    ['a row with an empty field too many', balances('ann,AAA,1,0,'), ['2 - row-ragged']],
    ['a row with a field too many', balances('ann,AAA,1,0', 'bob,AAA,1,0,0'), ['3 - row-ragged']],
    ['a decimal comma', balances('ann,AAA,1,5,0'), ['2 - row-ragged']],
    ['a blank line between rows', balances('ann,AAA,1,0', '', 'bob,AAA,1,0'), ['3 - row-blank']],
    [
      'a quote that is not closed',
      balances('ann,AAA,1,0', '"bob,AAA,1,0', 'cyd,AAA,1,0'),
      ['3 - quote-unclosed'],
    ],
    ['a quote within a field', balances('an"n,AAA,1,0'), ['2 - quote-misplaced']],
    ['text behind a closing quote', balances('"ann"x,AAA,1,0'), ['2 - quote-misplaced']],
    ['a carriage return by itself', balances('ann,AAA,1,0\rbob,AAA,1,0'), ['2 - line-ending-unknown']],
    ['a zero byte', balances('an\0n,AAA,1,0'), ['2 - text-has-zero-byte']],
    [
      'a row of more than 64 KiB',
      balances(`${'a'.repeat(70_000)},AAA,1,0`, 'bob,CCC,1,0'),
      ['2 - row-too-long', '3 asset asset-unknown'],
    ],
    ['a row of more than a mebibyte', balances(`${'a'.repeat(3_000_000)},AAA,1,0`), ['2 - row-too-long']],
    ['Latin-1', latin1(balances('rené,AAA,1,0', 'bob,AAA,1,0')), ['2 - text-not-utf8']],
    [
      'a surrogate in UTF-8',
      Buffer.concat([latin1(`${HEADER}\n`), Buffer.of(0xed, 0xa0, 0x80), latin1(',AAA,1,0\n')]),
      ['2 - text-not-utf8'],
    ],
    [
      'a character cut off at the end',
      Buffer.concat([latin1(balances('ann,AAA,1,0')), Buffer.of(0xc3)]),
      ['3 - text-not-utf8'],
    ],
    ['UTF-16', Buffer.from(`\ufeff${balances('ann,AAA,1,0')}`, 'utf16le'), ['1 - text-not-utf8']],
  ])('refuses %s', async (_, text, problems) => {
    const error = await refusalOf({ balances: text });
    expect(shorten(error.problems)).toEqual(problems);
  });

  it('counts physical lines through line feeds in quotes, and reads on behind a broken row', async () => {
    const text = balances(
      '"ann\n\nof two minds",AAA,1,0', // lines 2 to 4
      'bob,AAA,1', // line 5
      '"cyd",AAA,-1,0', // line 6
      '"d""\r\nd",AAA,1,0', // lines 7 and 8
      'eve,CCC,1,0', // line 9
    );
    const error = await refusalOf({ balances: text });
    expect(shorten(error.problems)).toEqual([
      '2 user_id name-has-control-character',
      '5 - row-ragged',
      '6 equity amount-negative',
      '7 user_id name-has-control-character',
      '9 asset asset-unknown',
    ]);
  });

  // A blank line at the end is let pass, but only the exact reader knows.
  const needsExactReader = (text: string) => `${text}\n`;

  it('finds the same problems whether or not the file needs the exact reader', async () => {
    const rows = Array.from(
      { length: 500 },
      (_, at) => `user${at},${at % 7 ? 'AAA' : 'CCC'},${at % 11 ? at : '-1'},0`,
    );
    const plain = await refusalOf({ balances: balances(...rows) });
    const exact = await refusalOf({ balances: needsExactReader(balances(...rows)) });
    expect(exact.problems).toEqual(plain.problems);
    expect(exact.problemCount).toBe(plain.problemCount);
  });

  it('reads any text in a field alike, whether or not the file needs the exact reader', async () => {
    const piece = fc.constantFrom(
      'a',
      'Z',
      '0',
      ',',
      '"',
      "'",
      '\\',
      '\\N',
      '#',
      ';',
      '|',
      ' . ',
      'é',
      'e\u0301',
      '李',
      '\u{1f600}',
    );
    const name = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
    const names = fc.sample(name, { seed: 20260131, numRuns: 2000 });
    const rows = names.map(
      (text, at) => `"u${text.replaceAll('"', '""')}_${at}",${at % 2 ? 'AAA' : '"AAA"'},${at},`,
    );
    const plain = await takeSnapshot({ balances: balances(...rows) });
    const exact = await takeSnapshot({ balances: needsExactReader(balances(...rows)) });
    expect(exact.files).toEqual(plain.files);
    const accounts = await collectAccounts(plain);
    expect(new Set(accounts.map(({ userId }) => userId))).toEqual(
      new Set(names.map((text, at) => `u${text}_${at}`.normalize('NFC'))),
    );
  });

  it('reads rows across the chunks that a large file is read in', async () => {
    const rows = Array.from({ length: 60_000 }, (_, at) => `user.${at}@example.com,AAA,${at}.25,0`);
    const plain = await takeSnapshot({ balances: balances(...rows) });
    const exact = await takeSnapshot({ balances: needsExactReader(balances(...rows)) });
    expect(plain.sources[1]!.rows).toBe(60_000);
    expect(plain.totals[0]!.equity).toBe(String((60_000 * 59_999 * 100) / 2 + 25 * 60_000));
    expect(exact.files).toEqual(plain.files);
  });
});

describe('scanCsv', () => {
  const row = '"a, ""b""",c';
  it.each<[string, string, boolean]>([
    ['rows', 'a,b\nc,d\n', true],
    ['rows without a line ending at the end', 'a,b\nc,d', true],
    ['rows that end in CRLF', 'a,b\r\nc,d\r\n', true],
    ['quotes around whole fields', `"a",b\n${row}\n"",c\n`, true],
    ['a field more', 'a,b\nc,d,\n', false],
    ['a field less', 'a,b\nc\n', false],
    ['both kinds of line ending', 'a,b\r\nc,d\n', false],
    ['a carriage return by itself', 'a,b\nc\rd,e\n', false],
    ['a carriage return at the end', 'a,b\nc,d\r', false],
    ['a blank line', 'a,b\n\nc,d\n', false],
    ['a line feed in quotes', 'a,b\n"c\n",d\n', false],
    ['a quote within a field', 'a,b\nc"d,e\n', false],
    ['text behind a quote', 'a,b\n"c"d,e\n', false],
    ['an open quote', 'a,b\nc,"d', false],
    ['a zero byte', 'a,b\n\0,d\n', false],
    ['a byte-order mark', '\ufeffa,b\nc,d\n', false],
    ['a very long row', `a,b\n${'c'.repeat(70_000)},d\n`, false],
  ])('tells whether a file with %s can be read in one way only', async (_, text, plain) => {
    const { options } = await makeVenue({ balances: text });
    const scan = await scanCsv(options.balancesPath);
    expect(scan.plain).toBe(plain);
    expect(scan.sizeBytes).toBe(Buffer.byteLength(text));
  });
});
