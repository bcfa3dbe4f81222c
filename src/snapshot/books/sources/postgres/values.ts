import type { FieldDef } from 'pg';

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
export function typeOf({ dataTypeID }: FieldDef): string {
  return TYPES.get(dataTypeID) ?? 'VARCHAR';
}

/** Rewrites the text of a value, as the server writes it, into the text that sources use. */
export type ValueWriter = (text: string) => string;

const unchanged: ValueWriter = (text) => text;

/** How the values of a column are written; the session writes instants in ISO form and in UTC. */
export function valueWriterOf(type: string): ValueWriter {
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
