import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { PLANTS, type Plant } from '../../../../scripts/generate/venue/plants.js';
import {
  generateVenue,
  type GeneratedVenue,
  type VenueOptions,
} from '../../../../scripts/generate/venue/venue.js';
import { parseStatement, sumStatement } from '../../../../src/protocol/index.js';
import { recomputeLines } from '../../../../src/protocol/valuation/index.js';
import { SourceError } from '../../../../src/snapshot/index.js';
import { refusalOf, takeSnapshot } from './snapshots.js';
import { makeDirectory } from '../../../directory.js';

async function generate(options: Partial<VenueOptions> = {}): Promise<GeneratedVenue> {
  return generateVenue({ users: 200, seed: 5, directory: await makeDirectory(), format: 'csv', ...options });
}

async function snapshotOf(options: Partial<VenueOptions> = {}) {
  return takeSnapshot((await generate(options)).configPath);
}

/** The bytes of a sealed file. */
function readSealed(taken: Awaited<ReturnType<typeof snapshotOf>>, name: string): Promise<Buffer> {
  return readFile(join(taken.snapshot.directory, name));
}

describe('a snapshot of the books of a made-up venue', () => {
  it('has every user, with a statement whose lines can be made again and add up to what they hold and owe', async () => {
    const { snapshot, accounts } = await snapshotOf();
    expect(accounts).toHaveLength(200);
    for (const { statement, holdings } of accounts) {
      const { lines } = parseStatement(statement!);
      expect(sumStatement(lines, snapshot.assets)).toEqual(holdings);
      expect(recomputeLines(lines, snapshot)).toHaveLength(lines.length);
    }
    const kinds = accounts.flatMap(({ statement }) =>
      parseStatement(statement!).lines.map(({ kind }) => kind),
    );
    // Every kind of line but those of balances without holds, and of debts that are written off.
    expect(new Set(kinds).size).toBe(13);
    const debtors = accounts.filter(({ holdings }) => holdings.some(({ debtUnits }) => debtUnits > 0n));
    expect(debtors.length).toBeGreaterThan(20);
  });

  it.each([1, 2, 3, 4, 5, 6])(
    'finds no break and nobody under water in sound books of seed %i',
    async (seed) => {
      const isolatedLoss = seed % 2 === 0 ? 'recourse' : 'limited';
      const { snapshot } = await snapshotOf({ seed, isolatedLoss, users: 300, assets: seed < 4 ? 16 : 64 });
      expect(snapshot.reconciliation!.acceptedBreaks).toEqual([]);
      expect(snapshot.reconciliation!.compared.balances).toBeGreaterThan(500);
      expect(snapshot.writeOffs.accounts).toBe(0);
    },
  );

  it('has the same accounts and prices from CSV, Parquet and NDJSON', async () => {
    const csv = await snapshotOf();
    for (const format of ['parquet', 'ndjson'] as const) {
      const other = await snapshotOf({ format });
      for (const name of ['accounts.parquet', 'statements.parquet']) {
        expect((await readSealed(other, name)).equals(await readSealed(csv, name))).toBe(true);
      }
      expect(other.snapshot.assets).toEqual(csv.snapshot.assets);
    }
  });

  it('has the same holdings whether cash is a total, without what orders hold, or of the ledger', async () => {
    const holdings = async (cash: VenueOptions['cash']) =>
      (await snapshotOf({ cash: cash! })).accounts.map(({ userId, holdings }) => ({ userId, holdings }));
    const total = await holdings('balances-total');
    expect(await holdings('balances-available')).toEqual(total);
    expect(await holdings('ledger')).toEqual(total);
  });
});

type Expected =
  | { readonly code: string }
  /** The kinds of breaks, the first of them about what was planted. */
  | { readonly breaks: readonly string[]; readonly hasFirstDiffering?: true };

