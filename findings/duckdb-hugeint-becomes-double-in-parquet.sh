#!/usr/bin/env bash
# DuckDB: integers of 128 bits that are written to Parquet come back as floating-point numbers, without a word.
#
# One would assume: COPY of a HUGEINT column keeps each integer, as a decimal of 38 digits for instance, or is refused; and a check
#   after it (is the value that I read the one that I wrote?) would find the loss.
# What happens: the column is written as DOUBLE. An amount of 23 digits comes back rounded, and the comparison with what was
#   written is true, since it is made between two doubles. DECIMAL(38, 0) keeps every digit.
# Package: @duckdb/node-api 1.5.5-r.5 (DuckDB 1.5.5). Seen: 2026-11-29.
set -euo pipefail
cd "$(mktemp -d)"
npm init -y >/dev/null
npm install --no-audit --no-fund @duckdb/node-api@1.5.5-r.5 >/dev/null 2>&1
cat >see.mjs <<'JS'
import { DuckDBInstance } from '@duckdb/node-api';
const connection = await (await DuckDBInstance.create(':memory:')).connect();
for (const type of ['HUGEINT', 'DECIMAL(38, 0)']) {
  const value = `12345678901234567890123::${type}`;
  await connection.run(`COPY (SELECT ${value} AS units) TO 'units.parquet' (FORMAT parquet)`);
  const query = `SELECT typeof(units), units::VARCHAR, units = ${value} FROM 'units.parquet'`;
  console.log(type, '->', (await connection.runAndReadAll(query)).getRowsJson()[0].join(' '));
}
JS
node see.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
HUGEINT -> DOUBLE 1.2345678901234568e+22 true
DECIMAL(38, 0) -> DECIMAL(38,0) 12345678901234567890123 true
SEEN
