import { constants } from 'node:fs';
import { appendFile, chmod, copyFile, open } from 'node:fs/promises';
import { join } from 'node:path';

import { makeDirectory } from '../../../../system/index.js';
import { encodeStruct, THRIFT, ThriftReader, type ThriftField } from './thrift-compact.js';

/** A column at the top of a Parquet file, as the file itself says it; nothing is known of one that has columns in it. */
export type ParquetField = {
  readonly name: string;
  /** Whether it is the 96-bit form of instants that Parquet gave up in 2018. */
  readonly isInt96: boolean;
  readonly timestamp?: {
    readonly unit: 'milliseconds' | 'microseconds' | 'nanoseconds';
    readonly utc: boolean;
  };
  readonly decimal?: { readonly precision: number; readonly scale: number };
};

/** What a Parquet file says of itself at its end. */
export type ParquetFooter = { readonly fields: readonly ParquetField[]; readonly bytes: Uint8Array };

/** The longest footer that is read: that of some hundred thousand row groups. */
const MAX_FOOTER_BYTES = 256 * 1024 * 1024;
const MAGIC = 'PAR1';
const INT96 = 3;

/** The ids of the fields that are looked at, in the structs of parquet.thrift. */
const FILE = { schema: 2 } as const;
const ELEMENT = {
  physical: 1,
  name: 4,
  children: 5,
  converted: 6,
  scale: 7,
  precision: 8,
  logical: 10,
} as const;
const LOGICAL = { decimal: 5, timestamp: 8 } as const;
const CONVERTED = { decimal: 5, milliseconds: 9, microseconds: 10 } as const;
const UNITS = ['milliseconds', 'microseconds', 'nanoseconds'] as const;

/**
 * Reads what a Parquet file says of itself (apache/parquet-format, parquet.thrift).
 * @throws RangeError where it is no Parquet file, or one whose footer is encrypted; the errors of `fs`.
 */
export async function readFooter(path: string): Promise<ParquetFooter> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const end = await readAt(Math.max(0, size - 8), 8);
    const sizeBytes = end.readUInt32LE(0);
    if (end.toString('latin1', 4) !== MAGIC || sizeBytes > Math.min(size - 12, MAX_FOOTER_BYTES)) {
      throw new RangeError('expected the end of a Parquet file, got other bytes');
    }
    const bytes = await readAt(size - 8 - sizeBytes, sizeBytes);
    return { fields: parseSchema(bytes).columns.map(({ fields }) => describeField(fields)), bytes };
  } finally {
    await file.close();
  }

  async function readAt(position: number, sizeBytes: number): Promise<Buffer> {
    const bytes = Buffer.alloc(sizeBytes);
    const { bytesRead } = await file.read(bytes, 0, sizeBytes, position);
    if (bytesRead !== sizeBytes) throw new RangeError('expected a Parquet file, got a shorter one');
    return bytes;
  }
}

/**
 * The footer of a file in which some columns are plain integers, in bytes to append to the file. Readers begin at the
 * end of a file, and find everything else where it was.
 */
function encodePlainEnd({ bytes }: ParquetFooter, indexes: readonly number[]): Uint8Array {
  const { elements, columns, from, to } = parseSchema(bytes);
  const plain = new Set(indexes.map((index) => columns[index]!));
  const isLogical = ({ id }: ThriftField) => id === ELEMENT.converted || id === ELEMENT.logical;
  const schema = elements.map((element) =>
    encodeStruct(plain.has(element) ? element.fields.filter((field) => !isLogical(field)) : element.fields),
  );
  const footer = Buffer.concat([bytes.subarray(0, from), ...schema, bytes.subarray(to)]);
  const end = Buffer.alloc(8, `\0\0\0\0${MAGIC}`, 'latin1');
  end.writeUInt32LE(footer.length);
  return Buffer.concat([footer, end]);
}

type SchemaElement = { readonly fields: readonly ThriftField[] };

type Schema = {
  /** All elements, each before those that are in it. */
  readonly elements: readonly SchemaElement[];
  /** Those at the top, below the root. */
  readonly columns: readonly SchemaElement[];
  /** Where the first element begins in the footer, and where the last one ends. */
  readonly from: number;
  readonly to: number;
};

function parseSchema(bytes: Uint8Array): Schema {
  const stated = new ThriftReader(bytes).readStruct().find(({ id }) => id === FILE.schema);
  if (stated?.type !== THRIFT.LIST) throw new RangeError('expected the schema of a Parquet file, got none');
  const reader = new ThriftReader(stated.value);
  const { type, count } = reader.readListHead();
  if (type !== THRIFT.STRUCT) throw new RangeError('expected the schema of a Parquet file, got another list');
  const start = stated.value.byteOffset - bytes.byteOffset;
  const from = start + reader.at;
  const elements = Array.from({ length: count }, () => ({ fields: reader.readStruct() }));
  return { elements, columns: listColumns(elements), from, to: start + reader.at };
}

