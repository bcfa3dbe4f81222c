import { quoteName, quoteText } from '../../database/scratch.js';
import type { ColumnKind, ColumnShape, SourceShape } from './shapes.js';

/** The columns that a source has, by our names, with their types in DuckDB. */
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
export const MAX_TEXT_BYTES = 256;

const NULL_OF: Readonly<Record<ColumnKind, string>> = {
  key: 'NULL::VARCHAR',
  text: 'NULL::VARCHAR',
  asset: 'NULL::VARCHAR',
  choice: 'NULL::VARCHAR',
  amount: 'NULL::DECIMAL(38, 18)',
  'amount-not-negative': 'NULL::DECIMAL(38, 18)',
  'amount-positive': 'NULL::DECIMAL(38, 18)',
  instant: 'NULL::BIGINT',
  boolean: 'NULL::BOOLEAN',
};

/** Integers that DECIMAL(38, 18) holds, whatever they are. */
const SMALL_INTEGERS = /^U?(?:TINYINT|SMALLINT|INTEGER|BIGINT)$/;
const ANY_INTEGERS = /^U?(?:TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/;
const DECIMALS = /^DECIMAL\(([0-9]+),([0-9]+)\)$/;
const INSTANTS = /^TIMESTAMP(?:_NS|_MS|_S| WITH TIME ZONE|_NS WITH TIME ZONE)?$/;
const TEXTS = /^(?:VARCHAR|UUID|ENUM\(.*\))$/;

/** Whether values of a type in DuckDB can be read exactly as those of a column. */
export function isFitType(kind: ColumnKind, type: string): boolean {
  if (type === 'VARCHAR') return true;
  if (kind.startsWith('amount')) return ANY_INTEGERS.test(type) || DECIMALS.test(type);
  if (kind === 'instant') return INSTANTS.test(type);
  if (kind === 'boolean') return type === 'BOOLEAN';
  return TEXTS.test(type) || ANY_INTEGERS.test(type);
}

/** The name of a column as its values are read: instants are nanoseconds. */
export function valueName(name: string, { kind }: ColumnShape): string {
  return kind === 'instant' ? `${name}_ns` : name;
}

/** An asset as far as the rows of sources name it and count it. */
export type CountedAsset = { readonly symbol: string; readonly unit?: number };

/**
 * Makes the expressions that read and judge the rows of a source.
 * @param assets those of the configuration; @param stated the columns that are there.
 */
export function buildRowReader(
  shape: SourceShape,
  stated: StatedColumns,
  assets: readonly CountedAsset[],
): RowReader {
  const columns = Object.entries(shape.columns);
  const symbols = assets.map(({ symbol }) => symbol);
  const unit = unitOfRow(shape, assets);
  const find = (name: string, column: ColumnShape) =>
    findStated(name, { column, type: stated.get(name)!, unit });
  const values = columns.map(([name, column]) => {
    const value = stated.has(name) ? readValue(find(name, column), column) : NULL_OF[column.kind];
    return `${value} AS ${quoteName(valueName(name, column))}`;
  });
  if (shape.columns.at === undefined) values.push('NULL::BIGINT AS at_ns');
  const faults = columns
    .filter(([name]) => stated.has(name))
    .map(([name, column]) => ({
      name,
      fault: judgeValue(name, column, { ...find(name, column), symbols }),
    }));
  return {
    values: values.join(', '),
    valuesSound: faults.map(({ fault }) => `(${fault}) IS NULL`).join(' AND '),
    faults: `[${faults.map(({ name, fault }) => formatFault(name, fault)).join(', ')}]`,
    stated: `MAP {${faults.map(({ name }) => `${quoteText(name)}: stated_${name}::VARCHAR`).join(', ')}}`,
    rowFault: buildRowFault(shape, stated),
    symbols,
  };
}

/** A fault as statements list it. @param code an expression, null where there is no fault. */
export function formatFault(column: string, code: string): string {
  return `{'column_name': ${quoteText(column)}, 'code': ${code}}`;
}

function buildRowFault({ rule }: SourceShape, stated: StatedColumns): string {
  if (rule === undefined) return `NULL::STRUCT(column_name VARCHAR, code VARCHAR)`;
  const columns = rule.columns.map(quoteName);
  if (rule.macro === 'account_fault') columns.push(String(stated.has('user_id')));
  return `${rule.macro}(${columns.join(', ')})`;
}

/** What a column states, as an expression, and its type in DuckDB. */
type Stated = { readonly stated: string; readonly type: string };

function findStated(
  name: string,
  { column, type, unit }: { column: ColumnShape; type: string; unit: string | undefined },
): Stated {
  const stated = `stated_${name}`;
  if (unit === undefined || !column.kind.startsWith('amount')) return { stated, type };
  return { stated: `whole_stated(${amountText(stated, type)}, ${unit})`, type: 'VARCHAR' };
}

/** The unit that the amounts of a row are counted in, as an expression; undefined where all are whole ones. */
function unitOfRow(shape: SourceShape, assets: readonly CountedAsset[]): string | undefined {
  const counted = assets.filter(({ unit = 0 }) => unit > 0);
  const namesAsset = shape.columns.asset !== undefined && shape.table !== 'asset_price';
  if (counted.length === 0 || !namesAsset) return undefined;
  const cases = counted.map(({ symbol, unit }) => `WHEN ${quoteText(symbol)} THEN ${String(unit)}`);
  return `CASE stated_asset::VARCHAR ${cases.join(' ')} ELSE 0 END`;
}

function readValue({ stated, type }: Stated, { kind }: ColumnShape): string {
  if (kind === 'instant') return readInstant(stated, type);
  if (kind === 'boolean') {
    return type === 'VARCHAR' ? `CASE ${stated} WHEN 'true' THEN true WHEN 'false' THEN false END` : stated;
  }
  if (!kind.startsWith('amount')) return type === 'VARCHAR' ? stated : `${stated}::VARCHAR`;
  return isExact(type) ? `${stated}::DECIMAL(38, 18)` : `text_amount(${amountText(stated, type)})`;
}

function readInstant(stated: string, type: string): string {
  if (type === 'VARCHAR') return `text_instant(${stated})`;
  return type.startsWith('TIMESTAMP_NS') ? `epoch_ns(${stated})` : `micros_instant(${stated})`;
}

/** Whether every value of a type has at most 20 digits before the point and 18 behind it. */
function isExact(type: string): boolean {
  if (SMALL_INTEGERS.test(type)) return true;
  const [, precision, scale] = DECIMALS.exec(type) ?? [];
  return precision !== undefined && Number(scale) <= 18 && Number(precision) - Number(scale) <= 20;
}

function amountText(stated: string, type: string): string {
  return type === 'VARCHAR' ? stated : `stated_decimal(${stated})`;
}

type Judgement = Stated & { readonly symbols: readonly string[] };

/** The code of what is wrong with a value, in the order in which it is looked for; null where nothing is. */
function judgeValue(name: string, column: ColumnShape, judgement: Judgement): string {
  const { stated } = judgement;
  const absent = column.absent === 'value' ? 'NULL' : `'value-missing'`;
  const cases = [
    `WHEN ${stated} IS NULL THEN ${absent}`,
    ...judgePresent({ column, value: quoteName(valueName(name, column)), ...judgement }),
  ];
  return `CASE ${cases.join(' ')} END`;
}

function judgePresent({
  column: { kind, choices },
  value,
  stated,
  type,
  symbols,
}: Judgement & { column: ColumnShape; value: string }): string[] {
  const listed = (texts: readonly string[]) => texts.map(quoteText).join(', ');
  switch (kind) {
    case 'asset':
      return [`WHEN ${value} NOT IN (${listed(symbols)}) THEN 'asset-unknown'`];
    case 'choice':
      return [`WHEN ${value} NOT IN (${listed(choices!)}) THEN 'choice-unknown'`];
    case 'instant':
      return [`WHEN ${value} IS NULL THEN 'instant-malformed'`];
    case 'boolean':
      return [`WHEN ${value} IS NULL THEN 'boolean-malformed'`];
    case 'key':
    case 'text': {
      const long = `WHEN strlen(${value}) > ${MAX_TEXT_BYTES} THEN 'text-too-long'`;
      const control = `WHEN regexp_matches(${value}, '[\\x00-\\x1f\\x7f]') THEN 'text-has-control-character'`;
      return kind === 'key' ? [long] : [long, control];
    }
    default: {
      const malformed = `WHEN ${value} IS NULL THEN text_amount_fault(${amountText(stated, type)})`;
      const sign = {
        amount: [],
        'amount-not-negative': [`WHEN ${value} < 0 THEN 'amount-negative'`],
        'amount-positive': [`WHEN ${value} <= 0 THEN 'amount-not-positive'`],
      }[kind];
      return isExact(type) ? sign : [malformed, ...sign];
    }
  }
}
