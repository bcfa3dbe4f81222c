import { bigEndian, byteArray, int, type ParquetColumn } from './parquet-bytes.js';

/**
 * One spelling of a value, with the one verdict on it: the value that it is, or the code of its refusal. `text` is what
 * CSV, NDJSON, text in Parquet and text in PostgreSQL have.
 */
export type Spelling = { readonly text: string; readonly verdict: string };

const AT = '1769817540000000000';
const ZEROS = '0'.repeat(30);

/** Amounts, as DECIMAL(38, 18). */
export const AMOUNTS: readonly Spelling[] = [
  { text: '0', verdict: '0.000000000000000000' },
  { text: '-0', verdict: '0.000000000000000000' },
  { text: '-0.00000000', verdict: '0.000000000000000000' },
  { text: `0.${ZEROS}`, verdict: '0.000000000000000000' },
  { text: '1.5', verdict: '1.500000000000000000' },
  { text: '-1.5', verdict: '-1.500000000000000000' },
  { text: '007', verdict: '7.000000000000000000' },
  { text: `${ZEROS}7`, verdict: '7.000000000000000000' },
  { text: `${ZEROS}7.50`, verdict: '7.500000000000000000' },
  { text: `${ZEROS}7.5${ZEROS}`, verdict: '7.500000000000000000' },
  { text: `-${ZEROS}7.5`, verdict: '-7.500000000000000000' },
  { text: `1.5${ZEROS}`, verdict: '1.500000000000000000' },
  { text: '0.000000000000000001', verdict: '0.000000000000000001' },
  { text: '0.000000000000000001000', verdict: '0.000000000000000001' },
  { text: '99999999999999999999.999999999999999999', verdict: '99999999999999999999.999999999999999999' },
  { text: '-99999999999999999999', verdict: '-99999999999999999999.000000000000000000' },
  { text: '0.0000000000000000001', verdict: 'amount-too-precise' },
  { text: `0.${ZEROS}1`, verdict: 'amount-too-precise' },
  { text: '-0.0000000000000000001', verdict: 'amount-too-precise' },
  { text: '100000000000000000000', verdict: 'amount-too-large' },
  { text: `1${ZEROS}${ZEROS}`, verdict: 'amount-too-large' },
  { text: '-100000000000000000000', verdict: 'amount-too-large' },
  { text: '', verdict: 'value-missing' },
  { text: 'NaN', verdict: 'amount-not-finite' },
  { text: 'inf', verdict: 'amount-not-finite' },
  { text: '-Infinity', verdict: 'amount-not-finite' },
  { text: '1,000.25', verdict: 'malformed' },
  { text: '1.000,25', verdict: 'malformed' },
  { text: '12,5', verdict: 'malformed' },
  { text: '1 000', verdict: 'malformed' },
  { text: "1'000", verdict: 'malformed' },
  { text: '1_000', verdict: 'malformed' },
  { text: '1e3', verdict: 'malformed' },
  { text: '1.2E+12', verdict: 'malformed' },
  { text: '+1', verdict: 'malformed' },
  { text: ' 1', verdict: 'malformed' },
  { text: '1\u00a0', verdict: 'malformed' },
  { text: '1.', verdict: 'malformed' },
  { text: '.5', verdict: 'malformed' },
  { text: '--1', verdict: 'malformed' },
  { text: '0x10', verdict: 'malformed' },
  { text: '\uff11', verdict: 'malformed' },
  { text: '(1.5)', verdict: 'malformed' },
  { text: '1.5 USD', verdict: 'malformed' },
  { text: '50%', verdict: 'malformed' },
  { text: 'null', verdict: 'malformed' },
];

