import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { acceptBreaks } from '../../../../src/snapshot/books/reconciliation/accept-breaks.js';
import { writeBreaks } from '../../../../src/snapshot/books/reconciliation/refuse-breaks.js';
import { readBreaksParquet, reconcileBooks, selectBreaks, type Books } from './books.js';
import { makeDirectory } from '../../../directory.js';

/** Three breaks in the balances, one of a control account, one of an instrument. */
const BROKEN: Books = {
  ledger: [
    ['ann', 0, '1', 10, 'l1', '1'],
    ['ann', 0, '1', 20, 'l2', '2.5'],
    ['bob', 2, '7', 30, 'l3', '7'],
  ],
  balances: [
    ['ann', 0, '2.5'],
    ['cyd', 1, '0.25'],
  ],
  control: [
    [0, '2.5'],
    [1, '0.20'],
  ],
  netted: ['BTC-PERP'],
  positions: [['ann', 'BTC-PERP', '-3']],
};

const LIST = [
  'kind,account,asset,instrument,expected,found,difference,first_differing',
  'account-missing-in-balances,bob,USDT,,7,0,-7,',
  'account-missing-in-ledger,cyd,ETH,,0,0.25,0.25,',
  'balance-differs,ann,BTC,,2,2.5,0.5,l2',
  'control-differs,,ETH,,0.2,0.25,0.05,',
  'positions-not-netted,,,BTC-PERP,0,-3,-3,',
  '',
];

async function writeList(lines: readonly string[]): Promise<string> {
  const path = join(await makeDirectory(), 'accepted.csv');
  await writeFile(path, lines.join('\n'));
  return path;
}

async function accept(books: Books, lines: readonly string[]): Promise<void> {
  const { scratch } = await reconcileBooks(books);
  await acceptBreaks(scratch, await writeList(lines));
}

describe('the files that list breaks', () => {
  it('name every break in order, in CSV and with exact decimals in Parquet', async () => {
    const { scratch } = await reconcileBooks(BROKEN);
    const directory = join(await makeDirectory(), 'breaks');
    await writeBreaks(scratch, directory);
    expect(await readFile(join(directory, 'breaks.csv'), 'utf8')).toBe(LIST.join('\n'));
    const rows = await readBreaksParquet(scratch, join(directory, 'breaks.parquet'));
    expect(rows).toEqual(await selectBreaks(scratch));
    expect(rows).toHaveLength(5);
  });

  it('are for their owner alone, also where others could read those of a run before', async () => {
    const { scratch } = await reconcileBooks(BROKEN);
    const directory = join(await makeDirectory(), 'breaks');
    await mkdir(directory);
    await writeFile(join(directory, 'breaks.csv'), 'old', { mode: 0o644 });
    await writeBreaks(scratch, directory);
    for (const name of ['breaks.csv', 'breaks.parquet']) {
      expect((await stat(join(directory, name))).mode & 0o777).toBe(0o600);
    }
    expect(await readFile(join(directory, 'breaks.csv'), 'utf8')).toBe(LIST.join('\n'));
  });

  it('are the same bytes for the same books', async () => {
    const load = async () => {
      const { scratch } = await reconcileBooks(BROKEN);
      const directory = await makeDirectory();
      await writeBreaks(scratch, directory);
      return Promise.all(['breaks.csv', 'breaks.parquet'].map((name) => readFile(join(directory, name))));
    };
    expect(await load()).toEqual(await load());
  });
});

