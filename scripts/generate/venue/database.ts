import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { DuckDBInstance, type DuckDBConnection, type DuckDBValue } from '@duckdb/node-api';

import { projectRoot } from '../../../src/system/index.js';
import { parseStage } from '../../../src/snapshot/index.js';

/** One row of a result without lists, by column name; decimals and integers of 64 bits and more are texts. */
export type MadeRow = Readonly<Record<string, string | number | boolean | null>>;

/** The queries of `sql/` by the names of their files. */
const STAGES = new Map(
  ['schema', 'books', 'plants', 'earlier'].map((stage) => [
    stage,
    parseStage(readFileSync(join(projectRoot(), `scripts/generate/venue/sql/${stage}.sql`), 'utf8')),
  ]),
);
const MEMORY_LIMIT = '2GiB';

/** The database that a venue is made in, with the queries of `sql/`: one file that is thrown away. */
export class VenueDatabase {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  /** @param path a file that is not there yet. */
  static async create(path: string): Promise<VenueDatabase> {
    const instance = await DuckDBInstance.create(path, {
      memory_limit: MEMORY_LIMIT,
      temp_directory: `${path}.spill`,
    });
    return new VenueDatabase(instance, await instance.connect());
  }

  /** Sets a variable that queries read with `getvariable`; a bigint is one of 64 bits. */
  async set(variable: string, value: DuckDBValue): Promise<void> {
    const cast = typeof value === 'bigint' ? '::BIGINT' : '';
    await this.#connection.run(`SET VARIABLE ${variable} = $value${cast}`, { value });
  }

  /** Runs the query `stage/name` of `sql/`, and returns the rows that it selects or changes. */
  async run(path: string): Promise<MadeRow[]> {
    const [stage, name] = path.split('/') as [string, string];
    return this.query(STAGES.get(stage)!.queries.get(name)!);
  }

  /** Runs all queries of a section, in the order of its file. */
  async runSection(stage: string, section: string): Promise<void> {
    for (const name of STAGES.get(stage)!.sections.get(section)!) await this.run(`${stage}/${name}`);
  }

  /** Runs a statement, and returns its rows. */
  async query(statement: string): Promise<MadeRow[]> {
    const result = await this.#connection.run(statement);
    return (await result.getRowObjectsJson()) as MadeRow[];
  }

  /** Inserts rows, in the order of the table's columns. */
  async insert(table: string, rows: readonly (readonly DuckDBValue[])[]): Promise<void> {
    for (const row of rows) {
      const indexes = row.map((_, column) => `$${column + 1}`).join(', ');
      await this.#connection.run(`INSERT INTO ${table} VALUES (${indexes})`, [...row]);
    }
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}
