import { INTEGER, VARCHAR } from '@duckdb/node-api';
import { basename } from 'node:path';

import type { Scratch } from '../../database/scratch.js';
import { assertUnchanged } from '../../reading/source-text.js';
import type { BooksConfig, SourceConfig, SourceRole } from '../config.js';
import { settleAccounts } from './accounts.js';
import { formatInstantNs, parseInstantNs } from '../instant-ns.js';
import { assertNamesKnown } from './known-names.js';
import { loadSource, openFiles, type LoadedSource } from './load-source.js';
import { openConnections } from './postgres/open-connections.js';
import type { Relation } from './relation.js';
import { LOADING_ORDER, SOURCE_SHAPES } from './shapes.js';
import { openSourceFiles, type FiledSource, type SourceFile } from './source-files.js';
import { refuseSnapshot } from '../../errors.js';

/** How far a source is: `done` of `total`, in bytes for `hash`, in rows for `fetch`, and in steps for `read`. */
export type SourceProgress = {
  readonly stage: 'hash' | 'fetch' | 'read';
  readonly role: SourceRole;
  readonly done: number;
  /** Null where it is not known. */
  readonly total: number | null;
};

/** What a source was, as a snapshot says it. */
export type BookSource = {
  readonly role: SourceRole;
  readonly files: readonly { readonly fileName: string; readonly sha256: string }[];
  readonly query: { readonly text: string; readonly transaction: string } | null;
  /** Rows up to the instant. */
  readonly rows: number;
  readonly rowsAfterInstant: number;
  /** The columns that were passed over, by their names. */
  readonly ignoredColumns: readonly string[];
  readonly completeTo: string | null;
  /** The first and last instant of the rows up to the instant; null where they have none. */
  readonly firstAt: string | null;
  readonly lastAt: string | null;
};

export type LoadOptions = {
  /** The instant, nanoseconds since 1970 UTC. */
  readonly atNs: bigint;
  readonly onProgress?: (progress: SourceProgress) => void;
  /** Where the URLs of connections are; by default, the environment of the process. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
};

/** Books that were read, and whether their files are still what they were. */
export type LoadedBooks = {
  /** In the order of the configuration. */
  readonly sources: readonly BookSource[];
  /**
   * The relation `ledger` reads its files whenever it is used, so this follows its last use.
   * @throws SourceError `source-changed`.
   */
  readonly assertUnchanged: () => Promise<void>;
};

/**
 * Reads a platform's books up to an instant into the tables of `sql/books/sources.sql`, and the relation `ledger`. Each source is
 * held to its own form and to what the others define; nothing is valued or reconciled.
 * @throws SourceError with the faults of one source, by file and line; SolventError of class `source`:
 * `source-incomplete`, `files-missing`, `total-too-large`; of class `usage`: `file-unreadable`.
 */
export async function loadBooks(
  scratch: Scratch,
  config: BooksConfig,
  options: LoadOptions,
): Promise<LoadedBooks> {
  assertComplete(config, options.atNs);
  await scratch.runSection('books/sources', 'schema');
  const assets = config.assets.map(({ symbol, decimals }, index) => [index, symbol, decimals]);
  await scratch.append('book_asset', [INTEGER, VARCHAR, INTEGER], [assets]);
  const queried = await openConnections(scratch, config, {
    environment: options.environment ?? process.env,
    onRows: (role, rows) => options.onProgress?.({ stage: 'fetch', role, done: rows, total: null }),
  });
  const stated = new Map(config.sources.map((source) => [source.role, source]));
  const loaded: LoadedSource[] = [];
  for (const role of LOADING_ORDER) {
    const source = stated.get(role);
    if (source === undefined) continue;
    loaded.push(await loadOne(scratch, source, { config, queried: queried.get(role), ...options }));
    await assertNamesKnown(scratch, loaded.at(-1)!, { config, accountsAreListed: stated.has('accounts') });
  }
  if (!stated.has('ledger')) await scratch.run('books/sources/create-empty-ledger');
  await settleAccounts(scratch, loaded);
  return {
    sources: config.sources.map(({ role }) =>
      describeSource(loaded.find(({ source }) => source.role === role)!),
    ),
    assertUnchanged: async () => {
      for (const { files } of loaded) await assertAllUnchanged(files);
    },
  };
}

/**
 * Makes sure that every source says that it is complete to an instant, nanoseconds since 1970 UTC.
 * @throws SolventError `source-incomplete`.
 */
export function assertComplete({ sources }: Pick<BooksConfig, 'sources'>, atNs: bigint): void {
  for (const { role, completeTo } of sources) {
    if (completeTo === null || parseInstantNs(completeTo) >= atNs) continue;
    throw refuseSnapshot('source-incomplete', {
      expected: `the source ${role} to be complete to ${formatInstantNs(atNs)}`,
      found: `completeTo ${completeTo}`,
      details: { source: role, completeTo },
    });
  }
}

async function loadOne(
  scratch: Scratch,
  source: SourceConfig,
  {
    config,
    queried,
    atNs,
    onProgress,
  }: LoadOptions & { readonly config: BooksConfig; readonly queried: Relation | undefined },
): Promise<LoadedSource> {
  const { role } = source;
  const { files, relation } =
    queried === undefined ? await open(scratch, source, onProgress) : { files: [], relation: queried };
  onProgress?.({ stage: 'read', role, done: 0, total: 1 });
  const loaded = await loadSource(scratch, { config, source, relation, files, atNs });
  onProgress?.({ stage: 'read', role, done: 1, total: 1 });
  return loaded;
}

async function open(
  scratch: Scratch,
  source: SourceConfig,
  onProgress: LoadOptions['onProgress'],
): Promise<{ files: SourceFile[]; relation: Relation }> {
  const { role } = source;
  const filed = source as FiledSource;
  const files = await openSourceFiles(scratch, filed, (done, total) =>
    onProgress?.({ stage: 'hash', role, done, total }),
  );
  return { files, relation: await openFiles(scratch, filed, files) };
}

async function assertAllUnchanged(files: readonly SourceFile[]): Promise<void> {
  for (const { path, file, state } of files) await assertUnchanged({ path, file, state });
}

function describeSource(loaded: LoadedSource): BookSource {
  const { source, files, relation, countedRows, firstAtNs, lastAtNs } = loaded;
  const hasTime = SOURCE_SHAPES[source.role].columns.at !== undefined;
  return {
    role: source.role,
    files: files.map(({ path, sha256 }) => ({ fileName: basename(path), sha256 })),
    query: relation.query ?? null,
    rows: countedRows,
    rowsAfterInstant: hasTime ? relation.rowCount - countedRows : 0,
    ignoredColumns: relation.ignored,
    completeTo: source.completeTo,
    firstAt: firstAtNs === null ? null : formatInstantNs(firstAtNs),
    lastAt: lastAtNs === null ? null : formatInstantNs(lastAtNs),
  };
}
