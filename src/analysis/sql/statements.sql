-- Statements of position: what each client holds and how it came to that, client by client.

-- name: create-statement-asset
-- The assets with their prices, canonical decimals.
CREATE TABLE statement_asset (
  asset_index INTEGER NOT NULL,
  symbol VARCHAR NOT NULL,
  decimals INTEGER NOT NULL,
  price VARCHAR NOT NULL
)

-- name: create-attributed-part
-- What was moved into and out of accounts between two snapshots; empty without an attribution.
CREATE TABLE attributed_part (
  account VARCHAR NOT NULL,
  asset VARCHAR NOT NULL,
  part VARCHAR NOT NULL,
  amount DECIMAL(38, 0) NOT NULL
)

-- name: load-attributed-part
-- Deposits, withdrawals and transfers of an attribution.
INSERT INTO attributed_part
SELECT account, asset, part, amount
FROM read_parquet(
  {{parts_pattern}},
  hive_partitioning = false,
  union_by_name = false,
  filename = false,
  binary_as_string = false
)
WHERE part IN ('deposit', 'withdrawal', 'transfer')

-- name: select-statement-rows
-- Everything that a client's page shows, by user: what they hold and owe of each asset, then the lines of their statement, and
-- with an attribution what was moved. The first column says which of these a row is.
WITH held AS (
  SELECT
    user_id,
    1 AS part,
    asset_index,
    '' AS account,
    '' AS bucket,
    '' AS kind,
    '' AS detail,
    equity_units::HUGEINT AS first_units,
    debt_units::HUGEINT AS second_units
  FROM read_parquet(
    {{accounts_pattern}},
    hive_partitioning = false,
    union_by_name = false,
    filename = false,
    binary_as_string = false
  )
), component AS (
  SELECT user_id, account, bucket, asset_index, kind, instrument, quantity, reference, value_units
  FROM read_parquet(
    {{components_pattern}},
    hive_partitioning = false,
    union_by_name = false,
    filename = false,
    binary_as_string = false
  )
), line AS (
  SELECT
    user_id,
    2 AS part,
    asset_index,
    account,
    bucket,
    kind,
    if(instrument IS NULL, reference, concat(replace(rtrim(rtrim(quantity::VARCHAR, '0'), '.'), '-', '−'), ' ', instrument)) AS detail,
    value_units::HUGEINT AS first_units,
    0::HUGEINT AS second_units
  FROM component
), moved AS (
  SELECT
    user_id,
    3 AS part,
    asset_index,
    '' AS account,
    '' AS bucket,
    attributed_part.part AS kind,
    '' AS detail,
    sum(amount)::HUGEINT AS first_units,
    0::HUGEINT AS second_units
  FROM attributed_part
  JOIN (SELECT DISTINCT user_id, account FROM component) AS owner USING (account)
  JOIN statement_asset ON symbol = asset
  GROUP BY user_id, asset_index, attributed_part.part
)
SELECT user_id, part, symbol, decimals, price, account, bucket, kind, detail, first_units, second_units
FROM (FROM held UNION ALL FROM line UNION ALL FROM moved)
LEFT JOIN statement_asset USING (asset_index)
ORDER BY user_id, part, account, bucket, asset_index, kind, detail
