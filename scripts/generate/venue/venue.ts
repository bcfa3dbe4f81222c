import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { listValue } from '@duckdb/node-api';

import { NAMES } from '../accounts.js';
import { listMarket, LISTED_MARKET_ASSETS, type MarketAsset } from '../market.js';
import { formatVenueConfig, type CashSource } from './config-file.js';
import { VenueDatabase } from './database.js';
import { EARLIER_INSTANT, INSTRUMENTS, scaleText, VENUE_INSTANT } from './instruments.js';
import type { Plant, PlantedBreak } from './plants.js';
import { earlierOf, SOURCES, writeSource, type BookFormat } from './source-files.js';

export type VenueOptions = {
  /** Users to make; at least 1. Every ninth has two accounts. */
  readonly users: number;
  /** 0 <= seed < 2^32; the same seed makes the same files. */
  readonly seed: number;
  /** Assets of the market, 4 to 64; 16 by default, as many as the `small` profile has. */
  readonly assets?: number;
  /** Rows of the ledger for each account that holds anything, about; 2 to 1000, and 20 by default. */
  readonly ledgerRows?: number;
  /** Where snapshot.yaml and the sources go; made if it is not there. */
  readonly directory: string;
  /** Parquet by default. */
  readonly format?: BookFormat;
  /** What the stated balances are; with open orders in them by default. */
  readonly cash?: CashSource;
  /** Whether an isolated position can lose more than its margin; it cannot by default. */
  readonly isolatedLoss?: 'limited' | 'recourse';
  /** Whether to write the books of a day before as well, with a configuration of their own; not by default. */
  readonly isTwoDays?: boolean;
  /** The instant of these, before the venue's own; a day before by default. */
  readonly earlierInstant?: string;
  /** What to make wrong; nothing by default. */
  readonly plants?: readonly Plant[];
};

/** Where a made-up venue's books are, and what is in them. */
export type GeneratedVenue = {
  readonly configPath: string;
  /** The instant whose books these are. */
  readonly takenAt: typeof VENUE_INSTANT;
  /** The books of a day before; undefined where they were not asked for. */
  readonly earlier?: { readonly configPath: string; readonly takenAt: string };
  readonly platform: string;
  readonly userCount: number;
  /** Accounts of users. */
  readonly accountCount: number;
  /** Rows of each source, by role. */
  readonly rows: ReadonlyMap<string, number>;
  readonly planted: readonly PlantedBreak[];
  /** The user with the most to itemise: cash, positions, loans, collateral and what is being settled. */
  readonly busiestUserId: string;
};

const PLATFORM = 'Example Options';
const DEFAULT_ASSETS = 16;
const DEFAULT_LEDGER_ROWS = 20;
const MAX_DOUBLINGS = 28;
const NS_PER_MS = 1_000_000n;
const WINDOW_NS = 30n * 86_400_000n * NS_PER_MS;

/** The statements that make the venue, in order: macros, what is made up, and the sources of it. */
/**
 * Writes the books of a made-up options venue, and the snapshot.yaml that says where they are: a ledger whose sums are
 * the stated balances, orders, positions that net out with the venue's own desk, collateral, loans, settlements under
 * way, prices and marks. No user is under water. Only planted faults are wrong.
 * @throws RangeError where an option is out of its range.
 */
