import { rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';

import { writeDirectoryAtomically, writeFileAtomically } from '../../system/index.js';
import {
  encodeJsonLine,
  parsePlatform,
  parseTyped,
  parseDecimal,
  parseInstant,
  primitives,
  requirePath,
  type Decimal,
} from '../../protocol/index.js';
import { loadAssets, priceStatedAssets, type DecidedAsset, type StatedAsset } from './assets-file.js';
import {
  checkBalances,
  readBalances,
  REQUIRED_BALANCE_COLUMNS,
  readLargestAmounts,
  type BalancesSource,
  type ColumnNames,
  type StepProgress,
} from './balances-file.js';
import { chooseDecimals } from '../units/choose-decimals.js';
import type { Separator } from '../reading/csv-records.js';
import { scanCsv } from '../reading/csv-scan.js';
import { loadSnapshot } from '../sealed/load-snapshot.js';
import {
  isSameSnapshot,
  mayBeRepeat,
  type TakenSnapshot,
  loadPrices,
  writeAccounts,
} from '../sealed/sealed-files.js';
import { Scratch } from '../database/scratch.js';

import { SEALED_MODE, SNAPSHOT_FILE, SNAPSHOT_FORMAT, type SnapshotFile } from '../sealed/snapshot-file.js';
import { assertUnchanged, statSource, type FileState } from '../reading/source-text.js';
import { sumHoldings } from '../sealed/state-snapshot.js';
import {
  assertAccountPlans,
  settleUnderwaterAccounts,
  type UnderwaterPolicy,
} from './underwater-accounts.js';

import { refuseSnapshot } from '../errors.js';

export type SnapshotOptions = {
  /** The platform's name; it is normalised as a user id is. */
  readonly platform: string;
  /** The instant whose balances these are, RFC 3339 with a zone. */
  readonly takenAt: string;
  /** The symbol of the currency that prices are in. */
  readonly quote: string;
  readonly balancesPath: string;
  readonly assetsPath: string;
  /** A directory that is not there, or empty; it appears whole or not at all. Where it is this very snapshot it stays as it is. */
  readonly outDirectory: string;
  readonly underwater: UnderwaterPolicy;
  /** Columns of either file that are passed over, optional ones of ours included; any other that nothing reads is refused. */
  readonly ignoredColumns?: readonly string[];
  /** Our column of the balance file -> the column of the file; columns that are not named have our name. */
  readonly columns?: ColumnNames;
  /** Slots of the widest margin row of the keys that will prove it; 128 unless it is said. */
  readonly wideSlots?: number;
  /** What stands between the fields of the balance file; without it its header shows it. */
  readonly separator?: Separator;
  readonly onProgress?: SnapshotListener;
};

/** How far a snapshot is: `done` of `total`, in bytes for `scan` and in steps for the others. */
export type SnapshotProgress = {
  readonly stage: 'scan' | 'read' | 'reconcile' | 'settle' | 'write';
  readonly done: number;
  readonly total: number;
};

export type SnapshotListener = (progress: SnapshotProgress) => void;

/**
 * Makes a snapshot of a balance file: what every account holds and owes, in exact proof units, with the price table.
 * The same inputs make the same bytes. Balances are taken as they are stated: nothing here reconciles them.
 * @throws SourceError with every problem of one file; SolventError of class `usage`: `instant-malformed`,
 * `quote-malformed`, `columns-malformed`, `platform-malformed`, `taken-at-malformed`, `file-unreadable`, `directory-exists`.
 */
export async function createSnapshot(options: SnapshotOptions): Promise<TakenSnapshot> {
  const heading = parseHeading(options);
  assertIgnorable(options);
  const outDirectory = resolve(requirePath(options.outDirectory, 'the new snapshot'));
  const fill = async (directory: string) => {
    const content = await fillSnapshot(directory, options);
    const path = join(directory, SNAPSHOT_FILE);
    await writeFileAtomically(path, encodeJsonLine({ ...heading, ...content }), { mode: SEALED_MODE });
  };
  const isCandidate = await mayBeRepeat(outDirectory, heading);
  const wasComplete = await writeDirectoryAtomically(outDirectory, fill, {
    mode: 0o700,
    kind: 'a snapshot',
    ...(isCandidate ? { isRepeat: isSameSnapshot } : {}),
  });
  return { ...(await loadSnapshot(outDirectory)), wasComplete };
}

/** A column that must be read cannot be passed over, as in books. */
function assertIgnorable({
  ignoredColumns = [],
  columns = new Map<string, string>(),
}: SnapshotOptions): void {
  const read = [...REQUIRED_BALANCE_COLUMNS.map((name) => columns.get(name) ?? name), ...columns.values()];
  const unfit = ignoredColumns.find((name) => read.includes(name));
  if (unfit === undefined) return;
  throw refuseSnapshot('columns-malformed', {
    expected: '--ignore-columns with columns that nothing reads',
    found: `${unfit}, which is read`,
    advice: 'leave it out',
  });
}

type Heading = Pick<SnapshotFile, 'format' | 'platform' | 'takenAt' | 'quote'>;

function parseHeading({ platform, takenAt, quote }: SnapshotOptions): Heading {
  if (!primitives.assetSymbol.safeParse(quote).success) {
    throw refuseSnapshot('quote-malformed', {
      expected: 'the symbol of the quote currency, like USD',
      found: 'another text',
    });
  }
  return {
    format: SNAPSHOT_FORMAT,
    platform: parsePlatform(platform),
    takenAt: parseTyped('taken-at-malformed', 'instant', () => parseInstant(takenAt)),
    quote,
  };
}

/** Everything but the heading: reads the sources, writes the accounts, and says what they are. */
async function fillSnapshot(
  directory: string,
  options: SnapshotOptions,
): Promise<Omit<SnapshotFile, keyof Heading>> {
  const { onProgress, ignoredColumns: ignored = [] } = options;
  const assetsSource = await openSource(options.assetsPath);
  const list = await loadAssets(assetsSource.path, assetsSource.file, ignored);
  const stated = list.assets;
  await assertUnchanged(assetsSource);
  const { separator } = options;
  const source = await openSource(options.balancesPath, { separator, onProgress });
  const scratchDirectory = join(directory, 'scratch');
  const scratch = await Scratch.open(scratchDirectory);
  try {
    const renamed = options.columns ?? new Map<string, string>();
    const rows = await readBalances(scratch, source, { assets: stated, renamed, ignored });
    const decided = await decideUnits(scratch, stated);
    const { assets, priceTable } = priceStatedAssets(decided, {
      file: assetsSource.file,
      quote: options.quote,
    });
    await loadPrices(scratch, { assets, priceTable });
    const onStep: StepProgress = (done, total) => onProgress?.({ stage: 'read', done, total });
    await checkBalances(scratch, rows, { assets: decided, onStep });
    await assertUnchanged(source);
    const writeOffs = await settleUnderwaterAccounts(scratch, source.file, options.underwater);
    await assertAccountPlans(scratch, source.file, {
      ...{ ...parseHeading(options), assets, priceTable },
      wideSlots: options.wideSlots,
    });
    onProgress?.({ stage: 'settle', done: 1, total: 2 });
    const sums = await sumHoldings(scratch, source.file);
    onProgress?.({ stage: 'settle', done: 2, total: 2 });
    const accountsFile = await writeAccounts(scratch, directory);
    onProgress?.({ stage: 'write', done: 1, total: 1 });
    return {
      scale: priceTable.scale,
      assets: assets.map((asset) => ({
        ...asset,
        ...{ priceSource: null, pricedAt: null, maxPriceAgeMs: null },
      })),
      maxMarkAgeMs: null,
      configurationSha256: null,
      sources: [
        describeSource('assets', assetsSource, { rows: assets.length, ignoredColumns: list.ignoredColumns }),
        describeSource('balances', source, { rows: rows.count, ignoredColumns: rows.ignoredColumns }),
      ],
      reconciliation: null,
      valuation: null,
      ...sums,
      writeOffs,
      files: [accountsFile],
    };
  } finally {
    scratch.close();
    await rm(scratchDirectory, { recursive: true, force: true });
  }
}

/** Chooses the decimals that assets.csv leaves to be chosen, by its prices and the largest balances. */
async function decideUnits(scratch: Scratch, stated: readonly StatedAsset[]): Promise<DecidedAsset[]> {
  const isOpen = stated.some(({ decimals }) => decimals === null);
  const largest = isOpen ? await readLargestAmounts(scratch) : new Map<string, Decimal>();
  const choices = stated.map(({ symbol, price, decimals }) => ({
    price: parseDecimal(price),
    decimals,
    largest: largest.get(symbol) ?? NOTHING,
  }));
  const chosen = isOpen ? chooseDecimals(choices) : stated.map(({ decimals }) => decimals!);
  return stated.map((asset, index) => ({
    ...asset,
    decimals: chosen[index]!,
    hasOpenDecimals: asset.decimals === null,
  }));
}

const NOTHING: Decimal = { coefficient: 0n, fractionDigits: 0 };

/** A source file that was hashed, and can be told from a later version of itself. */
type OpenedSource = BalancesSource & { readonly state: FileState };

async function openSource(
  path: string,
  {
    separator,
    onProgress,
  }: { separator?: Separator | undefined; onProgress?: SnapshotListener | undefined } = {},
): Promise<OpenedSource> {
  const absolute = resolve(requirePath(path, 'a source'));
  const state = await statSource(absolute);
  const total = state.sizeBytes;
  const onChunk = (done: number) => onProgress?.({ stage: 'scan', done, total });
  const scan = await scanCsv(absolute, { separator, onChunk });
  return { path: absolute, file: basename(absolute), separator, scan, state };
}

function describeSource(
  role: 'assets' | 'balances',
  { file, scan }: OpenedSource,
  { rows, ignoredColumns }: { readonly rows: number; readonly ignoredColumns: readonly string[] },
) {
  return {
    role,
    files: [{ fileName: file, sha256: scan.sha256 }],
    query: null,
    rows,
    rowsAfterInstant: 0,
    ignoredColumns: [...ignoredColumns],
    completeTo: null,
    firstAt: null,
    lastAt: null,
  };
}
