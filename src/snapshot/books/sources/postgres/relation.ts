import type { FieldDef } from 'pg';

import type { Scratch } from '../../../database/scratch.js';
import { ProblemList } from '../../../reading/source-problems.js';
import type { SourceConfig, SourceOrigin } from '../../config.js';
import { TextTable, type Relation, type TextRow } from '../relation.js';
import { planColumns, type FoundColumn } from '../stated-columns.js';
import type { PostgresTransaction, QueryRows } from './transaction.js';

/** What types of PostgreSQL, by their object ids, are to us: the type in DuckDB that is fit for the same columns. */
const TYPES: ReadonlyMap<number, string> = new Map([
  [16, 'BOOLEAN'],
  [17, 'BLOB'],
  [20, 'BIGINT'],
  [21, 'BIGINT'],
  [23, 'BIGINT'],
  [700, 'FLOAT'],
  [701, 'DOUBLE'],
  [790, 'MONEY'],
  [1082, 'DATE'],
  [1114, 'TIMESTAMP'],
  [1184, 'TIMESTAMP WITH TIME ZONE'],
  [1700, 'DECIMAL(38,18)'],
]);

/** The type in DuckDB that stands for a column of a query; everything else is text. */
function typeOf({ dataTypeID }: FieldDef): string {
  return TYPES.get(dataTypeID) ?? 'VARCHAR';
}

/** Rewrites the text of a value, as the server writes it, into the text that sources use. */
type ValueWriter = (text: string) => string;

const unchanged: ValueWriter = (text) => text;

/** How the values of a column are written; the session writes instants in ISO form and in UTC. */
function valueWriterOf(type: string): ValueWriter {
  switch (type) {
    case 'BOOLEAN':
      return (text) => (text === 't' ? 'true' : 'false');
    case 'TIMESTAMP':
      return (text) => text.replace(' ', 'T');
    case 'TIMESTAMP WITH TIME ZONE':
      return (text) => text.replace(' ', 'T').replace(/\+00$/, 'Z');
    case 'DECIMAL(38,18)':
      // numeric(38, 20) writes twenty fraction digits whatever the value is.
      return (text) => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
    default:
      return unchanged;
  }
}

export type QueriedSource = SourceConfig & {
  readonly origin: Extract<SourceOrigin, { from: 'postgres' }>;
};

/**
 * Reads the rows of a query into a table of text.
 * @param onRows called with the rows read so far.
 * @throws SourceError for what is wrong with the columns; SolventError as `PostgresTransaction.query`.
 */
export async function openQuery(
  scratch: Scratch,
  source: QueriedSource,
  {
    transaction,
    onRows,
  }: { transaction: PostgresTransaction; onRows?: ((rows: number) => void) | undefined },
): Promise<Relation> {
  const { role, origin, constants } = source;
  const text = origin.query;
  const { fields, batches } = await transaction.query(text, `sources.${role}.query`);
  const found = fields.map((field): FoundColumn => ({ name: field.name, type: typeOf(field) }));
  const problems = new ProblemList(`the query of ${role}`);
  const { plan, faults } = planColumns(source, found);
  for (const { column, ...fault } of faults) problems.add(1, column, fault);
  problems.throwIfAny();
  const table = new TextTable(scratch, role, [...plan.indexes.keys()]);
  const counter = { rows: 0 };
  const indexes = [...plan.indexes.values()].map((position) => ({
    position,
    write: valueWriterOf(found[position]!.type),
  }));
  await table.fill(writeRows(batches, { indexes, counter, onRows }), constants);
  const columns = new Map([...plan.indexes.keys(), ...constants.keys()].map((name) => [name, 'VARCHAR']));
  return {
    role,
    columns,
    ignored: plan.ignored,
    parts: [{ name: problems.file, problems }],
    hasLines: false,
    rowCount: counter.rows,
    openLines: (part) => table.openLines(part, constants),
    query: { text, transaction: transaction.snapshot },
  };
}

type RowPlan = {
  readonly indexes: readonly { readonly position: number; readonly write: (text: string) => string }[];
  readonly counter: { rows: number };
  readonly onRows?: ((rows: number) => void) | undefined;
};

async function* writeRows(
  batches: QueryRows['batches'],
  { indexes, counter, onRows }: RowPlan,
): AsyncGenerator<TextRow[]> {
  for await (const rows of batches) {
    yield rows.map((row): TextRow => {
      counter.rows += 1;
      const values = indexes.map(({ position, write }) => {
        const text = row[position] ?? null;
        return text === null ? null : write(text);
      });
      return [0, BigInt(counter.rows), ...values];
    });
    onRows?.(counter.rows);
  }
}