export async function generateVenue(options: VenueOptions): Promise<GeneratedVenue> {
  const { users, seed, assets = DEFAULT_ASSETS, ledgerRows = DEFAULT_LEDGER_ROWS } = options;
  assertInteger('users', users, { least: 1, most: 2 ** 31 });
  assertInteger('seed', seed, { least: 0, most: 2 ** 32 - 1 });
  assertInteger('assets', assets, { least: 4, most: LISTED_MARKET_ASSETS });
  assertInteger('ledger rows', ledgerRows, { least: 2, most: 1000 });
  const scratch = await mkdtemp(join(tmpdir(), 'solvent-venue-'));
  const database = await VenueDatabase.create(join(scratch, 'venue.duckdb'));
  try {
    const accountCount = users + Math.floor(users / 9);
    const market = listMarket(assets);
    await setVariables(database, { ...options, ledgerRows, accountCount });
    await loadMarket(database, market);
    await database.runSection('schema', 'macros');
    await database.runSection('books', 'books');
    if (options.isTwoDays === true) await database.runSection('earlier', 'earlier');
    const [busiest] = await database.run('books/select-busiest-user');
    const planted = await plantBreaks(database, options.plants ?? []);
    const files = await writeFiles(database, market, options);
    return {
      ...{ ...files, takenAt: VENUE_INSTANT, platform: PLATFORM, userCount: users, accountCount, planted },
      busiestUserId: String(busiest!.user_id),
    };
  } finally {
    database.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

async function setVariables(
  database: VenueDatabase,
  {
    seed,
    ledgerRows,
    accountCount,
    cash = 'balances-total',
    earlierInstant = EARLIER_INSTANT,
  }: VenueOptions & { ledgerRows: number; accountCount: number },
): Promise<void> {
  const instantNs = BigInt(Date.parse(VENUE_INSTANT)) * NS_PER_MS;
  // Each wealth is doubled as often as a draw below 2^20 is below (3/5)^n.
  const thresholds = Array.from(
    { length: MAX_DOUBLINGS },
    (_, doubling) => ((3n ** BigInt(doubling + 1)) << 20n) / 5n ** BigInt(doubling + 1),
  );
  const values = {
    seed: BigInt(seed),
    account_count: BigInt(accountCount),
    rows_per_account: BigInt(ledgerRows),
    cash,
    instant_ns: instantNs,
    earlier_ns: BigInt(Date.parse(earlierInstant)) * NS_PER_MS,
    window_ns: WINDOW_NS,
    instrument_count: BigInt(INSTRUMENTS.length),
    first_names: listValue(NAMES.first),
    last_names: listValue(NAMES.last),
    domains: listValue(NAMES.domain),
    doubling_thresholds: listValue(thresholds),
  };
  for (const [variable, value] of Object.entries(values)) await database.set(variable, value);
}

async function loadMarket(database: VenueDatabase, market: readonly MarketAsset[]): Promise<void> {
  const tables = ['made-asset', 'asset-wheel', 'made-instrument', 'made-series'];
  for (const table of tables) await database.run(`schema/create-${table}`);
  const assetRows = market.map(({ symbol, decimals, price, collateralRatio }, index) => [
    ...[index, symbol, decimals, `0.${'1'.padStart(decimals, '0')}`],
    ...[scaleText(price, 12), scaleText(collateralRatio, 4)],
  ]);
  await database.insert('made_asset', assetRows);
  const wheel = market.flatMap(({ weight }, index) => Array.from({ length: weight }, () => index));
  await database.set('wheel', listValue(wheel.map(BigInt)));
  await database.set('wheel_places', BigInt(wheel.length));
  await database.run('schema/fill-asset-wheel');
  await database.insert(
    'made_instrument',
    INSTRUMENTS.map((made, position) => [
      ...[position, made.instrument, made.kind, made.underlying, made.settlementAsset, made.contractSize],
      ...[made.style, made.strike ?? null, toNs(made.expiry), made.right ?? null, made.netted],
      ...[scaleText(made.quantityStep, 4), stakeMicros(made)],
      ...[scaleText(made.entry, 8), scaleText(made.tick, 8)],
    ]),
  );
  const series = INSTRUMENTS.flatMap(({ instrument, expiry, series: list }) =>
    list.map(({ kind, price, priceAsset }) => [
      ...[instrument, kind, scaleText(price, 8), priceAsset, kind === 'settlement' ? toNs(expiry) : null],
    ]),
  );
  await database.insert('made_series', series);
}

/** What one step of quantity puts at stake, in millionths of the quote currency. */
function stakeMicros({ stake, quantityStep }: { stake: string; quantityStep: string }): bigint {
  return (scaleText(stake, 6) * scaleText(quantityStep, 4)) / 10_000n;
}

function toNs(instant: string | undefined): bigint | null {
  return instant === undefined ? null : BigInt(Date.parse(instant)) * NS_PER_MS;
}

async function plantBreaks(database: VenueDatabase, plants: readonly Plant[]): Promise<PlantedBreak[]> {
  if (plants.length === 0) return [];
  await database.run('plants/make-plant-row');
  await database.run('plants/make-plant-future');
  const planted: PlantedBreak[] = [];
  for (const plant of plants) {
    if (plant === 'ledger-incomplete') {
      planted.push({ plant, account: null, asset: null, instrument: null });
      continue;
    }
    const [row] = await database.run(`plants/${plant}`);
    if (row === undefined)
      throw new RangeError(`expected books with something for ${plant}, got too few users`);
    planted.push({ plant, ...(row as Omit<PlantedBreak, 'plant'>) });
  }
  return planted;
}

async function writeFiles(
  database: VenueDatabase,
  market: readonly MarketAsset[],
  options: VenueOptions,
): Promise<Pick<GeneratedVenue, 'configPath' | 'rows' | 'earlier'>> {
  const { format = 'parquet', cash = 'balances-total', isolatedLoss = 'limited', plants = [] } = options;
  const directory = resolve(options.directory);
  await mkdir(directory, { recursive: true });
  const rows = new Map<string, number>();
  for (const source of SOURCES) {
    if (cash === 'ledger' && source.role === 'balances') continue;
    rows.set(source.role, await writeSource(database, source, { directory, format }));
  }
  const configPath = join(directory, 'snapshot.yaml');
  const isLedgerIncomplete = plants.includes('ledger-incomplete');
  const config = { platform: PLATFORM, market, cash, isolatedLoss, format, isLedgerIncomplete };
  await writeFile(configPath, formatVenueConfig(config));
  if (options.isTwoDays !== true) return { configPath, rows };
  for (const source of SOURCES) {
    const earlier = earlierOf(source);
    if (earlier !== source && rows.has(source.role))
      await writeSource(database, earlier, { directory, format });
  }
  const earlierPath = join(directory, 'snapshot-earlier.yaml');
  const takenAt = options.earlierInstant ?? EARLIER_INSTANT;
  await writeFile(earlierPath, formatVenueConfig({ ...config, isEarlier: true, earlierInstant: takenAt }));
  return { configPath, rows, earlier: { configPath: earlierPath, takenAt } };
}

function assertInteger(name: string, value: number, { least, most }: { least: number; most: number }): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new RangeError(`expected ${name} to be a whole number from ${least} to ${most}, got ${value}`);
}
