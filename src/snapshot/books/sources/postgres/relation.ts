import type { Scratch } from '../../../database/scratch.js';
import { ProblemList } from '../../../reading/source-problems.js';
import type { SourceConfig, SourceOrigin } from '../../config.js';
import { TextTable, type Relation, type TextRow } from '../relation.js';
import { planColumns, type FoundColumn } from '../stated-columns.js';
import type { PostgresTransaction, QueryRows } from './transaction.js';
import { typeOf, valueWriterOf } from './values.js';

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
