-- What might become of a snapshot: cover of every user over a grid of shocks, Greeks and concentration. Floating point.

-- section: schema

-- name: create-risk-asset
-- The assets with their prices, full and after the collateral haircut, and whether a shock moves them.
CREATE TABLE risk_asset (
  asset_index INTEGER NOT NULL,
  symbol VARCHAR NOT NULL,
  unit DOUBLE NOT NULL,
  price DOUBLE NOT NULL,
  collateral_price DOUBLE NOT NULL,
  moves BOOLEAN NOT NULL
)

-- name: create-instrument-level
-- What a position in an instrument is worth at one level of volatility and every price of the grid. It is the
-- position's value times ratio, and step for each contract, in whole units of its settlement asset.
CREATE TABLE instrument_level (
  instrument VARCHAR NOT NULL,
  level INTEGER NOT NULL,
  {{level_columns}}
)

-- name: create-instrument-greeks
-- Greeks of one contract, and of its value in the coin where it is settled in it.
CREATE TABLE instrument_greeks (
  instrument VARCHAR NOT NULL,
  underlying VARCHAR NOT NULL,
  expiry VARCHAR,
  delta DOUBLE NOT NULL,
  gamma DOUBLE NOT NULL,
  vega DOUBLE NOT NULL,
  theta DOUBLE NOT NULL,
  coin_delta DOUBLE,
  coin_gamma DOUBLE,
  coin_vega DOUBLE,
  coin_theta DOUBLE
)

-- section: books

-- name: create-risk-component
-- The components in whole units, without what is only there because a loss was limited or written off.
CREATE VIEW risk_component AS
SELECT user_id, account, bucket, asset_index, instrument, quantity::DOUBLE AS quantity, value_units::DOUBLE / unit AS value
FROM read_parquet(
  {{components_pattern}},
  hive_partitioning = false,
  union_by_name = false,
  filename = false,
  binary_as_string = false
)
JOIN risk_asset USING (asset_index)
WHERE kind NOT IN ('isolated-loss-limit', 'write-off')

-- name: create-net-base
-- What every account has in every bucket and asset beside its positions.
CREATE TABLE net_base AS
SELECT
  row_number() OVER () AS net_id,
  user_id,
  account,
  bucket,
  asset_index,
  coalesce(sum(value) FILTER (instrument IS NULL), 0::DOUBLE) AS base
FROM risk_component
GROUP BY user_id, account, bucket, asset_index

-- name: create-risk-position
-- The positions, each with its net and its instrument.
CREATE TABLE risk_position AS
SELECT net_id, instrument, sum(quantity) AS quantity, sum(value) AS value
FROM risk_component
JOIN net_base USING (user_id, account, bucket, asset_index)
WHERE instrument IS NOT NULL
GROUP BY net_id, instrument

-- name: create-bearing-user
-- The users whose cover may end: with a position, or with a debt.
CREATE TABLE bearing_user AS
SELECT DISTINCT user_id FROM net_base WHERE base < 0
UNION
SELECT DISTINCT user_id FROM net_base SEMI JOIN risk_position USING (net_id)

-- section: grid

-- name: create-level-cover
-- The cover of every bearing user at one level of volatility and each price of the grid: equity after the haircut less
-- debt. An isolated bucket that is worth less than nothing counts as nothing where its loss is limited; what it lacks is
-- the venue's.
CREATE OR REPLACE TABLE level_cover AS
WITH moved AS (
  SELECT net_id, {{moved_columns}}
  FROM risk_position
  JOIN instrument_level USING (instrument)
  WHERE level = {{level}}
  GROUP BY net_id
), net AS (
  SELECT user_id, account, bucket, price, collateral_price, moves, {{net_columns}}
  FROM net_base
  SEMI JOIN bearing_user USING (user_id)
  JOIN risk_asset USING (asset_index)
  LEFT JOIN moved USING (net_id)
), bucketed AS (
  SELECT user_id, bucket, {{bucket_columns}}
  FROM net
  GROUP BY user_id, account, bucket
)
SELECT user_id, {{cover_columns}}
FROM bucketed
GROUP BY user_id

-- name: select-level
-- The users under water at each price of a level, what they lack, and what isolated buckets lack.
SELECT {{sum_columns}} FROM level_cover

-- name: create-cover
-- The cover of every user at the snapshot's prices, and how far prices may fall and rise before it ends, by the lines
-- between the prices of the grid. Null where cover does not end within the grid.
CREATE TABLE cover AS
WITH worth AS (
  SELECT user_id, account, bucket, asset_index, base + coalesce(sum(value), 0) AS net
  FROM net_base
  LEFT JOIN risk_position USING (net_id)
  GROUP BY user_id, account, bucket, asset_index, net_id, base
), summed AS (
  SELECT
    user_id,
    sum(greatest(net, 0) * collateral_price) AS equity,
    sum(greatest(-net, 0) * price) AS debt
  FROM worth
  JOIN risk_asset USING (asset_index)
  GROUP BY user_id
), curve AS (
  SELECT user_id, [{{curve_columns}}] AS points
  FROM level_cover
)
SELECT
  user_id,
  round(equity, 6)::DECIMAL(38, 6) AS equity_value,
  round(debt, 6)::DECIMAL(38, 6) AS debt_value,
  if(debt > 0, equity / debt, NULL) AS cover,
  {{below}} AS ends_below,
  {{above}} AS ends_above
