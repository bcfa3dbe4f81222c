#!/usr/bin/env bash
# DuckDB: of two Parquet columns of nanoseconds the one in UTC is cut to microseconds, and an older mark of UTC is lost.
#
# One would assume: an instant in nanoseconds keeps them whether or not its column is adjusted to UTC, since the local one does;
#   and a column with the converted type TIMESTAMP_MICROS alone, as writers before 2018 left it, is in UTC, since Parquet's format
#   defines it so.
# What happens: TIMESTAMP(NANOS, adjusted to UTC), which pandas and pyarrow write for zone-aware columns, is read as TIMESTAMP WITH
#   TIME ZONE without its last three digits, and no word; not adjusted, it is TIMESTAMP_NS with all of them. The converted type
#   alone is read as TIMESTAMP without a zone.
# Packages: @duckdb/node-api 1.5.5-r.5 (DuckDB 1.5.5), hyparquet-writer 0.17.0. Seen: 2026-11-28.
set -euo pipefail
cd "$(mktemp -d)"
npm init -y >/dev/null
npm install --no-audit --no-fund @duckdb/node-api@1.5.5-r.5 hyparquet-writer@0.17.0 >/dev/null 2>&1
cat >see.mjs <<'JS'
import { writeFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import { parquetWriteBuffer } from 'hyparquet-writer';
const connection = await (await DuckDBInstance.create(':memory:')).connect();
const nanos = BigInt(Date.parse('2026-01-31T00:00:00Z')) * 1_000_000n + 1n;
const timestamp = (unit, isAdjustedToUTC) => ({ logical_type: { type: 'TIMESTAMP', isAdjustedToUTC, unit } });
const columns = {
  'NANOS in UTC': [timestamp('NANOS', true), nanos],
  'NANOS not in UTC': [timestamp('NANOS', false), nanos],
  'MICROS in UTC': [timestamp('MICROS', true), nanos / 1000n],
  'converted type TIMESTAMP_MICROS': [{ converted_type: 'TIMESTAMP_MICROS' }, nanos / 1000n],
};
for (const [name, [kind, value]] of Object.entries(columns)) {
  const file = parquetWriteBuffer({
    columnData: [{ name: 'instant', data: [value] }],
    schema: [
      { name: 'root', num_children: 1 },
      { name: 'instant', type: 'INT64', repetition_type: 'REQUIRED', ...kind },
    ],
  });
  writeFileSync(`${name}.parquet`, Buffer.from(file));
  const query = `SELECT typeof(instant), epoch_ns(instant)::VARCHAR FROM '${name}.parquet'`;
  const [[type, read]] = (await connection.runAndReadAll(query)).getRowsJson();
  console.log(`${name}: ${value} read as ${type} ${read}`);
}
JS
node see.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
NANOS in UTC: 1769817600000000001 read as TIMESTAMP WITH TIME ZONE 1769817600000000000
NANOS not in UTC: 1769817600000000001 read as TIMESTAMP_NS 1769817600000000001
MICROS in UTC: 1769817600000000 read as TIMESTAMP WITH TIME ZONE 1769817600000000000
converted type TIMESTAMP_MICROS: 1769817600000000 read as TIMESTAMP 1769817600000000000
SEEN
