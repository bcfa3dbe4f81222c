import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { SourceError } from '../../../../src/snapshot/reading/source-problems.js';
import { refusalOf } from './snapshots.js';
import { makeDirectory } from '../../../directory.js';

it.each([
  ['all rows are later than the instant', 'u,USD,1,deposit,2026-01-31T00:00:00.000000001Z,r\n'],
  ['there are no rows', ''],
])('books in which nobody has an account, since %s, are refused and leave nothing', async (_, rows) => {
  const directory = await makeDirectory();
  const complete = 'completeTo: 2026-01-31T00:05:00Z';
  const files = {
    'ledger.csv': `account,asset,amount,kind,at,reference\n${rows}`,
    'prices.csv': 'asset,price,at,source\nUSD,1,2026-01-30T23:59:00Z,feed\n',
    'snapshot.yaml': `format: solvent/books/v1
platform: Example
quote: USD
cash: ledger
assets: [{ symbol: USD, decimals: 2, collateralRatio: 1, maxPriceAge: 10m }]
sources:
  ledger: { files: [ledger.csv], format: csv, ${complete} }
  prices: { files: [prices.csv], format: csv, ${complete} }
`,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  const outDirectory = join(directory, 'snapshot');
  const error = await refusalOf(join(directory, 'snapshot.yaml'), { outDirectory });
  expect(error).toBeInstanceOf(SourceError);
  expect(error).toMatchObject({ errorClass: 'source', code: 'rows-missing' });
  expect(error.message).toContain('got none: correct the instant or the sources');
  expect((await readdir(directory)).sort()).toEqual(Object.keys(files).sort());
});
