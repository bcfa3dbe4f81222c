import { availableParallelism } from 'node:os';
import { join } from 'node:path';

import {
  DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBConnection,
  type DuckDBType,
  type DuckDBValue,
  type JS,
} from '@duckdb/node-api';

import { makeDirectory, refuseSystem, type SystemCode } from '../../system/index.js';
import { SolventError } from '../../protocol/index.js';
import { assembleQuery, listSection, refuseQuery, type QueryParts } from './queries.js';

export type ScratchOptions = { readonly memoryLimit?: string; readonly threads?: number };

/** What DuckDB may keep in memory; the rest goes to the scratch directory. The whole process takes about twice that. */
const MEMORY_LIMIT = '320MiB';
const MAX_THREADS = 4;
/** Rows of a chunk that is appended at once. */
const CHUNK_ROWS = 2048;

/** One row of a result, by column name. Integers of 64 bits and more are bigints. */
export type ResultRow = Readonly<Record<string, JS>>;

/** A DuckDB database that is thrown away, with the queries of `sql/`. Close it before removing its directory. */
export class Scratch {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  /** What does not fit in memory is written below it; null for a reader. */
  readonly directory: string | null;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection, directory: string | null) {
    this.#instance = instance;
    this.directory = directory;
    this.#connection = connection;
  }

  /**
   * @param directory made if it is not there; what does not fit in memory is written to it, in the clear.
   * @param options `memoryLimit` as DuckDB writes it, like `1GiB`: the whole process takes about twice that.
   */
  static async open(directory: string, options: ScratchOptions = {}): Promise<Scratch> {
    await makeDirectory(directory, 0o700);
    const instance = await DuckDBInstance.create(':memory:', {
      ...OFFLINE,
      memory_limit: options.memoryLimit ?? MEMORY_LIMIT,
      threads: String(options.threads ?? Math.min(MAX_THREADS, availableParallelism())),
      temp_directory: join(directory, 'spill'),
    });
    return new Scratch(instance, await instance.connect(), directory);
  }

  /** A database without a file, for reading with one thread and little memory. */
  static async openReader(): Promise<Scratch> {
    const instance = await DuckDBInstance.create(':memory:', {
      ...OFFLINE,
      memory_limit: MEMORY_LIMIT,
      threads: '1',
    });
    return new Scratch(instance, await instance.connect(), null);
  }

  /** Sets a variable that queries read with `getvariable`. */
  async set(variable: string, value: DuckDBValue): Promise<void> {
    await this.#connection.run(`SET VARIABLE ${variable} = $value`, { value });
  }

  /** Runs a query of `sql/`; the number of rows that it changed. */
  async run(name: string, parts: QueryParts = {}): Promise<number> {
    const query = assembleQuery(name, parts);
    const result = await refuseFailure(name, () => this.#connection.run(query));
    return result.rowsChanged;
  }

  /** Runs all queries of a section, in the order of its file. */
  async runSection(stage: string, section: string): Promise<void> {
    for (const name of listSection(stage, section)) await this.run(name);
  }

  /** All rows that a query of `sql/` selects. */
  async select(name: string, parts: QueryParts = {}): Promise<ResultRow[]> {
    const query = assembleQuery(name, parts);
    const result = await refuseFailure(name, () => this.#connection.run(query));
    return result.getRowObjectsJS();
  }

  /** The rows that a query of `sql/` selects, in order, a few thousand at a time. */
  async *stream(name: string, parts: QueryParts = {}): AsyncGenerator<DuckDBValue[][]> {
    const query = assembleQuery(name, parts);
    const result = await refuseFailure(name, () => this.#connection.stream(query));
    for (;;) {
      const chunk = await refuseFailure(name, () => result.fetchChunk());
      if (chunk === null || chunk.rowCount === 0) return;
      yield chunk.getRows();
    }
  }

  /** Appends batches of rows to a table as they come, in the order of its columns; other queries may run meanwhile. */
  async append(table: string, types: readonly DuckDBType[], batches: RowBatches): Promise<void> {
    const connection = await this.#instance.connect();
    try {
      const appender = await connection.createAppender(table);
      for await (const rows of batches) {
        for (let from = 0; from < rows.length; from += CHUNK_ROWS) {
          const chunk = DuckDBDataChunk.create(types);
          const part = rows.slice(from, from + CHUNK_ROWS);
          chunk.setColumns(types.map((_, column) => part.map((row) => row[column]!)));
          appender.appendDataChunk(chunk);
        }
      }
      appender.closeSync();
    } finally {
      connection.closeSync();
    }
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}

type TableRow = readonly DuckDBValue[];
/** Rows to append, from memory or from a stream. */
export type RowBatches = AsyncIterable<readonly TableRow[]> | Iterable<readonly TableRow[]>;

/** Nothing is fetched or loaded behind our back, and rows stay in the order of their source. */
const OFFLINE = {
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  allow_community_extensions: 'false',
  preserve_insertion_order: 'true',
} as const;

/** How DuckDB says that there is no room, for a file or for what does not fit in memory. */
const NO_ROOM = /No space left on device|Disk quota exceeded|File too large|max_temp_directory_size/;

/** Kinds of DuckDB's errors whose text shows paths, sizes or queries, never rows. */
const SAFE_KINDS = ['IO Error', 'Out of Memory Error', 'Binder Error', 'Catalog Error', 'Parser Error'];

/** Runs a step of a query; DuckDB's own errors quote the rows that they are about, so most are not passed on. */
async function refuseFailure<T>(name: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    const text = error instanceof Error ? error.message : '';
    if (NO_ROOM.test(text)) throw refuseFullDisk(name);
    const kind = /^[A-Z][A-Za-z ]* Error/.exec(text)?.[0] ?? 'an error';
    const shown = SAFE_KINDS.includes(kind) ? text : kind;
    throw refuseQuery(name, `expected the query ${name} to run, got ${shown}`);
  }
}

function refuseFullDisk(query: string): SolventError<SystemCode> {
  return refuseSystem('disk-full', {
    expected: 'room for the snapshot and for what does not fit in memory',
    found: 'a full disk',
    advice: 'make room where it is written, and run the same command again',
    details: { query },
  });
}

/** A name of a table, view or column, for a query's part. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text without a zero byte, for a query's part. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A path as a pattern that matches this path alone: DuckDB reads `*`, `?` and `[` in file names as wildcards. */
export function escapePattern(path: string): string {
  return path.replace(/[*?[]/g, '[$&]');
}