describe('a list of accepted breaks', () => {
  it('is taken where it is the one that was written, or has its rows in another order', async () => {
    await expect(accept(BROKEN, LIST)).resolves.toBeUndefined();
    const [header, first, ...others] = LIST;
    await expect(accept(BROKEN, [header!, ...others.slice(0, -1), first!, ''])).resolves.toBeUndefined();
  });

  it('is taken as written for accounts with commas, quotes, line ends and other letters in their names', async () => {
    const names = [
      'a,b',
      '"',
      'x"y,',
      'line\nend',
      'cr\r\nlf',
      ' b ',
      'é\u{1f600}',
      '=1+1',
      'NULL',
      '#x',
      "'",
    ];
    const books: Books = {
      ledger: names.map((name, at) => [name, 0, `${at + 1}`, at, `ref,"${at}`, '0']),
      balances: [['known', 0, '1']],
    };
    const { scratch } = await reconcileBooks(books);
    const directory = await makeDirectory();
    await writeBreaks(scratch, directory);
    const path = join(directory, 'breaks.csv');
    await expect(acceptBreaks(scratch, path)).resolves.toBeUndefined();
    const text = await readFile(path, 'utf8');
    const { scratch: other } = await reconcileBooks(books);
    await writeFile(path, text.replace('é', 'e'));
    await expect(acceptBreaks(other, path)).rejects.toMatchObject({ code: 'breaks-not-accepted' });
  });

  it('may be empty where the books agree', async () => {
    await expect(accept({ ledger: [], balances: [] }, LIST.slice(0, 1))).resolves.toBeUndefined();
  });

  it.each([
    ['leaves a break out', (lines: string[]) => lines.splice(3, 1), 'balance-differs: 1'],
    [
      'names another account',
      (lines: string[]) => (lines[1] = lines[1]!.replace('bob', 'ann')),
      'account-missing-in-balances: 1',
    ],
    [
      'names another asset',
      (lines: string[]) => (lines[4] = lines[4]!.replace('ETH', 'BTC')),
      'control-differs: 1',
    ],
    [
      'names another instrument',
      (lines: string[]) => (lines[5] = lines[5]!.replace('BTC', 'ETH')),
      'positions-not-netted: 1',
    ],
    [
      'expected another amount',
      (lines: string[]) => (lines[3] = lines[3]!.replace(',2,', ',1.9,')),
      'balance-differs: 1',
    ],
    [
      'found another amount',
      (lines: string[]) => (lines[2] = lines[2]!.replace(',0.25,', ',0.26,')),
      'account-missing-in-ledger: 1',
    ],
    [
      'is of another kind',
      (lines: string[]) => (lines[2] = lines[2]!.replace('ledger', 'balances')),
      'account-missing-in-ledger: 1',
    ],
  ])('is refused where it %s', async (_, change, breaks) => {
    const lines = [...LIST];
    change(lines);
    await expect(accept(BROKEN, lines)).rejects.toMatchObject({
      errorClass: 'reconciliation',
      code: 'breaks-not-accepted',
      details: { breaks: [breaks] },
    });
  });

  it('is refused where a break of it is gone, by the line', async () => {
    const { balances, ...others } = BROKEN;
    const repaired: Books = {
      ...others,
      balances: [...balances!, ['bob', 2, '7']],
      control: [...BROKEN.control!, [2, '7']],
    };
    const error: unknown = await accept(repaired, LIST).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      errorClass: 'reconciliation',
      code: 'accepted-break-absent',
      details: { file: 'accepted.csv', lineCount: 1 },
    });
    expect((error as Error).message).toContain('got others in line 2:');
    expect((error as Error).message).not.toContain('bob');
  });

  it('is refused where it is no such list, by file and line', async () => {
    const refusalOf = async (lines: readonly string[]) => {
      return accept(BROKEN, lines).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
    };
    expect(await refusalOf(['kind,account,asset,instrument,expected'])).toMatchObject({
      code: 'column-missing',
    });
    expect(await refusalOf([`${LIST[0]!},note`])).toMatchObject({ code: 'column-unknown' });
    expect(await refusalOf([])).toMatchObject({ code: 'file-empty' });
    expect(await refusalOf([...LIST.slice(0, 2), 'balance-differs,ann'])).toMatchObject({
      code: 'row-ragged',
      details: { file: 'accepted.csv', line: 3, problemCount: 1 },
    });
    const { scratch } = await reconcileBooks(BROKEN);
    await expect(acceptBreaks(scratch, '/nowhere/accepted.csv')).rejects.toMatchObject({
      errorClass: 'usage',
      code: 'file-unreadable',
    });
  });
});