/** Instants, as nanoseconds since 1970 UTC. */
export const INSTANTS: readonly Spelling[] = [
  { text: '2026-01-30T23:59:00Z', verdict: AT },
  { text: '2026-01-31T00:59:00+01:00', verdict: AT },
  { text: '2026-01-30T18:29:00-05:30', verdict: AT },
  { text: '2026-01-30T23:59:00+00:00', verdict: AT },
  { text: '2026-01-30T23:59:00-00:00', verdict: AT },
  { text: '2026-01-30T23:59:00.0Z', verdict: AT },
  { text: '2026-01-30 23:59:00+00', verdict: AT },
  { text: '2026-01-31 05:29:00+05:30', verdict: AT },
  { text: '2026-01-30 23:59:00Z', verdict: AT },
  { text: '2026-01-30T23:59:00.123456789Z', verdict: '1769817540123456789' },
  { text: '2026-01-30 23:59:00.123456+00', verdict: '1769817540123456000' },
  { text: '1678-01-01T00:00:00Z', verdict: '-9214560000000000000' },
  { text: '2024-02-29T00:00:00Z', verdict: '1709164800000000000' },
  { text: '2026-01-30T23:59:00', verdict: 'column-type-unfit' },
  { text: '2026-01-30 23:59:00', verdict: 'column-type-unfit' },
  { text: '2026-01-30 23:59:00.123456', verdict: 'column-type-unfit' },
  { text: '1677-12-31T23:59:59Z', verdict: 'instant-malformed' },
  { text: '2262-01-01T00:00:00Z', verdict: 'instant-malformed' },
  { text: '9999-12-31T23:59:59Z', verdict: 'instant-malformed' },
  { text: '0000-00-00T00:00:00Z', verdict: 'instant-malformed' },
  { text: '0044-03-15 00:00:00+00 BC', verdict: 'instant-malformed' },
  { text: 'infinity', verdict: 'instant-malformed' },
  { text: '-infinity', verdict: 'instant-malformed' },
  { text: '2026-02-30T00:00:00Z', verdict: 'instant-malformed' },
  { text: '2025-02-29T00:00:00Z', verdict: 'instant-malformed' },
  { text: '2026-13-01T00:00:00Z', verdict: 'instant-malformed' },
  { text: '2026-01-30T24:00:00Z', verdict: 'instant-malformed' },
  { text: '2026-01-30T23:59:60Z', verdict: 'instant-malformed' },
  { text: '2026-01-30T23:60:00Z', verdict: 'instant-malformed' },
  { text: '2026-01-30T23:59Z', verdict: 'instant-malformed' },
  { text: '2026-01-30T23:59:00z', verdict: 'instant-malformed' },
  { text: '2026-01-30t23:59:00Z', verdict: 'instant-malformed' },
  { text: '2026-01-30T23:59:00+0100', verdict: 'instant-malformed' },
  { text: '2026-01-30T23:59:00+24:00', verdict: 'instant-malformed' },
  { text: '2026-01-30T23:59:00 +01:00', verdict: 'instant-malformed' },
  { text: '2026-01-30T23:59:00,5Z', verdict: 'instant-malformed' },
  { text: '2026-01-30', verdict: 'instant-malformed' },
  { text: '20260130T235900Z', verdict: 'instant-malformed' },
  { text: '1769817540', verdict: 'instant-malformed' },
  { text: '2026-01-30T23:59:00.1234567890Z', verdict: 'instant-malformed' },
  { text: '30.01.2026 23:59', verdict: 'instant-malformed' },
  { text: '01/30/2026 23:59:00', verdict: 'instant-malformed' },
  { text: '2026-01-30 23:59:00 UTC', verdict: 'instant-malformed' },
  { text: ' 2026-01-30T23:59:00Z', verdict: 'instant-malformed' },
  { text: '', verdict: 'value-missing' },
];

/** A typed column of Parquet with one value, and its verdict. */
export type TypedSpelling = {
  readonly title: string;
  readonly column: Omit<ParquetColumn, 'name'>;
  readonly verdict: string;
};

const MIN = -(1n << 63n);
const MAX = (1n << 63n) - 1n;
const NS = 1769817540123456789n;

