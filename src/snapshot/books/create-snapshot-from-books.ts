import { realpath, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { nameDiskErrors, writeDirectoryAtomically, writeFileAtomically } from '../../system/index.js';
import { encodeJsonLine, parseInstant, parseTyped, requirePath } from '../../protocol/index.js';
import type { SnapshotListener, SnapshotProgress } from '../balances/create-snapshot.js';
import { loadSnapshot } from '../sealed/load-snapshot.js';
import {
  isSameSnapshot,
  mayBeRepeat,
  type TakenSnapshot,
  loadPrices,
  sealFile,
  writeAccounts,
} from '../sealed/sealed-files.js';
import { Scratch } from '../database/scratch.js';

import {
  SEALED_MODE,
  SNAPSHOT_FILE,
  SNAPSHOT_FORMAT,
  STATEMENTS_FILE,
  type ReconciledBooks,
  type SnapshotFile,
} from '../sealed/snapshot-file.js';
import { sumHoldings } from '../sealed/state-snapshot.js';
import type { UnderwaterPolicy } from '../balances/underwater-accounts.js';
import type { BooksConfig } from './config.js';
import { parseBooksConfig } from './config/parse-config.js';
import { acceptBreaks } from './reconciliation/accept-breaks.js';
import { BREAKS_CSV, BREAKS_PARQUET, writeBreaks, assertReconciled } from './reconciliation/refuse-breaks.js';
import { reconcile } from './reconciliation/reconcile.js';

import { loadBooks, type SourceProgress } from './sources/load-books.js';
import { parseInstantNs } from './instant-ns.js';
import { writeDetails } from './details.js';
import { buildStatements } from './statements/build-statements.js';
import { settleUnderwaterUsers, UNDERWATER_CSV, assertUserPlans, UNPLANNED_CSV } from './underwater-users.js';

import { decideDecimals } from './valuation/decide-decimals.js';
import { deriveBookPrices, priceAssets, type InForcePrice } from './valuation/asset-prices.js';

import { assertDebtsHavePrices, valueBooks, type ValuationSummary } from './valuation/value-books.js';

/** What DuckDB may keep in memory of a platform's books; the whole process takes about twice that. */
const MEMORY_LIMIT = '1536MiB';

const NS_PER_MS = 1_000_000n;

/** Smaller files are hashed before anybody looks. */
const SHOWN_BYTES = 64 * 1024 * 1024;

export type BooksSnapshotOptions = {
  /** The configuration that says where the books are. */
  readonly configPath: string;
  /** The instant of the snapshot, RFC 3339 with a zone. */
  readonly takenAt: string;
  /** A directory that is not there, or empty; it appears whole or not at all. Where it is this very snapshot it stays as it is. */
  readonly outDirectory: string;
  /** A list of the breaks that are accepted, each as it was written; without one any break refuses the books. */
  readonly acceptedBreaksPath?: string;
  /** Where breaks, accounts under water and accounts without a plan are listed, if there are any; else beside the snapshot. */
  readonly findingsDirectory?: string;
  /** In place of what the configuration says. */
  readonly underwater?: UnderwaterPolicy;
  /** Slots of the widest margin row of the keys that will prove it; 128 unless it is said. */
  readonly wideSlots?: number;
  readonly onProgress?: SnapshotListener;
};

/**
 * Makes a snapshot of a platform's books. It reads every source as of the instant, reconciles them with each other, and
 * values every holding. It seals what each user holds and owes with the statement that says why. The same files make
 * the same bytes.
 * @throws SourceError with the problems of a source; SolventError of class `usage` for the configuration; of class
 * `reconciliation` where the books do not agree; `directory-exists`.
 */
export async function createSnapshotFromBooks(options: BooksSnapshotOptions): Promise<TakenSnapshot> {
  const takenAt = parseTyped('taken-at-malformed', 'instant', () => parseInstant(options.takenAt));
  const config = await parseBooksConfig(requirePath(options.configPath, 'the configuration'));
  const outDirectory = resolve(requirePath(options.outDirectory, 'the new snapshot'));
  const run: BooksRun = {
    config,
    takenAt,
    atNs: parseInstantNs(takenAt),
    findingsDirectory: resolve(options.findingsDirectory ?? `${outDirectory}-findings`),
    options,
  };
  const fill = async (directory: string) => {
    const content = await fillSnapshot(directory, run);
    await writeFileAtomically(join(directory, SNAPSHOT_FILE), encodeJsonLine(content), { mode: SEALED_MODE });
  };
  const isCandidate = await mayBeRepeat(outDirectory, {
    platform: config.platform,
    takenAt,
    configurationSha256: config.sha256,
  });
  const wasComplete = await writeDirectoryAtomically(outDirectory, fill, {
    mode: 0o700,
    kind: 'a snapshot',
    ...(isCandidate ? { isRepeat: isSameSnapshot } : {}),
  });
  return { ...(await loadSnapshot(outDirectory)), wasComplete };
}

type BooksRun = {
  readonly config: BooksConfig;
  readonly takenAt: string;
  readonly atNs: bigint;
  readonly findingsDirectory: string;
  readonly options: BooksSnapshotOptions;
};

/** Reads, reconciles, values and writes everything but snapshot.json, and says what goes into that. */
async function fillSnapshot(directory: string, run: BooksRun): Promise<SnapshotFile> {
  const { config: stated, takenAt, atNs, findingsDirectory, options } = run;
  const report: Report = (stage, done, total) => {
    options.onProgress?.({ stage, done, total });
  };
  await clearFindings(findingsDirectory, options.acceptedBreaksPath);
  const scratchDirectory = join(directory, 'scratch');
  const scratch = await Scratch.open(scratchDirectory, { memoryLimit: MEMORY_LIMIT });
  try {
    const books = await loadBooks(scratch, stated, {
      atNs,
      onProgress: countSources(stated, report),
    });
    report('reconcile', 0, 1);
    const reconciliation = await reconcileBooks(scratch, run);
    await books.assertUnchanged();
    report('reconcile', 1, 1);
    const config = await decideDecimals(scratch, stated, atNs);
    const valuation = await valueBooks(scratch, config, atNs);
    const assets = listAssets(config, await priceAssets(scratch, config, atNs));
    const priceTable = deriveBookPrices(assets, config.assets);
    await loadPrices(scratch, { assets, priceTable });
    await assertDebtsHavePrices(scratch);
    report('settle', 1, 2);
    const writeOffs = await settleUnderwaterUsers(scratch, {
      policy: options.underwater ?? config.underwater,
      findingsDirectory,
    });
    await assertUserPlans(scratch, {
      ...{ platform: config.platform, takenAt, assets, priceTable, findingsDirectory },
      wideSlots: options.wideSlots,
    });
    const sums = await sumHoldings(scratch, 'the books');
    report('settle', 2, 2);
    await buildStatements(scratch, {
      outPath: join(directory, STATEMENTS_FILE),
      onProgress: (done, total) => {
        report('write', done, total + 1);
      },
    });
    const statementsFile = await sealFile(directory, STATEMENTS_FILE);
    const accountsFile = await writeAccounts(scratch, directory);
    const detailFiles = await writeDetails(scratch, config, { directory, atNs });
    report('write', 1, 1);
    return {
      format: SNAPSHOT_FORMAT,
      platform: config.platform,
      takenAt,
      quote: config.quote,
      scale: priceTable.scale,
      assets,
      maxMarkAgeMs: toWholeMs(config.maxMarkAgeNs),
      configurationSha256: config.sha256,
      sources: books.sources.map((source) => ({
        ...source,
        files: [...source.files],
        ignoredColumns: [...source.ignoredColumns],
      })),
      reconciliation,
      valuation: describeValuation(valuation),
      ...sums,
      writeOffs,
      files: [accountsFile, statementsFile, ...detailFiles],
    };
  } finally {
    scratch.close();
    await rm(scratchDirectory, { recursive: true, force: true });
  }
}

type Report = (stage: SnapshotProgress['stage'], done: number, total: number) => void;

/** Counts the sources that were read, and shows the bytes of a long one while it is hashed. */
function countSources({ sources }: BooksConfig, report: Report): (progress: SourceProgress) => void {
  let readCount = 0;
  return ({ stage, done, total }) => {
    if (stage === 'hash' && total !== null && total > SHOWN_BYTES) report('scan', done, total);
    if (stage !== 'read') return;
    if (done > 0) readCount += 1;
    report('read', readCount, sources.length);
  };
}

/** Compares the books with themselves; lists every break before it refuses one. */
async function reconcileBooks(scratch: Scratch, run: BooksRun): Promise<ReconciledBooks> {
  const { config, findingsDirectory, options } = run;
  const { compared, breaks } = await reconcile(scratch, config);
  if (options.acceptedBreaksPath !== undefined) {
    const path = resolve(options.acceptedBreaksPath);
    await acceptBreaks(scratch, path).catch(async (error: unknown) => {
      if (breaks.length > 0) await writeBreaks(scratch, findingsDirectory);
      throw error;
    });
  } else if (breaks.length > 0) {
    await writeBreaks(scratch, findingsDirectory);
    assertReconciled({ compared, breaks }, join(findingsDirectory, BREAKS_CSV));
  }
  return { compared, acceptedBreaks: [...breaks] };
}

/** The assets with their prices in force, in the order of the configuration. */
function listAssets(config: BooksConfig, prices: readonly InForcePrice[]): SnapshotFile['assets'] {
  return config.assets.map(({ symbol, decimals, collateralRatio, maxPriceAgeNs }, index) => {
    const { price, source, pricedAt } = prices[index]!;
    const ratio = price === '0' ? '0' : collateralRatio;
    const maxPriceAgeMs = pricedAt === null ? null : toWholeMs(maxPriceAgeNs);
    return {
      ...{ symbol, decimals, price, collateralRatio: ratio },
      ...{ priceSource: source, pricedAt, maxPriceAgeMs },
    };
  });
}

/** Milliseconds, rounded up: no age that was permitted is above it. */
function toWholeMs(ns: bigint): number {
  return Number((ns + NS_PER_MS - 1n) / NS_PER_MS);
}

function describeValuation(valuation: ValuationSummary): SnapshotFile['valuation'] {
  const { positions, instruments, isolatedLosses } = valuation;
  return {
    positions: positions.positions,
    modelledPositions: positions.modelled,
    oldestMarkAt: instruments.oldestPricedAt,
    isolatedLosses: {
      policy: isolatedLosses.policy,
      positions: isolatedLosses.positions,
      lifted: isolatedLosses.lifted.map(({ asset, units }) => ({ asset, units: units.toString() })),
    },
  };
}

/** What an earlier run listed is not of this one, but for the list that is accepted where it was written. */
async function clearFindings(directory: string, acceptedBreaksPath: string | undefined): Promise<void> {
  const kept = acceptedBreaksPath === undefined ? undefined : await findRealPath(acceptedBreaksPath);
  for (const name of [BREAKS_CSV, BREAKS_PARQUET, UNDERWATER_CSV, UNPLANNED_CSV]) {
    const path = join(directory, name);
    if (kept === undefined || (await findRealPath(path)) !== kept)
      await nameDiskErrors(path, () => rm(path, { force: true }));
  }
}

/** One spelling for each file that is there; a path that leads nowhere as it is. */
async function findRealPath(path: string): Promise<string> {
  return realpath(path).catch(() => resolve(path));
}
