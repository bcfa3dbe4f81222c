import { chmod, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { VARCHAR } from '@duckdb/node-api';

import { encodeJsonLine, parseInstantNs, requirePath } from '../../protocol/index.js';
import {
  COMPONENTS_FILE,
  escapePattern,
  HOUSE_FILE,
  loadPeriod,
  loadSnapshot,
  parseBooksConfig,
  quoteText,
  Scratch,
  type BooksConfig,
  type LoadedPeriod,
  type Snapshot,
} from '../../snapshot/index.js';
import { writeDirectoryAtomically, writeFileAtomically } from '../../system/index.js';
import '../instruments.js';
import { assertOfBooks, refuseAnalysis } from '../errors.js';
import { joinAssets, loadAssets, COMPONENT_PARTS, LEDGER_PARTS, sumParts } from './assets.js';
import { loadMoves } from './instrument-moves.js';

import { renderAttribution } from './render-attribution.js';
import { computeReturns } from './returns.js';
import { summarize, type AttributionSummary } from './summary.js';

/** What DuckDB may keep in memory; the whole process takes about twice that. */
const MEMORY_LIMIT = '1536MiB';
/** Amounts of accounts are for their owner alone to read. */
const PRIVATE_MODE = 0o600;

/** The files of an attribution. */
export const ATTRIBUTION_FILES = {
  parts: 'attribution.parquet',
  partsCsv: 'attribution.csv',
  performance: 'performance.parquet',
  performanceCsv: 'performance.csv',
  summary: 'attribution.json',
  report: 'report.html',
} as const;

export type AttributionStage = 'hash' | 'read' | 'attribute' | 'write';

export type AttributionOptions = {
  /** The sealed snapshots at the beginning and the end. */
  readonly before: string;
  readonly after: string;
  /** The configuration of the books that the later one was made of; its ledger is read. */
  readonly configPath: string;
  /** A directory that is not there, or empty; it appears whole or not at all. */
  readonly outDirectory: string;
  /** The account that the report shows beside the venue; the liveliest without it. */
  readonly account?: string;
  readonly onProgress?: (stage: AttributionStage, done: number, total: number) => void;
};

/**
 * Attributes what every account is worth at the second of two snapshots to what it was worth at the first and what
 * happened between them. The parts are exact and add up to the last proof unit. Writes them with returns and a report.
 * @throws SolventError of class `usage`: `snapshot-without-books`, `snapshots-unfit`, `account-not-in-snapshot`; as `loadSnapshot`,
 * `parseBooksConfig` and `loadPeriod`; `directory-exists`.
 */
export async function attributeSnapshots(options: AttributionOptions): Promise<AttributionSummary> {
  const outDirectory = resolve(requirePath(options.outDirectory, 'the attribution'));
  const config = await parseBooksConfig(requirePath(options.configPath, 'the configuration'));
  const before = await loadSnapshot(options.before);
  const after = await loadSnapshot(options.after);
  assertFit(before, after, config);
  let summary: AttributionSummary | undefined;
  await writeDirectoryAtomically(
    outDirectory,
    async (directory) => {
      summary = await fillDirectory(directory, { before, after, config, options });
    },
    { mode: 0o700 },
  );
  return summary!;
}

type Run = {
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly config: BooksConfig;
  readonly options: AttributionOptions;
};

/** @throws SolventError `snapshot-without-books`, `snapshots-unfit`. */
function assertFit(before: Snapshot, after: Snapshot, config: BooksConfig): void {
  assertOfBooks(before);
  assertOfBooks(after);
  const unfit = (expected: string, got: string) =>
    refuseAnalysis(
      'snapshots-unfit',
      `expected ${expected}, got ${got}: name snapshots of one platform, the earlier first`,
    );
  if (parseInstantNs(before.takenAt) >= parseInstantNs(after.takenAt))
    throw unfit('an earlier snapshot and a later one', `${before.takenAt} and ${after.takenAt}`);
  const platforms = [before.platform, after.platform, config.platform];
  if (new Set(platforms).size > 1) throw unfit('snapshots and a configuration of one platform', 'several');
  const quotes = [before.quote, after.quote, config.quote];
  if (new Set(quotes).size > 1) throw unfit('one quote currency', quotes.join(', '));
}

async function fillDirectory(directory: string, run: Run): Promise<AttributionSummary> {
  const { before, after, options } = run;
  const scratchDirectory = join(directory, 'scratch');
  const scratch = await Scratch.open(scratchDirectory, { memoryLimit: MEMORY_LIMIT });
  try {
    const period = await readPeriod(scratch, run);
    options.onProgress?.('attribute', 0, 2);
    const { assets, unstated } = await attribute(scratch, run);
    options.onProgress?.('attribute', 1, 2);
    await computeReturns(scratch, { ...run, period });
    options.onProgress?.('attribute', 2, 2);
    const summary = await summarize(scratch, {
      before,
      after,
      assets,
      unstated,
      account: options.account,
    });
    await writeFiles(scratch, directory, options);
    await writeFileAtomically(join(directory, ATTRIBUTION_FILES.summary), encodeJsonLine(summary), {
      mode: PRIVATE_MODE,
    });
    await writeFileAtomically(join(directory, ATTRIBUTION_FILES.report), renderAttribution(summary), {
      mode: PRIVATE_MODE,
    });
    return summary;
  } finally {
    scratch.close();
    await rm(scratchDirectory, { recursive: true, force: true });
  }
}

/** The rows of the ledger between the snapshots, summed as far as they are needed. */
async function readPeriod(scratch: Scratch, { before, after, config, options }: Run): Promise<LoadedPeriod> {
  const sealed = after.sources.find(({ role }) => role === 'ledger');
  const period = { fromNs: parseInstantNs(before.takenAt), toNs: parseInstantNs(after.takenAt) };
  options.onProgress?.('read', 0, 1);
  const loaded = await loadPeriod(scratch, config, {
    ...period,
    sealed: sealed ?? { rows: 0, files: [] },
    onBytes: (done, total) => options.onProgress?.('hash', done, total),
  });
  options.onProgress?.('read', 1, 1);
  return loaded;
}

async function attribute(scratch: Scratch, { before, after }: Run) {
  const run = (name: string, parts = {}) => scratch.run(`analysis/attribution/${name}`, parts);
  await run('create-attributed-asset');
  await run('create-instrument-move');
  await run('create-component-part');
  await run('create-part-amount-macro');
  await run('create-whole-units');
  await run('create-quote-amount');
  const assets = joinAssets(before, after);
  await loadAssets(scratch, assets, { before, after });
  const decimals = new Map(assets.map((asset) => [asset.symbol, asset.decimals]));
  const unstated = await loadMoves(scratch, before, after, decimals);
  await scratch.append('component_part', [VARCHAR, VARCHAR], [Object.entries(COMPONENT_PARTS)]);
  const pattern = ({ directory }: Snapshot, file: string) => quoteText(escapePattern(join(directory, file)));
  await run('create-opening-component', { opening_pattern: pattern(before, COMPONENTS_FILE) });
  await run('create-closing-component', { closing_pattern: pattern(after, COMPONENTS_FILE) });
  await run('create-house-account', {
    opening_house: pattern(before, HOUSE_FILE),
    closing_house: pattern(after, HOUSE_FILE),
  });
  const componentParts = Object.fromEntries(Object.values(COMPONENT_PARTS).map((part) => [part, part]));
  await run('create-balance-change', {
    change_columns: sumParts(componentParts, ([part]) => sumWhere('closing - opening', 'part', [part!])),
  });
  await run('create-position-change');
  await run('create-position-part');
  await run('create-ledger-change', {
    ledger_columns: sumParts(LEDGER_PARTS, (kinds) => sumWhere('units', 'kind', kinds)),
  });
  await run('create-attribution');
  await run('order-attribution');
  await run('create-quoted-part');
  return { assets, unstated };
}

function sumWhere(amount: string, column: string, values: readonly string[]): string {
  return `coalesce(sum(${amount}) FILTER (${column} IN (${values.map(quoteText).join(', ')})), 0)`;
}

async function writeFiles(
  scratch: Scratch,
  directory: string,
  { onProgress }: AttributionOptions,
): Promise<void> {
  await scratch.run('analysis/cells/create-cell-text');
  await scratch.run('analysis/cells/create-units-text');
  const files = [
    ['attribution/write-attribution', ATTRIBUTION_FILES.parts],
    ['attribution/write-attribution-csv', ATTRIBUTION_FILES.partsCsv],
    ['performance/write-performance', ATTRIBUTION_FILES.performance],
    ['performance/write-performance-csv', ATTRIBUTION_FILES.performanceCsv],
  ] as const;
  for (const [index, [query, name]] of files.entries()) {
    onProgress?.('write', index, files.length);
    const path = join(directory, name);
    await scratch.set('out_path', path);
    await scratch.run(`analysis/${query}`);
    await chmod(path, PRIVATE_MODE);
  }
  onProgress?.('write', files.length, files.length);
}
