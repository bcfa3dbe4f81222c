/** A value of Thrift's compact protocol, by the type that its field has. */
type Thrift =
  | { readonly i32: number }
  | { readonly i64: bigint }
  | { readonly bool: boolean }
  | { readonly bytes: Uint8Array }
  | { readonly list: readonly Thrift[] }
  | { readonly struct: ReadonlyMap<number, Thrift> };

/** What Parquet's own tables call the physical types that columns have here. */
const PHYSICAL = { BOOLEAN: 0, INT32: 1, INT64: 2, INT96: 3, DOUBLE: 5, BYTE_ARRAY: 6, FIXED: 7 } as const;

/** What converted types, of before 2018, are called. */
export const CONVERTED = { UTF8: 0, DECIMAL: 5, TIMESTAMP_MILLIS: 9, TIMESTAMP_MICROS: 10 } as const;

const UNIT = { MILLIS: 1, MICROS: 2, NANOS: 3 } as const;

/** A column of a Parquet file, with its values as they lie in a page; null where a row has none. */
export type ParquetColumn = {
  readonly name: string;
  readonly physical: keyof typeof PHYSICAL;
  readonly converted?: keyof typeof CONVERTED;
  readonly timestamp?: { readonly unit: keyof typeof UNIT; readonly utc: boolean };
  /** Digits, and those behind the point. */
  readonly decimal?: readonly [precision: number, scale: number];
  /** Whether a decimal has the logical type too, as writers of today have it. */
  readonly legacy?: boolean;
  readonly values: readonly (Uint8Array | null)[];
};

/**
 * How pages are laid out: `plain` as DuckDB lays out short columns, `dictionary` as pyarrow lays out all, both with
 * columns that may be null; `snappy` in blocks of Snappy, as Spark and pyarrow do.
 */
export type ParquetLayout = { readonly encoding: 'plain' | 'dictionary'; readonly codec: 'none' | 'snappy' };

/** Little-endian bytes of an integer. */
export function int(value: bigint, sizeBytes = 8): Uint8Array {
  const bytes = new Uint8Array(sizeBytes);
  for (let at = 0; at < sizeBytes; at++) bytes[at] = Number((value >> BigInt(8 * at)) & 255n);
  return bytes;
}

/** Big-endian bytes of an integer in two's complement, as decimals have them. */
export function bigEndian(value: bigint, sizeBytes: number): Uint8Array {
  return int(value, sizeBytes).reverse();
}

/** A text, or a decimal of any length, as a column of BYTE_ARRAY has it. */
export function byteArray(value: string | Uint8Array): Uint8Array {
  const bytes = Buffer.from(value as string);
  return Buffer.concat([int(BigInt(bytes.length), 4), bytes]);
}

/** A column of texts. */
export function textColumn(name: string, ...values: (string | null)[]): ParquetColumn {
  return {
    ...{ name, physical: 'BYTE_ARRAY', converted: 'UTF8' },
    values: values.map((value) => (value === null ? null : byteArray(value))),
  };
}

/** A Parquet file of one row group, of bytes that no library has written. */
export function encodeParquet(
  columns: readonly ParquetColumn[],
  layout: ParquetLayout = { encoding: 'plain', codec: 'none' },
): Uint8Array {
  const chunks: Uint8Array[] = [Buffer.from('PAR1')];
  let offset = 4;
  const described = columns.map((column) => {
    const pages = encodePages(column, layout);
    const sizeBytes = pages.reduce((sum, page) => sum + page.length, 0);
    const from = offset;
    chunks.push(...pages);
    offset += sizeBytes;
    return describeChunk(column, { layout, from, sizeBytes, firstBytes: pages[0]!.length });
  });
  const rowCount = BigInt(columns[0]!.values.length);
  const footer = encodeValue(
    struct({
      1: { i32: 2 },
      2: { list: [describeRoot(columns.length), ...columns.map(describeColumn)] },
      3: { i64: rowCount },
      4: {
        list: [struct({ 1: { list: described }, 2: { i64: BigInt(offset - 4) }, 3: { i64: rowCount } })],
      },
      6: { bytes: Buffer.from('bytes of our own') },
    }),
  );
  return Buffer.concat([...chunks, footer, int(BigInt(footer.length), 4), Buffer.from('PAR1')]);
}

function describeRoot(columnCount: number): Thrift {
  return struct({ 4: { bytes: Buffer.from('schema') }, 5: { i32: columnCount } });
}

function describeColumn(column: ParquetColumn): Thrift {
  const { name, physical, converted, decimal, legacy, values } = column;
  const present = values.find((value) => value !== null);
  const [precision, scale] = decimal ?? [];
  return struct({
    1: { i32: PHYSICAL[physical] },
    2: physical === 'FIXED' ? { i32: present!.length } : undefined,
    3: { i32: 1 },
    4: { bytes: Buffer.from(name) },
    6: decimal !== undefined ? { i32: CONVERTED.DECIMAL } : converted && { i32: CONVERTED[converted] },
    7: scale === undefined ? undefined : { i32: scale },
    8: precision === undefined ? undefined : { i32: precision },
    10: legacy === true ? undefined : describeLogical(column),
  });
}

function describeLogical({ timestamp, decimal }: ParquetColumn): Thrift | undefined {
  if (decimal !== undefined) return struct({ 5: struct({ 1: { i32: decimal[1] }, 2: { i32: decimal[0] } }) });
  if (timestamp === undefined) return undefined;
  const unit = struct({ [UNIT[timestamp.unit]]: struct({}) });
  return struct({ 8: struct({ 1: { bool: timestamp.utc }, 2: unit }) });
}

