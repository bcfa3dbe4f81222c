import { quoteName, quoteText } from '../../database/scratch.js';
import { findNames, type KnownColumns } from '../../reading/column-names.js';
import type { SourceCode } from '../../reading/source-problems.js';
import type { SourceConfig } from '../config.js';
import { isFitType } from './columns.js';
import { describeUnfit } from './messages.js';
import { SOURCE_SHAPES } from './shapes.js';

/** A column of a source as it is found: its name there, its type, and what a query calls it where that is not its name. */
export type FoundColumn = { readonly name: string; readonly type: string; readonly queryName?: string };

/** Where our columns come from: `places` are indexes into the columns that were found. */
export type ColumnPlan = {
  readonly indexes: ReadonlyMap<string, number>;
  readonly constants: ReadonlyMap<string, string>;
  /** The columns that are passed over, as the source has them. */
  readonly ignored: readonly string[];
};

/** One fault of the columns of a source. */
export type ColumnFault = {
  readonly column: string | null;
  readonly code: SourceCode;
  readonly message: string;
};

/** The columns of a source by the names that it has for them: ours, where the configuration gives no other. */
export function listKnown({ role, columns, constants, ignored }: SourceConfig): KnownColumns & {
  /** The name that each of our columns has. */
  readonly names: ReadonlyMap<string, string>;
} {
  const read = Object.entries(SOURCE_SHAPES[role].columns)
    .filter(([column]) => !constants.has(column))
    .map(([column, { absent }]) => ({
      column,
      name: columns.get(column) ?? column,
      isOptional: absent !== undefined && !columns.has(column),
    }))
    .filter(({ name, isOptional }) => !isOptional || !ignored.includes(name));
  return {
    required: read.filter(({ isOptional }) => !isOptional).map(({ name }) => name),
    optional: read.filter(({ isOptional }) => isOptional).map(({ name }) => name),
    ignored,
    advice: `remove the column, or list it in sources.${role}.ignore`,
    names: new Map(read.map(({ column, name }) => [column, name])),
  };
}

/**
 * Finds our columns among those of a source. What the configuration does not name has our name. A fault is a column that
 * is missing, there twice, of a type that cannot be read exactly, or not known and not ignored by name.
 */
export function planColumns(
  source: SourceConfig,
  found: readonly FoundColumn[],
): { plan: ColumnPlan; faults: ColumnFault[] } {
  const known = listKnown(source);
  const names = findNames(
    found.map(({ name }) => name),
    known,
  );
  const faults: ColumnFault[] = names.faults.map(({ name, code, message }) => ({
    column: name === null ? null : findColumn(known.names, name),
    code,
    message:
      code === 'column-missing'
        ? `${message}, or say in sources.${source.role}.columns or constants where ${findColumn(known.names, name!)} is`
        : message,
  }));
  const indexes = new Map<string, number>();
  for (const [column, { kind }] of Object.entries(SOURCE_SHAPES[source.role].columns)) {
    const index = names.indexes.get(known.names.get(column) ?? '');
    if (index === undefined) continue;
    indexes.set(column, index);
    const { type } = found[index]!;
    if (isFitType(kind, type, source.timeZone)) continue;
    faults.push({ column, code: 'column-type-unfit', message: describeUnfit(kind, type) });
  }
  return { plan: { indexes, constants: source.constants, ignored: names.ignored }, faults };
}

/** The first of our columns that has a name in the source. */
export function findColumn(names: ReadonlyMap<string, string>, theirs: string): string {
  return [...names].find(([, name]) => name === theirs)![0];
}

/** Our columns with their types. */
export function planTypes(plan: ColumnPlan, found: readonly FoundColumn[]): Map<string, string> {
  const types = new Map([...plan.indexes].map(([column, index]) => [column, found[index]!.type]));
  for (const column of plan.constants.keys()) types.set(column, 'VARCHAR');
  return types;
}

/**
 * The list of a query that selects our columns as `stated_<column>`; an empty text is no value.
 * @param found the columns as the query can name them.
 */
export function selectPlanned({ indexes, constants }: ColumnPlan, found: readonly FoundColumn[]): string {
  const selected = [...indexes].map(([column, index]) => {
    const { name, queryName = name, type } = found[index]!;
    const stated = type === 'VARCHAR' ? `nullif(${quoteName(queryName)}, '')` : quoteName(queryName);
    return `${stated} AS stated_${column}`;
  });
  const fixed = [...constants].map(([column, value]) => `${quoteText(value)} AS stated_${column}`);
  return [...selected, ...fixed].join(', ');
}
