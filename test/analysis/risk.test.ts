import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { assessRisk, writeStatements, type RiskSummary } from '../../src/analysis/index.js';
import { revalue } from '../../src/analysis/risk/shocks.js';
import type { SealedInstrument } from '../../src/analysis/instruments.js';
import { REPORT_FORMAT } from '../../src/protocol/index.js';
import { priceBlack76, toRational, ZERO } from '../../src/protocol/valuation/index.js';
import { createSnapshotFromBooks, loadSnapshot, type Snapshot } from '../../src/snapshot/index.js';
import { approximateBlack76, implyVolatility } from '../../src/presentation/index.js';
import { INSTANTS, PRICES, writeRandomBooks } from './random-books.js';

let directory: string;
let snapshot: Snapshot;
let summary: RiskSummary;
let configPath: string;
const root = (name: string) => join(directory, name);

/** The mark of MARKED at the price of BTC and the volatility that are shocked, which it implies at the price of now. */
function shockMark(mark: number): string {
  const forward = Number(PRICES.BTC![1]);
  const years = (Date.parse('2026-03-27T08:00:00Z') - Date.parse(INSTANTS[1])) / (365 * 86_400_000);
  const terms = { isCall: true, forward, strike: 120_000, rate: 0.04, years };
  const volatility = implyVolatility(terms, mark * forward)! + 0.1;
  return (approximateBlack76({ ...terms, forward: forward * 1.2, volatility }) / (forward * 1.2)).toFixed(18);
}

/** Prices, marks and forwards of a fifth more, volatilities of ten points more: what the cell of these says is taken anew. */
async function shockBooks(root: string): Promise<void> {
  const prices = await readFile(join(root, 'prices.csv'), 'utf8');
  const marks = await readFile(join(root, 'marks.csv'), 'utf8');
  const scale = (price: string) => String(Math.round(Number(price) * 1.2 * 1e8) / 1e8);
  await writeFile(
    join(root, 'prices.csv'),
    prices.replace(
      /^(BTC|ETH|OLD),([0-9.]+)/gm,
      (_, asset: string, price: string) => `${asset},${scale(price)}`,
    ),
  );
  await writeFile(
    join(root, 'marks.csv'),
    marks.replace(
      /^([A-Z]+),(mark|forward|volatility),([0-9.]+),/gm,
      (line, instrument: string, kind: string, price: string) => {
        // A mark in the coin that implies no volatility stays, and another moves with what it implies.
        if (instrument === 'BELOW') return line;
        if (instrument === 'MARKED') return `${instrument},${kind},${shockMark(Number(price))},`;
        const shocked =
          kind === 'volatility' ? String(Math.round((Number(price) + 0.1) * 1e8) / 1e8) : scale(price);
        return `${instrument},${kind},${shocked},`;
      },
    ),
  );
}

async function query(sql: string) {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  return (await connection.run(sql)).getRowObjectsJS();
}

/** What users under water lack, and what isolated buckets lack, by a snapshot's own components. */
async function countLacks({ directory: sealed, assets }: Snapshot) {
  const listed = assets.map(
    ({ price, decimals, collateralRatio }, at) =>
      `(${at}, ${price}::DOUBLE / 1e${decimals}, ${price}::DOUBLE * ${collateralRatio} / 1e${decimals})`,
  );
  const [row] = await query(`
    WITH asset (asset_index, price, collateral) AS (VALUES ${listed.join(', ')}),
    net AS (
      SELECT user_id, account, bucket, asset_index, sum(value_units)::DOUBLE AS net
      FROM read_parquet('${join(sealed, 'components.parquet')}') WHERE kind NOT IN ('write-off', 'isolated-loss-limit') GROUP BY ALL
    ), bucket AS (
      SELECT user_id, account, bucket, sum(net * price) AS worth, sum(if(net > 0, net * collateral, net * price)) AS cover
      FROM net JOIN asset USING (asset_index) GROUP BY ALL
    ), client AS (
      SELECT user_id, sum(if(bucket <> 'cross' AND worth < 0, 0, cover)) AS cover, sum(if(bucket <> 'cross' AND worth < 0, -worth, 0)) AS isolated
      FROM bucket GROUP BY user_id
    )
    SELECT count(*) FILTER (cover < -1e-6) AS under_water, coalesce(sum(-cover) FILTER (cover < -1e-6), 0) AS shortfall, sum(isolated) AS isolated FROM client`);
  return {
    underWater: Number(row!.under_water),
    shortfall: row!.shortfall as number,
    isolated: row!.isolated as number,
  };
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'solvent-risk-'));
  const books = await writeRandomBooks(root('books'), { seed: 11, accountCount: 60 });
  configPath = books.configPaths[1]!;
  snapshot = await createSnapshotFromBooks({
    configPath,
    takenAt: INSTANTS[1],
    outDirectory: root('snapshot'),
  });
  summary = await assessRisk({ snapshot: snapshot.directory, configPath, outDirectory: root('risk') });
});

afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

const cellAt = (priceChange: string, volatilityShift: string) =>
  summary.grid.find((cell) => cell.priceChange === priceChange && cell.volatilityShift === volatilityShift)!;

describe('the grid of an assessment', () => {
  it('has what users lack now in its middle', async () => {
    const { underWater, shortfall, isolated } = await countLacks(snapshot);
    const now = cellAt('0.00', '0.00');
    expect(underWater).toBeGreaterThan(0);
    expect(now.underWater).toBe(underWater);
    expect(Number(now.shortfall)).toBeCloseTo(shortfall, 1);
    expect(Number(now.isolatedShortfall)).toBeCloseTo(isolated, 1);
    expect(summary.grid).toHaveLength(15 * 9);
  });

  it('has in a cell what a snapshot of the books at those prices and volatilities has', async () => {
    await shockBooks(dirname(configPath));
    const taken = await createSnapshotFromBooks({
      ...{ configPath, takenAt: INSTANTS[1], outDirectory: root('shocked') },
    });
    const { underWater, shortfall, isolated } = await countLacks(taken);
    const cell = cellAt('0.20', '0.10');
    expect(cell.underWater).toBe(underWater);
    // Components are rounded to proof units.
    expect(Number(cell.shortfall) / shortfall).toBeCloseTo(1, 7);
    expect(Number(cell.isolatedShortfall)).toBeCloseTo(isolated, 1);
    expect(Math.abs(shortfall - Number(cellAt('0.20', '0.00').shortfall))).toBeGreaterThan(1);
  });

  it('names what it cannot move', () => {
    expect(summary.moving).toEqual(['BTC', 'ETH']);
    expect(summary.impliedVolatility).toEqual(['MARKED']);
    expect(summary.unshocked).toEqual(['BELOW', 'UNSETTLED']);
  });

  it('refuses assets that are not listed, and another configuration', async () => {
    const options = { snapshot: snapshot.directory, outDirectory: root('none') };
    await expect(assessRisk({ ...options, still: ['NONE'] })).rejects.toMatchObject({
      code: 'asset-unlisted',
    });
    await writeFile(root('other.yaml'), `${await readFile(configPath, 'utf8')}\n`);
    await expect(assessRisk({ ...options, configPath: root('other.yaml') })).rejects.toMatchObject({
      code: 'snapshots-unfit',
    });
    expect(await readdir(directory)).not.toContain('none');
  });
});

