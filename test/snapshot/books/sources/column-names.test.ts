import { dirname, join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { SourceError } from '../../../../src/snapshot/reading/source-problems.js';
import { refusalOf as refusalOfBalances, shorten as shortenAll, takeSnapshot } from '../../venue.js';
import {
  describeFiles,
  load,
  PRICES,
  readBooks,
  refusalOf,
  shorten,
  SOUND,
  writeCsvVenue,
  writeParquet,
  writeVenue,
} from './venue.js';

/** A loan of a minute after the instant: with its instant it does not count. */
const LOAN = { account: 'b1', loan_id: 'l9', asset: 'USD', principal: '1000', interest: '0' };
const LATER = '2026-01-31T00:01:00Z';

const FORMATS = ['csv', 'ndjson', 'parquet'] as const;

/** A venue whose loans have one column under a name of its own. */
async function writeLoans(format: (typeof FORMATS)[number], name: string, more = ''): Promise<string> {
  const row: Record<string, string> = { ...LOAN, [name]: LATER };
  const roles = ['balances', 'prices', 'loans'];
  const files: Record<string, string> = { 'balances.csv': SOUND.balances!, 'prices.csv': PRICES };
  const names = Object.keys(row);
  if (format === 'csv') files['loans.csv'] = `${names.join(',')}\n${Object.values(row).join(',')}\n`;
  if (format === 'ndjson') files['loans.ndjson'] = `${JSON.stringify(row)}\n`;
  const config = describeFiles(roles, 'csv').replace(
    /loans\.csv'\], format: csv/,
    `loans.${format}'], format: ${format}${more}`,
  );
  const path = await writeVenue(files, config);
  if (format === 'parquet') {
    const columns = names.map((column) => `'${row[column]!}' AS "${column}"`);
    await writeParquet(join(dirname(path), 'loans.parquet'), `SELECT ${columns.join(', ')}`);
  }
  return path;
}

async function loansOf(path: string) {
  const { sources, ...loaded } = await load(path);
  const { loan } = await readBooks(loaded, ['loan']);
  return { loans: loan!.length, source: sources.find(({ role }) => role === 'loans')! };
}

describe.each(FORMATS)('the columns of a source in %s', (format) => {
  it('are read under their names, white space around them aside', async () => {
    for (const name of ['at', ' at ']) {
      const { loans, source } = await loansOf(await writeLoans(format, name));
      expect(loans).toBe(0);
      expect(source).toMatchObject({ rows: 0, rowsAfterInstant: 1, ignoredColumns: [] });
    }
  });

  it('are refused in other capitals, with the right spelling', async () => {
    const error = (await refusalOf(await writeLoans(format, 'At'))) as SourceError;
    expect(error).toBeInstanceOf(SourceError);
    expect(error.problems.map(shorten)).toEqual([`loans.${format}:1 at column-unknown`]);
    expect(error.problems[0]!.message).toContain('got "At": write "at"');
  });

  it('are refused where nothing reads them, until the source says that they are ignored', async () => {
    const error = (await refusalOf(await writeLoans(format, 'created'))) as SourceError;
    expect(error.problems.map(shorten)).toEqual([`loans.${format}:1 - column-unknown`]);
    expect(error.problems[0]!.message).toContain('"created"');
    expect(error.problems[0]!.message).toContain('sources.loans.ignore');
    const { loans, source } = await loansOf(await writeLoans(format, 'created', ', ignore: [created]'));
    expect(loans).toBe(1);
    expect(source.ignoredColumns).toEqual(['created']);
  });

  it('may be ignored though they could be read, where they may be absent', async () => {
    const { loans, source } = await loansOf(await writeLoans(format, 'at', ', ignore: [at]'));
    expect(loans).toBe(1);
    expect(source.ignoredColumns).toEqual(['at']);
  });
});

describe('the columns of a source', () => {
  it('may have one column for two of ours', async () => {
    const files = {
      'balances.csv': SOUND.balances!,
      'prices.csv': PRICES,
      'accounts.csv': 'id,class\na1,user\na2,user\nb1,user\nh1,user\n',
    };
    const config = describeFiles(['accounts', 'balances', 'prices'], 'csv').replace(
      "accounts.csv'], format: csv",
      "accounts.csv'], format: csv, columns: {account: id, user_id: id}",
    );
    const loaded = await load(await writeVenue(files, config));
    const { book_account: rows } = await readBooks(loaded, ['book_account']);
    expect(rows).toContainEqual({ account: 'a1', user_id: 'a1', class: 'user' });
  });

  it('cannot be ignored where they must be read', async () => {
    expect(await refusalOf(await writeLoans('csv', 'at', ', ignore: [principal]'))).toMatchObject({
      code: 'config-invalid',
    });
  });

  it('are refused where a constant stands for one that is there', async () => {
    const path = await writeLoans('csv', 'at', `, constants: {interest: '0'}`);
    expect(await refusalOf(path)).toMatchObject({ code: 'column-unknown' });
  });

  it('are refused where a key comes twice in a line of NDJSON', async () => {
    const files = { 'balances.csv': SOUND.balances!, 'prices.csv': PRICES };
    const line = `{"account":"b1","loan_id":"l9","asset":"USD","principal":"1","interest":"0","principal":"2"}\n`;
    const config = describeFiles(['balances', 'prices', 'loans'], 'csv').replace(
      /loans\.csv'\], format: csv/,
      "loans.ndjson'], format: ndjson",
    );
    const error = (await refusalOf(
      await writeVenue({ ...files, 'loans.ndjson': line }, config),
    )) as SourceError;
    expect(error.problems.map(shorten)).toEqual(['loans.ndjson:1 - json-key-doubled']);
  });

  it('show no name of a file without a header', async () => {
    const error = (await refusalOf(
      await writeCsvVenue({ ...SOUND, balances: 'secret-user,USD,4711\n' }),
    )) as SourceError;
    expect(error.code).toBe('column-unknown');
    expect(JSON.stringify([error.message, error.problems])).not.toMatch(/secret|4711/);
  });
});

describe('the columns of a balances file and an assets file', () => {
  const ROWS = ' user_id,asset,equity ,note\nann,AAA,1,x\n';
  const ASSETS = 'symbol,decimals,price,collateral_ratio,name\nAAA,2,10,0.5,Triple A\n';

  it('are passed over only where they are ignored by name, and then said to be', async () => {
    const error = await refusalOfBalances({ balances: ROWS });
    expect(shortenAll(error.problems)).toEqual(['1 - column-unknown']);
    expect(error.message).toContain('--ignore-columns');
    const snapshot = await takeSnapshot(
      { balances: ROWS, assets: ASSETS },
      { ignoredColumns: ['name', 'note', 'price'] },
    );
    expect(snapshot.sources.map(({ ignoredColumns }) => ignoredColumns)).toEqual([['name'], ['note']]);
    expect(snapshot.totals).toEqual([{ asset: 'AAA', equity: '100', debt: '0' }]);
  });

  it('may be ignored though they could be read, where they may be absent', async () => {
    const text = 'user_id,asset,equity,debt\nann,AAA,1,0.5\n';
    const assets = 'symbol,decimals,price,collateral_ratio,unit\nAAA,2,10,0.5,18\n';
    const snapshot = await takeSnapshot({ balances: text, assets }, { ignoredColumns: ['debt', 'unit'] });
    expect(snapshot.sources.map(({ ignoredColumns }) => ignoredColumns)).toEqual([['unit'], ['debt']]);
    expect(snapshot.totals).toEqual([{ asset: 'AAA', equity: '100', debt: '0' }]);
  });

  it.each([
    ['of ours', ['equity'], new Map<string, string>()],
    ['under the name that the file has for it', ['total'], new Map([['equity', 'total']])],
    ['that is optional, and named', ['owed'], new Map([['debt', 'owed']])],
  ])('cannot be ignored where they must be read: one %s', async (_, ignoredColumns, columns) => {
    const taken = takeSnapshot({ balances: ROWS }, { ignoredColumns, columns });
    await expect(taken).rejects.toMatchObject({ errorClass: 'usage', code: 'columns-malformed' });
  });

  it.each([
    ['a file that is plain', 'user_id,note,asset,equity,note,Debt\nann,?,AAA,1,!,5\n'],
    ['one that is not', '\ufeffuser_id,note,asset,equity,note,Debt\r\nann,?,AAA,1,!,5\r\n'],
  ])('are refused in other capitals, in %s', async (_, text) => {
    const error = await refusalOfBalances({ balances: text }, { ignoredColumns: ['note'] });
    expect(shortenAll(error.problems)).toEqual(['1 debt column-unknown']);
    expect(error.message).toContain('got "Debt": write "debt"');
    const balances = text.replace('Debt', 'debt').replace(',5', ',0.5');
    const snapshot = await takeSnapshot({ balances }, { ignoredColumns: ['note'] });
    expect(snapshot.totals[0]).toEqual({ asset: 'AAA', equity: '100', debt: '50' });
  });
});
