import { createHash } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { appendFile, chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { encodeJsonLine } from '../../../src/protocol/index.js';
import { createSnapshot, loadSnapshot, type SnapshotProgress } from '../../../src/snapshot/index.js';
import { balances, collectAccounts, makeVenue, PLAIN_ASSETS, takeSnapshot } from '../venue.js';

/** What a snapshot says of a source file of one row that has no time of its own. */
const WHOLE_FILE = {
  query: null,
  rows: 1,
  rowsAfterInstant: 0,
  ignoredColumns: [],
  completeTo: null,
  firstAt: null,
  lastAt: null,
};

const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('createSnapshot', () => {
  it('turns decimals into proof units, in favour of the user, and says what rounding did', async () => {
    const snapshot = await takeSnapshot({
      balances: balances(
        'bob,AAA,1.5,0', // 150 units
        'ann,BBB,7,0', // 7 units
        'ann,AAA,0.0101,0.0199', // 1.01 units round up to 2, 1.99 units down to 1
        'cyd,AAA,2.000,0.00', // 200 units
        'cyd,BBB,0.25,0', // 0.25 units round up to 1
        'dan,AAA,0,0',
      ),
    });
    expect(await collectAccounts(snapshot)).toEqual([
      {
        userId: 'ann',
        holdings: [
          { assetIndex: 0, equityUnits: 2n, debtUnits: 1n },
          { assetIndex: 1, equityUnits: 7n, debtUnits: 0n },
        ],
      },
      { userId: 'bob', holdings: [{ assetIndex: 0, equityUnits: 150n, debtUnits: 0n }] },
      {
        userId: 'cyd',
        holdings: [
          { assetIndex: 0, equityUnits: 200n, debtUnits: 0n },
          { assetIndex: 1, equityUnits: 1n, debtUnits: 0n },
        ],
      },
      { userId: 'dan', holdings: [] },
    ]);
    expect(snapshot).toMatchObject({
      accountCount: 4,
      holdingCount: 5,
      totals: [
        { asset: 'AAA', equity: '352', debt: '1' },
        { asset: 'BBB', equity: '8', debt: '0' },
      ],
      rounding: [
        { asset: 'AAA', equity: '0.99', debt: '0.99' },
        { asset: 'BBB', equity: '0.75', debt: '0' },
      ],
      writeOffs: { accounts: 0, debts: [] },
    });
  });

  it('writes canonical JSON that names its sources, prices and files', async () => {
    const rows = balances('ann,AAA,1,0');
    const venue = await makeVenue({
      balances: rows,
      assets: 'symbol,decimals,price,collateral_ratio\nAAA,2,10.50,0.50\n',
    });
    const snapshot = await createSnapshot({ ...venue.options, takenAt: '2026-01-31T01:30:00.250+01:00' });
    const bytes = await readFile(join(snapshot.directory, 'snapshot.json'));
    const { directory, hash, wasComplete, ...file } = snapshot;
    expect(wasComplete).toBe(false);
    expect(directory).toBe(venue.options.outDirectory);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(Buffer.from(encodeJsonLine(file))).toEqual(bytes);
    const accounts = await readFile(join(directory, 'accounts.parquet'));
    expect(file).toEqual({
      format: 'solvent/snapshot/v2',
      platform: 'Example Exchange',
      takenAt: '2026-01-31T00:30:00.25Z',
      quote: 'USD',
      // 10.5 · 10^(20 - 2) is below 2^64 = 1.8 · 10^19, ten times that is not.
      scale: 20,
      assets: [
        {
          symbol: 'AAA',
          decimals: 2,
          price: '10.5',
          collateralRatio: '0.5',
          priceSource: null,
          pricedAt: null,
          maxPriceAgeMs: null,
        },
      ],
      maxMarkAgeMs: null,
      configurationSha256: null,
      sources: [
        {
          role: 'assets',
          files: [
            {
              fileName: 'assets.csv',
              sha256: sha256('symbol,decimals,price,collateral_ratio\nAAA,2,10.50,0.50\n'),
            },
          ],
          ...WHOLE_FILE,
        },
        {
          role: 'balances',
          files: [{ fileName: 'balances.csv', sha256: sha256(rows) }],
          ...WHOLE_FILE,
        },
      ],
      reconciliation: null,
      valuation: null,
      accountCount: 1,
      holdingCount: 1,
      totals: [{ asset: 'AAA', equity: '100', debt: '0' }],
      rounding: [{ asset: 'AAA', equity: '0', debt: '0' }],
      writeOffs: { accounts: 0, debts: [] },
      files: [{ name: 'accounts.parquet', sha256: sha256(accounts), sizeBytes: accounts.length }],
    });
  });

  it('leaves two files that only their owner can read and nobody can write, and nothing else', async () => {
    const venue = await makeVenue({ balances: balances('ann,AAA,1,0') });
    const { directory } = await createSnapshot(venue.options);
    expect((await readdir(directory)).sort()).toEqual(['accounts.parquet', 'snapshot.json']);
    expect((await readdir(venue.directory)).sort()).toEqual(['assets.csv', 'balances.csv', 'snapshot']);
    const modes = [directory, join(directory, 'accounts.parquet'), join(directory, 'snapshot.json')];
    const bits = await Promise.all(modes.map(async (path) => (await stat(path)).mode & 0o777));
    expect(bits).toEqual([0o700, 0o400, 0o400]);
  });

  it('makes the same bytes of the same inputs, and the same accounts of the same rows in any order', async () => {
    const rows = Array.from({ length: 3000 }, (_, index) => {
      const user = `user${(index * 7919) % 3000}`;
      return `${user},${index % 3 === 0 ? 'BBB' : 'AAA'},${index}.5,${index % 5}`;
    });
    const first = await takeSnapshot({ balances: balances(...rows) }, { underwater: 'write-off' });
    const again = await takeSnapshot({ balances: balances(...rows) }, { underwater: 'write-off' });
    const reversed = await takeSnapshot(
      { balances: balances(...rows.reverse()) },
      { underwater: 'write-off' },
    );
    const load = (directory: string, name: string) => readFile(join(directory, name));
    for (const name of ['accounts.parquet', 'snapshot.json']) {
      expect(await load(again.directory, name)).toEqual(await load(first.directory, name));
    }
    expect(again.hash).toBe(first.hash);
    expect(reversed.files).toEqual(first.files);
    expect(reversed.hash).not.toBe(first.hash);
  });

  it('reads the largest amount there is, and sums beyond 64 bits', async () => {
    const most = 2n ** 64n - 1n;
    const snapshot = await takeSnapshot({
      balances: balances(`ann,BBB,${most},0`, `bob,BBB,${most}.000,${most}.9`, `cyd,BBB,${most - 1n}.5,0`),
    });
    expect(snapshot.totals[1]).toEqual({ asset: 'BBB', equity: String(3n * most), debt: String(most) });
    expect(snapshot.rounding[1]).toEqual({ asset: 'BBB', equity: '0.5', debt: '0.9' });
  });

  it('keeps thirty digits behind the point in what it says of rounding', async () => {
    const smallest = `0.${'0'.repeat(29)}1`;
    const snapshot = await takeSnapshot({
      balances: balances(`ann,BBB,${smallest},0`, `bob,BBB,10,0.${'9'.repeat(30)}`),
    });
    expect(snapshot.rounding[1]).toEqual({
      asset: 'BBB',
      equity: `0.${'9'.repeat(30)}`,
      debt: `0.${'9'.repeat(30)}`,
    });
  });

  it('takes rows without a debt, columns in any order, and zeros in front', async () => {
    const expected = await takeSnapshot({ balances: balances('ann,AAA,1,0', 'bob,BBB,2,0') });
    const withoutDebt = await takeSnapshot({ balances: 'user_id,asset,equity\nann,AAA,1\nbob,BBB,2\n' });
    const otherOrder = await takeSnapshot({
      balances: 'debt,equity,asset,user_id\n,0001,AAA,ann\n,2,BBB,bob\n',
    });
    expect(withoutDebt.files).toEqual(expected.files);
    expect(otherOrder.files).toEqual(expected.files);
  });

  it('orders users by the bytes of their ids', async () => {
    const users = ['\u{1f600}', '\uffee', 'z', 'ß', 'a b', 'a', 'B', '~'];
    const snapshot = await takeSnapshot({ balances: balances(...users.map((user) => `${user},AAA,1,0`)) });
    const accounts = await collectAccounts(snapshot);
    expect(accounts.map(({ userId }) => userId)).toEqual([
      'B',
      'a',
      'a b',
      'z',
      '~',
      'ß',
      '\uffee',
      '\u{1f600}',
    ]);
  });

  it('puts user ids in Unicode NFC', async () => {
    const snapshot = await takeSnapshot({ balances: balances('rene\u0301,AAA,1,0') });
    const [account] = await collectAccounts(snapshot);
    expect(account!.userId).toBe('ren\u00e9');
  });

  it('works in directories whose names DuckDB would take for patterns', async () => {
    const venue = await makeVenue({ balances: balances('ann,AAA,1,0') });
    const odd = join(venue.directory, "we[ir]d *?'{a,b}");
    await mkdir(odd);
    const balancesPath = join(odd, "b[a]l*.csv'");
    await writeFile(balancesPath, balances('ann,AAA,1,0'));
    await writeFile(join(odd, 'bal.csv'), balances('bob,AAA,1,0'));
    const outDirectory = join(odd, 'snap[1]?');
    const snapshot = await createSnapshot({ ...venue.options, balancesPath, outDirectory });
    expect((await collectAccounts(snapshot)).map(({ userId }) => userId)).toEqual(['ann']);
  });

  it('reports progress to the end of each stage', async () => {
    const seen: SnapshotProgress[] = [];
    const rows = balances('ann,AAA,1,0');
    await takeSnapshot({ balances: rows }, { onProgress: (progress) => seen.push(progress) });
    const last = new Map(seen.map((progress) => [progress.stage, progress]));
    expect([...last.keys()]).toEqual(['scan', 'read', 'settle', 'write']);
    for (const { done, total } of last.values()) expect(done).toBe(total);
    expect(last.get('scan')!.total).toBe(rows.length);
  });

  it('refuses a balance file that changes while it is read', async () => {
    const venue = await makeVenue({ balances: balances('ann,AAA,1,0') });
    const onProgress = ({ stage }: SnapshotProgress) => {
      if (stage === 'read') appendFileSync(venue.options.balancesPath, 'bob,AAA,1,0\n');
    };
    await expect(createSnapshot({ ...venue.options, onProgress })).rejects.toMatchObject({
      code: 'source-changed',
    });
    expect((await readdir(venue.directory)).sort()).toEqual(['assets.csv', 'balances.csv']);
  });

  it('refuses a directory that has something in it, and leaves it as it was', async () => {
    const venue = await makeVenue({ balances: balances('ann,AAA,1,0') });
    const taken = await createSnapshot(venue.options);
    const refusal = { errorClass: 'usage', code: 'directory-exists' };
    const other = createSnapshot({ ...venue.options, takenAt: '2026-02-28T00:00:00Z' });
    await expect(other).rejects.toMatchObject(refusal);
    appendFileSync(venue.options.balancesPath, 'bob,AAA,1,0\n');
    await expect(createSnapshot(venue.options)).rejects.toMatchObject(refusal);
    expect(await loadSnapshot(venue.options.outDirectory)).toMatchObject({
      hash: taken.hash,
      accountCount: 1,
    });
    expect((await readdir(venue.directory)).sort()).toEqual(['assets.csv', 'balances.csv', 'snapshot']);
  });

  it('finds the same snapshot complete, and leaves it as it is', async () => {
    const venue = await makeVenue({ balances: balances('ann,AAA,1,0') });
    const taken = await createSnapshot(venue.options);
    const path = join(venue.options.outDirectory, 'accounts.parquet');
    const before = await stat(path);
    expect(await createSnapshot(venue.options)).toEqual({ ...taken, wasComplete: true });
    expect((await stat(path)).ino).toBe(before.ino);
    await chmod(path, 0o600);
    await appendFile(path, 'x');
    await expect(createSnapshot(venue.options)).rejects.toMatchObject({ code: 'snapshot-file-changed' });
  });

  it.each([
    ['a bad instant', { takenAt: '2026-02-30T00:00:00Z' }, 'taken-at-malformed'],
    ['an instant without a zone', { takenAt: '2026-01-31T00:00:00' }, 'taken-at-malformed'],
    ['an empty platform name', { platform: ' ' }, 'platform-malformed'],
    ['a platform name with a control character', { platform: 'a\tb' }, 'platform-malformed'],
    ['a quote that is no symbol', { quote: 'US dollar' }, 'quote-malformed'],
    ['a balance file that is not there', { balancesPath: '/nowhere/balances.csv' }, 'file-unreadable'],
    ['an asset file that is a directory', { assetsPath: '/' }, 'file-unreadable'],
  ])('refuses %s as a mistake of the caller', async (_, options, code) => {
    const venue = await makeVenue({ balances: balances('ann,AAA,1,0'), assets: PLAIN_ASSETS });
    await expect(createSnapshot({ ...venue.options, ...options })).rejects.toMatchObject({
      errorClass: 'usage',
      code,
    });
    expect((await readdir(venue.directory)).sort()).toEqual(['assets.csv', 'balances.csv']);
  });
});