it('an option under a shock has the exact price, within 10^-9 of the forward', () => {
  const atNs = BigInt(Date.parse(INSTANTS[0])) * 1_000_000n;
  const day = 86_400_000_000_000n;
  const option: SealedInstrument = {
    ...{
      name: 'CALL',
      kind: 'option',
      underlying: 'BTC',
      settlementAsset: 'BTC',
      terms: '',
      contractSize: 1,
    },
    ...{
      style: 'premium-paid',
      right: 'call',
      strike: 100_000,
      expiryNs: atNs + 73n * day,
      mark: null,
      delivery: null,
    },
    ...{
      forward: { price: 90_000, asset: 'USD' },
      volatility: 0.5,
      isImplied: false,
      rate: 0,
      yearNs: 365 * Number(day),
      atNs,
    },
  };
  const exact = (forward: bigint, percent: bigint) => {
    const price = priceBlack76({
      ...{ right: 'call', inCoin: true, forward: toRational(forward, 0) },
      ...{
        strike: toRational(100_000n, 0),
        volatility: toRational(percent, 2),
      },
      ...{ rate: ZERO, years: { numerator: 1n, denominator: 5n } },
    })!;
    return Number(price.coefficient) / 1e18;
  };
  const prices = new Map([
    ['BTC', 90_000],
    ['USD', 1],
  ]);
  for (const [factor, forward] of [
    [0.5, 45_000n],
    [1, 90_000n],
    [1.5, 135_000n],
  ] as const) {
    for (const [shift, percent] of [
      [-0.2, 30n],
      [0, 50n],
      [0.3, 80n],
    ] as const) {
      const { step } = revalue(option, prices, { factor, volatilityShift: shift, moving: new Set(['BTC']) });
      expect(Math.abs(step - (exact(forward, percent) - exact(90_000n, 50n)))).toBeLessThan(1e-9);
    }
  }
});

describe('the files of an assessment', () => {
  it('are private, and have Greeks of both conventions, whose gammas differ in sign for a call in the money', async () => {
    for (const name of await readdir(root('risk')))
      expect((await stat(join(root('risk'), name))).mode & 0o777).toBe(0o600);
    const signs = await query(`
      SELECT DISTINCT gamma * coin_gamma < 0 AS opposite FROM read_parquet('${root('risk/greeks.parquet')}')
      WHERE expiry = '2026-03-27T08:00:00.000Z' AND underlying = 'BTC' AND gamma <> 0`);
    expect(signs.length).toBeGreaterThan(0);
    const [covers] = await query(`
      SELECT count(*) AS users, count_if(cover < 1) AS under, count_if(ends_below < 0) AS below FROM read_parquet('${root('risk/cover.parquet')}')`);
    expect(Number(covers!.users)).toBeGreaterThan(50);
    expect(Number(covers!.below)).toBeGreaterThan(0);
  });
});

describe('statements of position', () => {
  it('are a page for each client, under a number, with the verdict’s code', async () => {
    const report = {
      ...{
        format: REPORT_FORMAT,
        subject: 'bundle',
        platform: snapshot.platform,
        takenAt: snapshot.takenAt,
      },
      ...{
        code: 'bundle-valid',
        verdict: 'All of it is shown.',
        insecure: true,
        manifestHash: 'ab'.repeat(32),
      },
      stated: { snapshotHash: snapshot.hash },
    };
    await writeFile(root('report.json'), JSON.stringify(report));
    const pages = await writeStatements({
      ...{
        snapshot: snapshot.directory,
        outDirectory: root('statements'),
        reportPath: root('report.json'),
      },
    });
    expect(pages).toBe((await loadSnapshot(snapshot.directory)).accountCount);
    const index = (await readFile(root('statements/index.csv'), 'utf8')).trimEnd().split('\n');
    expect(index).toHaveLength(pages + 1);
    expect(index[1]).toBe('0001/0000001.html,"acc-0@example.com"');
    const page = await readFile(root('statements/0001/0000001.html'), 'utf8');
    for (const shown of [
      'acc-0@example.com',
      'bundle-valid',
      'INSECURE',
      snapshot.hash,
      'solvent-verify inclusion',
    ])
      expect(page).toContain(shown);
    expect((await stat(root('statements/0001/0000001.html'))).mode & 0o777).toBe(0o600);

    await writeFile(root('report.json'), JSON.stringify({ ...report, stated: { snapshotHash: '00' } }));
    await expect(
      writeStatements({
        ...{ snapshot: snapshot.directory, outDirectory: root('more'), reportPath: root('report.json') },
      }),
    ).rejects.toMatchObject({ code: 'report-unfit' });
  });
});
