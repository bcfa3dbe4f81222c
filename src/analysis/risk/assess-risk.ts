import { chmod, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { BIGINT, BOOLEAN, DOUBLE, INTEGER, VARCHAR } from '@duckdb/node-api';

import { encodeJsonLine, requirePath } from '../../protocol/index.js';
import {
  COMPONENTS_FILE,
  escapePattern,
  HOUSE_FILE,
  loadSnapshot,
  parseBooksConfig,
  quoteText,
  Scratch,
  type Snapshot,
} from '../../snapshot/index.js';
import { writeDirectoryAtomically, writeFileAtomically } from '../../system/index.js';
import { assertOfBooks, refuseAnalysis } from '../errors.js';
import { listPrices, loadInstruments, type Prices, type SealedInstrument } from '../instruments.js';
import '../instruments.js';
import { PRICE_CHANGES, findContractGreeks, isShockable, revalue, VOLATILITY_SHIFTS } from './shocks.js';
import { renderRisk } from './render-risk.js';
import { summarizeRisk, type GridCell, type RiskSummary } from './summary.js';

/** A cover that is less than this below 0, in the quote currency, is what floating point left. */
const LEAST_SHORTFALL = '1e-6';

const each = (write: (at: number) => string) => PRICE_CHANGES.map((_, at) => write(at)).join(', ');
const factorOf = (at: number) => `if(moves, ${1 + PRICE_CHANGES[at]!}, 1)::DOUBLE`;

/** The parts of queries that have a column for every price of the grid. @param isLimited whether isolated losses end with the margin. */
function gridColumns(isLimited: boolean) {
  const isLost = (at: number) => `bucket <> 'cross' AND w${at} < 0`;
  return {
    level: `${each((at) => `r${at} DOUBLE NOT NULL`)}, ${each((at) => `s${at} DOUBLE NOT NULL`)}`,
    levelCover: {
      moved_columns: each((at) => `sum(value * r${at} + quantity * s${at}) AS m${at}`),
      net_columns: each((at) => `base + coalesce(m${at}, 0) AS n${at}`),
      bucket_columns: each(
        (at) =>
          `sum(n${at} * price * ${factorOf(at)}) AS w${at}, ` +
          `sum(n${at} * if(n${at} > 0, collateral_price, price) * ${factorOf(at)}) AS c${at}`,
      ),
      cover_columns: each((at) =>
        isLimited
          ? `sum(if(${isLost(at)}, 0, c${at})) AS k${at}, sum(if(${isLost(at)}, -w${at}, 0)) AS l${at}`
          : `sum(c${at}) AS k${at}, 0::DOUBLE AS l${at}`,
      ),
    },
    sums: each(
      (at) =>
        `count_if(k${at} < -${LEAST_SHORTFALL}) AS u${at}, ` +
        `coalesce(sum(-k${at}) FILTER (k${at} < -${LEAST_SHORTFALL}), 0) AS f${at}, coalesce(sum(l${at}), 0) AS l${at}`,
    ),
    cover: { curve_columns: each((at) => `k${at}`), below: findEnd(-1), above: findEnd(1) },
  };
}

/** The change of prices at which cover ends, on the line between two of the grid, going from no change in one direction. */
function findEnd(direction: 1 | -1): string {
  const centre = PRICE_CHANGES.indexOf(0);
  const point = (at: number) => `points[${at + 1}]`;
  const cases: string[] = [];
  for (let at = centre; at + direction >= 0 && at + direction < PRICE_CHANGES.length; at += direction) {
    const next = at + direction;
    const [from, to] = [PRICE_CHANGES[at]!, PRICE_CHANGES[next]!];
    cases.push(
      `WHEN ${point(next)} < 0 THEN ${from} + ${to - from} * ${point(at)} / (${point(at)} - ${point(next)})`,
    );
  }
  return `CASE WHEN points IS NULL THEN NULL WHEN ${point(centre)} < -${LEAST_SHORTFALL} THEN 0::DOUBLE ${cases.join(' ')} END`;
}

/** What DuckDB may keep in memory; the whole process takes about twice that. */
const MEMORY_LIMIT = '1536MiB';
const PRIVATE_MODE = 0o600;

/** The files of an assessment. */
export const RISK_FILES = {
  cover: 'cover.parquet',
  greeks: 'greeks.parquet',
  grid: 'grid.parquet',
  concentration: 'concentration.parquet',
  summary: 'risk.json',
  report: 'report.html',
} as const;

export type RiskOptions = {
  readonly snapshot: string;
  /** The configuration that the snapshot was made of, where it is to be held to it. */
  readonly configPath?: string;
  /** A directory that is not there, or empty; it appears whole or not at all. */
  readonly outDirectory: string;
  /** The assets whose prices stay under every shock; the quote currency always does, and without this what is priced within a tenth of it. */
  readonly still?: readonly string[];
  readonly onProgress?: (done: number, total: number) => void;
};

/** Assets priced this near to the quote currency stay where it stays. */
const NEAR = { least: 0.9, most: 1.1 } as const;

/**
 * Says what might become of a snapshot: cover of every user, over a grid of prices and volatilities; Greeks; concentration.
 * Everything is floating point, and nothing that is proven follows from it.
 * @throws SolventError of class `usage`: `snapshot-without-books`, `snapshots-unfit`, `asset-unlisted`; as `loadSnapshot`.
 */
export async function assessRisk(options: RiskOptions): Promise<RiskSummary> {
  const outDirectory = resolve(requirePath(options.outDirectory, 'the assessment'));
  const snapshot = await loadSnapshot(options.snapshot);
  assertOfBooks(snapshot);
  if (options.configPath !== undefined) await assertSameConfig(snapshot, options.configPath);
  const moving = listMoving(snapshot, options.still);
  let summary: RiskSummary | undefined;
  await writeDirectoryAtomically(
    outDirectory,
    async (directory) => {
      summary = await fillDirectory(directory, { snapshot, moving, options });
    },
    { mode: 0o700 },
  );
  return summary!;
}

async function assertSameConfig(snapshot: Snapshot, configPath: string): Promise<void> {
  const { sha256 } = await parseBooksConfig(requirePath(configPath, 'the configuration'));
  if (sha256 === snapshot.configurationSha256) return;
  throw refuseAnalysis(
    'snapshots-unfit',
    'expected the configuration that the snapshot was made of, got another: name that one, or none',
  );
}

/** @throws SolventError `asset-unlisted`. */
function listMoving(snapshot: Snapshot, still: readonly string[] | undefined): ReadonlySet<string> {
  const prices = listPrices(snapshot);
  const unlisted = still?.find((symbol) => !prices.has(symbol));
  if (unlisted !== undefined)
    throw refuseAnalysis(
      'asset-unlisted',
      `expected assets of the snapshot, got ${unlisted}: correct --still`,
    );
  const stays = (symbol: string, price: number) =>
    still === undefined ? price >= NEAR.least && price <= NEAR.most : still.includes(symbol);
  return new Set(
    [...prices]
      .filter(([symbol, price]) => symbol !== snapshot.quote && price > 0 && !stays(symbol, price))
      .map(([symbol]) => symbol),
  );
}

type Run = {
  readonly snapshot: Snapshot;
  readonly moving: ReadonlySet<string>;
  readonly options: RiskOptions;
};

async function fillDirectory(directory: string, run: Run): Promise<RiskSummary> {
  const { snapshot, moving } = run;
  const scratchDirectory = join(directory, 'scratch');
  const scratch = await Scratch.open(scratchDirectory, { memoryLimit: MEMORY_LIMIT });
  try {
    const instruments = [...(await loadInstruments(scratch, snapshot)).values()];
    await loadTables(scratch, run, instruments);
    const cells = await revalueGrid(scratch, run);
    const columns = gridColumns(isLimited(snapshot));
    await scratch.run('analysis/risk/create-cover', columns.cover);
    await scratch.run('analysis/risk/create-account-greeks');
    await scratch.run('analysis/risk/create-concentration');
    const summary = await summarizeRisk(scratch, {
      ...{ snapshot, cells, moving: [...moving] },
      unshocked: instruments.filter((instrument) => !isShockable(instrument)).map(({ name }) => name),
      impliedVolatility: instruments.filter(({ isImplied }) => isImplied).map(({ name }) => name),
      housePattern: patternOf(snapshot, HOUSE_FILE),
    });
    await writeFiles(scratch, directory, cells);
    const write = (name: string, text: string | Uint8Array) =>
      writeFileAtomically(join(directory, name), text, { mode: PRIVATE_MODE });
    await write(RISK_FILES.summary, encodeJsonLine(summary));
    await write(RISK_FILES.report, renderRisk(summary));
    return summary;
  } finally {
    scratch.close();
    await rm(scratchDirectory, { recursive: true, force: true });
  }
}

function isLimited({ valuation }: Snapshot): boolean {
  return valuation?.isolatedLosses.policy === 'limited';
}

function patternOf({ directory }: Snapshot, file: string): string {
  return quoteText(escapePattern(join(directory, file)));
}

async function loadTables(
  scratch: Scratch,
  { snapshot, moving }: Run,
  instruments: readonly SealedInstrument[],
): Promise<void> {
  const { level } = gridColumns(isLimited(snapshot));
  for (const name of ['create-risk-asset', 'create-instrument-level', 'create-instrument-greeks'])
    await scratch.run(`analysis/risk/${name}`, { level_columns: level });
  const assets = snapshot.assets.map(({ symbol, decimals, price, collateralRatio }, index) => [
    ...[index, symbol, 10 ** decimals, Number(price), Number(price) * Number(collateralRatio)],
    moving.has(symbol),
  ]);
  await scratch.append('risk_asset', [INTEGER, VARCHAR, DOUBLE, DOUBLE, DOUBLE, BOOLEAN], [assets]);
  const prices = listPrices(snapshot);
  const rows = instruments.flatMap((instrument) => revalueLevels(instrument, prices, moving));
  const doubles = PRICE_CHANGES.flatMap(() => [DOUBLE, DOUBLE]);
  await scratch.append('instrument_level', [VARCHAR, INTEGER, ...doubles], [rows]);
  await loadGreeks(scratch, instruments);
  await scratch.run('analysis/risk/create-risk-component', {
    components_pattern: patternOf(snapshot, COMPONENTS_FILE),
  });
  for (const name of ['create-net-base', 'create-risk-position', 'create-bearing-user'])
    await scratch.run(`analysis/risk/${name}`);
}

/** A row for each level of volatility. */
function revalueLevels(instrument: SealedInstrument, prices: Prices, moving: ReadonlySet<string>) {
  return VOLATILITY_SHIFTS.map((volatilityShift, level) => {
    const cells = PRICE_CHANGES.map((change) =>
      revalue(instrument, prices, { factor: 1 + change, volatilityShift, moving }),
    );
    return [instrument.name, level, ...cells.map(({ ratio }) => ratio), ...cells.map(({ step }) => step)];
  });
}

async function loadGreeks(scratch: Scratch, instruments: readonly SealedInstrument[]): Promise<void> {
  const rows = instruments.flatMap((instrument) => {
    const greeks = findContractGreeks(instrument);
    if (greeks === undefined) return [];
    const { delta, gamma, vega, theta, coin } = greeks;
    const expiry =
      instrument.expiryNs === null ? null : new Date(Number(instrument.expiryNs / 1_000_000n)).toISOString();
    return [
      [
        ...[instrument.name, instrument.underlying, expiry, delta, gamma, vega, theta],
        ...[coin?.delta ?? null, coin?.gamma ?? null, coin?.vega ?? null, coin?.theta ?? null],
      ],
    ];
  });
  const types = [VARCHAR, VARCHAR, VARCHAR, ...Array.from({ length: 8 }, () => DOUBLE)];
  await scratch.append('instrument_greeks', types, [rows]);
}

/** The cells of the grid, level by level; the table of covers is left at unchanged volatilities. */
async function revalueGrid(scratch: Scratch, { snapshot, options }: Run): Promise<GridCell[]> {
  const columns = gridColumns(isLimited(snapshot));
  const centre = VOLATILITY_SHIFTS.indexOf(0);
  const levels = VOLATILITY_SHIFTS.map((_, level) => level).filter((level) => level !== centre);
  const cells: GridCell[] = [];
  for (const [done, level] of [...levels, centre].entries()) {
    options.onProgress?.(done, VOLATILITY_SHIFTS.length);
    await scratch.run('analysis/risk/create-level-cover', { ...columns.levelCover, level: String(level) });
    const [row] = await scratch.select('analysis/risk/select-level', { sum_columns: columns.sums });
    PRICE_CHANGES.forEach((priceChange, at) => {
      cells.push({
        priceChange,
        volatilityShift: VOLATILITY_SHIFTS[level]!,
        underWater: Number(row![`u${at}`]),
        shortfall: row![`f${at}`] as number,
        isolatedShortfall: row![`l${at}`] as number,
      });
    });
  }
  options.onProgress?.(VOLATILITY_SHIFTS.length, VOLATILITY_SHIFTS.length);
  return cells.sort((a, b) => a.volatilityShift - b.volatilityShift || a.priceChange - b.priceChange);
}

async function writeFiles(scratch: Scratch, directory: string, cells: readonly GridCell[]): Promise<void> {
  await scratch.run('analysis/risk/create-grid');
  const rows = cells.map(({ priceChange, volatilityShift, underWater, shortfall, isolatedShortfall }) => [
    ...[priceChange, volatilityShift, BigInt(underWater), shortfall, isolatedShortfall],
  ]);
  await scratch.append('grid', [DOUBLE, DOUBLE, BIGINT, DOUBLE, DOUBLE], [rows]);
  for (const table of ['cover', 'greeks', 'grid', 'concentration'] as const) {
    const path = join(directory, RISK_FILES[table]);
    await scratch.set('out_path', path);
    await scratch.run(`analysis/risk/write-${table}`);
    await chmod(path, PRIVATE_MODE);
  }
}