/** What each plant is refused as. */
const EXPECTED: Readonly<Record<Plant, Expected>> = {
  'ledger-row-dropped': { breaks: ['balance-differs'], hasFirstDiffering: true },
  'ledger-row-doubled': { breaks: ['balance-differs'], hasFirstDiffering: true },
  'ledger-row-changed': { breaks: ['balance-differs'], hasFirstDiffering: true },
  'ledger-incomplete': { code: 'source-incomplete' },
  'balance-changed': { breaks: ['balance-differs', 'control-differs'] },
  'balance-doubled': { code: 'row-doubled' },
  'balance-of-unknown-asset': { code: 'asset-unknown' },
  'account-missing-in-balances': { breaks: ['account-missing-in-balances', 'control-differs'] },
  'account-missing-in-ledger': { breaks: ['account-missing-in-ledger'] },
  'account-not-listed': { code: 'account-unknown' },
  'account-under-water': { code: 'account-underwater' },
  'control-changed': { breaks: ['control-differs'] },
  'control-missing': { breaks: ['control-missing'] },
  'positions-not-netted': { breaks: ['positions-not-netted'] },
  'position-of-unknown-instrument': { code: 'instrument-unknown' },
  'position-without-margin': { code: 'value-missing' },
  'price-missing': { code: 'price-missing' },
  'price-stale': { code: 'price-stale' },
  'mark-missing': { code: 'mark-missing' },
  'mark-stale': { code: 'mark-stale' },
  'settlement-price-missing': { code: 'settlement-price-missing' },
};

/** What a message names where that is neither the instrument nor the asset. */
const NAMED_BY_MESSAGE: Partial<Record<Plant, string>> = {
  'ledger-incomplete': 'ledger',
  'account-under-water': 'underwater.csv',
};

type Break = { kind: string; account: string; asset: string; instrument: string; first_differing: string };

async function readBreaks(path: string): Promise<Break[]> {
  const [header, ...lines] = (await readFile(path, 'utf8')).trim().split('\n');
  const columns = header!.split(',');
  return lines.map((line) =>
    Object.fromEntries(line.split(',').map((value, column) => [columns[column]!, value])),
  ) as Break[];
}

describe('books with one break planted in them', () => {
  it.each(PLANTS)('are refused for %s, which is named, and leave nothing behind', async (plant) => {
    const venue = await generate({ plants: [plant] });
    const [{ account, asset, instrument } = {}] = venue.planted;
    const findingsDirectory = await makeDirectory();
    const outDirectory = join(await makeDirectory(), 'snapshot');
    const error = await refusalOf(venue.configPath, { findingsDirectory, outDirectory });
    expect(await readdir(dirname(outDirectory))).toEqual([]);
    const expected = EXPECTED[plant];
    if ('code' in expected) {
      expect(error.code).toBe(expected.code);
      // A row is named by its line; what is not in a file, by the asset or the instrument.
      if (error instanceof SourceError) expect(error.problems[0]!.line).toBeGreaterThan(1);
      else expect(error.message).toContain(NAMED_BY_MESSAGE[plant] ?? instrument ?? asset);
      return;
    }
    expect(error).toMatchObject({ code: 'books-do-not-reconcile', errorClass: 'reconciliation' });
    const breaks = await readBreaks(join(findingsDirectory, 'breaks.csv'));
    expect([...new Set(breaks.map(({ kind }) => kind))].sort()).toEqual([...expected.breaks].sort());
    const named = breaks.filter(({ kind }) => kind === expected.breaks[0]);
    expect(named.map((row) => row.account)).toContain(account ?? '');
    expect(named.map((row) => row.instrument)).toContain(instrument ?? '');
    expect(named.map((row) => row.asset)).toContain(asset ?? '');
    expect(named[0]!.first_differing !== '').toBe(expected.hasFirstDiffering === true);
    expect(`${error.message} ${JSON.stringify(error.details)}`).not.toContain(account ?? 'A0000');
  });
});
