import { INTEGER, UBIGINT, VARCHAR, type DuckDBType } from '@duckdb/node-api';

import { quoteText, type RowBatches, type Scratch } from '../../database/scratch.js';
import type { ProblemList } from '../../reading/source-problems.js';
import type { SourceRole } from '../config.js';
import type { StatedColumns } from './columns.js';

/** A part of a source whose rows are counted by themselves: a file, or what a query gives. */
export type SourcePart = {
  /** What problems are reported under. */
  readonly name: string;
  /** What was found while the rows were read. */
  readonly problems: ProblemList;
};

/** The rows of a source, in the view `source_<role>` with our columns under the names `stated_<column>`. */
export type Relation = {
  readonly role: SourceRole;
  readonly columns: StatedColumns;
  /** The columns of the source that were passed over, by their names. */
  readonly ignored: readonly string[];
  readonly parts: readonly SourcePart[];
  /** Whether rows have lines; else they are named by what is in them besides their number. */
  readonly hasLines: boolean;
  readonly rowCount: number;
  /** Makes the view `source_line`: the rows of one part with their `line`. */
  readonly openLines: (part: number) => Promise<void>;
  /** The query and its transaction, where the rows are of one. */
  readonly query?: { readonly text: string; readonly transaction: string };
};

/** The view that a source's rows are in as they are stated. */
export function statedView(role: SourceRole): string {
  return `source_${role}`;
}

/** The view of a source's typed rows. */
export function typedView(role: SourceRole): string {
  return `read_${role}`;
}

/** A list of paths or patterns for a statement's part. */
export function quoteList(texts: readonly string[]): string {
  return `[${texts.map(quoteText).join(', ')}]`;
}

/** A row of text: its part, its line, and the values of our columns. */
export type TextRow = readonly [part: number, line: bigint, ...values: (string | null)[]];

/** The rows of a source that DuckDB does not read itself, put into a table as text. */
export class TextTable {
  readonly #scratch: Scratch;
  readonly #role: SourceRole;
  readonly #columns: readonly string[];

  constructor(scratch: Scratch, role: SourceRole, columns: readonly string[]) {
    this.#scratch = scratch;
    this.#role = role;
    this.#columns = columns;
  }

  /** Takes all rows in. @param constants values that are the same in every row. */
  async fill(batches: RowBatches, constants: ReadonlyMap<string, string>): Promise<void> {
    const table = `text_${this.#role}`;
    await this.#scratch.run('books/sources/create-text-table', {
      table,
      columns: this.#columns.map((column) => `stated_${column} VARCHAR`).join(', '),
    });
    const types: DuckDBType[] = [INTEGER, UBIGINT, ...this.#columns.map(() => VARCHAR)];
    await this.#scratch.append(table, types, batches);
    await this.#scratch.run('books/sources/create-text-rows', {
      table,
      view: statedView(this.#role),
      columns: this.#select(constants),
    });
  }

  async openLines(part: number, constants: ReadonlyMap<string, string>): Promise<void> {
    await this.#scratch.run('books/sources/create-text-lines', {
      table: `text_${this.#role}`,
      part: String(part),
      columns: this.#select(constants),
    });
  }

  #select(constants: ReadonlyMap<string, string>): string {
    const fixed = [...constants].map(([column, value]) => `${quoteText(value)} AS stated_${column}`);
    const stated = this.#columns.map((column) => `nullif(stated_${column}, '') AS stated_${column}`);
    return [...stated, ...fixed].join(', ');
  }
}
