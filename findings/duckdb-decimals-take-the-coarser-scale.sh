#!/usr/bin/env bash
# DuckDB: where two decimals of 38 digits meet, the finer one is rounded to the scale of the coarser, without a word.
#
# One would assume: a value and its neighbour get a type that holds both, or the query is refused, as an overflow is; at the
#   least, that 0.5 is not in a list of 0 and 1, and that the greatest of 0.123 and 0 is 0.123.
# What happens: the common type of DECIMAL(38, 18) and DECIMAL(38, 2) is DECIMAL(38, 2). UNION ALL, coalesce, CASE, greatest and
#   lists round to it; IN over a subquery rounds before it compares, and finds 0.5 among whole numbers. The operator = compares
#   exactly, and sums of narrower decimals keep the finer scale.
# Package: @duckdb/node-api 1.5.5-r.5 (DuckDB 1.5.5). Seen: 2026-11-28.
set -euo pipefail
cd "$(mktemp -d)"
npm init -y >/dev/null
npm install --no-audit --no-fund @duckdb/node-api@1.5.5-r.5 >/dev/null 2>&1
cat >see.mjs <<'JS'
import { DuckDBInstance } from '@duckdb/node-api';
const connection = await (await DuckDBInstance.create(':memory:')).connect();
const fine = '0.123456789012345678::DECIMAL(38, 18)';
const coarse = '0::DECIMAL(38, 2)';
const queries = {
  union: `SELECT max(x) FROM (SELECT ${fine} AS x UNION ALL SELECT ${coarse})`,
  coalesce: `SELECT coalesce(${fine}, ${coarse})`,
  case: `SELECT CASE WHEN true THEN ${fine} ELSE ${coarse} END`,
  greatest: `SELECT greatest(${fine}, ${coarse})`,
  'in subquery': 'SELECT 0.5::DECIMAL(38, 18) IN (SELECT 0::DECIMAL(38, 0) UNION ALL SELECT 1::DECIMAL(38, 0))',
  equals: `SELECT ${fine} = 0.12::DECIMAL(38, 2)`,
};
for (const [name, query] of Object.entries(queries)) {
  console.log(name, String((await connection.runAndReadAll(query)).getRowsJson()[0][0]));
}
JS
node see.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
union 0.12
coalesce 0.12
case 0.12
greatest 0.12
in subquery true
equals false
SEEN
