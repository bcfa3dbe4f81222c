-- What the tests of sources ask of the tables.

-- name: select-table
-- All rows of a table or view, as text.
SELECT COLUMNS(*)::VARCHAR FROM {{table}} ORDER BY ALL

-- name: write-parquet
-- Writes a query as a Parquet file.
COPY ({{query}}) TO {{path}} (FORMAT parquet)