function describeChunk(
  { name, physical, values }: ParquetColumn,
  {
    layout,
    from,
    sizeBytes,
    firstBytes,
  }: { layout: ParquetLayout; from: number; sizeBytes: number; firstBytes: number },
): Thrift {
  const hasDictionary = layout.encoding === 'dictionary';
  const meta = struct({
    1: { i32: PHYSICAL[physical] },
    2: { list: (hasDictionary ? [0, 3, 8] : [0, 3]).map((i32) => ({ i32 })) },
    3: { list: [{ bytes: Buffer.from(name) }] },
    4: { i32: layout.codec === 'snappy' ? 1 : 0 },
    5: { i64: BigInt(values.length) },
    6: { i64: BigInt(sizeBytes) },
    7: { i64: BigInt(sizeBytes) },
    9: { i64: BigInt(hasDictionary ? from + firstBytes : from) },
    11: hasDictionary ? { i64: BigInt(from) } : undefined,
  });
  return struct({ 2: { i64: BigInt(from) }, 3: meta });
}

function encodePages({ values }: ParquetColumn, { encoding, codec }: ParquetLayout): Uint8Array[] {
  const present = values.filter((value) => value !== null);
  const levels = encodeLevels(values);
  if (encoding === 'plain') {
    const page = Buffer.concat([levels, ...present]);
    return [encodePage(page, { kind: 'plain', codec, count: values.length })];
  }
  // One run of one value each: an index of a byte into the dictionary.
  const runs = present.map((_, index) => Uint8Array.of(2, index));
  const indexes = Buffer.concat([levels, Uint8Array.of(8), ...runs]);
  return [
    encodePage(Buffer.concat(present), { kind: 'dictionary', codec, count: present.length }),
    encodePage(indexes, { kind: 'indexes', codec, count: values.length }),
  ];
}

/** Whether each row has a value: one run of packed bits behind its length. */
function encodeLevels(values: readonly (Uint8Array | null)[]): Uint8Array {
  const groups = Math.ceil(values.length / 8);
  const bits = new Uint8Array(groups);
  values.forEach((value, index) => {
    if (value !== null) bits[index >> 3]! |= 1 << (index & 7);
  });
  const run = Buffer.concat([varint(BigInt((groups << 1) | 1)), bits]);
  return Buffer.concat([int(BigInt(run.length), 4), run]);
}

function encodePage(
  page: Uint8Array,
  {
    kind,
    codec,
    count,
  }: { kind: 'plain' | 'dictionary' | 'indexes'; codec: 'none' | 'snappy'; count: number },
): Uint8Array {
  const stored = codec === 'snappy' ? encodeSnappy(page) : page;
  const encoding: Thrift = { i32: kind === 'indexes' ? 8 : 0 };
  const header = encodeValue(
    struct({
      1: { i32: kind === 'dictionary' ? 2 : 0 },
      2: { i32: page.length },
      3: { i32: stored.length },
      5:
        kind === 'dictionary'
          ? undefined
          : struct({ 1: { i32: count }, 2: encoding, 3: { i32: 3 }, 4: { i32: 3 } }),
      7: kind === 'dictionary' ? struct({ 1: { i32: count }, 2: encoding }) : undefined,
    }),
  );
  return Buffer.concat([header, stored]);
}

/** A block of Snappy that is one literal: of less than 64 KiB. */
function encodeSnappy(bytes: Uint8Array): Uint8Array {
  const literal = Buffer.concat([Uint8Array.of(61 << 2), int(BigInt(bytes.length - 1), 2), bytes]);
  return Buffer.concat([varint(BigInt(bytes.length)), literal]);
}

function struct(fields: Readonly<Record<number, Thrift | undefined>>): Thrift {
  const stated = Object.entries(fields).filter(([, value]) => value !== undefined);
  return { struct: new Map(stated.map(([id, value]) => [Number(id), value!])) };
}

function encodeValue(value: Thrift): Uint8Array {
  if ('i32' in value) return varint(zigzag(BigInt(value.i32)));
  if ('i64' in value) return varint(zigzag(value.i64));
  if ('bool' in value) return Uint8Array.of(value.bool ? 1 : 2);
  if ('bytes' in value) return Buffer.concat([varint(BigInt(value.bytes.length)), value.bytes]);
  if ('list' in value) {
    const type = value.list.length === 0 ? 5 : typeOf(value.list[0]!);
    const head = Buffer.concat([Uint8Array.of(0xf0 | type), varint(BigInt(value.list.length))]);
    return Buffer.concat([head, ...value.list.map(encodeValue)]);
  }
  let last = 0;
  const fields = [...value.struct].map(([id, field]) => {
    const head = Uint8Array.of(((id - last) << 4) | typeOf(field));
    last = id;
    return 'bool' in field ? head : Buffer.concat([head, encodeValue(field)]);
  });
  return Buffer.concat([...fields, Uint8Array.of(0)]);
}

function typeOf(value: Thrift): number {
  if ('bool' in value) return value.bool ? 1 : 2;
  if ('i32' in value) return 5;
  if ('i64' in value) return 6;
  if ('bytes' in value) return 8;
  return 'list' in value ? 9 : 12;
}

function zigzag(value: bigint): bigint {
  return value >= 0n ? value << 1n : (-value << 1n) - 1n;
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Uint8Array.of(...bytes, Number(rest));
}
