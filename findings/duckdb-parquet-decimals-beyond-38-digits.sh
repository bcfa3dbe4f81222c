#!/usr/bin/env bash
# DuckDB: a Parquet DECIMAL of more than 38 digits is read as DOUBLE, with other values than the file has.
#
# One would assume: a DECIMAL(50, 2), which Parquet permits and DuckDB has no type for, is refused; or is read as DOUBLE, near
#   the value.
# What happens: it comes as DOUBLE without a word, and -1.50 is -419397715298877.44 from variable and -24998051.85 from fixed length.
#   The same numbers as DECIMAL(38, 2) are read exactly, and hyparquet reads the wide ones back as they were written.
# Packages: @duckdb/node-api 1.5.5-r.5 (DuckDB 1.5.5), hyparquet-writer 0.17.0, hyparquet 1.33.0. Seen: 2026-11-28.
set -euo pipefail
cd "$(mktemp -d)"
npm init -y >/dev/null
npm install --no-audit --no-fund @duckdb/node-api@1.5.5-r.5 hyparquet-writer@0.17.0 hyparquet@1.33.0 >/dev/null 2>&1
cat >see.mjs <<'JS'
import { writeFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import { parquetReadObjects } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
const connection = await (await DuckDBInstance.create(':memory:')).connect();
const kinds = {
  'DECIMAL(38, 2), variable length': { type: 'BYTE_ARRAY', precision: 38 },
  'DECIMAL(50, 2), variable length': { type: 'BYTE_ARRAY', precision: 50 },
  'DECIMAL(50, 2), fixed length': { type: 'FIXED_LEN_BYTE_ARRAY', type_length: 21, precision: 50 },
};
for (const [name, kind] of Object.entries(kinds)) {
  const column = { name: 'amount', repetition_type: 'REQUIRED', converted_type: 'DECIMAL', scale: 2, ...kind };
  const file = parquetWriteBuffer({
    columnData: [{ name: 'amount', data: [-1.5, 12.34] }],
    schema: [{ name: 'root', num_children: 1 }, column],
  });
  const back = (await parquetReadObjects({ file })).map(({ amount }) => amount);
  writeFileSync(`${name}.parquet`, Buffer.from(file));
  const query = `SELECT typeof(amount), amount::VARCHAR FROM '${name}.parquet'`;
  const read = (await connection.runAndReadAll(query)).getRowsJson();
  console.log(`${name}: written ${back.join(' ')}, read ${read.map(([type, text]) => `${type} ${text}`).join(', ')}`);
}
JS
node see.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
DECIMAL(38, 2), variable length: written -1.5 12.34, read DECIMAL(38,2) -1.50, DECIMAL(38,2) 12.34
DECIMAL(50, 2), variable length: written -1.5 12.34, read DOUBLE -419397715298877.44, DOUBLE 3473401212609495.0
DECIMAL(50, 2), fixed length: written -1.5 12.34, read DOUBLE -24998051.85, DOUBLE 207030845.44
SEEN