FROM summed
LEFT JOIN curve USING (user_id)
ORDER BY user_id

-- name: write-cover
-- cover.parquet, by user.
COPY cover TO (getvariable('out_path')) (FORMAT parquet, COMPRESSION zstd)

-- name: select-cover-summary
-- How covers are spread.
SELECT
  count(*) AS users,
  count(cover) AS with_debt,
  count_if(cover < 1) AS under_water,
  count_if(cover >= 1 AND cover < 1.1) AS thin,
  count_if(ends_below IS NOT NULL) AS ends_below,
  count_if(ends_above IS NOT NULL) AS ends_above
FROM cover

-- name: select-insurance
-- What the accounts of class insurance hold, in the quote currency.
SELECT coalesce(sum(value_units::DOUBLE / unit * price), 0::DOUBLE) AS held
FROM read_parquet(
  {{house_pattern}},
  hive_partitioning = false,
  union_by_name = false,
  filename = false,
  binary_as_string = false
)
JOIN risk_asset USING (asset_index)
WHERE class = 'insurance'

-- section: greeks

-- name: create-account-greeks
-- The Greeks of every account, by underlying and expiry.
CREATE TABLE account_greeks AS
SELECT
  account,
  underlying,
  expiry,
  sum(quantity * delta) AS delta,
  sum(quantity * gamma) AS gamma,
  sum(quantity * vega) AS vega,
  sum(quantity * theta) AS theta,
  sum(quantity * coin_delta) AS coin_delta,
  sum(quantity * coin_gamma) AS coin_gamma,
  sum(quantity * coin_vega) AS coin_vega,
  sum(quantity * coin_theta) AS coin_theta
FROM risk_position
JOIN net_base USING (net_id)
JOIN instrument_greeks USING (instrument)
GROUP BY account, underlying, expiry
ORDER BY account, underlying, expiry

-- name: write-greeks
-- greeks.parquet, by account, underlying and expiry.
COPY account_greeks TO (getvariable('out_path')) (FORMAT parquet, COMPRESSION zstd)

-- name: select-greeks
-- The Greeks of all users together.
SELECT underlying, expiry, sum(delta) AS delta, sum(gamma) AS gamma, sum(vega) AS vega, sum(theta) AS theta
FROM account_greeks
GROUP BY underlying, expiry
ORDER BY underlying, expiry

-- section: concentration

-- name: create-concentration
-- How much of an asset the ten largest users hold, and the Herfindahl index of their shares. For every instrument it is
-- the same of open interest, by accounts: what each account is long or short.
CREATE TABLE concentration AS
WITH held AS (
  SELECT symbol AS name, user_id AS holder, sum(greatest(base, 0)) AS amount
  FROM net_base
  JOIN risk_asset USING (asset_index)
  GROUP BY symbol, user_id
  HAVING sum(greatest(base, 0)) > 0
), positioned AS (
  SELECT instrument AS name, account AS holder, abs(sum(quantity)) AS amount
  FROM risk_position
  JOIN net_base USING (net_id)
  GROUP BY instrument, account
  HAVING sum(quantity) <> 0
), shared AS (
  SELECT 'asset' AS kind, name, holder, amount, amount / sum(amount) OVER (PARTITION BY name) AS share FROM held
  UNION ALL
  SELECT 'instrument' AS kind, name, holder, amount, amount / sum(amount) OVER (PARTITION BY name) AS share FROM positioned
)
SELECT
  kind,
  name,
  count(*) AS holders,
  sum(amount) AS amount,
  max(share) AS largest,
  list_sum(max(share, 10)) AS ten_largest,
  sum(share * share) AS herfindahl
FROM shared
GROUP BY kind, name
ORDER BY kind, name

-- name: write-concentration
-- concentration.parquet, by asset and by instrument.
COPY concentration TO (getvariable('out_path')) (FORMAT parquet, COMPRESSION zstd)

-- name: select-concentration
-- All of it.
SELECT kind, name, holders, amount, largest, ten_largest, herfindahl FROM concentration

-- section: grid file

-- name: create-grid
-- The cells of the grid.
CREATE TABLE grid (
  price_change DOUBLE NOT NULL,
  volatility_shift DOUBLE NOT NULL,
  under_water BIGINT NOT NULL,
  shortfall DOUBLE NOT NULL,
  isolated_shortfall DOUBLE NOT NULL
)

-- name: write-grid
-- grid.parquet, by volatility and price.
COPY grid TO (getvariable('out_path')) (FORMAT parquet, COMPRESSION zstd)
