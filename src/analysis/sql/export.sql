-- A sealed snapshot as tables that spreadsheets and programs open.

-- section: schema

-- name: create-export-asset
-- The assets of the snapshot with their totals, in their order.
CREATE TABLE export_asset (
  asset_index INTEGER NOT NULL,
  symbol VARCHAR NOT NULL,
  decimals INTEGER NOT NULL,
  price VARCHAR NOT NULL,
  collateral_ratio VARCHAR NOT NULL,
  total_equity DECIMAL(38, 0) NOT NULL,
  total_debt DECIMAL(38, 0) NOT NULL
)

-- name: create-amount-text
-- A DECIMAL without zeros at its end, empty where there is none.
CREATE MACRO amount_text(amount) AS coalesce(rtrim(rtrim(amount::VARCHAR, '0'), '.'), '')

-- section: text

-- name: create-text-accounts
-- What every user holds and owes, in whole units.
CREATE VIEW text_accounts AS
SELECT
  cell_text(user_id) AS user_id,
  coalesce(symbol, '') AS asset,
  coalesce(units_text(equity_units::HUGEINT, decimals), '0') AS equity,
  coalesce(units_text(debt_units::HUGEINT, decimals), '0') AS debt
FROM read_parquet(
  {{accounts_pattern}},
  hive_partitioning = false,
  union_by_name = false,
  filename = false,
  binary_as_string = false
)
LEFT JOIN export_asset USING (asset_index)

-- name: create-text-statements
-- The lines of all statements, in whole units.
CREATE VIEW text_statements AS
SELECT
  cell_text(user_id) AS user_id,
  cell_text(account) AS account,
  cell_text(bucket) AS bucket,
  symbol AS asset,
  kind,
  cell_text(reference) AS reference,
  cell_text(coalesce(instrument, '')) AS instrument,
  amount_text(quantity) AS quantity,
  amount_text(entry_price) AS entry_price,
  units_text(value_units::HUGEINT, decimals) AS value
FROM read_parquet(
  {{components_pattern}},
  hive_partitioning = false,
  union_by_name = false,
  filename = false,
  binary_as_string = false
)
JOIN export_asset USING (asset_index)

-- name: create-text-totals
-- What all users together hold and owe, in whole units.
CREATE VIEW text_totals AS
SELECT
  symbol AS asset,
  price,
  collateral_ratio,
  units_text(total_equity::HUGEINT, decimals) AS equity,
  units_text(total_debt::HUGEINT, decimals) AS debt
FROM export_asset
ORDER BY asset_index

-- section: units

-- name: create-units-accounts
-- The same in proof units.
CREATE VIEW units_accounts AS
SELECT user_id, symbol AS asset, decimals, equity_units, debt_units
FROM read_parquet(
  {{accounts_pattern}},
  hive_partitioning = false,
  union_by_name = false,
  filename = false,
  binary_as_string = false
)
LEFT JOIN export_asset USING (asset_index)

-- name: create-units-statements
-- The lines of all statements in proof units.
CREATE VIEW units_statements AS
SELECT
  user_id, account, bucket, symbol AS asset, decimals, kind, reference, instrument, quantity, entry_price, value_units
FROM read_parquet(
  {{components_pattern}},
  hive_partitioning = false,
  union_by_name = false,
  filename = false,
  binary_as_string = false
)
JOIN export_asset USING (asset_index)

-- name: create-units-totals
-- What all users together hold and owe, in proof units.
CREATE VIEW units_totals AS
SELECT symbol AS asset, decimals, price, collateral_ratio, total_equity AS equity_units, total_debt AS debt_units
FROM export_asset
ORDER BY asset_index

-- section: result

-- name: count-rows
-- The rows of a table.
SELECT count(*) AS row_count FROM {{view}}

-- name: select-rows
-- The rows of a table in their order.
SELECT * FROM {{view}}

-- name: write-csv
-- A table as CSV.
COPY (FROM {{view}}) TO (getvariable('out_path')) (FORMAT csv, HEADER true, DELIMITER ',', QUOTE '"', ESCAPE '"', FORCE_QUOTE *)

-- name: write-parquet
-- A table as Parquet.
COPY (FROM {{view}}) TO (getvariable('out_path')) (FORMAT parquet, COMPRESSION zstd)
