import { appendFile, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { beforeEach, describe, expect, it } from 'vitest';

import { encodeJsonLine } from '../../../src/protocol/index.js';
import {
  createSnapshot,
  loadSnapshot,
  readAccounts,
  type Snapshot,
  type TakenSnapshot,
} from '../../../src/snapshot/index.js';
import { assertTotals } from '../../../src/snapshot/sealed/state-snapshot.js';
import { balances, breakSeal, collectAccounts, makeVenue } from '../venue.js';
import { makeDirectory } from '../../directory.js';

type Json = Record<string, unknown>;

let snapshot: TakenSnapshot;

beforeEach(async () => {
  const venue = await makeVenue({
    balances: balances('ann,AAA,1,0', 'ann,BBB,2,1', 'bob,BBB,3,0', 'cyd,AAA,0,0'),
  });
  snapshot = await createSnapshot(venue.options);
  await breakSeal(snapshot.directory);
});

/** Rewrites snapshot.json, canonically. */
async function alter(change: (file: Json) => void): Promise<void> {
  const path = join(snapshot.directory, 'snapshot.json');
  const file = JSON.parse(await readFile(path, 'utf8')) as Json;
  change(file);
  await writeFile(path, encodeJsonLine(file));
}

describe('loadSnapshot', () => {
  it('gives what createSnapshot gave', async () => {
    const { wasComplete, ...taken } = snapshot;
    expect(wasComplete).toBe(false);
    expect(await loadSnapshot(snapshot.directory)).toEqual(taken);
  });

  it('names a snapshot by all that is in snapshot.json', async () => {
    await alter((file) => (file.platform = 'Another Exchange'));
    expect((await loadSnapshot(snapshot.directory)).hash).not.toBe(snapshot.hash);
  });

  it.each([
    ['a byte is added to', (path: string) => appendFile(path, 'x')],
    ['that is cut short', (path: string) => truncate(path, 10)],
    [
      'a byte of it is changed',
      async (path: string) => {
        const bytes = await readFile(path);
        bytes[bytes.length >> 1]! ^= 1;
        await writeFile(path, bytes);
      },
    ],
  ])('refuses accounts when %s', async (_, damage) => {
    await damage(join(snapshot.directory, 'accounts.parquet'));
    await expect(loadSnapshot(snapshot.directory)).rejects.toMatchObject({
      errorClass: 'artefact',
      code: 'snapshot-file-changed',
      details: { file: 'accounts.parquet' },
    });
  });

  it('refuses a directory without a snapshot, or without its accounts', async () => {
    const missing = { errorClass: 'usage', code: 'snapshot-missing' };
    await expect(loadSnapshot(await makeDirectory())).rejects.toMatchObject(missing);
    const unreadable = { errorClass: 'usage', code: 'file-unreadable' };
    await rm(join(snapshot.directory, 'accounts.parquet'));
    await expect(loadSnapshot(snapshot.directory)).rejects.toMatchObject(unreadable);
  });

  const asset = {
    symbol: 'AAA',
    decimals: 2,
    price: '10',
    collateralRatio: '0.5',
    priceSource: null,
    pricedAt: null,
    maxPriceAgeMs: null,
  };
  it.each<[string, (file: Json) => void, string]>([
    ['another version', (file) => (file.format = 'solvent/snapshot/v1'), 'format-unknown'],
    ['an unknown field', (file) => (file.note = ''), 'schema-violated'],
    ['a missing field', (file) => delete file.quote, 'schema-violated'],
    ['an instant out of form', (file) => (file.takenAt = '2026-01-31T00:00:00+00:00'), 'schema-violated'],
    [
      'a total with a sign',
      (file) => (file.totals = [{ asset: 'AAA', equity: '-1', debt: '0' }]),
      'schema-violated',
    ],
    [
      'a total of 2^108',
      (file) => (file.totals = [{ asset: 'AAA', equity: String(2n ** 108n), debt: '0' }]),
      'schema-violated',
    ],
    [
      'a file elsewhere',
      (file) => (file.files = [{ name: '../x', sha256: '0'.repeat(64), sizeBytes: 1 }]),
      'schema-violated',
    ],
    ['no accounts', (file) => (file.accountCount = 0), 'schema-violated'],
    ['another scale', (file) => (file.scale = 3), 'snapshot-inconsistent'],
    ['an asset twice', (file) => (file.assets = [asset, asset]), 'snapshot-inconsistent'],
    ['an asset without a total', (file) => (file.totals = []), 'snapshot-inconsistent'],
    ['rounding of another asset', (file) => (file.rounding = []), 'snapshot-inconsistent'],
    [
      'a write-off of an unlisted asset',
      (file) => (file.writeOffs = { accounts: 1, debts: [{ asset: 'CCC', debt: '1' }] }),
      'snapshot-inconsistent',
    ],
  ])('refuses %s', async (_, change, code) => {
    await alter(change);
    await expect(loadSnapshot(snapshot.directory)).rejects.toMatchObject({ errorClass: 'format', code });
  });

  it('refuses JSON in another spelling', async () => {
    const path = join(snapshot.directory, 'snapshot.json');
    await writeFile(path, JSON.stringify(JSON.parse(await readFile(path, 'utf8')), null, 2));
    await expect(loadSnapshot(snapshot.directory)).rejects.toMatchObject({ code: 'json-not-canonical' });
  });
});

describe('readAccounts', () => {
  const mismatch = { errorClass: 'artefact', code: 'snapshot-accounts-mismatch' };

  it('can be left early, and read again', async () => {
    for await (const { userId } of readAccounts(snapshot)) {
      expect(userId).toBe('ann');
      break;
    }
    expect(await collectAccounts(snapshot)).toHaveLength(3);
    expect((await readdir(snapshot.directory)).sort()).toEqual(['accounts.parquet', 'snapshot.json']);
  });

  it.each<[string, (found: Snapshot) => Partial<Snapshot>]>([
    ['number of accounts', () => ({ accountCount: 4 })],
    ['number of holdings', () => ({ holdingCount: 2 })],
    ['equity', ({ totals }) => ({ totals: [{ ...totals[0]!, equity: '101' }, totals[1]!] })],
    ['debt', ({ totals }) => ({ totals: [totals[0]!, { ...totals[1]!, debt: '0' }] })],
    ['list of assets', ({ assets, totals }) => ({ assets: [assets[0]!], totals: [totals[0]!] })],
  ])('refuses accounts that do not have the stated %s', async (_, change) => {
    await expect(collectAccounts({ ...snapshot, ...change(snapshot) })).rejects.toMatchObject(mismatch);
  });

  it('refuses the accounts of another snapshot put in their place', async () => {
    const venue = await makeVenue({
      balances: balances('ann,AAA,1,0', 'ann,BBB,2,1', 'bob,BBB,4,0', 'cyd,AAA,0,0'),
    });
    const other = await createSnapshot(venue.options);
    const accounts = await readFile(join(other.directory, 'accounts.parquet'));
    await writeFile(join(snapshot.directory, 'accounts.parquet'), accounts);
    await expect(collectAccounts(snapshot)).rejects.toMatchObject(mismatch);
  });
});

describe('assertTotals', () => {
  it('takes totals below 2^108 and names each that is not', () => {
    const most = 2n ** 108n - 1n;
    expect(() => {
      assertTotals([{ asset: 'AAA', equity: most, debt: most }], 'balances.csv');
    }).not.toThrow();
    const beyond = { asset: 'BBB', equity: most + 1n, debt: most + 1n };
    expect(() => {
      assertTotals([{ asset: 'AAA', equity: most, debt: 0n }, beyond], 'balances.csv');
    }).toThrow(expect.objectContaining({ code: 'total-too-large', problemCount: 2 }) as Error);
  });
});
