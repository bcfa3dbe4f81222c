import fc from 'fast-check';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { parseDecimal, scaleUp, SolventError, type PricedAsset } from '../../../src/protocol/index.js';
import { readCsvRecords } from '../../../src/snapshot/reading/csv-records.js';
import { plainDecimal } from '../../../src/snapshot/reading/spelling.js';
import { scanCsv } from '../../../src/snapshot/reading/csv-scan.js';
import { deriveTwin, type TwinRow } from './twin.js';
import { balances, collectAccounts, refusalOf, takeSnapshot } from '../venue.js';
import { makeDirectory } from '../../directory.js';

const SEED = 20260131;

const digits = (maxLength: number) => fc.stringMatching(new RegExp(`^[0-9]{1,${maxLength}}$`));
/** Decimals with few and many digits, below 2^64 units at up to 8 decimals. */
const decimal = fc.oneof(
  fc.constantFrom('0', '0.0', '00', '1', '184467440737.09551614', `0.${'0'.repeat(29)}1`),
  digits(11),
  fc.tuple(digits(11), digits(30)).map((parts) => parts.join('.')),
  fc.tuple(digits(2), digits(4)).map((parts) => parts.join('.')),
);
const assetList = fc
  .array(
    fc.record({
      decimals: fc.integer({ min: 0, max: 8 }),
      price: fc.constantFrom('65000.5', '1', '0.9998', '0.031', '12.345678'),
      collateralRatio: fc.constantFrom('0', '0.5', '0.85', '0.999', '1'),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((list): PricedAsset[] => list.map((asset, at) => ({ symbol: `A${at}`, ...asset })));
const userId = fc.oneof(
  fc.stringMatching(/^[!#-+\--~]{1,3}$/),
  fc
    .constantFrom('a b', 'é', '\u{1f600}', '\uffee', 'e\u0301x', 'ann,bob', '"', 'x\\y')
    .map((text) => text.normalize('NFC')),
);

const venue = assetList.chain((assets) => {
  const row = fc.record({
    userId,
    assetIndex: fc.integer({ min: 0, max: assets.length - 1 }),
    equity: decimal,
    debt: fc.oneof({ weight: 3, arbitrary: fc.constant('0') }, decimal),
  });
  const rows = fc.uniqueArray(row, {
    minLength: 1,
    maxLength: 60,
    selector: (entry) => `${entry.assetIndex} ${entry.userId}`,
  });
  return fc.record({ assets: fc.constant(assets), rows });
});

function encodeAssets(assets: readonly PricedAsset[]): string {
  const rows = assets.map((asset) =>
    [asset.symbol, asset.decimals, asset.price, asset.collateralRatio].join(','),
  );
  return ['symbol,decimals,price,collateral_ratio', ...rows, ''].join('\n');
}

function encodeRow({ userId: user, assetIndex, equity, debt }: TwinRow, quoteAll: boolean): string {
  const name = quoteAll || /[",]/.test(user) ? `"${user.replaceAll('"', '""')}"` : user;
  return [name, `A${assetIndex}`, equity, debt].join(',');
}

describe('snapshots of random venues', () => {
  it('are what bigints say, account by account and in sum', async () => {
    await fc.assert(
      fc.asyncProperty(venue, fc.boolean(), async ({ assets, rows }, quoteAll) => {
        const expected = deriveTwin(assets, rows);
        const snapshot = await takeSnapshot(
          {
            balances: balances(...rows.map((row) => encodeRow(row, quoteAll))),
            assets: encodeAssets(assets),
          },
          { underwater: 'write-off' },
        );
        const { totals, rounding, writeOffs } = snapshot;
        expect({ totals, rounding, writeOffs }).toEqual({
          totals: expected.totals,
          rounding: expected.rounding,
          writeOffs: expected.writeOffs,
        });
        expect(await collectAccounts(snapshot)).toEqual(expected.accounts);
      }),
      { seed: SEED, numRuns: 25 },
    );
  }, 600_000);
});

/** Nothing is 0, and what a decimal may have without changing is taken off. */
const readPlain = (text: string) => parseDecimal(plainDecimal(text === '' ? '0' : text));

describe('amounts', () => {
  it('are taken and refused just as the protocol reads decimals, in their plain form', async () => {
    const anything = fc.oneof(
      decimal,
      fc.stringMatching(/^[0-9.+\-eE_ ]{0,6}$/),
      fc.tuple(digits(32), digits(32)).map((parts) => parts.join('.')),
      digits(32),
      fc.string({ maxLength: 5 }),
    );
    const texts = fc
      .sample(anything, { seed: SEED, numRuns: 1500 })
      .filter((text) => !/[\n\r",\0]/.test(text));
    const isTaken = (text: string) => {
      try {
        return scaleUp(readPlain(text), 2) < 2n ** 64n;
      } catch (error) {
        if (error instanceof SolventError) return false;
        throw error;
      }
    };
    const taken = texts.filter(isTaken);
    const refused = texts.filter((text) => !isTaken(text));
    expect(Math.min(taken.length, refused.length)).toBeGreaterThan(200);
    const snapshot = await takeSnapshot({
      balances: balances(...taken.map((text, at) => `u${at},AAA,${text},0`)),
    });
    const accounts = await collectAccounts(snapshot);
    const unitsOf = new Map(
      accounts.map((account) => [account.userId, account.holdings[0]?.equityUnits ?? 0n]),
    );
    taken.forEach((text, at) => {
      expect(unitsOf.get(`u${at}`)).toBe(scaleUp(readPlain(text), 2));
    });
    const error = await refusalOf({
      balances: balances(...refused.map((text, at) => `u${at},AAA,${text},0`)),
    });
    expect(error.problemCount).toBe(refused.length);
  });
});

describe('the scan of a CSV file', () => {
  it('calls plain only what the exact reader takes, one row a line', async () => {
    const directory = await makeDirectory();
    const path = join(directory, 'rows.csv');
    const piece = fc.constantFrom(
      'a',
      'é',
      ',',
      ',',
      '\n',
      '\n',
      '\r\n',
      '\r',
      '"',
      'a,b\n',
      'c,d\n',
      '\ufeff',
      ' ',
      '\0',
    );
    const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
    let plainCount = 0;
    await fc.assert(
      fc.asyncProperty(text, fc.boolean(), async (content, cutShort) => {
        const bytes = Buffer.from(content);
        await writeFile(path, cutShort ? bytes.subarray(0, -1) : bytes);
        const scan = await scanCsv(path);
        const records = [];
        for await (const batch of readCsvRecords(path)) records.push(...batch);
        if (!scan.plain) return;
        plainCount += 1;
        expect(records.every((record) => 'fields' in record)).toBe(true);
        expect(records.map(({ line }) => line)).toEqual(records.map((_, at) => at + 1));
        expect(scan.lineCount).toBe(Math.max(0, records.length - 1));
      }),
      { seed: SEED, numRuns: 300 },
    );
    expect(plainCount).toBeGreaterThan(25);
  });
});
