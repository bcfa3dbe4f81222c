import { INTEGER, VARCHAR } from '@duckdb/node-api';

import { SolventError } from '../../../protocol/index.js';
import type { Scratch } from '../../database/scratch.js';
import { assertUnchanged } from '../../reading/source-text.js';
import type { BooksConfig, SourceConfig } from '../config.js';
import { formatInstantNs } from '../instant-ns.js';
import { buildRowReader } from './columns.js';
import { throwFaultyRows } from './find-problems.js';
import { assertComplete } from './load-books.js';
import { loadSource, openFiles, type LoadedSource } from './load-source.js';
import { openConnections } from './postgres/open-connections.js';
import { statedView, typedView, type Relation } from './relation.js';
import { SOURCE_SHAPES } from './shapes.js';
import { openSourceFiles, type FiledSource, type SourceFile } from './source-files.js';
import { refuseSnapshot, type SnapshotCode } from '../../errors.js';

/** Parts of a period that flows are summed in. */
export const PERIOD_SLOTS = 1024n;

export type PeriodOptions = {
  /** The instants, nanoseconds since 1970 UTC: rows after the first and up to the second are of the period. */
  readonly fromNs: bigint;
  readonly toNs: bigint;
  /** What the later snapshot says of its ledger. */
  readonly sealed: { readonly rows: number; readonly files: readonly { readonly sha256: string }[] };
  /** Called with the bytes of the ledger that are hashed. */
  readonly onBytes?: (doneBytes: number, totalBytes: number) => void;
};

/** The nanoseconds of one of the `PERIOD_SLOTS` parts of a period. */
function slotNsOf({ fromNs, toNs }: Pick<PeriodOptions, 'fromNs' | 'toNs'>): bigint {
  return (toNs - fromNs) / PERIOD_SLOTS + 1n;
}

/** A period whose ledger can be read again. */
export type LoadedPeriod = {
  /**
   * Sums the ledger of the accounts in a table, by the parts of the period, into the table `ledger_step`.
   * @throws SourceError `source-changed`.
   */
  readonly stepLedger: (accounts: string) => Promise<void>;
};

/**
 * Reads the prices and marks up to the second instant and the ledger between two into the tables `book_asset`, `asset_price`,
 * `mark` and `ledger_period`, and sets `from_ns`, `to_ns` and `slot_ns`. Each row is held to its form; whether its account is listed was asked when the snapshot was taken.
 * @throws SourceError with the faults of a source, by file and line; SolventError of class `usage`: `ledger-missing`,
 * `ledger-differs` where it has not the files and as many rows as the later snapshot sealed; as `loadBooks`.
 */
export async function loadPeriod(
  scratch: Scratch,
  config: BooksConfig,
  options: PeriodOptions,
): Promise<LoadedPeriod> {
  const { fromNs, toNs } = options;
  const roles = new Set(['ledger', 'prices', 'marks']);
  const read = { ...config, sources: config.sources.filter(({ role }) => roles.has(role)) };
  const ledger = read.sources.find(({ role }) => role === 'ledger');
  if (ledger === undefined) throw refuseLedger('ledger-missing', 'a source ledger', 'none');
  assertComplete(read, toNs);
  await scratch.runSection('books/sources', 'schema');
  const assets = config.assets.map(({ symbol, decimals }, index) => [index, symbol, decimals]);
  await scratch.append('book_asset', [INTEGER, VARCHAR, INTEGER], [assets]);
  const queried = await openConnections(scratch, read, { environment: process.env });
  let ledgerFiles: readonly SourceFile[] = [];
  for (const source of read.sources) {
    const relation = queried.get(source.role);
    const opened = relation === undefined ? await open(scratch, source, options) : { relation, files: [] };
    if (source.role !== 'ledger') await loadSource(scratch, { config, source, ...opened, atNs: toNs });
    else {
      await loadLedger(scratch, { config, source, ...opened, options });
      ledgerFiles = opened.files;
    }
  }
  await scratch.set('from_ns', fromNs);
  await scratch.set('to_ns', toNs);
  await scratch.set('slot_ns', slotNsOf(options));
  return {
    stepLedger: async (accounts) => {
      await scratch.run('books/period/create-ledger-step', { accounts });
      await assertAllUnchanged(ledgerFiles);
    },
  };
}

async function assertAllUnchanged(files: readonly SourceFile[]): Promise<void> {
  for (const { path, file, state } of files) await assertUnchanged({ path, file, state });
}

type Opened = { readonly relation: Relation; readonly files: readonly SourceFile[] };

async function open(scratch: Scratch, source: SourceConfig, { onBytes }: PeriodOptions): Promise<Opened> {
  const filed = source as FiledSource;
  const files = await openSourceFiles(scratch, filed, source.role === 'ledger' ? onBytes : undefined);
  return { relation: await openFiles(scratch, filed, files), files };
}

async function loadLedger(
  scratch: Scratch,
  {
    config,
    source,
    relation,
    files,
    options,
  }: Pick<LoadedSource, 'source' | 'relation' | 'files'> & {
    readonly config: BooksConfig;
    readonly options: PeriodOptions;
  },
): Promise<void> {
  const { fromNs, toNs, sealed } = options;
  const found = new Set(files.map(({ sha256 }) => sha256));
  const lost = sealed.files.filter(({ sha256 }) => !found.has(sha256)).length;
  if (lost > 0) throw refuseLedger('ledger-differs', ofSnapshot('files'), `${lost} that are not there`);
  const reader = buildRowReader(SOURCE_SHAPES.ledger, relation.columns, {
    assets: config.assets,
    zone: source.timeZone,
  });
  await scratch.run('books/sources/create-typed-rows', {
    view: typedView('ledger'),
    rows: statedView('ledger'),
    values: reader.values,
    values_sound: reader.valuesSound,
    row_fault: reader.rowFault,
    instant: String(toNs),
  });
  const parts = { from: String(fromNs), slot_ns: String(slotNsOf(options)) };
  await scratch.run('books/period/create-ledger-period', parts);
  await assertAllUnchanged(files);
  const [counts] = await scratch.select('books/period/select-ledger-period');
  const misread = relation.parts.some(({ problems }) => problems.count > 0);
  if (counts!.faulty !== 0n || misread) await throwFaultyRows(scratch, { relation, reader, atNs: toNs });
  if (Number(counts!.counted) === sealed.rows) return;
  const got = `${(counts!.counted as bigint).toString()} up to ${formatInstantNs(toNs)}`;
  throw refuseLedger('ledger-differs', `${sealed.rows} rows, as the later snapshot has them`, got);
}

function ofSnapshot(what: string): string {
  return `the ${what} that the later snapshot was made of`;
}

function refuseLedger(
  code: 'ledger-missing' | 'ledger-differs',
  expected: string,
  got: string,
): SolventError<SnapshotCode> {
  return refuseSnapshot(code, { expected: `a ledger with ${expected}`, found: got });
}
