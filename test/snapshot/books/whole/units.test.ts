import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { listHoldings, refusalOf, takeSnapshot } from './snapshots.js';
import { makeDirectory } from '../../../directory.js';

const COMPLETE = 'completeTo: 2026-01-31T00:05:00Z';

type Sources = {
  readonly assets: string;
  readonly balances: string;
  readonly loans?: string;
  readonly prices: string;
};

/** Writes books of balances, prices and perhaps loans, and gives the path of their configuration. */
async function writeBooks({ assets, balances, loans, prices }: Sources): Promise<string> {
  const directory = join(await makeDirectory(), 'books');
  await mkdir(directory);
  const files: Record<string, string> = {
    'balances.csv': `account,asset,amount\n${balances}`,
    'prices.csv': `asset,price,at,source\n${prices}`,
    ...(loans === undefined ? {} : { 'loans.csv': `account,loan_id,asset,principal,interest\n${loans}` }),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  const sources = Object.keys(files).map(
    (name) => `  ${name.replace('.csv', '')}: { files: [${name}], format: csv, ${COMPLETE} }\n`,
  );
  const path = join(directory, 'snapshot.yaml');
  await writeFile(
    path,
    `format: solvent/books/v1\nplatform: Example\nquote: USD\ncash: balances-total\nassets:\n${assets}sources:\n${sources.join('')}`,
  );
  return path;
}

const asset = (symbol: string, decimals: string, more = '') =>
  `  - { symbol: ${symbol}, decimals: ${decimals}, collateralRatio: 0.9, maxPriceAge: 10m${more} }\n`;
const price = (symbol: string, stated: string) => `${symbol},${stated},2026-01-30T23:59:00Z,feed\n`;

describe('books with units of their own', () => {
  it('count a delisted asset, have none that nobody holds, and choose decimals', async () => {
    const path = await writeBooks({
      assets: `${asset('BTC', 'auto')}${asset('DUST', 'auto')}${asset('GONE', '4')}${asset('NEW', 'auto')}${asset('ETH', '9', ', unit: 18')}`,
      balances: 'a,BTC,1.5\na,DUST,12.5\nb,GONE,3.5\nc,ETH,1500000000000000000\nd,ETH,20000000000\n',
      prices: `${price('BTC', '108649')}${price('DUST', '0.000000000099')}${price('GONE', '0')}${price('ETH', '2500')}`,
    });
    const { snapshot, accounts } = await takeSnapshot(path);
    expect(snapshot.assets.map(({ symbol, decimals, price: stated }) => [symbol, decimals, stated])).toEqual([
      ['BTC', 8, '108649'],
      ['DUST', 7, '0.000000000099'],
      ['GONE', 4, '0'],
      ['NEW', 8, '0'],
      ['ETH', 9, '2500'],
    ]);
    expect(snapshot.assets[2]).toMatchObject({ collateralRatio: '0', priceSource: 'feed' });
    expect(snapshot.assets[3]).toMatchObject({ priceSource: null, pricedAt: null });
    const symbols = snapshot.assets.map(({ symbol }) => symbol);
    expect(listHoldings(accounts, symbols)).toEqual({
      a: { BTC: '150000000', DUST: '125000000' },
      b: { GONE: '35000' },
      c: { ETH: '1500000000' },
      d: { ETH: '20' },
    });
  });

  it('refuse a debt in an asset of price 0, whatever covers it', async () => {
    const path = await writeBooks({
      assets: `${asset('BTC', '8')}${asset('GONE', '4')}`,
      balances: 'a,BTC,1.5\nb,GONE,3.5\n',
      loans: 'a,l1,GONE,1,0\n',
      prices: `${price('BTC', '100000')}${price('GONE', '0')}`,
    });
    for (const underwater of ['fail', 'write-off'] as const) {
      expect(await refusalOf(path, { underwater })).toMatchObject({
        errorClass: 'source',
        code: 'debt-without-price',
        details: { assets: ['GONE'] },
      });
    }
  });

  it('refuse another price than 1 of the quote currency, and need none', async () => {
    const stated = {
      assets: `${asset('BTC', '8')}${asset('USD', '2')}`,
      balances: 'a,BTC,1.5\n',
      prices: price('BTC', '100000'),
    };
    const path = await writeBooks({ ...stated, prices: `${stated.prices}${price('USD', '0.99')}` });
    expect(await refusalOf(path)).toMatchObject({
      errorClass: 'source',
      code: 'quote-price-not-one',
      details: { assets: ['USD'] },
    });
    const { snapshot } = await takeSnapshot(await writeBooks(stated));
    expect(snapshot.assets[1]).toMatchObject({ symbol: 'USD', price: '1' });
  });

  it('name the decimals that fit where a price is too small', async () => {
    const path = await writeBooks({
      assets: `${asset('BTC', '8')}${asset('DUST', '8')}`,
      balances: 'a,BTC,1.5\na,DUST,12.5\n',
      prices: `${price('BTC', '108649')}${price('DUST', '0.000000000099')}`,
    });
    const error = await refusalOf(path);
    expect(error).toMatchObject({
      errorClass: 'source',
      code: 'price-too-small',
      details: { asset: 'DUST' },
    });
    expect(error.message).toContain('give it at most 7 decimals (0 to 7 fit), or write auto');
  });

  it('name the decimals that fit where an amount is too large', async () => {
    const path = await writeBooks({
      assets: asset('MANY', '18'),
      balances: 'a,MANY,100000000000000\n',
      prices: price('MANY', '0.000008'),
    });
    const error = await refusalOf(path);
    expect(error).toMatchObject({
      errorClass: 'source',
      code: 'amount-too-large',
      details: { assets: ['MANY'] },
    });
    expect(error.message).toContain('give MANY at most 5 decimals');
  });

  it.each([
    ['many zeros behind the point', `20000000000.${'0'.repeat(40)}`, { a: { ETH: '20' } }],
    ['many zeros before it', `${'0'.repeat(60)}20000000000`, { a: { ETH: '20' } }],
  ])('count base units with %s as what they are without', async (_, stated, holdings) => {
    const path = await writeBooks({
      assets: asset('ETH', '9', ', unit: 18'),
      balances: `a,ETH,${stated}\n`,
      prices: price('ETH', '2500'),
    });
    const { accounts } = await takeSnapshot(path);
    expect(listHoldings(accounts, ['ETH'])).toEqual(holdings);
  });

  it.each([
    [6, '1.5'],
    [6, '-0.5'],
    [18, '1.5'],
    [18, `1.${'0'.repeat(40)}1`],
  ])('refuse a part of a base unit of 10^-%i: %s', async (unit, stated) => {
    const path = await writeBooks({
      assets: asset('ETH', '9', `, unit: ${unit}`),
      balances: `a,ETH,${stated}\n`,
      prices: price('ETH', '2500'),
    });
    const error = await refusalOf(path);
    expect(error).toMatchObject({ errorClass: 'source', code: 'amount-too-precise' });
    expect(error.message).toContain('none of an amount in base units');
  });
});
