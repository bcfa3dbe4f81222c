import { assembleExpression, type QueryParts } from '../../database/queries.js';
import { quoteName, quoteText } from '../../database/scratch.js';
import type { ColumnKind, ColumnShape, SourceShape } from './shapes.js';

/** The columns that a source has, by our names, with their types: DuckDB's, and those of Parquet that it has none for. */
export type StatedColumns = ReadonlyMap<string, string>;

/** What reads a source's rows, in parts of statements over columns named `stated_<column>`. */
export type RowReader = {
  /** Every value under our name, typed; null where it is absent or wrong. */
  readonly values: string;
  /** Whether nothing is wrong with any value by itself. */
  readonly valuesSound: string;
  /** A list of column names and codes; the code is null where nothing is wrong. */
  readonly faults: string;
  /** A map of column names to the texts that are there. */
  readonly stated: string;
  /** The column name and code of what is wrong with the values beside each other, or null. */
  readonly rowFault: string;
  /** The assets of the configuration. */
  readonly symbols: readonly string[];
};

/** Longest text of a key, in bytes of UTF-8. */
const MAX_TEXT_BYTES = 256;

/** The stage whose sections `values` and `value faults` have the expressions that are put together here. */
const SQL = 'books/sources';

/** Integers that DECIMAL(38, 18) holds, whatever they are. */
const SMALL_INTEGERS = /^U?(?:TINYINT|SMALLINT|INTEGER|BIGINT)$/;
const ANY_INTEGERS = /^U?(?:TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/;
const DECIMALS = /^DECIMAL\(([0-9]+),([0-9]+)\)$/;
/** The most digits of a decimal in DuckDB. */
export const MAX_DECIMAL_DIGITS = 38;
const LOCAL_TIMES = /^TIMESTAMP(?:_NS|_MS|_S)?$/;
const TEXTS = /^(?:VARCHAR|UUID|ENUM\(.*\))$/;

/** An instant in UTC, to the nanosecond: a type of Parquet that DuckDB cuts, so that it is read as an integer. */
export const UTC_NANOS = 'TIMESTAMP_NS WITH TIME ZONE';
const UTC_MICROS = 'TIMESTAMP WITH TIME ZONE';

/**
 * Whether values of a type can be read exactly as those of a column.
 * @param zone the time zone that the source states: without one, a time of its clocks is no instant.
 */
export function isFitType(kind: ColumnKind, type: string, zone: string | null): boolean {
  if (type === 'VARCHAR') return true;
  if (kind.startsWith('amount')) {
    const digits = DECIMALS.exec(type)?.[1];
    return ANY_INTEGERS.test(type) || (digits !== undefined && Number(digits) <= MAX_DECIMAL_DIGITS);
  }
  if (kind === 'instant') {
    return type === UTC_NANOS || type === UTC_MICROS || (LOCAL_TIMES.test(type) && zone !== null);
  }
  if (kind === 'boolean') return type === 'BOOLEAN';
  return TEXTS.test(type) || ANY_INTEGERS.test(type);
}

/** The name of a column as its values are read: instants are nanoseconds. */
export function valueName(name: string, { kind }: ColumnShape): string {
  return kind === 'instant' ? `${name}_ns` : name;
}

/** An asset as far as the rows of sources name it and count it. */
export type CountedAsset = { readonly symbol: string; readonly unit?: number };

/** What a source says of all its values. */
export type ReadingRules = {
  /** The assets of the configuration. */
  readonly assets: readonly CountedAsset[];
  /** The time zone of what says none itself, where the source states one. */
  readonly zone: string | null;
};

/**
 * Makes the expressions that read and judge the rows of a source.
 * @param stated the columns that are there.
 */
export function buildRowReader(shape: SourceShape, stated: StatedColumns, rules: ReadingRules): RowReader {
  const columns = Object.entries(shape.columns);
  const unit = unitOfRow(shape, rules.assets);
  const find = (name: string, column: ColumnShape): StatedColumn => ({
    ...findStated(name, { column, type: stated.get(name)!, unit }),
    ...{ name, column, ...rules },
  });
  const values = columns.map(([name, column]) => {
    const value = stated.has(name)
      ? readValue(find(name, column))
      : assemble(`absent-${familyOf(column.kind)}`);
    return `${value} AS ${quoteName(valueName(name, column))}`;
  });
  if (shape.columns.at === undefined) values.push(`${assemble('absent-instant')} AS at_ns`);
  const faults = columns
    .filter(([name]) => stated.has(name))
    .map(([name, column]) => ({ name, fault: judgeValue(find(name, column)) }));
  return {
    values: values.join(', '),
    valuesSound: faults.map(({ fault }) => `(${fault}) IS NULL`).join(' AND '),
    faults: `[${faults.map(({ name, fault }) => formatFault(name, fault)).join(', ')}]`,
    stated: `MAP {${faults.map(({ name }) => `${quoteText(name)}: stated_${name}::VARCHAR`).join(', ')}}`,
    rowFault: buildRowFault(shape, stated),
    symbols: rules.assets.map(({ symbol }) => symbol),
  };
}

/** A fault as queries list it. @param code an expression, null where there is no fault. */
export function formatFault(column: string, code: string): string {
  return `{'column_name': ${quoteText(column)}, 'code': ${code}}`;
}

function buildRowFault({ rule }: SourceShape, stated: StatedColumns): string {
  if (rule === undefined) return `NULL::STRUCT(column_name VARCHAR, code VARCHAR)`;
  const columns = rule.columns.map(quoteName);
  if (rule.macro === 'account_fault') columns.push(String(stated.has('user_id')));
  return `${rule.macro}(${columns.join(', ')})`;
}

/** What a column states, as an expression, and its type. */
type Stated = { readonly stated: string; readonly type: string };

/** A column with what it states, and what its source says of all its values. */
type StatedColumn = ReadingRules & Stated & { readonly name: string; readonly column: ColumnShape };

function findStated(
  name: string,
  { column, type, unit }: { column: ColumnShape; type: string; unit: string | undefined },
): Stated {
  const stated = `stated_${name}`;
  if (unit === undefined || !column.kind.startsWith('amount')) return { stated, type };
  return { stated: `whole_stated(${amountText({ stated, type })}, ${unit})`, type: 'VARCHAR' };
}

/** The unit that the amounts of a row are counted in, as an expression; undefined where all are whole ones. */
function unitOfRow(shape: SourceShape, assets: readonly CountedAsset[]): string | undefined {
  const counted = assets.filter(({ unit = 0 }) => unit > 0);
  const namesAsset = shape.columns.asset !== undefined && shape.table !== 'asset_price';
  if (counted.length === 0 || !namesAsset) return undefined;
  const cases = counted.map(({ symbol, unit }) => `WHEN ${quoteText(symbol)} THEN ${String(unit)}`);
  return `CASE stated_asset::VARCHAR ${cases.join(' ')} ELSE 0 END`;
}

function amountText({ stated, type }: Stated): string {
  return type === 'VARCHAR' ? stated : `stated_decimal(${stated})`;
}

type ValueFamily = 'amount' | 'instant' | 'boolean' | 'text';

function familyOf(kind: ColumnKind): ValueFamily {
  if (kind.startsWith('amount')) return 'amount';
  return kind === 'instant' || kind === 'boolean' ? kind : 'text';
}

function readValue({ stated, column: { kind }, type, zone }: StatedColumn): string {
  const family = familyOf(kind);
  const form = {
    amount: amountForm(type),
    instant: instantForm(type, zone),
    boolean: type === 'VARCHAR' ? 'text' : 'boolean',
    text: type === 'VARCHAR' ? 'text' : 'other',
  }[family];
  return assemble(`${family}-of-${form}`, { stated, zone: quoteText(zone ?? '') });
}

function amountForm(type: string): 'text' | 'narrow' | 'wide' {
  if (type === 'VARCHAR') return 'text';
  return isNarrow(type) ? 'narrow' : 'wide';
}

type InstantForm =
  'text' | 'zoned-text' | 'utc-text' | 'nanos' | 'micros' | `${'local' | 'utc'}-${'nanos' | 'micros'}`;

function instantForm(type: string, zone: string | null): InstantForm {
  // UTC has one instant for each of its times, so that nothing has to be looked up.
  const isUtc = zone === 'UTC';
  if (type === 'VARCHAR') return zone === null ? 'text' : isUtc ? 'utc-text' : 'zoned-text';
  if (type === UTC_NANOS) return 'nanos';
  if (type === UTC_MICROS) return 'micros';
  return `${isUtc ? 'utc' : 'local'}-${type === 'TIMESTAMP_NS' ? 'nanos' : 'micros'}`;
}

/** Whether every value of a type has at most 20 digits before the point and 18 behind it. */
function isNarrow(type: string): boolean {
  if (SMALL_INTEGERS.test(type)) return true;
  const [, precision, scale] = DECIMALS.exec(type) ?? [];
  return precision !== undefined && Number(scale) <= 18 && Number(precision) - Number(scale) <= 20;
}

/** The code of what is wrong with a value, in the order in which it is looked for; null where nothing is. */
function judgeValue(column: StatedColumn): string {
  const rule = column.column.absent === 'value' ? 'missing-permitted' : 'missing-refused';
  return assemble(rule, { stated: column.stated, fault: judgePresent(column) });
}

function judgePresent({ name, column, stated, type, assets, zone }: StatedColumn): string {
  const value = quoteName(valueName(name, column));
  const { kind, choices } = column;
  switch (familyOf(kind)) {
    case 'amount': {
      if (isNarrow(type) && kind === 'amount') return 'NULL::VARCHAR';
      return assemble(`fault-of-${kind}`, { value, text: amountText({ stated, type }) });
    }
    case 'instant': {
      const form = instantForm(type, zone);
      if (form === 'text' || form === 'zoned-text')
        return assemble(`fault-of-${form}-instant`, { value, stated });
      if (!form.startsWith('local')) return assemble('fault-of-instant', { value });
      const local = form === 'local-nanos' ? `epoch_ns(${stated})` : `micros_instant(${stated})`;
      return assemble('fault-of-local-instant', { value, local });
    }
    default: {
      const texts = (kind === 'asset' ? assets.map(({ symbol }) => symbol) : (choices ?? []))
        .map(quoteText)
        .join(', ');
      return assemble(`fault-of-${kind}`, { value, texts, max_bytes: String(MAX_TEXT_BYTES) });
    }
  }
}

/** An expression of the stage, in parentheses. */
function assemble(name: string, parts: QueryParts = {}): string {
  return assembleExpression(`${SQL}/${name}`, parts);
}