function timestamp(unit: 'MILLIS' | 'MICROS' | 'NANOS', utc: boolean, value: bigint) {
  return { physical: 'INT64', timestamp: { unit, utc }, values: [int(value)] } as const;
}

/** Instants of every type of Parquet's. */
export const TYPED_INSTANTS: readonly TypedSpelling[] = [
  { title: 'nanoseconds in UTC', column: timestamp('NANOS', true, NS), verdict: String(NS) },
  {
    title: 'microseconds in UTC',
    column: timestamp('MICROS', true, NS / 1000n),
    verdict: '1769817540123456000',
  },
  {
    title: 'milliseconds in UTC',
    column: timestamp('MILLIS', true, NS / 1000000n),
    verdict: '1769817540123000000',
  },
  {
    title: 'microseconds of before 2018',
    column: { physical: 'INT64', converted: 'TIMESTAMP_MICROS', values: [int(NS / 1000n)] },
    verdict: '1769817540123456000',
  },
  {
    title: 'milliseconds of before 2018',
    column: { physical: 'INT64', converted: 'TIMESTAMP_MILLIS', values: [int(NS / 1000000n)] },
    verdict: '1769817540123000000',
  },
  { title: 'local nanoseconds', column: timestamp('NANOS', false, NS), verdict: 'column-type-unfit' },
  {
    title: 'local microseconds',
    column: timestamp('MICROS', false, NS / 1000n),
    verdict: 'column-type-unfit',
  },
  {
    title: 'local milliseconds',
    column: timestamp('MILLIS', false, NS / 1000000n),
    verdict: 'column-type-unfit',
  },
  {
    title: 'INT96',
    column: { physical: 'INT96', values: [Buffer.concat([int(86340000000000n), int(2461071n, 4)])] },
    verdict: 'column-type-unfit',
  },
  { title: 'plain integers', column: { physical: 'INT64', values: [int(NS)] }, verdict: 'column-type-unfit' },
  {
    title: 'doubles',
    column: { physical: 'DOUBLE', values: [Buffer.alloc(8)] },
    verdict: 'column-type-unfit',
  },
  ...(['NANOS', 'MICROS', 'MILLIS'] as const).flatMap((unit) => [
    { title: `the highest of ${unit}`, column: timestamp(unit, true, MAX), verdict: 'instant-malformed' },
    {
      title: `the lowest of ${unit}`,
      column: timestamp(unit, true, MIN),
      // DuckDB cannot turn so many milliseconds into microseconds, and stops.
      verdict: unit === 'MILLIS' ? 'file-malformed' : 'instant-malformed',
    },
  ]),
];

function decimal(
  precision: number,
  scale: number,
  rest: Omit<ParquetColumn, 'name' | 'decimal'>,
): ParquetColumn {
  return { name: '', decimal: [precision, scale], ...rest };
}

