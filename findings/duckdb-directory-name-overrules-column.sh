#!/usr/bin/env bash
# DuckDB: the name of a directory overrules a column of the file, though nothing asked it to guess.
#
# One would assume: read_csv with all columns given by name and type, and auto_detect = false, reads the file's own columns.
# What happens: a directory called key=value above the file is taken for a Hive partition, and where its key is the name of a
#   column, its value stands in every row in place of what the file says. The columns' names and types do not show it. The
#   whole absolute path counts, so that it depends on where the file lies. hive_partitioning = false reads the file.
# Package: @duckdb/node-api 1.5.5-r.5 (DuckDB 1.5.5). Seen: 2026-11-28.
set -euo pipefail
cd "$(mktemp -d)"
npm init -y >/dev/null
npm install --no-audit --no-fund @duckdb/node-api@1.5.5-r.5 >/dev/null 2>&1
mkdir 'asset=USDT'
printf 'user_id,asset,equity\nu1,BTC,1.5\nu2,BTC,0.25\n' >'asset=USDT/balances.csv'
cat >see.mjs <<'JS'
import { DuckDBInstance } from '@duckdb/node-api';
const connection = await (await DuckDBInstance.create(':memory:')).connect();
const columns = "{user_id: 'VARCHAR', asset: 'VARCHAR', equity: 'VARCHAR'}";
for (const more of ['', ', hive_partitioning = false']) {
  const query = `SELECT asset, sum(equity::DECIMAL(9, 2)) AS equity
    FROM read_csv('asset=USDT/balances.csv', auto_detect = false, header = true, columns = ${columns}${more})
    GROUP BY asset`;
  console.log(JSON.stringify((await connection.runAndReadAll(query)).getRowsJson()), more);
}
JS
node see.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
[["USDT","1.75"]] 
[["BTC","1.75"]] , hive_partitioning = false
SEEN
