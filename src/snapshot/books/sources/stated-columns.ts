import { quoteName, quoteText } from '../../database/scratch.js';
import type { SourceCode } from '../../reading/source-problems.js';
import type { SourceConfig } from '../config.js';
import { isFitType } from './columns.js';
import { SOURCE_SHAPES, type ColumnKind } from './shapes.js';

/** A column of a source as it is found: its name there and its type in DuckDB. */
export type FoundColumn = { readonly name: string; readonly type: string };

/** Where our columns come from: `places` are indexes into the columns that were found. */
export type ColumnPlan = {
  readonly places: ReadonlyMap<string, number>;
  readonly constants: ReadonlyMap<string, string>;
};

/** One fault of the columns of a source. */
export type ColumnFault = { readonly column: string; readonly code: SourceCode; readonly message: string };

/**
 * Finds our columns among those of a source. What the configuration does not name has our name; columns that nothing
 * names are passed over. A fault is a column that is missing, there twice, or of a type that cannot be read exactly.
 */
export function planColumns(
  { role, columns, constants }: SourceConfig,
  found: readonly FoundColumn[],
): { plan: ColumnPlan; faults: ColumnFault[] } {
  const places = new Map<string, number>();
  const faults: ColumnFault[] = [];
  const names = found.map(({ name }) => name);
  for (const [column, { kind, absent }] of Object.entries(SOURCE_SHAPES[role].columns)) {
    if (constants.has(column)) continue;
    const theirs = columns.get(column) ?? column;
    const place = names.indexOf(theirs);
    if (place < 0) {
      if (absent === undefined || columns.has(column)) faults.push(refuseMissing(role, column, theirs));
      continue;
    }
    places.set(column, place);
    if (names.includes(theirs, place + 1)) {
      const message = `expected one column ${theirs}, got two: rename or remove one`;
      faults.push({ column, code: 'column-doubled', message });
    } else if (!isFitType(kind, found[place]!.type)) {
      faults.push({ column, code: 'column-type-unfit', message: describeUnfit(kind, found[place]!.type) });
    }
  }
  return { plan: { places, constants }, faults };
}

/** Our columns with their types in DuckDB. */
export function planTypes(plan: ColumnPlan, found: readonly FoundColumn[]): Map<string, string> {
  const types = new Map([...plan.places].map(([column, place]) => [column, found[place]!.type]));
  for (const column of plan.constants.keys()) types.set(column, 'VARCHAR');
  return types;
}

/**
 * The list of a statement that selects our columns as `stated_<column>`; an empty text is no value.
 * @param found the columns as the statement can name them.
 */
export function selectPlanned({ places, constants }: ColumnPlan, found: readonly FoundColumn[]): string {
  const selected = [...places].map(([column, place]) => {
    const { name, type } = found[place]!;
    const stated = type === 'VARCHAR' ? `nullif(${quoteName(name)}, '')` : quoteName(name);
    return `${stated} AS stated_${column}`;
  });
  const fixed = [...constants].map(([column, value]) => `${quoteText(value)} AS stated_${column}`);
  return [...selected, ...fixed].join(', ');
}

function refuseMissing(role: string, column: string, theirs: string): ColumnFault {
  const message = `expected a column ${theirs}, got none: add it, or say in sources.${role}.columns or constants where ${column} is`;
  return { column, code: 'column-missing', message };
}

function describeUnfit(kind: ColumnKind, type: string): string {
  if (!kind.startsWith('amount')) {
    const expected =
      { instant: 'a TIMESTAMP or text', boolean: 'a BOOLEAN or text' }[kind as string] ?? 'text or integers';
    return `expected ${expected}, got ${type}: write the column as one of these`;
  }
  return `expected amounts as DECIMAL, integers or text, got ${type}, which rounds: write the column as DECIMAL(38, 18) or text`;
}