/** Amounts of every type of Parquet's. */
export const TYPED_AMOUNTS: readonly TypedSpelling[] = [
  {
    title: 'DECIMAL(9, 2) in INT32',
    column: decimal(9, 2, { physical: 'INT32', values: [int(-150n, 4)] }),
    verdict: '-1.500000000000000000',
  },
  {
    title: 'DECIMAL(18, 8) in INT64',
    column: decimal(18, 8, { physical: 'INT64', values: [int(-1n)] }),
    verdict: '-0.000000010000000000',
  },
  {
    title: 'DECIMAL(38, 18) in 16 bytes',
    column: decimal(38, 18, { physical: 'FIXED', values: [bigEndian(-(10n ** 38n - 1n), 16)] }),
    verdict: '-99999999999999999999.999999999999999999',
  },
  {
    title: 'DECIMAL(38, 18) of before 2018',
    column: decimal(38, 18, { physical: 'FIXED', legacy: true, values: [bigEndian(1n, 16)] }),
    verdict: '0.000000000000000001',
  },
  {
    title: 'DECIMAL(20, 2) in 9 bytes',
    column: decimal(20, 2, { physical: 'FIXED', values: [bigEndian(-150n, 9)] }),
    verdict: '-1.500000000000000000',
  },
  {
    title: 'DECIMAL(38, 2) in 17 bytes',
    column: decimal(38, 2, { physical: 'FIXED', values: [bigEndian(150n, 17)] }),
    verdict: '1.500000000000000000',
  },
  {
    title: 'DECIMAL(38, 2) in 32 bytes',
    column: decimal(38, 2, { physical: 'FIXED', values: [bigEndian(-150n, 32)] }),
    verdict: '-1.500000000000000000',
  },
  {
    title: 'DECIMAL(38, 2) in bytes of any number',
    column: decimal(38, 2, { physical: 'BYTE_ARRAY', values: [byteArray(bigEndian(-150n, 2))] }),
    verdict: '-1.500000000000000000',
  },
  {
    title: 'DECIMAL(38, 30)',
    column: decimal(38, 30, { physical: 'FIXED', values: [bigEndian(1n, 16)] }),
    verdict: 'amount-too-precise',
  },
  {
    title: 'DECIMAL(38, 0)',
    column: decimal(38, 0, { physical: 'FIXED', values: [bigEndian(10n ** 20n, 16)] }),
    verdict: 'amount-too-large',
  },
  {
    title: 'DECIMAL(39, 18)',
    column: decimal(39, 18, { physical: 'FIXED', values: [bigEndian(150n, 17)] }),
    verdict: 'column-type-unfit',
  },
  {
    title: 'DECIMAL(76, 18) in 32 bytes',
    column: decimal(76, 18, { physical: 'FIXED', values: [bigEndian(150n, 32)] }),
    verdict: 'column-type-unfit',
  },
  {
    title: 'DECIMAL(50, 2) in bytes of any number',
    column: decimal(50, 2, { physical: 'BYTE_ARRAY', values: [byteArray(bigEndian(-150n, 2))] }),
    verdict: 'column-type-unfit',
  },
  {
    title: 'INT64',
    column: { physical: 'INT64', values: [int(MIN)] },
    verdict: '-9223372036854775808.000000000000000000',
  },
  { title: 'INT32', column: { physical: 'INT32', values: [int(-7n, 4)] }, verdict: '-7.000000000000000000' },
  {
    title: 'DOUBLE',
    column: { physical: 'DOUBLE', values: [Buffer.alloc(8)] },
    verdict: 'column-type-unfit',
  },
  { title: 'BOOLEAN', column: { physical: 'BOOLEAN', values: [int(1n, 1)] }, verdict: 'column-type-unfit' },
];

/** The columns of the file that pyarrow wrote, as instants. */
export const PYARROW_INSTANTS: Readonly<Record<string, string>> = {
  ms_utc: '1769817540123000000',
  ms_offset: '1769817540123000000',
  ms_local: 'column-type-unfit',
  us_utc: '1769817540123456000',
  us_offset: '1769817540123456000',
  us_local: 'column-type-unfit',
  ns_utc: '1769817540123456789',
  ns_offset: '1769817540123456789',
  ns_local: 'column-type-unfit',
  ns_lowest: 'instant-malformed',
  ns_null: 'value-missing',
  date32: 'column-type-unfit',
};

/** The other columns of the file, as amounts. */
export const PYARROW_AMOUNTS: Readonly<Record<string, string>> = {
  decimal32_9_2: '-1.500000000000000000',
  decimal64_18_8: '-1.500000000000000000',
  decimal128_38_18: '-1.500000000000000000',
  decimal128_38_30: '-1.500000000000000000',
  decimal256_38_18: '-1.500000000000000000',
  decimal256_39_18: 'column-type-unfit',
  decimal256_76_18: 'column-type-unfit',
  uint64: '18446744073709551615.000000000000000000',
  float16: 'column-type-unfit',
  float64: 'column-type-unfit',
  dictionary: '1.500000000000000000',
  string_view: '1.500000000000000000',
  null: 'value-missing',
};