/** The elements below the root; those inside others are passed over. */
function listColumns(elements: readonly SchemaElement[]): SchemaElement[] {
  const columns: SchemaElement[] = [];
  let inside = 0;
  for (const element of elements.slice(1)) {
    const children = readNumber(element.fields, ELEMENT.children) ?? 0;
    if (inside === 0) columns.push(element);
    else inside -= 1;
    inside += children;
  }
  return columns;
}

function describeField(fields: readonly ThriftField[]): ParquetField {
  const timestamp = describeTimestamp(fields);
  const decimal = describeDecimal(fields);
  return {
    name: readText(fields, ELEMENT.name),
    isInt96: readNumber(fields, ELEMENT.physical) === INT96,
    ...(timestamp === undefined ? {} : { timestamp }),
    ...(decimal === undefined ? {} : { decimal }),
  };
}

/** A converted type without a logical one, as writers of before 2018 have it, is of instants in UTC (LogicalTypes.md). */
function describeTimestamp(fields: readonly ThriftField[]): ParquetField['timestamp'] {
  const logical = readFields(fields, ELEMENT.logical);
  const timestamp = logical && readFields(logical, LOGICAL.timestamp);
  if (timestamp !== undefined) {
    const utc = timestamp.some(({ id, type }) => id === 1 && type === THRIFT.TRUE);
    const unit = UNITS[(readFields(timestamp, 2)?.[0]?.id ?? 0) - 1];
    if (unit === undefined) throw new RangeError('expected a timestamp of a known unit, got another');
    return { unit, utc };
  }
  if (logical !== undefined) return undefined;
  const converted = readNumber(fields, ELEMENT.converted);
  if (converted === CONVERTED.milliseconds) return { unit: 'milliseconds', utc: true };
  return converted === CONVERTED.microseconds ? { unit: 'microseconds', utc: true } : undefined;
}

function describeDecimal(fields: readonly ThriftField[]): ParquetField['decimal'] {
  const logical = readFields(fields, ELEMENT.logical);
  const decimal = logical && readFields(logical, LOGICAL.decimal);
  if (decimal !== undefined) {
    return { precision: readNumber(decimal, 2) ?? 0, scale: readNumber(decimal, 1) ?? 0 };
  }
  if (readNumber(fields, ELEMENT.converted) !== CONVERTED.decimal) return undefined;
  return {
    precision: readNumber(fields, ELEMENT.precision) ?? 0,
    scale: readNumber(fields, ELEMENT.scale) ?? 0,
  };
}

function readNumber(fields: readonly ThriftField[], id: number): number | undefined {
  const field = fields.find((one) => one.id === id);
  return field?.type === THRIFT.I32 ? Number(new ThriftReader(field.value).readInteger()) : undefined;
}

/** A text, which stands behind its length. */
function readText(fields: readonly ThriftField[], id: number): string {
  const field = fields.find((one) => one.id === id);
  if (field?.type !== THRIFT.BINARY) throw new RangeError('expected the name of a column, got none');
  const from = field.value.findIndex((byte) => byte < 128) + 1;
  return Buffer.from(field.value.subarray(from)).toString('utf8');
}

function readFields(fields: readonly ThriftField[], id: number): readonly ThriftField[] | undefined {
  const field = fields.find((one) => one.id === id);
  return field?.type === THRIFT.STRUCT ? new ThriftReader(field.value).readStruct() : undefined;
}

/**
 * Copies a Parquet file with another end, in which some columns are the plain integers that they are stored as: DuckDB
 * 1.5 cuts nanoseconds in UTC to microseconds, and reads integers as they are. Nothing but the end is written anew.
 * @param places of the columns, below the root. @returns the path of the copy, which its owner alone reads.
 */
export async function copyPlain(
  path: string,
  {
    directory,
    name,
    footer,
    indexes,
  }: {
    readonly directory: string;
    readonly name: string;
    readonly footer: ParquetFooter;
    readonly indexes: readonly number[];
  },
): Promise<string> {
  const below = join(directory, 'parquet');
  await makeDirectory(below, 0o700);
  const copy = join(below, name);
  await copyFile(path, copy, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  await chmod(copy, 0o600);
  await appendFile(copy, encodePlainEnd(footer, indexes));
  return copy;
}
